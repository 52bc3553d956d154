/** Requests for times outside the offer as screens see them, with the private slot and its orders. */
import { type NegotiationFacts, negotiationAt, takesPrivate } from '@jiyue/contract/negotiation'
import type { Negotiation } from '@jiyue/contract/schema/negotiations'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'

export type NegotiationSeen = Awaited<
  ReturnType<ReturnType<typeof negotiationRows>['execute']>
>[number]

export function negotiationRows(db: Kysely<Database>) {
  return db
    .selectFrom('negotiations')
    .innerJoin('services', 'services.id', 'negotiations.service_id')
    .leftJoin('slots', 'slots.id', 'negotiations.slot_id')
    .leftJoin('staff', 'staff.id', 'slots.staff_id')
    .leftJoin('branches', 'branches.id', 'slots.branch_id')
    .leftJoin('rooms', 'rooms.id', 'slots.room_id')
    .selectAll('negotiations')
    .select(['services.name as service', 'staff.name as staff'])
    .select(['branches.name as branch', 'rooms.name as room'])
    .select(['slots.starts_at as offer_starts', 'slots.ends_at as offer_ends'])
    .select(['slots.bookable_until as offer_until', 'slots.closed_reason as offer_closed'])
    .select(sql<number>`coalesce(slots.price_fen, services.price_fen)`.as('offer_fen'))
    .select(
      sql<boolean>`exists (select from orders where orders.slot_id = negotiations.slot_id
        and orders.state in (${sql.join(takesPrivate)})
        and (orders.held_until is null or orders.held_until > clock_timestamp()))`.as('taken'),
    )
}

/** What contract/negotiation.ts decides by. */
export function factsOf(row: NegotiationSeen): NegotiationFacts {
  const { state, starts_at, offer_until, offer_closed, taken } = row
  // Closed on the board it is over, whatever its clock says.
  const until = offer_closed === null ? offer_until : new Date(0)
  const offer = until && { until: until.toISOString(), taken }
  return { state, startsAt: starts_at.toISOString(), offer }
}

export function negotiationView(row: NegotiationSeen, now: Date): Negotiation {
  return {
    id: row.id,
    state: negotiationAt(factsOf(row), now.getTime()),
    service: { id: row.service_id, name: row.service },
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    party: row.party,
    note: row.note,
    reason: row.reason,
    offer:
      row.slot_id && row.offer_starts && row.offer_ends && row.offer_until
        ? {
            slotId: row.slot_id,
            startsAt: row.offer_starts.toISOString(),
            endsAt: row.offer_ends.toISOString(),
            until: row.offer_until.toISOString(),
            priceFen: row.offer_fen,
            staffName: row.staff,
            branchName: row.branch,
            roomName: row.room,
          }
        : null,
    askedAt: row.asked_at.toISOString(),
  }
}
