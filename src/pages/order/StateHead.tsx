import type { OrderState } from '@jiyue/contract/order'
import { refundReasons } from '@jiyue/contract/payment'
import type { Order } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { tagOf } from '../../flow.ts'
import { Icon, type IconName } from '../../parts/Icon.tsx'
import './stateHead.scss'

/** What the state means for the person. */
const meanings: Record<OrderState, { icon: IconName; text: string }> = {
  held: { icon: 'lock', text: '请在倒计时结束前完成报名' },
  registered: { icon: 'clock', text: '报名已提交，缴费后预约生效' },
  confirmed: { icon: 'check', text: '预约已生效，请按时参加' },
  completed: { icon: 'check', text: '服务已完成，感谢您的信任' },
  missed: { icon: 'info', text: '未在预约时间到场' },
  cancelled: { icon: 'cross', text: '预约已取消' },
  expired: { icon: 'clock', text: '未在规定时间内完成，名额已释放' },
}

const fallen = { icon: 'bell', text: '该时段无法提供服务，请选择其他安排' } as const

/** The state in large, with what it means. */
export function StateHead({ order, now }: { order: Order; now: number }) {
  const { word, tone, state } = tagOf(order, now)
  // Its slot falls through (M9): what the state means is another thing now.
  const isOff = order.disruption !== null
  const { icon, text } = isOff ? fallen : meanings[state]
  const refund = order.refunds[order.refunds.length - 1]
  const isOver = state === 'cancelled' || state === 'expired'
  return (
    <View className={`state state--${isOff ? 'busy' : tone}`}>
      <Icon name={icon} size={28} />
      <View className="state__body">
        <Text className="state__word">{word}</Text>
        <Text className="state__text">
          {refund && isOver ? refundReasons[refund.reason] : text}
        </Text>
      </View>
    </View>
  )
}
