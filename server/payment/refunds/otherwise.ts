/**
 * Paid back otherwise (P11): a refund that its provider will never make (it never had the money, or
 * the payer's account is gone) ends when a person says how the money went back, and proves it.
 */
import { price } from '@jiyue/contract/money'
import type { Refund } from '@jiyue/contract/schema/wire'
import { after, tx } from '../../db/tx.ts'
import { type Refused, refuse } from '../../http/refusal.ts'
import type { Parts } from '../../parts.ts'
import { remind } from '../../reminder/reminder.ts'
import { refundView, settleRefund, tellRefund } from '../refund.ts'
import { audit, readStuck, type Stuck } from './hand.ts'
import { waysOf } from './patience.ts'
import { withTurn } from './turn.ts'

export interface Otherwise {
  /** How it went back and why so. */
  note: string
  /** What shows it: the number of the transfer, or where the signed paper lies. */
  evidence: string
}

/**
 * Ends a stuck refund as paid back otherwise. The provider has the first word: what it says is heard
 * like any other news, and money it has on its way is not paid a second time. The same again changes
 * nothing. Refuses: not_found, refund_state, unavailable (the provider does not answer, or is being
 * asked for the money in this very second: tried later).
 */
export async function payOtherwise(
  parts: Parts,
  refundId: string,
  otherwise: Otherwise,
  personId: string,
): Promise<Refund | Refused> {
  const stuck = await readStuck(parts.db, refundId)
  if (!stuck) return refuse('not_found')
  const by = `merchant:${personId}`
  if (isSame(stuck, otherwise, by)) return refundView(stuck)
  if (!mayEnd(stuck)) return refuse('refund_state')
  const ending = () => end(parts, stuck, otherwise, by)
  // In this very second the provider may be asked for it: what came of that is seen a moment later.
  const ended =
    stuck.method === 'offline'
      ? await ending()
      : await withTurn(parts, refundId, ['requested', 'failed'], ending)
  const row = await readStuck(parts.db, refundId)
  if (!row) return refuse('not_found')
  // A twin of this very call may have been quicker.
  if (isSame(row, otherwise, by)) return refundView(row)
  return ended ?? refuse(mayEnd(row) ? 'unavailable' : 'refund_state')
}

/** Asks the provider a last time, then ends it; null when it is ended. */
async function end(
  parts: Parts,
  stuck: Stuck,
  otherwise: Otherwise,
  by: string,
): Promise<Refused | null> {
  const { id: refundId } = stuck
  const silent = await askFirst(parts, stuck)
  if (silent) return silent
  return tx(parts.db, async (t) => {
    // Payment, then refund, as all news of refunds lock them.
    await t
      .selectFrom('payments')
      .select('id')
      .where('id', '=', stuck.payment_id)
      .forUpdate()
      .execute()
    const now = await readStuck(t, refundId)
    if (!now || !mayEnd(now)) return refuse('refund_state')
    const at = parts.now()
    await t
      .updateTable('refunds')
      .set({
        state: 'otherwise',
        refunded_at: at,
        due_at: null,
        otherwise_by: by,
        otherwise_note: otherwise.note,
        evidence: otherwise.evidence,
      })
      .where('id', '=', refundId)
      .execute()
    const details = { id: refundId, ...otherwise, amountFen: now.amount_fen, failure: now.failure }
    await audit(t, now.order_id, 'refund_otherwise', by, details, at)
    const note = `退款 ${price(now.amount_fen)} 已由商家另行退还：${otherwise.note}`
    await remind(t, {
      kind: 'by_hand',
      about: refundId,
      orderId: now.order_id,
      facts: { note },
      now: at,
    })
    after(t, () => tellRefund(parts, now.order_id))
    return null
  })
}

const mayEnd = (stuck: Stuck) => waysOf(stuck, stuck.method).includes('otherwise')

function isSame(stuck: Stuck, { note, evidence }: Otherwise, by: string): boolean {
  return (
    stuck.state === 'otherwise' &&
    stuck.otherwise_by === by &&
    stuck.otherwise_note === note &&
    stuck.evidence === evidence
  )
}

/** Without the provider's word nobody knows that the money is not on its way already. */
async function askFirst(parts: Parts, stuck: Stuck): Promise<Refused | null> {
  if (!stuck.method) return refuse('refund_state')
  if (stuck.method === 'offline') return null
  const gateway = parts.gateways[stuck.method]
  const answer = await gateway.queryRefund(stuck.refund_no, stuck.trade_no, parts.now())
  if (answer.ok) {
    await settleRefund(parts, answer.value, 'query')
    return null
  }
  const { kind, code, message } = answer
  parts.log.warn({ refund: stuck.id, code, kind, message }, 'not asked before paying otherwise')
  return refuse('unavailable')
}
