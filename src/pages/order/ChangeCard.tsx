import { price } from '@jiyue/contract/money'
import type { Order } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { pathTo } from '../../lib/paths.ts'
import { go } from '../../parts/go.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import { Problem } from '../../parts/Problem.tsx'
import './cancel.scss'

interface ChangeCardProps {
  order: Order
  cancelling: NonNullable<Order['cancelling']>
  problem: string | null
  onCancel: () => void
}

/** 改期 beside 取消预约, with the rules and what they mean today before any tap (B9). */
export function ChangeCard({ order, cancelling, problem, onCancel }: ChangeCardProps) {
  const movable = order.movable && !order.openMove
  return (
    <Card title={movable ? '改期与取消' : '取消预约'}>
      {movable ? (
        <>
          <Rule name="改期" text={order.moveRule} />
          <Rule name="取消" text={order.cancelRule} />
        </>
      ) : (
        <Text className="cancel__text">{order.cancelRule}</Text>
      )}
      <Text className="cancel__text">{cancelSentence(order, cancelling)}</Text>
      <Problem text={problem} />
      <View className="cancel__buttons">
        {movable ? (
          <MainButton look="plain" text="改期" onTap={() => void go.to(pathTo.move(order.id))} />
        ) : null}
        <MainButton look="plain" text="取消预约" onTap={onCancel} />
      </View>
    </Card>
  )
}

function Rule({ name, text }: { name: string; text: string }) {
  return (
    <View className="cancel__rule">
      <Text className="cancel__name">{name}</Text>
      <Text className="cancel__words">{text}</Text>
    </View>
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
