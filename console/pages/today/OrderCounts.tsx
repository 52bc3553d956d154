import { RightOutlined } from '@ant-design/icons'
import { type OrderState, orderStateWords } from '@jiyue/contract/order'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Link } from 'react-router'
import { paths } from '../../paths.ts'

type Today = Reply<'getToday'>

/** The three numbers a merchant acts on; each leads to its orders. */
const counts: { state: OrderState; of: (today: Today) => number; hint: string }[] = [
  { state: 'held', of: ({ holds }) => holds, hint: '正在填写报名' },
  { state: 'registered', of: ({ unpaid }) => unpaid, hint: '等待付款' },
  { state: 'confirmed', of: ({ confirmed }) => confirmed, hint: '今天新确认' },
]

export function OrderCounts({ today }: { today: Today }) {
  return (
    <nav className="card counts" aria-label="订单数">
      {counts.map(({ state, of, hint }) => (
        <Link key={state} to={paths.orders({ state })} className="count" data-count={state}>
          <strong>{of(today)}</strong>
          <span>
            {orderStateWords[state]}
            <small className="quiet">{hint}</small>
          </span>
          <RightOutlined aria-hidden />
        </Link>
      ))}
    </nav>
  )
}
