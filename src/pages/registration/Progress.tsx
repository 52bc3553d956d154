import { Text, View } from '@tarojs/components'
import { Icon } from '../../parts/Icon.tsx'
import './progress.scss'

/** Where in a long form one is (R9): 基础信息 → 特殊需求. */
export function Progress(props: { steps: readonly string[]; count: number; step: number }) {
  const { steps, count, step } = props
  if (count < 2) return null
  const label = `第 ${step + 1} 步，共 ${count} 步`
  return (
    <View className="progress" {...{ 'aria-label': label, role: 'img' }}>
      {steps.slice(0, count).map((title, at) => (
        <View key={title} className={`progress__step ${at <= step ? 'progress__step--on' : ''}`}>
          <View className="progress__bar" />
          <View className="progress__line">
            {at < step ? <Icon name="check" size={14} /> : null}
            <Text className="progress__title">{`${at + 1} ${title}`}</Text>
          </View>
        </View>
      ))}
    </View>
  )
}
