import { price } from '@jiyue/contract/money'
import type { ConsoleOrder } from '@jiyue/contract/schema/wire'
import { Button, Skeleton } from 'antd'
import { Link, useLocation } from 'react-router'
import { useAskPages } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { StateTag } from '../../parts/StateTag.tsx'
import { paths } from '../../paths.ts'

/** Who has a place in a slot, and what they paid; each opens to check in, cancel or refund. */
export function SlotOrders({ slotId }: { slotId: string }) {
  const orders = useAskPages('listConsoleOrders', { slotId })
  const rows = orders.data?.pages.flatMap((page) => page.orders) ?? []
  return (
    <section className="slot-orders" aria-label="预约名单">
      <h4>
        预约名单<small className="quiet">点开可核销、取消、退款</small>
      </h4>
      <Asked query={orders} waiting={<Skeleton active title={false} paragraph={{ rows: 2 }} />}>
        {() =>
          rows.length === 0 ? (
            <p className="quiet">还没有人预约</p>
          ) : (
            <ul>
              {rows.map((order) => (
                <Row key={order.id} order={order} />
              ))}
            </ul>
          )
        }
      </Asked>
      {orders.hasNextPage && (
        <Button
          size="small"
          loading={orders.isFetchingNextPage}
          onClick={() => void orders.fetchNextPage()}
        >
          加载更多
        </Button>
      )}
    </section>
  )
}

function Row({ order }: { order: ConsoleOrder }) {
  const { search } = useLocation()
  return (
    <li data-order={order.id}>
      <Link to={paths.orderOver('/booking', order.id, search)}>{order.person}</Link>
      <span className="quiet">{order.phoneMasked}</span>
      <span>{order.party} 人</span>
      <StateTag order={order} />
      <span className="slot-orders-money">{moneyOf(order)}</span>
    </li>
  )
}

/** 「已付 ¥69」, 「已退 ¥69」, 「待付 ¥69」, 「免费」. */
function moneyOf({ payableFen, payment, refundedFen, state }: ConsoleOrder): string {
  if (refundedFen > 0) return `已退 ${price(refundedFen)}`
  if (payment?.state === 'succeeded') return `已付 ${price(payableFen)}`
  if (payableFen === 0) return '免费'
  return state === 'held' || state === 'registered' ? `待付 ${price(payableFen)}` : '未付'
}
