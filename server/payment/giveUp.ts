/** Moves that do not happen (B9): given up, replaced by another, or lapsed. */
import { sql } from 'kysely'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { readOrder, tell } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { closeOpen, openPaymentOf } from './cancel.ts'
import { type MoveSeen, readMove } from './moves.ts'

/** Gives the open move of an order up; the caller has locked the order and closed its payment. */
export async function voidOpen(t: Tx, orderId: string, now: Date): Promise<void> {
  await t
    .updateTable('moves')
    .set({
      state: 'void',
      reason: sql<string>`case when expires_at <= ${now} then 'lapsed' else 'given_up' end`,
      ended_at: now,
    })
    .where('order_id', '=', orderId)
    .where('state', '=', 'open')
    .execute()
}

/** Gives an open move up; void already is fine. Refuses: payment_pending, order_state (it is done). */
export async function giveUpMove(parts: Parts, move: MoveSeen): Promise<MoveSeen | Refused> {
  if (move.state === 'void') return move
  if (move.state === 'done') return refuse('order_state')
  const blocked = await closeOpen(parts, await readOrder(parts.db, move.order_id))
  if (blocked?.refused === 'payment_pending') return blocked
  const refused = await tx(parts.db, async (t) => {
    const { slot_id } = await t
      .selectFrom('orders')
      .select('slot_id')
      .where('id', '=', move.order_id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (await openPaymentOf(t, move.order_id)) return refuse('payment_pending')
    const now = await readMove(t, move.id)
    // Its money came first.
    if (now?.state === 'done') return refuse('order_state')
    if (now?.state === 'open') await voidOpen(t, move.order_id, parts.now())
    after(t, () => tell(parts.bus, [{ id: move.order_id, slot_id }]))
    return null
  })
  return refused ?? (await readMove(parts.db, move.id)) ?? refuse('order_state')
}

/**
 * Tidies lapsed moves up: their time is over by arithmetic already. One whose payment somebody may
 * still make waits until that is closed, so that money paid in time finds its move.
 */
export async function voidLapsed(parts: Parts): Promise<number> {
  const now = parts.now()
  const { closingSeconds } = await readRules(parts.db)
  const lapsed = await parts.db
    .updateTable('moves')
    .set({ state: 'void', reason: 'lapsed', ended_at: now })
    .where('state', '=', 'open')
    .where('expires_at', '<', new Date(now.getTime() - closingSeconds * 1000))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('payments')
            .select('payments.id')
            .whereRef('payments.move_id', '=', 'moves.id')
            .where('payments.state', 'in', ['created', 'pending']),
        ),
      ),
    )
    .returning('order_id')
    .execute()
  return lapsed.length
}
