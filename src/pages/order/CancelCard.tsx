import type { No } from '@jiyue/contract/client'
import { price } from '@jiyue/contract/money'
import type { Order } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import './cancel.scss'

interface CancelCardProps {
  order: Order
  cancelling: NonNullable<Order['cancelling']>
  problem: No | null
  onCancel: () => void
}

/** The rule and what it means today, before any tap (B9). */
export function CancelCard({ order, cancelling, problem, onCancel }: CancelCardProps) {
  return (
    <Card title="取消预约">
      <Text className="cancel__text">{order.cancelRule}</Text>
      <Text className="cancel__text">{cancelSentence(order, cancelling)}</Text>
      {problem ? (
        <Text className="cancel__problem" {...{ role: 'alert' }}>
          {problem.message}
        </Text>
      ) : null}
      <View className="cancel__button">
        <MainButton look="plain" text="取消预约" onTap={onCancel} />
      </View>
    </Card>
  )
}

/** What cancelling now takes and gives back. */
export function cancelSentence(
  order: Order,
  { feeFen, refundFen }: { feeFen: number; refundFen: number },
): string {
  if (order.payment?.state !== 'succeeded') return '尚未缴费，取消不产生费用'
  if (feeFen === 0) return `现在取消免费，将原路退回 ${price(refundFen)}`
  return `现在取消收取 ${price(feeFen)}，将原路退回 ${price(refundFen)}`
}
