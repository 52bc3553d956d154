/** The merchant's hand on slots (M1): add, resize, close, open again; every screen hears it. */

import { refusals } from '@jiyue/contract/refusals'
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { dayMs, minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { findMissing } from './schedule/missing.ts'
import { readSlots, type SlotsOf, slotView } from './slots.ts'

export interface SlotWish {
  serviceId: string
  startsAt: string
  endsAt: string
  capacity: number
  staffId: string | null
  roomId: string | null
  branchId: string | null
  /** Unit price of this slot; null for the service's. */
  priceFen: number | null
}

/** Slots with the names the console shows. */
export async function listConsoleSlots(parts: Parts, of: SlotsOf): Promise<ConsoleSlot[]> {
  const slots = await readSlots(parts.db, of)
  const [services, staff, rooms, branches, people] = await Promise.all([
    parts.db.selectFrom('services').select(['id', 'name']).execute(),
    parts.db.selectFrom('staff').select(['id', 'name']).execute(),
    parts.db.selectFrom('rooms').select(['id', 'name']).execute(),
    parts.db.selectFrom('branches').select(['id', 'name']).execute(),
    peopleOf(parts, slots),
  ])
  const nameOf = (rows: { id: string; name: string }[], id: string | null) =>
    rows.find((row) => row.id === id)?.name ?? null
  return slots.map((slot) => ({
    ...slotView(slot),
    serviceName: nameOf(services, slot.service_id) ?? '',
    staffName: nameOf(staff, slot.staff_id),
    roomName: nameOf(rooms, slot.room_id),
    branchName: nameOf(branches, slot.branch_id),
    taken: slot.capacity - slot.left,
    waiting: slot.waiting,
    privateFor: nameOf(people, slot.private_for),
    closedReason: slot.closed_reason,
  }))
}

/** Whom private slots are for (B5). */
async function peopleOf({ db }: Parts, slots: readonly { private_for: string | null }[]) {
  const ids = slots.flatMap(({ private_for }) => private_for ?? [])
  if (ids.length === 0) return []
  return db.selectFrom('users').select(['id', 'name']).where('id', 'in', ids).execute()
}

/** One slot as the console shows it, or null. */
export async function readConsoleSlot(parts: Parts, slotId: string): Promise<ConsoleSlot | null> {
  return (await listConsoleSlots(parts, { slotId }))[0] ?? null
}

/**
 * Adds a slot, named by the caller; the same again is the same. Refuses: slot_id_reused,
 * invalid_fields, not_found, slot_overlaps.
 */
export async function addSlot(
  parts: Parts,
  id: string,
  wish: SlotWish,
  personId: string,
): Promise<ConsoleSlot | Refused> {
  const before = await readConsoleSlot(parts, id)
  if (before) return isSame(before, wish) ? before : refuse('slot_id_reused')
  const wrong = checkTimes(wish, parts.now())
  if (wrong) return wrong
  const refused = await tx(parts.db, async (t) => {
    await lockResources(t, [wish.staffId, wish.roomId])
    const refused = (await findMissing(t, wish)) ?? (await findOverlap(t, wish))
    if (refused) return refused
    const { cutoff_minutes } = await t
      .selectFrom('services')
      .select('cutoff_minutes')
      .where('id', '=', wish.serviceId)
      .executeTakeFirstOrThrow()
    const startsAt = new Date(wish.startsAt)
    const bookableUntil = new Date(startsAt.getTime() - cutoff_minutes * minuteMs)
    if (bookableUntil <= parts.now()) return tooLate()
    const added = await t
      .insertInto('slots')
      .values({
        id,
        service_id: wish.serviceId,
        branch_id: wish.branchId,
        staff_id: wish.staffId,
        room_id: wish.roomId,
        starts_at: startsAt,
        ends_at: new Date(wish.endsAt),
        bookable_until: bookableUntil,
        capacity: wish.capacity,
        closed_reason: null,
        price_fen: wish.priceFen,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added) return 'raced' as const
    await note(t, parts, id, wish.serviceId, 'add', personId, { capacity: wish.capacity })
    return null
  })
  // Named in this very moment by somebody else, or by a repeat of this: it is there to compare now.
  if (refused === 'raced') return addSlot(parts, id, wish, personId)
  return refused ?? readExisting(parts, id)
}

/** Resizes a slot. Refuses: not_found, capacity_taken. */
export async function resizeSlot(
  parts: Parts,
  id: string,
  capacity: number,
  personId: string,
): Promise<ConsoleSlot | Refused> {
  const refused = await change(parts, id, async (t, slot) => {
    if (capacity < slot.taken) return refuse('capacity_taken')
    await t.updateTable('slots').set({ capacity, by_hand: true }).where('id', '=', id).execute()
    await note(t, parts, id, slot.service_id, 'resize', personId, { capacity })
    return null
  })
  return refused ?? readExisting(parts, id)
}

/** Closes a slot for new orders (`reason`) or opens it again (null). Refuses: not_found (also one that was moved). */
export async function closeSlot(
  parts: Parts,
  id: string,
  reason: string | null,
  personId: string,
): Promise<ConsoleSlot | Refused> {
  const refused = await change(parts, id, async (t, slot) => {
    await t
      .updateTable('slots')
      .set({ closed_reason: reason, by_hand: true })
      .where('id', '=', id)
      .execute()
    await note(t, parts, id, slot.service_id, reason === null ? 'open' : 'close', personId, {
      reason,
    })
    return null
  })
  return refused ?? readExisting(parts, id)
}

/**
 * Runs `work` with the slot locked and its lapsed holds given back. One that was moved or that its
 * template no longer has is there for nobody: a screen that still shows it must not bring it back.
 */
async function change(
  parts: Parts,
  id: string,
  work: (t: Tx, slot: { taken: number; service_id: string }) => Promise<Refused | null>,
): Promise<Refused | null> {
  return tx(parts.db, async (t) => {
    await sql`select expire_holds(lock_slots(array[${id}::uuid]), clock_timestamp())`.execute(t)
    const slot = await t
      .selectFrom('slots')
      .select(['taken', 'service_id'])
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    return slot ? work(t, slot) : refuse('not_found')
  })
}

/** The history, and after the commit the screens, hear what a person did to a slot. */
export async function note(
  t: Tx,
  parts: Parts,
  slotId: string,
  serviceId: string,
  what: 'add' | 'resize' | 'close' | 'open' | 'retime',
  personId: string,
  details: Record<string, unknown>,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id: null,
      slot_id: slotId,
      what,
      by: `merchant:${personId}`,
      details: JSON.stringify(details),
      at: sql<Date>`clock_timestamp()`,
    })
    .execute()
  after(t, () =>
    parts.bus.changed({ slots: [slotId], topics: [`service:${serviceId}`, 'console'] }),
  )
}

