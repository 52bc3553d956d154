/** An order's state by hand (M7): only along the table, within the rules, and never twice by two clerks. */
import { randomUUID } from 'node:crypto'
import { type HandEvent, handMoves } from '@jiyue/contract/byHand'
import { type OrderState, orderStateWords, stateAt } from '@jiyue/contract/order'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { isDisrupted } from '../order/disrupted.ts'
import { type ApplyVerdict, apply, findOrder, lockOrder, type OrderRow } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { planFor, remind } from '../reminder/reminder.ts'
import { closeOpen, openPaymentOf } from './cancel.ts'
import { endIn } from './complete.ts'
import { confirm } from './confirm.ts'

export interface StateWish {
  orderId: string
  /** What the person saw: of two clerks the second is refused, and nothing flips back and forth. */
  from: OrderState
  to: OrderState
  reason: string
}

/**
 * Sets an order's state. Refuses: not_found, order_state (it is not `from` any more), not_by_hand (the
 * table or a rule does not let it), payment_pending, slot_gone (a free order whose seat is gone).
 */
export async function setState(
  parts: Parts,
  wish: StateWish,
  personId: string,
): Promise<'ok' | Refused> {
  const order = await findOrder(parts.db, wish.orderId)
  if (!order) return refuse('not_found')
  if (wish.to === 'confirmed') {
    const blocked = await closeOpen(parts, order)
    if (blocked) return blocked
  }
  return tx(parts.db, (t) => set(t, parts, wish, `merchant:${personId}`))
}

async function set(t: Tx, parts: Parts, wish: StateWish, by: string): Promise<'ok' | Refused> {
  const { orderId, from, to, reason } = wish
  const order = await lockOrder(t, orderId)
  const now = parts.now()
  const heldUntil = order.held_until?.toISOString() ?? null
  if (stateAt({ state: order.state, heldUntil }, now.getTime()) !== from)
    return refuse('order_state')
  const event = await allowed(t, order, from, to, now)
  if (!event) return refuse('not_by_hand')
  if (event === 'confirm' && (await openPaymentOf(t, orderId))) return refuse('payment_pending')
  const verdict = await happen(t, parts, order, event, { by, reason, now })
  if (verdict !== 'ok') return refuse(event === 'confirm' ? 'slot_gone' : 'order_state')
  const note = `状态改为「${orderStateWords[to]}」：${reason}`
  await remind(t, { kind: 'by_hand', about: randomUUID(), orderId, facts: { note }, now })
  return 'ok'
}

/** The event that leads there, when table and rules let it happen now. */
async function allowed(
  t: Tx,
  order: OrderRow,
  from: OrderState,
  to: OrderState,
  now: Date,
): Promise<HandEvent | null> {
  const { starts_at, ends_at } = await t
    .selectFrom('slots')
    .select(['starts_at', 'ends_at'])
    .where('id', '=', order.slot_id)
    .executeTakeFirstOrThrow()
  const seen = {
    state: from,
    registered: order.registered_at !== null,
    payableFen: order.payable_fen ?? 0,
    slot: { startsAt: starts_at.toISOString(), endsAt: ends_at.toISOString() },
    disrupted: await isDisrupted(t, order),
  }
  const move = handMoves(seen, await readRules(t), now.getTime()).find((one) => one.to === to)
  return move && move.reason === null ? move.event : null
}

interface Doing {
  by: string
  reason: string
  now: Date
}

async function happen(
  t: Tx,
  parts: Parts,
  order: OrderRow,
  event: HandEvent,
  { by, reason, now }: Doing,
): Promise<ApplyVerdict> {
  const details = { reason }
  if (event === 'complete' || event === 'miss') {
    return endIn(t, parts, order.id, event, by, details)
  }
  if (event === 'correct') {
    // Deposit and delivery info follow from the first end, whichever of the two it was.
    const verdict = await apply(t, parts.bus, order.id, event, { by, details })
    if (verdict === 'ok') await planFor(t, order.id, now)
    return verdict
  }
  const verdict = await confirm(t, parts, order.id, { by, details })
  // Without its seat it is not paid either, not even with nothing.
  if (verdict === 'ok') await payNothing(t, order, now)
  return verdict
}

/** A free order is paid by a payment of nothing, as on the phone. */
async function payNothing(t: Tx, order: OrderRow, now: Date): Promise<void> {
  const id = randomUUID()
  await t
    .insertInto('payments')
    .values({
      id,
      order_id: order.id,
      method: null,
      scene: 'desk',
      client_ip: '',
      trade_no: id.replaceAll('-', ''),
      amount_fen: 0,
      state: 'succeeded',
      params: null,
      expires_at: now,
      ask_at: null,
      transaction_id: null,
      paid_fen: 0,
      paid_at: now,
      created_at: now,
      move_id: null,
    })
    .execute()
}
