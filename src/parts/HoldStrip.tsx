import { Text, View } from '@tarojs/components'
import { Countdown } from './Countdown.tsx'
import './holdStrip.scss'
import { Icon } from './Icon.tsx'

interface HoldStripProps {
  until: string
  /** 「名额保留」, 「请在此时间内缴费」 */
  label: string
  /** The rule in a sentence. */
  rule?: string | null
  onEnd: () => void
}

/** The running clock of an order, always in sight. */
export function HoldStrip({ until, label, rule, onEnd }: HoldStripProps) {
  return (
    <View className="hold">
      <View className="hold__line">
        <Icon name="lock" size={18} />
        <Text className="hold__label">{label}</Text>
        <View className="hold__time">
          <Countdown until={until} onEnd={onEnd} />
        </View>
      </View>
      {rule ? <Text className="hold__rule">{rule}</Text> : null}
    </View>
  )
}
