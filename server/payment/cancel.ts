/** Cancelling (B9): what it costs by rule, and doing it with the refund in one transaction. */
import { type Fen, percentOf, price } from '@jiyue/contract/money'
import { can, stateAt } from '@jiyue/contract/order'
import { defaultRules, type Rules } from '@jiyue/contract/rules'
import { sql } from 'kysely'
import { anyOf } from '../db/conditions.ts'
import { gathered } from '../db/gather.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { isDisrupted } from '../order/disrupted.ts'
import { apply, type OrderRow } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { planFor, remind } from '../reminder/reminder.ts'
import { closeTrade } from './ask.ts'
import { oweDeliveries } from './delivery.ts'
import { type Kept, keptOf, owe } from './kept.ts'

export interface Cancelling {
  feeFen: Fen
  refundFen: Fen
}

/**
 * What cancelling at `now` costs: nothing before the free hours, then a percentage of what was paid
 * without the deposit, which always goes back whole. Null once the slot has begun.
 */
export function cancelling(
  paid: { paidFen: Fen; depositFen: Fen },
  startsAt: Date,
  rules: Pick<Rules, 'cancelFreeHours' | 'cancelFeePercent'>,
  now: Date,
): Cancelling | null {
  if (now >= startsAt) return null
  const free = startsAt.getTime() - now.getTime() >= rules.cancelFreeHours * 3_600_000
  const feeFen = free ? 0 : percentOf(paid.paidFen - paid.depositFen, rules.cancelFeePercent)
  return { feeFen, refundFen: paid.paidFen - feeFen }
}

/**
 * What cancelling by rule is about: what is still here, without fees earned before, and what is left
 * of the deposit: by hand it was given back first, and must not go back once more.
 */
export function paidOf(
  { keptFen, feesFen, byHandFen }: Pick<Kept, 'keptFen' | 'feesFen' | 'byHandFen'>,
  { quote }: Pick<OrderRow, 'quote'>,
) {
  const paidFen = keptFen - feesFen
  const leftFen = Math.max(0, (quote?.depositFen ?? 0) - byHandFen)
  return { paidFen, depositFen: Math.min(paidFen, leftFen) }
}

/**
 * What leaving a slot that falls through costs (M9): nothing, not even fees of moves before, and also
 * after it should have begun.
 */
export function calledOff({ keptFen }: Pick<Kept, 'keptFen'>): Cancelling {
  return { feeFen: 0, refundFen: keptFen }
}

export interface CancelledBy {
  /** `user`, `rule`, or `merchant:<id>`. */
  by: string
  /** Only while it is in this slot. */
  inSlot?: string
  /** What it costs as the person saw it, fen: a higher fee by now, by time or by a new rule, is refused. */
  seenFeeFen?: number | undefined
  /** The merchant calls it off: all goes back. A slot that falls through is called off anyway. */
  calledOff?: true
  /** What the person is told, of an unpaid order too. */
  note?: string
  /** They have been told otherwise where nothing was paid. */
  told?: true
  /** Kept with the event. */
  details?: Record<string, unknown>
  /** What else is true if it is cancelled by this: written in the same transaction. */
  also?: (t: Tx) => Promise<unknown>
}

const byUser: CancelledBy = { by: 'user' }

