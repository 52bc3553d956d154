/** WeChat's objects → what we keep of them. The same object comes by query and by notice. */
import { z } from 'zod'
import { type Answer, refused, unknown, yes } from '../../../platforms/answer.ts'
import { parseTime } from '../../../platforms/chinaTime.ts'
import type { RefundFact, TradeFact } from '../gateway.ts'

/** Who we are in WeChat's eyes: one merchant, one or more apps bound to it. */
export interface Self {
  mchid: string
  appids: readonly string[]
}

const trade = z.object({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: z.string(),
  transaction_id: z.string().optional(),
  trade_state: z.string(),
  success_time: z.string().optional(),
  payer: z.object({ openid: z.string().optional() }).optional(),
  amount: z.object({ total: z.int(), currency: z.string().default('CNY') }).optional(),
})

/** After any refund, also a partial one, a paid trade says REFUND. */
const TRADE_STATES: Record<string, TradeFact['state']> = {
  SUCCESS: 'paid',
  REFUND: 'paid',
  CLOSED: 'closed',
  REVOKED: 'closed',
}

/** `reference` says where it was heard. A state we do not know by name is not paid yet. */
export function tradeFact(object: unknown, self: Self, reference: string): Answer<TradeFact> {
  const read = trade.safeParse(object)
  if (!read.success) return unknown('malformed', z.prettifyError(read.error))
  const { appid, mchid, out_trade_no, transaction_id, trade_state, amount } = read.data
  if (mchid !== self.mchid || !self.appids.includes(appid)) {
    return refused('wrong_merchant', `trade of mchid ${mchid}, appid ${appid}`)
  }
  const state = TRADE_STATES[trade_state] ?? 'unpaid'
  if (state === 'paid' && amount?.currency !== 'CNY') {
    return unknown('malformed', 'paid, but without an amount in CNY')
  }
  return yes({
    kind: 'trade',
    method: 'wechat',
    tradeNo: out_trade_no,
    state,
    amountFen: amount?.total ?? 0,
    transactionId: transaction_id,
    paidAt: parseTime(read.data.success_time),
    payerId: read.data.payer?.openid,
    reference,
  })
}

const refund = z.object({
  /** Only in notices. */
  mchid: z.string().optional(),
  out_trade_no: z.string(),
  out_refund_no: z.string(),
  /** `status` in answers, `refund_status` in notices. */
  status: z.string().optional(),
  refund_status: z.string().optional(),
  success_time: z.string().optional(),
  amount: z.object({ refund: z.int() }),
})

const REFUND_STATES: Record<string, RefundFact['state']> = {
  SUCCESS: 'succeeded',
  CLOSED: 'closed',
  ABNORMAL: 'failed',
}

export function refundFact(object: unknown, self: Self, reference: string): Answer<RefundFact> {
  const read = refund.safeParse(object)
  if (!read.success) return unknown('malformed', z.prettifyError(read.error))
  const { mchid = self.mchid, out_trade_no, out_refund_no, amount, success_time } = read.data
  if (mchid !== self.mchid) return refused('wrong_merchant', `refund of mchid ${mchid}`)
  const status = read.data.status ?? read.data.refund_status ?? ''
  const state = REFUND_STATES[status] ?? 'processing'
  return yes({
    kind: 'refund',
    method: 'wechat',
    refundNo: out_refund_no,
    tradeNo: out_trade_no,
    amountFen: amount.refund,
    refundedAt: parseTime(success_time),
    state,
    reason: state === 'failed' || state === 'closed' ? status : undefined,
    reference,
  })
}

/** An answer about another trade or refund is a replay, however well it is signed. */
export function same<K extends string, F extends Record<K, string>>(
  key: K,
  asked: string,
  answer: Answer<F>,
): Answer<F> {
  if (!answer.ok || answer.value[key] === asked) return answer
  return unknown('answer_mismatch', `asked about ${asked}, told about ${answer.value[key]}`)
}