/** A slip of the year or the month must not keep a person of the staff busy for ever. */
const longest = { slotDays: 1, aheadDays: 366 }

export function checkTimes(wish: Pick<SlotWish, 'startsAt' | 'endsAt'>, now: Date): Refused | null {
  const [start, end] = [Date.parse(wish.startsAt), Date.parse(wish.endsAt)]
  if (end <= start) return refuseField('endsAt', '结束时间应晚于开始时间')
  if (end - start > longest.slotDays * dayMs) return refuseField('endsAt', '时段最长 1 天')
  if (start <= now.getTime()) return refuseField('startsAt', '开始时间应晚于现在')
  if (start - now.getTime() > longest.aheadDays * dayMs)
    return refuseField('startsAt', '开始时间应在一年之内')
  return null
}

/** Nobody could book it. */
export const tooLate = () => refuseField('startsAt', '距开始太近，已过截止预约时间，用户无法预约')

/**
 * Whoever gives these people and rooms a slot, or takes a seat with them, waits for this transaction.
 * After the slot's own lock (db/tx.ts), all in one go, as lock_slots does.
 */
export async function lockResources(t: Tx, ids: readonly (string | null)[]): Promise<void> {
  const named = ids.filter((id) => id !== null)
  if (named.length === 0) return
  await sql`select pg_advisory_xact_lock(1, key) from (
    select distinct hashtext(one) as key from unnest(${named}::text[]) one order by 1) keys`.execute(
    t,
  )
}

/**
 * Within one service a person or room has one slot at a time, with its buffers; across services taking
 * one blocks the other.
 */
async function findOverlap(t: Tx, wish: SlotWish): Promise<Refused | null> {
  const { rows } = await sql<{ path: 'staffId' | 'roomId' }>`
    select case when staff_id = ${wish.staffId}::uuid then 'staffId' else 'roomId' end as path
    from slots, service_buffers(${wish.serviceId}::uuid) kept
    where (staff_id = ${wish.staffId}::uuid or room_id = ${wish.roomId}::uuid)
      and service_id = ${wish.serviceId} and removed_at is null
      and during && tstzrange(${wish.startsAt}::timestamptz - make_interval(mins => coalesce(kept.before, 0)),
        ${wish.endsAt}::timestamptz + make_interval(mins => coalesce(kept.after, 0)))
    order by 1 desc limit 1`.execute(t)
  return rows[0] ? overlapping(rows[0].path) : null
}

/** The refusal, beside the person or the room that has a slot already. */
export function overlapping(path: 'staffId' | 'roomId'): Refused {
  const message = path === 'staffId' ? refusals.slot_overlaps.zh : '该场地此时间已有其他时段'
  return refuse('slot_overlaps', [{ path, code: 'slot_overlaps', message }])
}

export async function readExisting(parts: Parts, id: string): Promise<ConsoleSlot> {
  const slot = await readConsoleSlot(parts, id)
  if (!slot) throw new Error(`slot ${id} vanished`)
  return slot
}

function isSame(slot: ConsoleSlot, wish: SlotWish): boolean {
  return (
    slot.serviceId === wish.serviceId &&
    Date.parse(slot.startsAt) === Date.parse(wish.startsAt) &&
    Date.parse(slot.endsAt) === Date.parse(wish.endsAt) &&
    slot.staffId === wish.staffId &&
    slot.roomId === wish.roomId &&
    slot.branchId === wish.branchId &&
    (wish.priceFen === null || slot.priceFen === wish.priceFen)
  )
}
