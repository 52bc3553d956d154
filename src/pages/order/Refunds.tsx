import { price } from '@jiyue/contract/money'
import { type RefundState, refundReasons, refundStateWords } from '@jiyue/contract/payment'
import type { Refund } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { Icon, type IconName } from '../../parts/Icon.tsx'
import { Card } from '../../parts/Page.tsx'
import './refunds.scss'

const signs: Record<RefundState, IconName> = {
  requested: 'clock',
  succeeded: 'check',
  failed: 'info',
  closed: 'minus',
  otherwise: 'check',
}

/** Every refund in the order of time: how much, why, where it is, what happens next (P11). */
export function Refunds({ title, refunds }: { title: string; refunds: readonly Refund[] }) {
  if (refunds.length === 0) return null
  return (
    <Card title={title}>
      <RefundList refunds={refunds} />
    </Card>
  )
}

/** The bare list, for a card that says more. */
export function RefundList({ refunds }: { refunds: readonly Refund[] }) {
  return (
    <View className="refunds">
      {refunds.map((refund) => (
        <RefundItem key={refund.id} refund={refund} />
      ))}
    </View>
  )
}

function RefundItem({ refund }: { refund: Refund }) {
  const { amountFen, state, reason, hint, at } = refund
  return (
    <View className={`refunds__item refunds__item--${state}`}>
      <View className="refunds__sign">
        <Icon name={signs[state]} size={14} />
      </View>
      <View className="refunds__body">
        <View className="refunds__line">
          <Text className="refunds__reason">{refundReasons[reason]}</Text>
          <Text className="refunds__amount">{price(amountFen)}</Text>
        </View>
        <Text className="refunds__state">{refundStateWords[state]}</Text>
        <Text className="refunds__hint">{hint}</Text>
        <Text className="refunds__time">{`${dateText(at)} ${clockText(at)}`}</Text>
      </View>
    </View>
  )
}
