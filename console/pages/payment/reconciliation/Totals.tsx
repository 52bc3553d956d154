import { price } from '@jiyue/contract/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import type { ReactNode } from 'react'

type Total = Reply<'getReconciliation'>['total']

/** The three figures of the range; what is left is the largest. */
export function Totals({ total, children }: { total: Total; children: ReactNode }) {
  const { paid, refunded, netFen } = total
  return (
    <section className="card totals" aria-label="合计">
      <div className="total total-net">
        <h2>净额</h2>
        <strong data-total="net" data-fen={netFen}>
          {price(netFen)}
        </strong>
        {children}
      </div>
      <div className="total">
        <h2>收款</h2>
        <strong data-total="paid" data-fen={paid.amountFen}>
          {price(paid.amountFen)}
        </strong>
        <span className="quiet">{paid.count} 笔</span>
      </div>
      <div className="total">
        <h2>退款</h2>
        <strong data-total="refunded" data-fen={refunded.amountFen}>
          {price(refunded.amountFen)}
        </strong>
        <span className="quiet">{refunded.count} 笔</span>
      </div>
    </section>
  )
}
