/**
 * Moving and stretching a slot (M1). A slot that moves becomes another slot and the old one is closed
 * and shown nowhere: a phone that still shows the old time asks for the old slot, and whatever speaks
 * of it (a hold on its way, late money, a move not yet paid) finds it closed. So nobody is booked to a
 * time they did not see, and the hot path knows nothing of moves. A slot that somebody has a place in
 * is not moved: its people are asked by the disruption desk.
 */
import type { ConsoleSlot, Input } from '@jiyue/contract/schema/wire'
import { whyFixed } from '@jiyue/contract/slots'
import { dayOf, minuteMs, spanText } from '@jiyue/contract/time'
import { type Selectable, sql } from 'kysely'
import type { SlotTable } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { isRefused, type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { checkTimes, lockResources, note, overlapping, readExisting, tooLate } from './console.ts'
import { bookableUntilOf } from './schedule/generate.ts'
import { findMissing } from './schedule/missing.ts'
import { findSchedule } from './schedule/schedule.sql.ts'
import { merchantClock } from './schedule/zone.ts'

export type SlotMove = Input<'putSlotMove'>['body']
type SlotRow = Selectable<SlotTable>

/** Moves slot `id`; it is `wish.slotId` from then on. Refusals: contract/api/slots.ts. */
export async function moveSlot(
  parts: Parts,
  id: string,
  wish: SlotMove,
  personId: string,
): Promise<ConsoleSlot | Refused> {
  const known = await readMoved(parts, wish.slotId)
  if (known) {
    const same = known.from_id === id && isAs(known, wish)
    return same ? readExisting(parts, known.id) : refuse('slot_id_reused')
  }
  const done = await tx(parts.db, (t) => write(t, parts, id, wish, personId))
  // Named in this very moment by somebody else, or by a repeat of this: it is there to compare now.
  if (done === 'raced') return moveSlot(parts, id, wish, personId)
  return done ?? readExisting(parts, wish.slotId)
}

async function write(
  t: Tx,
  parts: Parts,
  id: string,
  wish: SlotMove,
  personId: string,
): Promise<Refused | 'raced' | null> {
  const [found] = await lock(t, [id])
  if (!found || found.removed_at) return refuse('not_found')
  await lockResources(t, [found.staff_id, found.room_id, wish.staffId, wish.roomId])
  const now = parts.now()
  const slot = await settle(t, found, now)
  if (isRefused(slot)) return slot
  const wrong =
    checkTimes(wish, now) ?? (await findMissing(t, { ...wish, serviceId: slot.service_id }))
  if (wrong) return wrong
  const times = await timesOf(t, slot, wish)
  if (times.bookable_until <= now) return tooLate()
  const clash = await findClash(
    t,
    { ...slot, ...times, staff_id: wish.staffId, room_id: wish.roomId },
    [id],
  )
  if (clash) return clash
  const added = await t
    .insertInto('slots')
    .values({
      ...times,
      id: wish.slotId,
      service_id: slot.service_id,
      branch_id: wish.branchId,
      staff_id: wish.staffId,
      room_id: wish.roomId,
      capacity: slot.capacity,
      closed_reason: slot.closed_reason,
      price_fen: slot.price_fen,
      by_hand: true,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) return 'raced'
  await leave(t, id, `已改到 ${spanText(wish.startsAt, wish.endsAt)}`)
  await t
    .insertInto('slot_moves')
    .values({ slot_id: wish.slotId, from_id: id, moved_at: now, back_at: null })
    .execute()
  await noteBoth(t, parts, { from: id, to: wish.slotId, serviceId: slot.service_id }, personId)
  return null
}

/**
 * Takes back the move that made slot `id`: the slot it was is there again, with what was changed of it
 * meanwhile. The same again is the same. Refusals: contract/api/slots.ts.
 */
export async function takeMoveBack(
  parts: Parts,
  id: string,
  personId: string,
): Promise<ConsoleSlot | Refused> {
  const done = await tx(parts.db, async (t): Promise<string | Refused> => {
    const move = await t
      .selectFrom('slot_moves')
      .selectAll()
      .where('slot_id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!move) return refuse('not_found')
    const [slot, old] = await lockBoth(t, id, move.from_id)
    if (move.back_at) return old.removed_at ? refuse('not_found') : old.id
    if (slot.removed_at) return refuse('not_found')
    await lockResources(t, [slot.staff_id, slot.room_id, old.staff_id, old.room_id])
    const now = parts.now()
    const free = await settle(t, slot, now)
    if (isRefused(free)) return free
    if (old.starts_at <= now) return refuse('slot_past')
    const clash = await findClash(t, old, [id, old.id])
    if (clash) return clash
    await leave(t, id, `已改回 ${spanText(old.starts_at.getTime(), old.ends_at.getTime())}`)
    const { closed_reason, capacity, price_fen } = free
    await t
      .updateTable('slots')
      .set({ closed_reason, capacity, price_fen, removed_at: null })
      .where('id', '=', old.id)
      .execute()
    await t.updateTable('slot_moves').set({ back_at: now }).where('slot_id', '=', id).execute()
    await noteBoth(t, parts, { from: id, to: old.id, serviceId: old.service_id }, personId)
    return old.id
  })
  return typeof done === 'string' ? readExisting(parts, done) : done
}

async function lockBoth(t: Tx, id: string, fromId: string): Promise<[SlotRow, SlotRow]> {
  const rows = await lock(t, [id, fromId])
  const [slot, old] = [rows.find((one) => one.id === id), rows.find((one) => one.id === fromId)]
  if (!slot || !old) throw new Error(`move of slot ${id} without its slots`)
  return [slot, old]
}

/** Slot rows by ascending id, locked (db/tx.ts). */
function lock(t: Tx, ids: readonly string[]): Promise<SlotRow[]> {
  return t
    .selectFrom('slots')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** The locked slot with its lapsed holds given back, when nobody has a place in it. */
async function settle(t: Tx, slot: SlotRow, now: Date): Promise<SlotRow | Refused> {
  // Whoever waits is offered what lapses, so with a line there is nothing to give back first.
  if (slot.waiting === 0)
    await sql`select expire_holds(array[${slot.id}::uuid], clock_timestamp())`.execute(t)
  const settled = await t
    .selectFrom('slots')
    .selectAll()
    .where('id', '=', slot.id)
    .executeTakeFirstOrThrow()
  const { starts_at, checking_since, taken, waiting, private_for } = settled
  const why = whyFixed(
    {
      startsAt: starts_at.toISOString(),
      checking: checking_since !== null,
      taken,
      waiting,
      private: private_for !== null,
    },
    now.getTime(),
  )
  return why ? refuse(why) : settled
}

/** The new times with their buffers, and when booking ends: as its template says, or as long before. */
async function timesOf(t: Tx, slot: SlotRow, { startsAt, endsAt }: SlotMove) {
  const [starts, ends] = [new Date(startsAt), new Date(endsAt)]
  const kept = await buffersOf(t, slot)
  const scheduleId = await scheduleOf(t, slot)
  const template = scheduleId && (await findSchedule(t, scheduleId))
  const lead = slot.starts_at.getTime() - slot.bookable_until.getTime()
  return {
    starts_at: starts,
    ends_at: ends,
    // Said also where they are none: what says nothing is given the service's.
    kept_from: new Date(starts.getTime() - kept.beforeMs),
    kept_until: new Date(ends.getTime() + kept.afterMs),
    bookable_until: new Date(
      template
        ? bookableUntilOf(template, dayOf(startsAt), starts.getTime(), merchantClock)
        : starts.getTime() - lead,
    ),
  }
}

/** The slot's own buffers; those of its service for one that nobody and no room was kept for so far. */
async function buffersOf(t: Tx, slot: SlotRow): Promise<{ beforeMs: number; afterMs: number }> {
  if (slot.staff_id || slot.room_id)
    return {
      beforeMs: slot.starts_at.getTime() - (slot.kept_from ?? slot.starts_at).getTime(),
      afterMs: (slot.kept_until ?? slot.ends_at).getTime() - slot.ends_at.getTime(),
    }
  const { rows } = await sql<{ before: number; after: number }>`
    select * from service_buffers(${slot.service_id}::uuid)`.execute(t)
  const { before = 0, after = 0 } = rows[0] ?? {}
  return { beforeMs: before * minuteMs, afterMs: after * minuteMs }
}

/** The template that the slot, or one that it was before, was made from. */
async function scheduleOf(t: Tx, slot: SlotRow): Promise<string | null> {
  const { rows } = await sql<{ schedule_id: string }>`
    with recursive past (id, schedule_id) as (
      select ${slot.id}::uuid, ${slot.schedule_id}::uuid
      union
      select slots.id, slots.schedule_id
      from past join slot_moves on slot_moves.slot_id = past.id join slots on slots.id = slot_moves.from_id)
    select schedule_id from past where schedule_id is not null limit 1`.execute(t)
  return rows[0]?.schedule_id ?? null
}

/**
 * With its buffers the slot may not overlap another of its service with the same person or room, nor
 * any that people have taken seats in: it could not be booked there.
 */
async function findClash(
  t: Tx,
  slot: Pick<
    SlotRow,
    'service_id' | 'staff_id' | 'room_id' | 'starts_at' | 'ends_at' | 'kept_from' | 'kept_until'
  >,
  except: readonly string[],
): Promise<Refused | null> {
  const [from, until] = [slot.kept_from ?? slot.starts_at, slot.kept_until ?? slot.ends_at]
  const { rows } = await sql<{ path: 'staffId' | 'roomId' }>`
    select case when staff_id = ${slot.staff_id}::uuid then 'staffId' else 'roomId' end as path
    from slots where (staff_id = ${slot.staff_id}::uuid or room_id = ${slot.room_id}::uuid)
      and during && tstzrange(${from}, ${until}) and removed_at is null
      and id <> all (${except}::uuid[])
      and (service_id = ${slot.service_id} or (taken > 0 and seats_taken(slots, clock_timestamp()) > 0))
    order by 1 desc limit 1`.execute(t)
  return rows[0] ? overlapping(rows[0].path) : null
}

/** Closed and shown nowhere; its template leaves its place empty. */
async function leave(t: Tx, id: string, why: string): Promise<void> {
  await t
    .updateTable('slots')
    .set({
      closed_reason: why,
      removed_at: sql<Date>`clock_timestamp()`,
      by_hand: true,
    })
    .where('id', '=', id)
    .execute()
}

async function noteBoth(
  t: Tx,
  parts: Parts,
  { from, to, serviceId }: { from: string; to: string; serviceId: string },
  personId: string,
): Promise<void> {
  await note(t, parts, from, serviceId, 'retime', personId, { to })
  await note(t, parts, to, serviceId, 'retime', personId, { from })
}

/** The slot of this id with the slot that a move made it from, if any; null where there is none. */
async function readMoved({ db }: Parts, id: string) {
  const row = await db
    .selectFrom('slots')
    .leftJoin('slot_moves', 'slot_moves.slot_id', 'slots.id')
    .selectAll('slots')
    .select('slot_moves.from_id')
    .where('slots.id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

function isAs(slot: SlotRow, wish: SlotMove): boolean {
  return (
    slot.removed_at === null &&
    slot.starts_at.getTime() === Date.parse(wish.startsAt) &&
    slot.ends_at.getTime() === Date.parse(wish.endsAt) &&
    slot.staff_id === wish.staffId &&
    slot.room_id === wish.roomId &&
    slot.branch_id === wish.branchId
  )
}
