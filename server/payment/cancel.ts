/** Cancelling (B9): what it costs by rule, and doing it with the refund in one transaction. */
import { type Fen, percentOf } from '@jiyue/contract/money'
import { can, stateAt } from '@jiyue/contract/order'
import type { Rules } from '@jiyue/contract/rules'
import { type Selectable, sql } from 'kysely'
import type { PaymentTable } from '../db/schema.ts'
import { tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { apply, type OrderRow } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { closeTrade } from './ask.ts'
import { requestRefund } from './refund.ts'

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

/** Cancels a user's order. Refuses: order_state, payment_pending. */
export async function cancelOrder(parts: Parts, order: OrderRow): Promise<'ok' | Refused> {
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
    const { starts_at } = await t
      .selectFrom('slots')
      .select('starts_at')
      .where('id', '=', order.slot_id)
      .executeTakeFirstOrThrow()
    if (state === 'confirmed' && now >= starts_at) return refuse('order_state')
    // Under the locks once more: a payment opened in this very moment is closed before its seat goes.
    await sql`select lock_slots(array[${order.slot_id}::uuid])`.execute(t)
    await t.selectFrom('orders').select('id').where('id', '=', order.id).forUpdate().execute()
    if (await openPaymentOf(t, order.id)) return refuse('payment_pending')
    const verdict = await apply(t, bus, order.id, 'cancel', { by: 'user' })
    if (verdict !== 'ok') return refuse('order_state')
    const payment = await keptPayment(t, order.id)
    if (payment) {
      const rules = await readRules(t)
      const paid = { paidFen: payment.paid_fen ?? 0, depositFen: order.quote?.depositFen ?? 0 }
      const owed = cancelling(paid, starts_at, rules, now)
      if (owed && owed.refundFen > 0) {
        await requestRefund(t, {
          paymentId: payment.id,
          amountFen: owed.refundFen,
          reason: 'cancelled',
          now,
        })
      }
    }
    return 'ok'
  })
}

/** The payment is closed before its seat is released; money that came first changes the question. */
async function closeOpen(parts: Parts, order: OrderRow): Promise<Refused | null> {
  const open = await openPaymentOf(parts.db, order.id)
  if (!open) return null
  const verdict = await closeTrade(parts, open)
  if (verdict === 'closed' || verdict === 'known') return null
  return refuse(verdict === 'unknown' ? 'payment_pending' : 'order_state')
}

/** The payment of an order that somebody may still pay. */
function openPaymentOf(db: Parts['db'], orderId: string) {
  return db
    .selectFrom('payments')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('state', 'in', ['created', 'pending'])
    .executeTakeFirst()
}

/** The payment that confirmed an order: succeeded, and not one that is going back whole already. */
export async function keptPayment(
  db: Parts['db'],
  orderId: string,
): Promise<Selectable<PaymentTable> | null> {
  const row = await db
    .selectFrom('payments')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('state', '=', 'succeeded')
    .where('paid_fen', '>', 0)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('refunds')
            .select('refunds.id')
            .whereRef('refunds.payment_id', '=', 'payments.id')
            .where('refunds.reason', 'in', ['paid_twice', 'wrong_amount', 'slot_gone']),
        ),
      ),
    )
    .executeTakeFirst()
  return row ?? null
}
