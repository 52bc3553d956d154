import { price } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import type { ConsoleOrder } from '@jiyue/contract/schema/wire'
import { spanText } from '@jiyue/contract/time'
import type { TableColumnsType } from 'antd'
import { Link, useLocation } from 'react-router'
import { StateTag } from '../../parts/StateTag.tsx'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'

/** The list's columns: two lines a cell, so that all of them fit a tablet. */
export const columns: TableColumnsType<ConsoleOrder> = [
  {
    title: '订单',
    render: (_, order) => (
      <Two first={<OrderLink order={order} />} second={`${stampText(order.createdAt)} 下单`} />
    ),
  },
  { title: '状态', width: 132, render: (_, order) => <StateTag order={order} /> },
  {
    title: '服务与时段',
    render: (_, { service, slot, party }) => (
      <Two
        first={party > 1 ? `${service.name} · ${party} 人` : service.name}
        second={spanText(slot.startsAt, slot.endsAt)}
      />
    ),
  },
  {
    title: '客户',
    render: (_, { person, phoneMasked }) => <Two first={person} second={phoneMasked} />,
  },
  { title: '金额', align: 'right', render: (_, order) => <Amount order={order} /> },
]

/** A real link, so that it opens by keyboard and in another tab. */
function OrderLink({ order }: { order: ConsoleOrder }) {
  const { search } = useLocation()
  return (
    <Link to={paths.order(order.id, search)} onClick={(event) => event.stopPropagation()}>
      {order.number}
    </Link>
  )
}

function Amount({ order: { payableFen, payment, refundedFen } }: { order: ConsoleOrder }) {
  const paid = payment?.state === 'succeeded'
  const how = payment?.method ? methodWords[payment.method].zh : '已支付'
  const back = refundedFen > 0 ? `已退 ${price(refundedFen)}` : null
  return <Two first={price(payableFen)} second={back ?? (paid ? how : '未支付')} />
}
