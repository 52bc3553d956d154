/** The slots of a schedule that are there: read, locked, and brought in line with a plan. */
import { randomUUID } from 'node:crypto'
import type { Template } from '@jiyue/contract/schedule'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { Tx } from '../../db/tx.ts'
import type { Fate, Other, Present } from './plan.ts'
import type { Schedule } from './schedule.sql.ts'

/** Why a slot is closed that its template no longer has. */
const REMOVED = '排班已调整'

/** Slots of a schedule that have not begun. */
export async function readPresent(
  db: Kysely<Database>,
  scheduleId: string,
  now: Date,
): Promise<Present[]> {
  const rows = await db
    .selectFrom('slots')
    .selectAll()
    .select(sql<number>`capacity - seats_left(slots)`.as('seats'))
    .where('schedule_id', '=', scheduleId)
    .where('starts_at', '>', now)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    startsAt: row.starts_at.getTime(),
    endsAt: row.ends_at.getTime(),
    keptFrom: (row.kept_from ?? row.starts_at).getTime(),
    keptUntil: (row.kept_until ?? row.ends_at).getTime(),
    bookableUntil: row.bookable_until.getTime(),
    branchId: row.branch_id,
    staffId: row.staff_id,
    roomId: row.room_id,
    capacity: row.capacity,
    priceFen: row.price_fen,
    taken: row.seats,
    byHand: row.by_hand,
    removed: row.removed_at !== null,
  }))
}

/** Other slots ahead of the same service that have the template's staff or room. */
export async function readOthers(
  db: Kysely<Database>,
  scheduleId: string,
  { serviceId, staffId, roomId }: Pick<Template, 'serviceId' | 'staffId' | 'roomId'>,
  now: Date,
): Promise<Other[]> {
  if (!staffId && !roomId) return []
  const { rows } = await sql<{ from: Date; until: Date }>`
    select lower(during) as "from", upper(during) as "until" from slots
    where service_id = ${serviceId} and ends_at > ${now}
      and (staff_id = ${staffId} or room_id = ${roomId})
      and schedule_id is distinct from ${scheduleId}::uuid
      and removed_at is null`.execute(db)
  return rows.map(({ from, until }) => ({ keptFrom: from.getTime(), keptUntil: until.getTime() }))
}

/** Locks slots and gives their lapsed holds back: from here on nobody takes a seat in them. */
export async function lockPresent(t: Tx, ids: readonly string[]): Promise<void> {
  await sql`select expire_holds(lock_slots(${ids}::uuid[]), clock_timestamp())`.execute(t)
}

/** Writes what a plan says; the slots that change are locked. True when any did. */
export async function carryOut(
  t: Tx,
  schedule: Schedule,
  fates: readonly Fate[],
): Promise<boolean> {
  const added = fates.filter(({ fate }) => fate === 'add')
  const changed = fates.filter(({ fate }) => fate === 'change')
  const removed = fates.flatMap(({ fate, present }) =>
    fate === 'remove' && present ? [present.id] : [],
  )
  await remove(t, removed)
  for (const { wanted, present } of changed) {
    if (!wanted || !present) continue
    await t
      .updateTable('slots')
      .set({
        ...columnsOf(schedule, wanted),
        ...(present.removed && { closed_reason: null, removed_at: null }),
      })
      .where('id', '=', present.id)
      .where('taken', '=', 0)
      .execute()
  }
  const rows = added.flatMap(({ wanted }) =>
    wanted
      ? [
          {
            id: randomUUID(),
            service_id: schedule.serviceId,
            schedule_id: schedule.id,
            closed_reason: null,
            ...columnsOf(schedule, wanted),
          },
        ]
      : [],
  )
  for (let i = 0; i < rows.length; i += 500)
    await t
      .insertInto('slots')
      .values(rows.slice(i, i + 500))
      .execute()
  return rows.length + changed.length + removed.length > 0
}

/** Closed, and shown nowhere; nobody has taken a seat in them. */
async function remove(t: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await t
    .updateTable('slots')
    .set({ closed_reason: REMOVED, removed_at: sql<Date>`clock_timestamp()` })
    .where('id', 'in', ids)
    .where('taken', '=', 0)
    .execute()
}

function columnsOf(template: Template, wanted: NonNullable<Fate['wanted']>) {
  return {
    branch_id: template.branchId,
    staff_id: template.staffId,
    room_id: template.roomId,
    starts_at: new Date(wanted.startsAt),
    ends_at: new Date(wanted.endsAt),
    kept_from: template.bufferBefore > 0 ? new Date(wanted.keptFrom) : null,
    kept_until: template.bufferAfter > 0 ? new Date(wanted.keptUntil) : null,
    bookable_until: new Date(wanted.bookableUntil),
    capacity: template.capacity,
    price_fen: template.priceFen,
  }
}

/** Tells the history that a person changed a schedule, and what became of the slots. */
export async function noteSchedule(
  t: Tx,
  { id, version }: Pick<Schedule, 'id' | 'version'>,
  by: string,
  counts: Record<string, number>,
  at: Date,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id: null,
      slot_id: null,
      what: 'schedule',
      by,
      details: JSON.stringify({ scheduleId: id, version, ...counts }),
      at,
    })
    .execute()
}
