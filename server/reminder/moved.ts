/** The reminders of an order that moved (B8): they move along. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../db/tx.ts'
import { readOrder } from '../order/order.ts'
import { planReminders } from './plan.ts'
import { remind } from './reminder.ts'

export interface MovedOrder {
  orderId: string
  moveId: string
  now: Date
}

/**
 * Plans the reminders of the new slot and tells the person of the move, in the caller's transaction.
 * Those of the old slot go unsent by themselves (`moved`); where the order comes back to a slot, what
 * was given up for that reason is planned again, and what was sent is not.
 */
export async function remindMoved(t: Tx, { orderId, moveId, now }: MovedOrder): Promise<void> {
  const { slot_id } = await readOrder(t, orderId)
  const { starts_at } = await t
    .selectFrom('slots')
    .select('starts_at')
    .where('id', '=', slot_id)
    .executeTakeFirstOrThrow()
  for (const { kind, dueAt } of planReminders(starts_at, now)) {
    if (kind === 'confirmed') continue // said once; `moved` tells the new time
    await sql`insert into reminders (id, order_id, kind, slot_id, due_at)
      values (${randomUUID()}, ${orderId}, ${kind}, ${slot_id}, ${dueAt})
      on conflict (order_id, kind, slot_id, coalesce(about, order_id)) do update
        set state = 'planned', due_at = excluded.due_at, reason = null, done_at = null
        where reminders.state = 'unsent' and reminders.reason = 'moved'`.execute(t)
  }
  await remind(t, { orderId, slotId: slot_id, kind: 'moved', about: moveId, now })
}
