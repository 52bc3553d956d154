/** Alipay's words → what we keep of them. */
import { z } from 'zod'
import { type Answer, unknown, yes } from '../../../platforms/answer.ts'
import { parseTime } from '../../../platforms/chinaTime.ts'
import type { RefundFact, TradeFact } from '../gateway.ts'
import { fenOf } from './yuan.ts'

/** One shape for the query's node and the notice's form; they differ in the name of the pay time. */
const trade = z.object({
  out_trade_no: z.string(),
  trade_no: z.string().optional(),
  trade_status: z.string(),
  total_amount: z.string(),
  buyer_open_id: z.string().optional(),
  buyer_user_id: z.string().optional(),
  buyer_id: z.string().optional(),
  send_pay_date: z.string().optional(),
  gmt_payment: z.string().optional(),
})

/** Partly refunded stays TRADE_SUCCESS. Closed: nobody paid in time, or all of it went back. */
const TRADE_STATES: Record<string, TradeFact['state']> = {
  TRADE_SUCCESS: 'paid',
  TRADE_FINISHED: 'paid',
  TRADE_CLOSED: 'closed',
}

/** A status we do not know by name is not paid yet. */
export function tradeFact(object: unknown, reference: string): Answer<TradeFact> {
  const read = trade.safeParse(object)
  if (!read.success) return unknown('malformed', z.prettifyError(read.error))
  const { out_trade_no, trade_no, trade_status, total_amount, ...rest } = read.data
  const amountFen = fenOf(total_amount)
  if (amountFen === null) return unknown('malformed', `total_amount ${total_amount}`)
  return yes({
    kind: 'trade',
    method: 'alipay',
    tradeNo: out_trade_no,
    state: TRADE_STATES[trade_status] ?? 'unpaid',
    amountFen,
    transactionId: trade_no,
    paidAt: parseTime(rest.send_pay_date ?? rest.gmt_payment),
    payerId: rest.buyer_open_id ?? rest.buyer_user_id ?? rest.buyer_id,
    reference,
  })
}

const refund = z.object({
  out_trade_no: z.string(),
  out_request_no: z.string().optional(),
  refund_amount: z.string().optional(),
  refund_status: z.string().optional(),
  gmt_refund_pay: z.string().optional(),
})

/** The refund query's node. Without status and amount Alipay never heard of the number. */
export function refundFact(object: unknown, refundNo: string, tradeNo: string): Answer<RefundFact> {
  const read = refund.safeParse(object)
  if (!read.success) return unknown('malformed', z.prettifyError(read.error))
  const { out_trade_no, out_request_no = refundNo, refund_amount, refund_status } = read.data
  if (out_trade_no !== tradeNo || out_request_no !== refundNo) {
    return unknown('answer_mismatch', `asked about ${refundNo}, told about ${out_request_no}`)
  }
  const amountFen = refund_amount === undefined ? 0 : fenOf(refund_amount)
  if (amountFen === null) return unknown('malformed', `refund_amount ${refund_amount}`)
  const state =
    amountFen === 0 ? 'missing' : refund_status === 'REFUND_SUCCESS' ? 'succeeded' : 'processing'
  return yes({
    kind: 'refund',
    method: 'alipay',
    refundNo,
    tradeNo,
    state,
    amountFen,
    refundedAt: parseTime(read.data.gmt_refund_pay),
    reference: 'refund query',
  })
}
