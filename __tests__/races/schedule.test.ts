/**
 * A template is saved while people tap (M1): what somebody got stays as they saw it, to the minute;
 * what the template takes away nobody gets. With the control: without the lock somebody's slot moves.
 */
import { randomUUID } from 'node:crypto'
import type { Template } from '@jiyue/contract/schedule'
import { addDays, dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { hold } from '../../server/booking/booking.ts'
import { findSchedule, insertSchedule } from '../../server/booking/schedule/schedule.sql.ts'
import { fill } from '../../server/booking/schedule/schedule.ts'
import type { Db } from '../../server/db/pool.ts'
import { tx } from '../../server/db/tx.ts'
import { lecture } from '../../server/demo/world.ts'
import { freshDatabase } from '../db.ts'
import { until } from '../world.ts'
import { copyWithout, deafBus, newUsers, openCrowd, seedWorld } from './setting.ts'

let crowd: Db
beforeAll(async () => {
  const own = await freshDatabase()
  await seedWorld(own.db)
  crowd = openCrowd(own.url, 24)
  await sql`insert into rules values ('bookingDays', 60)`.execute(crowd.db)
})
afterAll(() => crowd.close())

const day = addDays(dayOf(Date.now()), 3)

const template: Template = {
  serviceId: lecture,
  branchId: null,
  staffId: null,
  roomId: null,
  weekly: [{ weekday: wallClock(instantOf(day)).weekday, from: 480, to: 1200 }],
  breaks: [],
  slotMinutes: 60,
  bufferBefore: 0,
  bufferAfter: 0,
  capacity: 1,
  priceFen: null,
  leadMinutes: 0,
  cutoff: null,
  makeupWeekday: null,
  onClosedDays: 'keep',
  exceptions: [],
  startsOn: day,
  endsOn: day,
  weeksAhead: 1,
}
/** Twelve hours from eight; then eight slots of 90 minutes, of which every other starts where one did. */
const later: Template = { ...template, slotMinutes: 90 }

async function schedule(): Promise<string> {
  const id = randomUUID()
  await crowd.db
    .updateTable('days')
    .set({ open: true, by_merchant: true })
    .where('day', '=', day)
    .execute()
  await tx(crowd.db, async (t) => {
    await insertSchedule(t, id, template)
    const made = await findSchedule(t, id)
    if (made) await fill(t, deafBus, made, new Date())
  })
  return id
}

const slotsOf = (id: string) =>
  crowd.db.selectFrom('slots').selectAll().where('schedule_id', '=', id).execute()

/** The other template is saved. */
const change = (id: string) =>
  tx(crowd.db, async (t) => {
    const known = await findSchedule(t, id, 'lock')
    if (known) await fill(t, deafBus, { ...known, ...later }, new Date())
  })

/** Slots on sale or taken that begin before the one before has ended. */
async function overlapsOf(id: string): Promise<number> {
  const live = (await slotsOf(id))
    .filter((slot) => slot.removed_at === null)
    .sort((a, b) => a.starts_at.getTime() - b.starts_at.getTime())
  return live.filter((slot, i) => {
    const before = live[i - 1]
    return before && before.ends_at > slot.starts_at
  }).length
}

/** Everybody taps a slot as they saw it while `change` runs; answers those who got one. */
async function rush(id: string, change: () => Promise<unknown>) {
  const seen = await slotsOf(id)
  const users = await newUsers(crowd.db, seen.length)
  const [, ...verdicts] = await Promise.all([
    change(),
    ...seen.map(async (slot, i) => {
      const request = { order: randomUUID(), user: users[i] as string, slot: slot.id, party: 1 }
      return (await hold(crowd.db, deafBus, [request]))[0]?.verdict
    }),
  ])
  const now = new Map((await slotsOf(id)).map((slot) => [slot.id, slot]))
  return seen.map((was, i) => ({ verdict: verdicts[i], was, is: now.get(was.id) }))
}

test('who got a slot has it as they saw it; a slot that was taken away is nobody’s', async () => {
  const verdicts = new Set<string | undefined>()
  for (let round = 0; round < 12; round++) {
    const id = await schedule()
    const results = await rush(id, () => change(id))
    for (const { verdict, was, is } of results) {
      verdicts.add(verdict)
      if (verdict === 'granted') {
        // Either before the change (as it was) or after it (as the template has it since).
        expect(is).toMatchObject({ taken: 1, removed_at: null, closed_reason: null })
      } else {
        expect(verdict).toBe('slot_closed')
        expect(is?.removed_at).not.toBeNull()
      }
      expect(is?.starts_at).toEqual(was.starts_at)
    }
    // What is on sale never overlaps: neither with what was taken nor with each other.
    expect(await overlapsOf(id)).toBe(0)
  }
  expect(verdicts).toContain('granted')
})

test('control: without the lock a slot is sold that overlaps one somebody got', async () => {
  const { db } = crowd
  await copyWithout(db, 'lock_slots', 'lock_really', [])
  await copyWithout(db, 'hold_slots', 'hold_really', [['lock_slots(', 'lock_really(']])
  await sql`create or replace function lock_slots(p_slots uuid[]) returns uuid[] language sql as 'select p_slots'`.execute(
    db,
  )
  const id = await schedule()
  // From nine to ten: the other template has one from half past nine on.
  const slot = (await slotsOf(id)).find(
    ({ starts_at }) => wallClock(starts_at.getTime()).hour === 9,
  )
  const [user] = await newUsers(db, 1)
  const request = { order: randomUUID(), user, slot: slot?.id, party: 1 }
  const granted = Promise.withResolvers<void>()
  const commit = Promise.withResolvers<void>()
  const holding = tx(db, async (t) => {
    await sql`select * from hold_really(${JSON.stringify([request])}::jsonb)`.execute(t)
    granted.resolve()
    await commit.promise
  })
  await granted.promise
  // Nobody has told it of the seat: it looks, plans, and comes upon it only when it writes.
  const changing = change(id)
  await Promise.race([changing, until('the change waits', () => isSomebodyWaiting(db))])
  commit.resolve()
  await Promise.all([holding, changing])
  expect(await overlapsOf(id)).toBeGreaterThan(0)
})

async function isSomebodyWaiting(db: Db['db']): Promise<boolean> {
  const { rows } = await sql<{ waiting: boolean }>`select exists (select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock') as waiting`.execute(db)
  return rows[0]?.waiting ?? false
}
