/**
 * The order: its one writer. States change in the database functions hold_slots, expire_holds and
 * order_apply only (db/migrations/002-hold.sql), which read the same table as contract/order.ts.
 */

import type { Topic } from '@jiyue/contract/live'
import type { OrderEvent } from '@jiyue/contract/order'
import type { Quote } from '@jiyue/contract/pricing'
import { defaultRules } from '@jiyue/contract/rules'
import { type Kysely, type Selectable, sql } from 'kysely'
import { anyOf } from '../db/conditions.ts'
import { gathered } from '../db/gather.ts'
import type { Database, OrderTable } from '../db/schema.ts'
import { after, type Tx } from '../db/tx.ts'
import type { Bus } from '../live/bus.ts'
import { readRules } from './rules.ts'

export type OrderRow = Selectable<OrderTable>

/** Why an event did not happen. `hold_expired`: its time ran out and it is expired now. */
export type ApplyVerdict =
  | 'ok'
  | 'not_found'
  | 'hold_expired'
  | 'order_state'
  | 'slot_past'
  | 'slot_closed'
  | 'slot_checking'
  | 'staff_busy'
  | 'room_busy'
  | 'slot_full'
  | 'already_registered'

export interface Applying {
  /** `user`, `merchant:<id>`, `time` or `payment`. */
  by: string
  details?: Record<string, unknown>
  /** For `register`: the price that is locked. */
  quote?: Quote
}

/**
 * Lets `event` happen to an order, in the caller's transaction: state, seats, event row at once.
 * Publishes after the commit. Locks slot, then order; registering and confirming a living hold, which
 * change no seats, lock the order only.
 */
export async function apply(
  t: Tx,
  bus: Bus,
  orderId: string,
  event: OrderEvent,
  { by, details = {}, quote }: Applying,
): Promise<ApplyVerdict> {
  // Only a registration starts a clock that the merchant may have set.
  const rules = event === 'register' ? await readRules(t) : defaultRules
  const { rows } = await sql<{ verdict: ApplyVerdict; slot_id: string }>`
    select verdict, slot_of(${orderId}::uuid) as slot_id from order_apply(
      ${orderId}::uuid, ${event}, ${by}, ${JSON.stringify(details)}::jsonb,
      ${quote ? JSON.stringify(quote) : null}::jsonb,
      ${rules.paymentMinutes}::int, ${rules.closingSeconds}::int)`.execute(t)
  const [said] = rows
  if (!said || said.verdict === 'not_found') return 'not_found'
  after(t, () => tell(bus, [{ id: orderId, slot_id: said.slot_id }]))
  return said.verdict
}

/** The row; throws when it is not there (callers have looked). */
export function readOrder(db: Kysely<Database>, orderId: string): Promise<OrderRow> {
  return db.selectFrom('orders').selectAll().where('id', '=', orderId).executeTakeFirstOrThrow()
}

/** The row, locked after its slot (db/tx.ts), wherever it was moved meanwhile. Throws without one. */
export async function lockOrder(t: Tx, orderId: string): Promise<OrderRow> {
  for (;;) {
    const { slot_id } = await readOrder(t, orderId)
    await sql`select lock_slots(array[${slot_id}::uuid])`.execute(t)
    const order = await t
      .selectFrom('orders')
      .selectAll()
      .where('id', '=', orderId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    // Moved to another slot meanwhile: lock that one.
    if (order.slot_id === slot_id) return order
  }
}

/** The caller's own order, or null: another's answers like none at all. */
export async function ownOrder(
  db: Kysely<Database>,
  orderId: string,
  userId: string,
): Promise<OrderRow | null> {
  const row = await orderRow(db, orderId)
  return row?.user_id === userId ? row : null
}

/** Whether an order of this id is there, anybody's. */
export async function isTaken(db: Kysely<Database>, orderId: string): Promise<boolean> {
  return (await orderRow(db, orderId)) !== undefined
}

/** Anybody's, for the merchant; null where there is none. */
export async function findOrder(db: Kysely<Database>, orderId: string): Promise<OrderRow | null> {
  return (await orderRow(db, orderId)) ?? null
}

const orderRow = gathered(async (db, ids: readonly string[]) => {
  const rows = await db.selectFrom('orders').selectAll().where('id', '=', anyOf(ids)).execute()
  return new Map(rows.map((row) => [row.id, row]))
})

/** Tells all screens that these orders, and the seats of their slots, changed. */
export function tell(bus: Bus, orders: readonly { id: string; slot_id: string }[]): void {
  bus.changed({
    slots: orders.map((order) => order.slot_id),
    topics: [...orders.map((order): Topic => `order:${order.id}`), 'console'],
  })
}

/**
 * Tidies lapsed holds up: they are free by arithmetic already, this makes the rows say so and the
 * screens hear it. At most `limit` orders a call; answers how many slots were looked at.
 */
export async function expireLapsed(t: Tx, bus: Bus, limit = 200): Promise<number> {
  const sold = await lapsedOrders(t, limit, 'sold')
  // Those of a slot that is being looked at may have to wait for its recount: nobody waits behind them.
  const lapsed = [...sold, ...(await lapsedOrders(t, limit, 'checked'))]
  if (lapsed.length === 0) return 0
  const slots = [...new Set(lapsed.map((order) => order.slot_id))]
  await sql`select expire_holds(lock_slots(${slots}::uuid[]), clock_timestamp())`.execute(t)
  after(t, () => tell(bus, lapsed))
  return slots.length
}

function lapsedOrders(t: Tx, limit: number, of: 'sold' | 'checked') {
  return (
    t
      .selectFrom('orders')
      .innerJoin('slots', 'slots.id', 'orders.slot_id')
      .select(['orders.id', 'orders.slot_id'])
      .where('orders.state', 'in', ['held', 'registered'])
      // Asked once: a clock that may answer anew for each row cannot be searched in the index.
      .where('orders.held_until', '<=', sql<Date>`(select clock_timestamp())`)
      .where('slots.checking_since', of === 'sold' ? 'is' : 'is not', null)
      .orderBy('orders.held_until')
      .limit(limit)
      .execute()
  )
}
