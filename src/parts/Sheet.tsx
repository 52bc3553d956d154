import { ScrollView, Text, View } from '@tarojs/components'
import { type PropsWithChildren, type ReactNode, useEffect, useRef } from 'react'
import { keepDialog } from '../platform/dialog.ts'
import { Icon } from './Icon.tsx'
import './sheet.scss'
import { Tap } from './Tap.tsx'

interface SheetProps {
  open: boolean
  title: string
  onClose: () => void
  /** The buttons at its foot. */
  foot?: ReactNode
}

/** A question over the page: from below on phones, in the middle on wide screens. */
export function Sheet({ open, title, onClose, foot, children }: PropsWithChildren<SheetProps>) {
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => (open ? keepDialog(title, () => close.current()) : undefined), [open, title])
  if (!open) return null
  return (
    <View className="sheet" {...{ role: 'dialog', 'aria-modal': true, 'aria-label': title }}>
      <View className="sheet__veil" onClick={onClose} />
      <View className="sheet__card">
        <View className="sheet__head">
          <Text className="sheet__title">{title}</Text>
          <Tap className="sheet__close" label="关闭" onTap={onClose}>
            <Icon name="cross" size={20} />
          </Tap>
        </View>
        <ScrollView scrollY className="sheet__body">
          {children}
        </ScrollView>
        {foot ? <View className="sheet__foot">{foot}</View> : null}
      </View>
    </View>
  )
}
