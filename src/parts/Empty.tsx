import { Text, View } from '@tarojs/components'
import './empty.scss'
import { Icon, type IconName } from './Icon.tsx'
import { MainButton } from './MainButton.tsx'

interface EmptyProps {
  icon: IconName
  title: string
  /** What to do about it. */
  hint: string
  button?: string
  onTap?: () => void
}

/** Nothing here: says why, and what to do. */
export function Empty({ icon, title, hint, button, onTap }: EmptyProps) {
  return (
    <View className="empty">
      <View className="empty__disc">
        <Icon name={icon} size={32} />
      </View>
      <Text className="empty__title">{title}</Text>
      <Text className="empty__hint">{hint}</Text>
      {button && onTap ? <MainButton text={button} onTap={onTap} /> : null}
    </View>
  )
}
