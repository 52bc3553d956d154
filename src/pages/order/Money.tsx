import { methodWords, refundReasons, refundStateWords } from '@jiyue/contract/payment'
import type { Order, Payment, Refund } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'
import { View } from '@tarojs/components'
import { Card } from '../../parts/Page.tsx'
import { Price } from '../../parts/Price.tsx'
import { type Row, Rows } from '../../parts/Rows.tsx'

/** What it costs, what was paid, and every refund with where it is (P11). */
export function Money({ order }: { order: Order }) {
  const { payment, quote } = order
  const lines: Row[] = quote.lines.map(({ label, amountFen }) => ({
    label,
    value: <Price fen={amountFen} size="small" />,
  }))
  const sum = { label: '应付合计', value: <Price fen={quote.payableFen} /> }
  return (
    <View>
      <Card title="费用">
        <Rows rows={lines.concat(sum)} />
        {payment?.state === 'succeeded' ? <Rows rows={paymentRows(payment, order.payee)} /> : null}
      </Card>
      {order.refunds.map((refund) => (
        <Card key={refund.id} title={refundReasons[refund.reason]}>
          <Rows rows={refundRows(refund)} />
        </Card>
      ))}
    </View>
  )
}

function paymentRows(payment: Payment, payee: string): Row[] {
  const rows: (Row | null)[] = [
    payment.paidAt ? { label: '支付时间', value: at(payment.paidAt) } : null,
    payment.method ? { label: '支付方式', value: methodWords[payment.method].zh } : null,
    payment.transactionId ? { label: '交易单号', value: payment.transactionId } : null,
    { label: '收款方', value: payee },
  ]
  return rows.filter((row): row is Row => row !== null)
}

function refundRows({ amountFen, state, at: since }: Refund): Row[] {
  return [
    { label: '退款金额', value: <Price fen={amountFen} size="small" /> },
    { label: '状态', value: refundStateWords[state] },
    { label: '时间', value: at(since) },
  ]
}

function at(instant: string): string {
  return `${dateText(instant)} ${clockText(instant)}`
}
