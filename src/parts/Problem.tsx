import { Text, View } from '@tarojs/components'
import { Icon } from './Icon.tsx'
import './problem.scss'

/** Why something did not happen, beside what was tapped; nothing without a sentence. */
export function Problem({ text }: { text: string | null | undefined }) {
  if (!text) return null
  return (
    <View className="problem" {...{ role: 'alert' }}>
      <Icon name="info" />
      <Text className="problem__text">{text}</Text>
    </View>
  )
}
