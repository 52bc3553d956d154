/** Slots as screens see them, for the picker and for the console. */

import type { Slot } from '@jiyue/contract/schema/wire'
import { type Day, dayMs, instantOf } from '@jiyue/contract/time'
import { type Kysely, type Selectable, sql } from 'kysely'
import { withinDays } from '../db/conditions.ts'
import type { Database, SlotTable } from '../db/schema.ts'

/** The longest span a caller may ask for. */
export const longestSpanDays = 31

/** Nobody books outside these, and the calendar's arithmetic is made for four-digit years. */
const [firstDay, lastDay] = ['2000-01-01', '2999-12-31']

/** True for from ≤ to within the longest span. */
export function isSpan(from: Day, to: Day, longestDays = longestSpanDays): boolean {
  const span = instantOf(to) - instantOf(from)
  return span >= 0 && span < longestDays * dayMs && from >= firstDay && to <= lastDay
}

/** `busy`, `occupied`: its staff, its room are taken elsewhere; `unit_fen`: what one unit costs here. */
export type SlotSeen = Selectable<SlotTable> & {
  left: number
  busy: boolean
  occupied: boolean
  unit_fen: number
}

export interface SlotsOf {
  serviceId?: string
  slotId?: string
  slotIds?: readonly string[]
  /** Without private slots (B5): what everybody may see. */
  forAll?: true
  /** Both included. */
  days?: { from: Day; to: Day }
}

/** Slots by start, with the seats left at this second and whether their staff are taken elsewhere. */
export async function readSlots(db: Kysely<Database>, of: SlotsOf): Promise<SlotSeen[]> {
  return db
    .selectFrom('slots')
    .selectAll()
    .select([
      sql<number>`seats_left(slots)`.as('left'),
      sql<number>`coalesce(slots.price_fen,
        (select services.price_fen from services where services.id = slots.service_id))`.as(
        'unit_fen',
      ),
      sql<boolean>`slots.staff_id is not null and exists (
        select from slots other where other.staff_id = slots.staff_id and other.id <> slots.id
          and other.during && slots.during and other.taken > 0
          and seats_left(other) < other.capacity)`.as('busy'),
      sql<boolean>`slots.room_id is not null and exists (
        select from slots other where other.room_id = slots.room_id and other.id <> slots.id
          and other.during && slots.during and other.taken > 0
          and seats_left(other) < other.capacity)`.as('occupied'),
    ])
    .$if(of.slotId === undefined, (q) => q.where('removed_at', 'is', null))
    .$if(of.serviceId !== undefined, (q) => q.where('service_id', '=', of.serviceId ?? ''))
    .$if(of.forAll === true, (q) => q.where('private_for', 'is', null))
    .$if(of.slotId !== undefined, (q) => q.where('id', '=', of.slotId ?? ''))
    .$if(of.slotIds !== undefined, (q) => q.where(sql<boolean>`id = any (${of.slotIds}::uuid[])`))
    .where(withinDays('starts_at', of.days ?? {}))
    .orderBy('starts_at')
    .orderBy('id')
    .execute()
}

/** A slot on the wire. */
export function slotView(slot: SlotSeen): Slot {
  return {
    id: slot.id,
    serviceId: slot.service_id,
    startsAt: slot.starts_at.toISOString(),
    endsAt: slot.ends_at.toISOString(),
    bookableUntil: slot.bookable_until.toISOString(),
    branchId: slot.branch_id,
    staffId: slot.staff_id,
    roomId: slot.room_id,
    capacity: slot.capacity,
    left: Math.max(0, slot.left),
    priceFen: slot.unit_fen,
    closed: slot.closed_reason !== null || slot.checking_since !== null,
    checking: slot.checking_since !== null,
    busy: slot.busy || slot.occupied,
    occupied: slot.occupied,
    waiting: slot.waiting,
    version: slot.version,
  }
}
