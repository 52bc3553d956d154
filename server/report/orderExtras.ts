/** What an order page shows besides the order itself: an open move, the newest proof. */
import type { Rules } from '@jiyue/contract/rules'
import type { Order } from '@jiyue/contract/schema/wire'
import type { Kysely } from 'kysely'
import { attendanceOf } from '../attendance/attendance.ts'
import { gathered } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import { openNudgesOf } from '../nudge/nudge.ts'
import type { OrderRow } from '../order/order.ts'
import { proofsOf, whyNotProve } from '../payment/proof.ts'

/** The move that waits for its difference to be paid, or null. */
export async function openMove(
  db: Kysely<Database>,
  orderId: string,
  now: Date,
): Promise<Order['openMove']> {
  const row = await openMoves(db, orderId)
  return row && row.expires_at > now ? moveView(row) : null
}

/** By order; one has one open move at the most. */
const openMoves = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('moves')
    .innerJoin('slots', 'slots.id', 'moves.to_slot')
    .selectAll('moves')
    .select(['slots.starts_at', 'slots.ends_at'])
    .where('moves.order_id', 'in', orderIds)
    .where('moves.state', '=', 'open')
    .execute()
  return new Map(rows.map((row) => [row.order_id, row]))
})

interface MoveRow {
  id: string
  state: 'open' | 'done' | 'void'
  to_slot: string
  starts_at: Date
  ends_at: Date
  fee_fen: number
  due_fen: number
  refund_fen: number
  expires_at: Date
}

/** A move on the wire. */
export function moveView(row: MoveRow): NonNullable<Order['openMove']> {
  return {
    id: row.id,
    state: row.state,
    slot: {
      id: row.to_slot,
      startsAt: row.starts_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
    },
    feeFen: row.fee_fen,
    dueFen: row.due_fen,
    refundFen: row.refund_fen,
    expiresAt: row.expires_at.toISOString(),
  }
}

/** The newest proof of an order, or null. */
export async function newestProof(db: Kysely<Database>, orderId: string): Promise<Order['proof']> {
  const [row] = await proofsOf(db, orderId)
  if (!row) return null
  return {
    id: row.id,
    state: row.state,
    paidFen: row.paid_fen,
    reason: row.reason,
    at: (row.decided_at ?? row.created_at).toISOString(),
  }
}

/**
 * True when a proof may be sent (P10, the last step): a payment was opened long enough ago for the
 * automatic ways to have found it, none came, and no proof is being reviewed.
 */
export async function mayProve(
  db: Kysely<Database>,
  orderId: string,
  rules: Rules,
  now: Date,
): Promise<boolean> {
  return (await whyNotProve(db, orderId, rules, now)) === null
}

/** What the person is asked on the page: 「是否确认参与」, and answers the merchant wants. */
export async function talkOf(
  db: Kysely<Database>,
  order: Pick<OrderRow, 'id' | 'state'>,
): Promise<Pick<Order, 'attendance' | 'openNudges'>> {
  const mayBeNudged = order.state === 'registered' || order.state === 'confirmed'
  const [attendance, nudges] = await Promise.all([
    order.state === 'confirmed' ? attendanceOf(db, order.id) : undefined,
    mayBeNudged ? openNudgesOf(db, order.id) : undefined,
  ])
  return { attendance: attendance ?? null, openNudges: nudges ?? [] }
}