/** Cancels an order, its own person's by default. Refuses: order_state, payment_pending, fee_changed. */
export async function cancelOrder(
  parts: Parts,
  order: OrderRow,
  how: CancelledBy = byUser,
): Promise<'ok' | Refused> {
  const { db, bus } = parts
  const now = parts.now()
  const state = stateAt(
    { state: order.state, heldUntil: order.held_until?.toISOString() ?? null },
    now.getTime(),
  )
  if (state === 'cancelled') return 'ok'
  if (!can(state, 'cancel')) return refuse('order_state')
  const blocked = await closeOpen(parts, order)
  if (blocked) return blocked
  return tx(db, async (t) => {
    // Under the locks once more: a payment opened in this very moment is closed before its seat
    // goes, and an order that moved in this very moment has another slot and another price.
    await sql`select lock_slots(array[${order.slot_id}::uuid])`.execute(t)
    const current = await t
      .selectFrom('orders')
      .selectAll()
      .where('id', '=', order.id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const { starts_at } = await t
      .selectFrom('slots')
      .select('starts_at')
      .where('id', '=', current.slot_id)
      .executeTakeFirstOrThrow()
    if (current.state === 'cancelled') return 'ok' // by a twin of this call
    // Its money came in this very moment: what cancelling costs now, the person has not seen.
    if (current.state === 'confirmed' && state !== 'confirmed') return refuse('order_state')
    if (how.inSlot !== undefined && current.slot_id !== how.inSlot) return refuse('order_state')
    const isOff = how.calledOff ?? (await isDisrupted(t, current))
    if (state === 'confirmed' && now >= starts_at && !isOff) return refuse('order_state')
    if (await openPaymentOf(t, order.id)) return refuse('payment_pending')
    const kept = await keptOf(t, order.id)
    const paid = paidOf(kept, current)
    // Of nothing there is no fee: others wait for these locks, and a hold that is given up is common.
    const rules = paid.paidFen > 0 ? await readRules(t) : defaultRules
    const owed = isOff ? calledOff(kept) : cancelling(paid, starts_at, rules, now)
    if (owed && owed.feeFen > (how.seenFeeFen ?? owed.feeFen)) return refuse('fee_changed')
    // What stays is written with the decision: rules change, and the auditor asks later (X1).
    const details = { ...how.details, keepsFen: kept.keptFen - (owed?.refundFen ?? 0) }
    const verdict = await apply(t, bus, order.id, 'cancel', { by: how.by, details })
    if (verdict !== 'ok') return refuse('order_state')
    await how.also?.(t)
    if (owed && owed.refundFen > 0) {
      await owe(t, kept, owed.refundFen, { reason: isOff ? 'called_off' : 'cancelled', now })
    }
    await planFor(t, order.id, now)
    const tells = current.state === 'confirmed' || (how.note !== undefined && !how.told)
    if (tells) await tellCancelled(t, order.id, owed, how.note, now)
    // A fee that stays is money WeChat would keep frozen.
    if (kept.payments.length > 0) await oweDeliveries(t, await keptOf(t, order.id), now)
    return 'ok'
  })
}

/** Who had a booking hears that it is over, and what goes back. */
async function tellCancelled(
  t: Tx,
  orderId: string,
  owed: Cancelling | null,
  said: string | undefined,
  now: Date,
) {
  const back = owed && owed.refundFen > 0 ? `将原路退回 ${price(owed.refundFen)}` : undefined
  const note = [said, back].filter(Boolean).join('，')
  await remind(t, {
    kind: 'cancelled',
    about: orderId,
    orderId,
    facts: { ...(note && { note }) },
    now,
  })
}

/**
 * Closes the payment that somebody may still make for an order or its open move, before what it is
 * for goes away. Refuses: payment_pending (the provider did not say), order_state (money came first).
 */
export async function closeOpen(parts: Parts, order: OrderRow): Promise<Refused | null> {
  const open = await openPaymentOf(parts.db, order.id)
  if (!open) return null
  const verdict = await closeTrade(parts, open)
  if (verdict === 'closed' || verdict === 'known') return null
  return refuse(verdict === 'unknown' ? 'payment_pending' : 'order_state')
}

/** By order: the payment that somebody may still make; the database keeps it to one. */
export const openPaymentOf = gathered(async (db, orders: readonly string[]) => {
  const rows = await db
    .selectFrom('payments')
    .selectAll()
    .where('order_id', '=', anyOf(orders))
    .where('state', 'in', ['created', 'pending'])
    .execute()
  return new Map(rows.map((row) => [row.order_id, row]))
})
