/** A merchant with slots, and users, straight in the database: what the races run on. */
import { randomUUID } from 'node:crypto'
import { dayOf } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import { type HoldRequest, hold } from '../../server/booking/booking.ts'
import { type Db, openPool } from '../../server/db/pool.ts'
import type { Database } from '../../server/db/schema.ts'
import type { Bus } from '../../server/live/bus.ts'
import { seed } from '../../server/seed.ts'

/** Nobody listens in a race. */
export const deafBus: Bus = {
  changed() {},
  hear: () => () => {},
  onGap() {},
  stands: () => true,
  close: async () => {},
}

/** The verdicts of one batch. */
export async function decide(db: Kysely<Database>, requests: readonly HoldRequest[]) {
  return (await hold(db, deafBus, requests)).map(({ verdict }) => verdict)
}

export async function seedWorld(db: Kysely<Database>): Promise<void> {
  await seed(db, new Date())
}

/** `count` new users. */
export async function newUsers(db: Kysely<Database>, count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, () => ({
    id: randomUUID(),
    name: '测试用户',
    phone_sealed: null,
    phone_index: null,
  }))
  await db.insertInto('users').values(rows).execute()
  return rows.map((row) => row.id)
}

/**
 * A pool for a crowd whose members wait for each other: on a busy machine that may take longer than
 * the product would let anybody wait, and the race is about who gets what, not how soon.
 */
export function openCrowd(url: string, max: number): Db {
  const crowd = openPool(url, { max, name: 'crowd', waitMs: 60_000 })
  crowd.pool.on('connect', (client) => {
    client
      .query("set lock_timeout = '60s'; set statement_timeout = '90s'")
      .catch(process.emitWarning)
  })
  return crowd
}

export interface SlotOf {
  serviceId: string
  capacity: number
  staffId?: string
  roomId?: string
  /** Hours from now. */
  startsIn?: number
  hours?: number
  /** Minutes before and after it that its staff and room are kept too. */
  buffers?: [before: number, after: number]
}

/** A new slot, on a day that is open whatever the calendar says today. */
export async function newSlot(db: Kysely<Database>, of: SlotOf): Promise<string> {
  const id = randomUUID()
  const starts = Date.now() + (of.startsIn ?? 72) * 3_600_000
  const ends = starts + (of.hours ?? 2) * 3_600_000
  await db
    .updateTable('days')
    .set({ open: true, by_merchant: true })
    .where('day', '=', dayOf(starts))
    .execute()
  await db
    .insertInto('slots')
    .values({
      id,
      service_id: of.serviceId,
      branch_id: null,
      staff_id: of.staffId ?? null,
      room_id: of.roomId ?? null,
      starts_at: new Date(starts),
      ends_at: new Date(ends),
      kept_from: of.buffers ? new Date(starts - of.buffers[0] * 60_000) : null,
      kept_until: of.buffers ? new Date(ends + of.buffers[1] * 60_000) : null,
      bookable_until: new Date(starts),
      capacity: of.capacity,
      closed_reason: null,
    })
    .execute()
  return id
}

/** Seats that live orders of a slot really take, counted from the orders and not from the counter. */
export async function seatsTaken(db: Kysely<Database>, slotId: string): Promise<number> {
  const { rows } = await sql<{ seats: number }>`
    select coalesce(sum(party), 0)::int as seats from orders
    where slot_id = ${slotId} and (state in ('confirmed', 'completed', 'missed')
      or (state in ('held', 'registered') and held_until > clock_timestamp()))`.execute(db)
  return rows[0]?.seats ?? 0
}

/** Installs `name` as a copy of a database function with parts of its text replaced: a guard removed. */
export async function copyWithout(
  db: Kysely<Database>,
  original: string,
  name: string,
  changes: readonly [string, string][],
): Promise<void> {
  const { rows } = await sql<{ text: string }>`
    select pg_get_functiondef(${original}::regproc) as text`.execute(db)
  let text = rows[0]?.text ?? ''
  for (const [from, to] of [[original, name] as const, ...changes]) {
    if (!text.includes(from))
      throw new Error(`${original} has no “${from}”: the control proves nothing`)
    text = text.replaceAll(from, to)
  }
  await sql.raw(text).execute(db)
}
