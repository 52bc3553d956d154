import type { Order } from '@jiyue/contract/schema/wire'
import { Text } from '@tarojs/components'
import { OrderSummary } from '../../parts/OrderSummary.tsx'
import { Card } from '../../parts/Page.tsx'
import './moveHead.scss'

/** What is being moved, and by which rule (B9). */
export function MoveHead({ order }: { order: Order }) {
  return (
    <>
      <OrderSummary order={order} />
      <Card title="改期规则">
        <Text className="move-head__rule">{order.moveRule}</Text>
      </Card>
    </>
  )
}
