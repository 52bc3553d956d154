/**
 * Moving an order to another slot (B9): the SQL functions of db/migrations/006-move.sql. The slot,
 * the price and the registration's scope change together or not at all; the state never does.
 */
import type { Quote } from '@jiyue/contract/pricing'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, type Tx } from '../db/tx.ts'
import type { Bus } from '../live/bus.ts'
import { readOrder, tell } from './order.ts'

/** Why an order may not go to a slot. */
export type MoveRefusal =
  | 'not_found'
  | 'order_state'
  | 'slot_same'
  | 'slot_gone'
  | 'slot_past'
  | 'slot_closed'
  | 'slot_checking'
  | 'staff_busy'
  | 'room_busy'
  | 'slot_full'
  | 'party_too_large'
  | 'already_registered'

/** Why the order may not go there at this second; null when it may. Locks nothing: for a preview. */
export async function mayNotMove(
  db: Kysely<Database>,
  orderId: string,
  slotId: string,
): Promise<MoveRefusal | null> {
  const { rows } = await sql<{ refusal: MoveRefusal | null }>`
    select move_refusal(${orderId}::uuid, ${slotId}::uuid, clock_timestamp()) as refusal`.execute(
    db,
  )
  return rows[0]?.refusal ?? null
}

/** Locks both slots, then the order, until the transaction ends; answers as `mayNotMove`. */
export async function lockMove(
  t: Tx,
  orderId: string,
  slotId: string,
): Promise<MoveRefusal | null> {
  const { rows } = await sql<{ verdict: 'ok' | MoveRefusal }>`
    select lock_move(${orderId}::uuid, ${slotId}::uuid) as verdict`.execute(t)
  const verdict = rows[0]?.verdict ?? 'not_found'
  return verdict === 'ok' ? null : verdict
}

export interface Moved {
  slotId: string
  /** What the order costs from now on. */
  quote: Quote
  /** `user`, or `payment` when the difference was paid. */
  by: string
  details: Record<string, unknown>
}

/**
 * Moves an order, in the caller's transaction: the old seats go, the new ones are taken. Publishes
 * both slots after the commit. Locks slots, then order. What it refuses leaves everything as it was.
 */
export async function moveOrder(
  t: Tx,
  bus: Bus,
  orderId: string,
  { slotId, quote, by, details }: Moved,
): Promise<'ok' | MoveRefusal> {
  const { slot_id: from } = await readOrder(t, orderId)
  const { rows } = await sql<{ verdict: 'ok' | MoveRefusal }>`
    select move_order(
      ${orderId}::uuid, ${slotId}::uuid, ${by},
      ${JSON.stringify(quote)}::jsonb, ${JSON.stringify(details)}::jsonb) as verdict`.execute(t)
  const verdict = rows[0]?.verdict ?? 'not_found'
  if (verdict === 'ok') {
    after(t, () =>
      tell(
        bus,
        [from, slotId].map((slot_id) => ({ id: orderId, slot_id })),
      ),
    )
  }
  return verdict
}
