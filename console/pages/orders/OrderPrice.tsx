import { price } from '@jiyue/contract/money'
import {
  methodWords,
  paymentStateWords,
  refundReasons,
  refundStateWords,
} from '@jiyue/contract/payment'
import type { Reply } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'

/** The priced lines, the payment and what went back. */
export function OrderPrice({ order }: { order: Reply<'getConsoleOrder'> }) {
  const { quote, payment, refunds } = order
  return (
    <section className="drawer-part">
      <h3>价格与缴费</h3>
      <dl className="price-lines">
        {quote.lines.map(({ label, amountFen, note }) => (
          <Line key={label} label={label} note={note} value={price(amountFen)} />
        ))}
        <Line label="应付" value={price(quote.payableFen)} strong />
        {payment && (
          <Line
            label={payment.method ? methodWords[payment.method].zh : '缴费'}
            note={[payment.paidAt && at(payment.paidAt), payment.transactionId]
              .filter(Boolean)
              .join('　')}
            value={`${paymentStateWords[payment.state]} ${price(payment.amountFen)}`}
          />
        )}
        {refunds.map((refund) => (
          <Line
            key={refund.id}
            label={refundReasons[refund.reason]}
            note={at(refund.at)}
            value={`${refundStateWords[refund.state]} ${price(refund.amountFen)}`}
          />
        ))}
      </dl>
    </section>
  )
}

interface LineProps {
  label: string
  note?: string | undefined
  value: string
  strong?: boolean
}

function Line({ label, note, value, strong }: LineProps) {
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

const at = (instant: string) => `${dateText(instant)} ${clockText(instant)}`
