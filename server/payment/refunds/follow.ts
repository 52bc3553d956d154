/**
 * Carrying refunds out (P11): asked for under one number for ever, and asked about before any repeat,
 * so that a lost answer never becomes a second refund (PAINS 34).
 */
import { hasGateway, refundReasons } from '@jiyue/contract/payment'
import { after, tx } from '../../db/tx.ts'
import type { Parts } from '../../parts.ts'
import type { No } from '../../platforms/answer.ts'
import { change, fail, type RefundRow, settleRefund, tellRefund } from '../refund.ts'
import { recordRefund } from './evidence.ts'
import { isPatient } from './patience.ts'
import { withTurn } from './turn.ts'

/**
 * One turn of a due refund; its next turn was already written by the sweep's claim. Only the very
 * first turn asks for the money without asking about it first; a failed one is only asked about.
 */
export async function followRefund(parts: Parts, refund: RefundRow): Promise<void> {
  const payment = await parts.db
    .selectFrom('payments')
    .select(['trade_no', 'method', 'paid_fen'])
    .where('id', '=', refund.payment_id)
    .executeTakeFirstOrThrow()
  if (!hasGateway(payment.method) || payment.paid_fen === null)
    throw new Error(`refund ${refund.id} of no money`)
  const gateway = parts.gateways[payment.method]
  const now = parts.now()
  if (refund.tries > 1 || refund.state !== 'requested') {
    const known = await gateway.queryRefund(refund.refund_no, payment.trade_no, now)
    if (!known.ok) return unanswered(parts, refund, known)
    await settleRefund(parts, known.value, 'query')
    if (known.value.state !== 'missing' || refund.state !== 'requested') return
  }
  const asked = {
    refundNo: refund.refund_no,
    tradeNo: payment.trade_no,
    amountFen: refund.amount_fen,
    totalFen: payment.paid_fen,
    reason: refundReasons[refund.reason],
  }
  // While a person pays it back otherwise nobody asks for it; the next turn looks again.
  await withTurn(parts, refund.id, ['requested'], async () => {
    const answer = await gateway.refund(asked, now)
    if (answer.ok) await settleRefund(parts, answer.value, 'answer')
    else if (answer.kind === 'unknown') await unanswered(parts, refund, answer)
    else await refused(parts, refund.id, answer)
  })
}

/**
 * Nobody knows whether it was done: the next turn asks. A provider that refuses even to be asked
 * (our keys, our rights) is shown to the console.
 */
async function unanswered(
  parts: Parts,
  { id }: RefundRow,
  { kind, code, message }: No,
): Promise<void> {
  parts.log.warn({ refund: id, kind, code, message }, 'no answer about a refund; asked again')
  if (kind === 'unknown') return
  await parts.db
    .updateTable('refunds')
    .set({ failure: code })
    .where('id', '=', id)
    .where('state', '=', 'requested')
    .execute()
}

/**
 * The provider said no and nothing happened. What may be yes tomorrow (no funds yet) is asked for
 * again by itself; the rest waits for a person. The same no again is not written down again.
 */
async function refused(parts: Parts, refundId: string, { code, message }: No): Promise<void> {
  const final = !isPatient(code)
  await tx(parts.db, async (t) => {
    const payment = await t
      .selectFrom('payments')
      .innerJoin('refunds', 'refunds.payment_id', 'payments.id')
      .select(['payments.id', 'payments.order_id', 'payments.trade_no', 'payments.method'])
      .where('refunds.id', '=', refundId)
      .forUpdate('payments')
      .executeTakeFirstOrThrow()
    const refund = await t
      .selectFrom('refunds')
      .selectAll()
      .where('id', '=', refundId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    // A notice may have overtaken this answer.
    if (refund.state !== 'requested') return
    const now = parts.now()
    if (final) await fail(t, refund, code, now)
    else await change(t, refund, { failure: code })
    after(t, () => {
      const said = { refund: refundId, code, message }
      if (final) parts.log.error(said, 'refund refused: a person is needed')
      else parts.log.warn(said, 'refund refused for now; asked for again')
    })
    if (refund.failure === code && !final) return
    const fact = {
      method: payment.method ?? 'wechat',
      refundNo: refund.refund_no,
      tradeNo: payment.trade_no,
      state: 'refused',
      amountFen: refund.amount_fen,
      reference: code,
    }
    const verdict = final ? 'failed' : 'retrying'
    await recordRefund(t, fact, { paymentId: payment.id, heardBy: 'answer', verdict, now })
    after(t, () => tellRefund(parts, payment.order_id))
  })
}
