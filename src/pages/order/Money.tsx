import { methodWords } from '@jiyue/contract/payment'
import type { Order, Payment } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'
import { View } from '@tarojs/components'
import { Card } from '../../parts/Page.tsx'
import { Price } from '../../parts/Price.tsx'
import { ReceiptButton } from '../../parts/ReceiptButton.tsx'
import { type Row, Rows } from '../../parts/Rows.tsx'
import './cancel.scss'
import { Deposit } from './Deposit.tsx'
import { Refunds } from './Refunds.tsx'

/** What it costs, what was paid, and every refund with where it is (P9 P11). */
export function Money({ order }: { order: Order }) {
  const { payment, quote, moveFeesFen } = order
  const isPaid = payment?.state === 'succeeded'
  const lines: Row[] = quote.lines.map(({ label, amountFen }) => ({
    label,
    value: <Price fen={amountFen} size="small" />,
  }))
  // Who waits for money back looks for that first.
  const isOver = order.state === 'cancelled' || order.state === 'expired'
  const refunds = (
    <Refunds title="退款进度" refunds={order.refunds.filter((one) => one.reason !== 'deposit')} />
  )
  const fees: Row[] =
    moveFeesFen > 0
      ? [{ label: '改期手续费', value: <Price fen={moveFeesFen} size="small" /> }]
      : []
  const sum = { label: '应付合计', value: <Price fen={quote.payableFen + moveFeesFen} /> }
  return (
    <View>
      {isOver ? refunds : null}
      <Card title="费用">
        <Rows rows={lines.concat(fees, sum)} />
        {isPaid ? <Rows rows={paymentRows(payment, order.payee)} /> : null}
        {isPaid && payment.amountFen > 0 ? (
          <View className="cancel__buttons">
            <ReceiptButton orderId={order.id} />
          </View>
        ) : null}
      </Card>
      <Deposit order={order} />
      {isOver ? null : refunds}
    </View>
  )
}

function paymentRows(payment: Payment, payee: string): Row[] {
  const rows: (Row | null)[] = [
    { label: '实付金额', value: <Price fen={payment.amountFen} size="small" /> },
    payment.paidAt
      ? { label: '支付时间', value: `${dateText(payment.paidAt)} ${clockText(payment.paidAt)}` }
      : null,
    payment.method ? { label: '支付方式', value: methodWords[payment.method].zh } : null,
    payment.transactionId ? { label: '交易单号', value: payment.transactionId } : null,
    { label: '收款方', value: payee },
  ]
  return rows.filter((row): row is Row => row !== null)
}
