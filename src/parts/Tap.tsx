import { View, type ViewProps } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import './tap.scss'

interface TapProps {
  onTap: () => void
  className?: string
  label?: string
  /** What a screen reader calls it. */
  role?: 'button' | 'tab' | 'radio' | 'checkbox' | 'link'
  /** Of tabs, radios and checkboxes. */
  chosen?: boolean
  disabled?: boolean
}

/** Anything to tap: at least 44 px high, reachable by keyboard, named for screen readers. */
export function Tap(props: PropsWithChildren<TapProps>) {
  const { onTap, className = '', role = 'button', disabled = false, children } = props
  const act = () => {
    if (!disabled) onTap()
  }
  return (
    <View
      {...readable(props, role)}
      className={`tap ${disabled ? 'tap--off' : ''} ${className}`}
      onClick={act}
      {...keys(act)}
    >
      {children}
    </View>
  )
}

function readable({ label, chosen, disabled }: TapProps, role: string): Partial<ViewProps> {
  const state =
    role === 'tab'
      ? { 'aria-selected': chosen }
      : chosen !== undefined && { 'aria-checked': chosen }
  return {
    role,
    tabIndex: disabled ? -1 : 0,
    'aria-disabled': disabled || undefined,
    ...(label ? { 'aria-label': label } : {}),
    ...(state || {}),
  } as unknown as Partial<ViewProps>
}

/** Enter and space, where the host has a keyboard. */
function keys(act: () => void): Partial<ViewProps> {
  const onKeyDown = (event: { key: string; preventDefault(): void }) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    act()
  }
  return { onKeyDown } as unknown as Partial<ViewProps>
}
