/** The evidence of refunds (P10): what was heard of each, by which way, and what was made of it. */
import type { HeardBy, MoneyMethod } from '@jiyue/contract/payment'
import type { Tx } from '../../db/tx.ts'
import type { RefundFact } from '../gateways/gateway.ts'

export interface Said {
  /** Null when the trade is none of ours. */
  paymentId: string | null
  heardBy: HeardBy
  verdict: string
  now: Date
}

type Heard = Pick<RefundFact, 'refundNo' | 'tradeNo' | 'amountFen' | 'reference'> & {
  method: MoneyMethod
  /** A fact's state, or `refused`. */
  state: string
}

/** Writes down what was heard. */
export async function recordRefund(t: Tx, heard: Heard, said: Said): Promise<void> {
  await t
    .insertInto('facts')
    .values({
      payment_id: said.paymentId,
      method: heard.method,
      kind: 'refund',
      trade_no: heard.tradeNo ?? null,
      refund_no: heard.refundNo,
      state: heard.state,
      amount_fen: heard.amountFen,
      transaction_id: null,
      heard_by: said.heardBy,
      reference: heard.reference ?? null,
      verdict: said.verdict,
      heard_at: said.now,
    })
    .execute()
}

/**
 * True when our own asking hears the very same as the last time: it goes on for days while nothing
 * happens, and that is one line of evidence. What others tell us is always written down.
 */
export async function isSaidAgain(t: Tx, heard: Heard, said: Said): Promise<boolean> {
  if (said.heardBy !== 'query') return false
  const last = await t
    .selectFrom('facts')
    .select(['state', 'amount_fen', 'verdict'])
    .where('payment_id', '=', said.paymentId)
    .where('refund_no', '=', heard.refundNo)
    .where('heard_by', '=', 'query')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (
    last !== undefined &&
    last.state === heard.state &&
    last.amount_fen === heard.amountFen &&
    last.verdict === said.verdict
  )
}
