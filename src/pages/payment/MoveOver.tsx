import type { Order } from '@jiyue/contract/schema/wire'
import { pathTo } from '../../lib/paths.ts'
import { Empty } from '../../parts/Empty.tsx'
import { go } from '../../parts/go.ts'
import { Card } from '../../parts/Page.tsx'

/** The move did not happen: nothing is lost, and the order's page shows the money's way back (B9). */
export function MoveOver({ order }: { order: Order }) {
  const isBack = order.refunds.some((one) => one.reason === 'move_failed')
  return (
    <Card>
      <Empty
        icon="calendar"
        title="改期未完成，原预约不变"
        hint={
          isBack
            ? '时段已被约满或已超时，差价将全额原路退回'
            : '补差价时间已过或已放弃改期，未产生费用'
        }
        button="查看订单"
        onTap={() => go.back(pathTo.order(order.id))}
      />
    </Card>
  )
}
