import { price } from '@jiyue/contract/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import type { ReactNode } from 'react'
import { translated } from '../../english/text.ts'

/** The priced lines, as the customer sees them. */
export function OrderPrice({
  quote,
  moveFeesFen,
}: Pick<Reply<'getConsoleOrder'>, 'quote' | 'moveFeesFen'>) {
  return (
    <section className="drawer-part">
      <h3>价格明细</h3>
      <dl className="price-lines">
        {quote.lines.map(({ label, amountFen, note }) => (
          <PriceLine key={label} label={translated(label)} note={note} value={price(amountFen)} />
        ))}
        {moveFeesFen > 0 && <PriceLine label="改期手续费" value={price(moveFeesFen)} />}
        <PriceLine label="应付" value={price(quote.payableFen + moveFeesFen)} strong />
      </dl>
    </section>
  )
}

interface PriceLineProps {
  label: ReactNode
  note?: ReactNode
  value: ReactNode
  strong?: boolean
}

export function PriceLine({ label, note, value, strong }: PriceLineProps) {
  return (
    <div className={strong ? 'price-line price-line-strong' : 'price-line'}>
      <dt>
        {label}
        {note && <small className="quiet">{note}</small>}
      </dt>
      <dd>{value}</dd>
    </div>
  )
}
