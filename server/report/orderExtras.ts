/** What an order page shows besides the order itself: an open move, the newest proof. */

import type { Rules } from '@jiyue/contract/rules'
import type { Order, Slot } from '@jiyue/contract/schema/wire'
import type { Kysely } from 'kysely'
import { attendanceOf } from '../attendance/attendance.ts'
import { readSlots, slotView } from '../booking/slots.ts'
import { anyOf } from '../db/conditions.ts'
import { gathered } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import { clocksOf, couponUntil } from '../disruption/follow.ts'
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
    .where('moves.order_id', '=', anyOf(orderIds))
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
  order: Pick<OrderRow, 'id' | 'state' | 'slot_id'>,
): Promise<Pick<Order, 'attendance' | 'openNudges' | 'disruption'>> {
  const mayBeNudged = order.state === 'registered' || order.state === 'confirmed'
  const [attendance, nudges, disruption] = await Promise.all([
    order.state === 'confirmed' ? attendanceOf(db, order.id) : undefined,
    mayBeNudged ? openNudgesOf(db, order.id) : undefined,
    order.state === 'confirmed' ? disruptionOf(db, order) : null,
  ])
  return {
    // Nobody is asked whether they come to what does not take place.
    attendance: disruption ? null : (attendance ?? null),
    openNudges: nudges ?? [],
    disruption,
  }
}

/** What falls through, and what may be chosen instead (M9); null for nearly every order. */
async function disruptionOf(
  db: Kysely<Database>,
  order: Pick<OrderRow, 'id' | 'slot_id'>,
): Promise<Order['disruption']> {
  const row = await disruptions(db, order.id)
  if (!row || row.slot_id !== order.slot_id) return null
  const choices = await choicesOf(db, row)
  return {
    reason: row.reason,
    note: row.note,
    ...clocksOf(row, row),
    coupon:
      row.coupon_fen !== null && row.coupon_days !== null
        ? { offFen: row.coupon_fen, until: couponUntil(row, row.coupon_days).toISOString() }
        : null,
    choices,
  }
}

/** By order: the newest act that affects it. */
const disruptions = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('disrupted_orders')
    .innerJoin('disruptions', 'disruptions.id', 'disrupted_orders.disruption_id')
    .innerJoin('slots', 'slots.id', 'disrupted_orders.slot_id')
    .selectAll('disruptions')
    .select(['disrupted_orders.order_id', 'disrupted_orders.slot_id'])
    .select(['disrupted_orders.refund_at', 'slots.service_id'])
    .where('disrupted_orders.order_id', '=', anyOf(orderIds))
    .orderBy('disruptions.acted_at')
    .execute()
  return new Map(rows.map((row) => [row.order_id, row]))
})

async function choicesOf(
  db: Kysely<Database>,
  { id, service_id }: { id: string; service_id: string },
): Promise<Slot[]> {
  const offered = await db
    .selectFrom('disruption_slots')
    .select('slot_id')
    .where('disruption_id', '=', id)
    .where('is_choice', '=', true)
    .execute()
  const slots = await readSlots(db, {
    serviceId: service_id,
    forAll: true,
    slotIds: offered.map(({ slot_id }) => slot_id),
  })
  return slots.map(slotView)
}
