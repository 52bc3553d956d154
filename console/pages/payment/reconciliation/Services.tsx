import { price } from '@jiyue/contract/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import { Empty } from 'antd'

type Services = Reply<'getReconciliation'>['services']

/** Which service the money came by; the bar compares it with the largest. */
export function Services({ services }: { services: Services }) {
  const rows = [...services].sort((a, b) => b.netFen - a.netFen)
  const largest = Math.max(1, ...rows.map(({ netFen }) => netFen))
  return (
    <section className="card" aria-label="按服务">
      <h2>按服务</h2>
      {rows.length === 0 && <Empty description="这段时间没有服务收款" />}
      <ul className="shares">
        {rows.map(({ serviceId, serviceName, paid, refunded, netFen }) => (
          <li key={serviceId}>
            <span>{serviceName}</span>
            <strong>{price(netFen)}</strong>
            <i aria-hidden>
              <b style={{ width: `${(Math.max(0, netFen) * 100) / largest}%` }} />
            </i>
            <small className="quiet">
              收款 {price(paid.amountFen)}（{paid.count} 笔）
              {refunded.count > 0 && `，退款 ${price(refunded.amountFen)}（${refunded.count} 笔）`}
            </small>
          </li>
        ))}
      </ul>
    </section>
  )
}
