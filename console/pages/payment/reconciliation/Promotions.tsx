import { price } from '@jiyue/contract/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Empty } from 'antd'

type Promotions = Reply<'getReconciliation'>['promotions']

/** What was given as discount, by promotion. */
export function Promotions({ promotions }: { promotions: Promotions }) {
  const rows = [...promotions].sort((a, b) => b.amountFen - a.amountFen)
  const largest = Math.max(1, ...rows.map(({ amountFen }) => amountFen))
  return (
    <section className="card" aria-label="按优惠">
      <h2>优惠让利</h2>
      {rows.length === 0 && <Empty description="这段时间的收款没有使用优惠" />}
      <ul className="shares">
        {rows.map(({ label, amountFen, count }) => (
          <li key={label}>
            <span>{label}</span>
            <strong>{price(amountFen)}</strong>
            <i aria-hidden>
              <b style={{ width: `${(amountFen * 100) / largest}%` }} />
            </i>
            <small className="quiet">{count} 笔收款使用</small>
          </li>
        ))}
      </ul>
    </section>
  )
}
