/** Slots as the disruption desk lists them (M9). */
import type { DeskSlot } from '@jiyue/contract/schema/disruptions'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'

/** Of a join with services; callers add their conditions. */
export function deskSlots(db: Kysely<Database>) {
  return db
    .selectFrom('slots')
    .innerJoin('services', 'services.id', 'slots.service_id')
    .leftJoin('staff', 'staff.id', 'slots.staff_id')
    .leftJoin('branches', 'branches.id', 'slots.branch_id')
    .select(['slots.id', 'slots.service_id', 'slots.starts_at', 'slots.ends_at', 'slots.capacity'])
    .select(['services.name as service', 'staff.name as staff', 'branches.name as branch'])
    .select((eb) => eb.fn.coalesce('slots.price_fen', 'services.price_fen').as('unit_fen'))
    .select(sql<number>`greatest(0, seats_left(slots))`.as('left'))
    .orderBy('slots.starts_at')
    .orderBy('slots.id')
}

/** What may be offered instead of slots that fall through: open slots of the same services. */
export function choosable(
  db: Kysely<Database>,
  fallen: readonly { id: string; service_id: string }[],
  now: Date,
) {
  const ids = fallen.map(({ id }) => id)
  return deskSlots(db)
    .where('slots.service_id', 'in', [...new Set(fallen.map(({ service_id }) => service_id))])
    .where('slots.id', 'not in', ids)
    .where('slots.private_for', 'is', null)
    .where('slots.closed_reason', 'is', null)
    .where('slots.removed_at', 'is', null)
    .where('slots.bookable_until', '>', now)
}

type DeskRow = Awaited<ReturnType<ReturnType<typeof deskSlots>['execute']>>[number]

export function deskSlotView(row: DeskRow): DeskSlot {
  return {
    id: row.id,
    serviceId: row.service_id,
    serviceName: row.service,
    staffName: row.staff,
    branchName: row.branch,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    capacity: row.capacity,
    left: row.left,
    priceFen: row.unit_fen,
  }
}
