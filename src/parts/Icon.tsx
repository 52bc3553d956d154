import { View } from '@tarojs/components'
import './icon.scss'

export type IconName =
  | 'check'
  | 'cross'
  | 'ban'
  | 'clock'
  | 'star'
  | 'right'
  | 'left'
  | 'pin'
  | 'person'
  | 'shield'
  | 'signal'
  | 'plus'
  | 'minus'
  | 'calendar'
  | 'lock'
  | 'info'
  | 'list'
  | 'bell'

/** A small drawing in the colour of the text around it. Says nothing to screen readers. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <View
      className={`icon icon--${name}`}
      style={{ width: `${size}px`, height: `${size}px` }}
      {...{ 'aria-hidden': true }}
    />
  )
}
