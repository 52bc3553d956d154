/**
 * A slot is moved while people tap it (M1): nobody is booked to a time they did not see, and what
 * somebody got stays where it is. With the controls: a slot that changes its times in place books
 * people to times they did not see, and a look without the lock moves a slot from under its people.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type HoldRequest, hold } from '../../server/booking/booking.ts'
import { moveSlot } from '../../server/booking/slotMove.ts'
import type { Db } from '../../server/db/pool.ts'
import { lecture, staff } from '../../server/demo/world.ts'
import type { Parts } from '../../server/parts.ts'
import { freshDatabase } from '../db.ts'
import { deafBus, newSlot, newUsers, openCrowd, seedWorld } from './setting.ts'

let crowd: Db
beforeAll(async () => {
  const own = await freshDatabase()
  await seedWorld(own.db)
  crowd = openCrowd(own.url, 24)
  await sql`insert into rules values ('bookingDays', 60), ('ordersPerUser', 1000)`.execute(crowd.db)
})
afterAll(() => crowd.close())

const hour = 3_600_000
const lecturer = staff.find(({ serviceIds }) => serviceIds[0] === lecture)?.id as string
const parts = () => ({ db: crowd.db, bus: deafBus, now: () => new Date() }) as unknown as Parts

const timeOf = async (id: string) =>
  await crowd.db
    .selectFrom('slots')
    .select(['starts_at', 'removed_at', 'taken'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

const wishFor = (startsIn: number, staffId: string | null = null) => {
  const starts = Math.ceil(Date.now() / 60_000) * 60_000 + startsIn * hour
  return {
    slotId: randomUUID(),
    startsAt: new Date(starts).toISOString(),
    endsAt: new Date(starts + 2 * hour).toISOString(),
    staffId,
    roomId: null,
    branchId: null,
  }
}

/** Twelve people tap the slot at the time they see; before the `middle`th of them it is moved. */
async function rush(
  slot: string,
  users: readonly string[],
  move: () => Promise<unknown>,
  middle = Math.floor(Math.random() * users.length),
) {
  const seen = (await timeOf(slot)).starts_at
  const tap = async (user: string) => {
    const request: HoldRequest = { order: randomUUID(), user, slot, party: 1 }
    const [said] = await hold(crowd.db, deafBus, [request])
    return { order: request.order, granted: said?.verdict === 'granted' }
  }
  const taps: Promise<{ order: string; granted: boolean }>[] = []
  let moving: Promise<unknown> = Promise.resolve()
  users.forEach((user, i) => {
    if (i === middle) moving = move()
    taps.push(tap(user))
  })
  const [done, said] = await Promise.all([moving, Promise.all(taps)])
  const granted = said.filter((one) => one.granted).map(({ order }) => order)
  const { rows } = await sql<{ at: Date; removed: boolean }>`
    select s.starts_at as at, s.removed_at is not null as removed
    from orders o join slots s on s.id = o.slot_id where o.id = any (${granted}::uuid[])`.execute(
    crowd.db,
  )
  return {
    done,
    granted: granted.length,
    astray: rows.filter(({ at }) => at.getTime() !== seen.getTime()).length,
    lost: rows.filter(({ removed }) => removed).length,
  }
}

test('whoever was first decides: it moves with nobody in it, or it stays with those who have a place', async () => {
  const users = await newUsers(crowd.db, 12)
  const outcomes = new Set<string>()
  for (let round = 0; round < 30 && (round < 12 || outcomes.size < 2); round++) {
    const slot = await newSlot(crowd.db, { serviceId: lecture, capacity: 40, startsIn: 200 })
    const wish = wishFor(300)
    const got = await rush(slot, users, () => moveSlot(parts(), slot, wish, randomUUID()))
    expect([got.astray, got.lost]).toEqual([0, 0])
    const { removed_at, taken } = await timeOf(slot)
    expect(taken).toBe(got.granted)
    const moved = removed_at !== null
    // Either all were told that it is closed, or it was refused for the sake of who got in.
    expect(moved).toBe(got.granted === 0)
    outcomes.add(moved ? 'moved' : 'stayed')
  }
  expect(outcomes.size).toBeGreaterThan(0)
})

test('two slots of one person moved to one hour at once: one of them is there', async () => {
  for (let round = 0; round < 8; round++) {
    const at = 400 + round * 40
    const slots = await Promise.all(
      [0, 10, 20].map((by) =>
        newSlot(crowd.db, {
          serviceId: lecture,
          capacity: 4,
          staffId: lecturer,
          startsIn: at + by,
        }),
      ),
    )
    const said = await Promise.all(
      slots.map((slot) => moveSlot(parts(), slot, wishFor(at + 30, lecturer), randomUUID())),
    )
    const codes = said.map((one) => ('refused' in one ? one.refused : 'ok'))
    expect(codes.sort()).toEqual(['ok', 'slot_overlaps', 'slot_overlaps'])
  }
})

describe('controls', () => {
  test('a slot that changes its times in place books people to times they did not see', async () => {
    const users = await newUsers(crowd.db, 12)
    let astray = 0
    for (let round = 0; round < 30 && astray === 0; round++) {
      const slot = await newSlot(crowd.db, { serviceId: lecture, capacity: 40, startsIn: 200 })
      const inPlace = () =>
        sql`with locked as (select lock_slots(array[${slot}::uuid]))
          update slots set starts_at = starts_at + interval '9 hours', ends_at = ends_at + interval '9 hours'
          from locked where id = ${slot} and taken = 0`.execute(crowd.db)
      astray += (await rush(slot, users, inPlace, round % 4)).astray
    }
    expect(astray).toBeGreaterThan(0)
  })

  test('without the lock a slot is removed from under those who got in meanwhile', async () => {
    const users = await newUsers(crowd.db, 12)
    let lost = 0
    for (let round = 0; round < 30 && lost === 0; round++) {
      const slot = await newSlot(crowd.db, { serviceId: lecture, capacity: 40, startsIn: 200 })
      const look = async () => {
        if ((await timeOf(slot)).taken > 0) return
        await sql`update slots set closed_reason = '已改', removed_at = now() where id = ${slot}`.execute(
          crowd.db,
        )
      }
      lost += (await rush(slot, users, look, round % 4)).lost
    }
    expect(lost).toBeGreaterThan(0)
  })
})
