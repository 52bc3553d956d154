/** Refunds by a person of the merchant (P11): giving back what is left, and moving stuck ones on. */
import { randomUUID } from 'node:crypto'
import type { Fen } from '@jiyue/contract/money'
import { hasGateway } from '@jiyue/contract/payment'
import type { Refund } from '@jiyue/contract/schema/wire'
import type { Kysely, Selectable } from 'kysely'
import type { Database, PaymentTable } from '../../db/schema.ts'
import { after, type Tx, tx } from '../../db/tx.ts'
import { type Refused, refuse } from '../../http/refusal.ts'
import type { Parts } from '../../parts.ts'
import { keptOf, spread } from '../kept.ts'
import {
  change,
  type RefundRow,
  refundView,
  requestRefund,
  settleRefund,
  tellRefund,
} from '../refund.ts'
import { type RefundWay, waysOf } from './patience.ts'

export interface RefundWish {
  /** Named by the caller; the first refund carries it. */
  id: string
  orderId: string
  amountFen: Fen
  note: string
}

/**
 * Gives `amountFen` of an order's money back, spread over what is left of its payments; of its deposit
 * first, which then goes back by itself no more. The same wish again answers the same. Refuses: not_found, refund_id_reused, not_paid, refund_too_much.
 */
export async function refundByHand(
  parts: Parts,
  wish: RefundWish,
  personId: string,
): Promise<Refund[] | Refused> {
  try {
    return await tx(parts.db, (t) => give(t, parts, wish, personId))
  } catch (error) {
    // Two wishes of one name at once, for two orders: one row can have it.
    if ((error as { constraint?: string }).constraint !== 'refunds_pkey') throw error
    return refuse('refund_id_reused')
  }
}

async function give(
  t: Tx,
  parts: Parts,
  { id, orderId, amountFen, note }: RefundWish,
  personId: string,
): Promise<Refund[] | Refused> {
  // The lock keeps a cancel, a move or a second refund from spending the same money.
  const order = await t
    .selectFrom('orders')
    .select('id')
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirst()
  if (!order) return refuse('not_found')
  const known = await t.selectFrom('refunds').select('id').where('id', '=', id).executeTakeFirst()
  if (known) return sameAgain(t, { id, orderId, amountFen, note })
  const { payments, keptFen } = await keptOf(t, orderId)
  if (payments.length === 0) return refuse('not_paid')
  if (amountFen > keptFen) return refuse('refund_too_much')
  const by = `merchant:${personId}`
  const now = parts.now()
  const shares = spread(amountFen, payments).map((share, index) => ({
    ...share,
    id: index === 0 ? id : randomUUID(),
  }))
  for (const share of shares) {
    await requestRefund(t, { ...share, reason: 'manual', note, by, now })
  }
  const details = { id, refunds: shares.map((share) => share.id), amountFen, note }
  await audit(t, orderId, 'refund', by, details, now)
  after(t, () => tellRefund(parts, orderId))
  return readRefunds(t, details.refunds)
}

/** The refunds that this very wish made before, or the refusal of a name that means another. */
async function sameAgain(
  t: Tx,
  { id, orderId, amountFen, note }: RefundWish,
): Promise<Refund[] | Refused> {
  const events = await t
    .selectFrom('events')
    .select('details')
    .where('order_id', '=', orderId)
    .where('what', '=', 'refund')
    .execute()
  const same = events
    .map((event) => event.details as Record<string, unknown>)
    .find((made) => made.id === id && made.amountFen === amountFen && made.note === note)
  return same ? readRefunds(t, same.refunds as string[]) : refuse('refund_id_reused')
}

async function readRefunds(t: Tx, ids: readonly string[]): Promise<Refund[]> {
  const rows = await t.selectFrom('refunds').selectAll().where('id', 'in', ids).execute()
  return rows.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)).map(refundView)
}

/**
 * A person moves a stuck refund on: `again` asks for it now under the same number, `merchant_account`
 * has WeChat pay an ABNORMAL one to the merchant. Refuses: not_found, refund_state, gateway_refused.
 */
export async function retryRefund(
  parts: Parts,
  refundId: string,
  way: Exclude<RefundWay, 'otherwise'>,
  personId: string,
): Promise<Refund | Refused> {
  const stuck = await readStuck(parts.db, refundId)
  if (!stuck) return refuse('not_found')
  if (!waysOf(stuck, stuck.method).includes(way)) return refuse('refund_state')
  const by = `merchant:${personId}`
  const no =
    way === 'again' ? await askAgain(parts, stuck, by) : await payMerchant(parts, stuck, by)
  if (no) return no
  const row = await readStuck(parts.db, refundId)
  return row ? refundView(row) : refuse('not_found')
}

export type Stuck = RefundRow & Pick<Selectable<PaymentTable>, 'method' | 'trade_no' | 'order_id'>

export function readStuck(db: Kysely<Database>, refundId: string): Promise<Stuck | undefined> {
  return db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .selectAll('refunds')
    .select(['payments.method', 'payments.trade_no', 'payments.order_id'])
    .where('refunds.id', '=', refundId)
    .executeTakeFirst()
}

function askAgain(
  parts: Parts,
  { id, order_id, method }: Stuck,
  by: string,
): Promise<Refused | null> {
  return tx(parts.db, async (t) => {
    const refund = await t
      .selectFrom('refunds')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    // A notice, or another person, may have been quicker.
    if (!waysOf(refund, method).includes('again')) return refuse('refund_state')
    const now = parts.now()
    // Not the first turn: what the provider knows is asked before money is asked for again.
    await change(t, refund, { state: 'requested', failure: null, tries: 1, due_at: now })
    await audit(t, order_id, 'refund_again', by, { id, failure: refund.failure }, now)
    after(t, () => tellRefund(parts, order_id))
    return null
  })
}

async function payMerchant(parts: Parts, stuck: Stuck, by: string): Promise<Refused | null> {
  const { id, order_id, method, refund_no, trade_no } = stuck
  const gateway = hasGateway(method) ? parts.gateways[method] : null
  if (!gateway?.refundToMerchant) return refuse('refund_state')
  const now = parts.now()
  // Written before the call: money that moves by a person's hand has that person's name on it.
  await tx(parts.db, (t) => audit(t, order_id, 'refund_to_merchant', by, { id }, now))
  const answer = await gateway.refundToMerchant(refund_no, trade_no, now)
  if (answer.ok) {
    await settleRefund(parts, answer.value, 'answer')
    const { state } = answer.value
    return state === 'failed' || state === 'missing' ? refuse('gateway_refused') : null
  }
  const { code, kind, message } = answer
  parts.log.error({ refund: id, code, kind, message }, 'abnormal refund not paid to the merchant')
  return refuse(kind === 'refused' ? 'gateway_refused' : 'unavailable')
}

/** Who did what to a refund, on its order. */
export async function audit(
  t: Tx,
  orderId: string,
  what: string,
  by: string,
  details: Record<string, unknown>,
  at: Date,
): Promise<void> {
  await t
    .insertInto('events')
    .values({ order_id: orderId, slot_id: null, what, by, details: JSON.stringify(details), at })
    .execute()
}
