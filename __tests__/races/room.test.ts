/**
 * One room, many services, one hour (B3): only one of them gets it, by holds and by moves, and the
 * buffers around a slot keep it as well. Each guard has its control.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { HoldRequest } from '../../server/booking/booking.ts'
import type { Db } from '../../server/db/pool.ts'
import { cleaning, lecture, loft, staff, venue } from '../../server/demo/world.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import {
  copyWithout,
  decide,
  newSlot,
  newUsers,
  openCrowd,
  seatsTaken,
  seedWorld,
} from './setting.ts'

let database: FreshDatabase
let crowd: Db

beforeAll(async () => {
  database = await opened()
  crowd = openCrowd(database.url, 24)
})
afterAll(() => crowd.close())

async function opened(): Promise<FreshDatabase> {
  const own = await freshDatabase()
  await seedWorld(own.db)
  await sql`insert into rules values ('bookingDays', 90)`.execute(own.db)
  return own
}

/** Three services want the room at overlapping times; the party each needs. */
const wishes = [
  { serviceId: lecture, capacity: 60, party: 1, late: 0 },
  { serviceId: venue, capacity: 60, party: 8, late: 1 },
  { serviceId: cleaning, capacity: 5, party: 1, late: 1.5 },
]

const slotsAt = (db: Db['db'], startsIn: number) =>
  Promise.all(
    wishes.map(({ serviceId, capacity, late }) =>
      newSlot(db, { serviceId, capacity, roomId: loft, startsIn: startsIn + late }),
    ),
  )

/** 24 people, each wants one of the slots. */
async function requestsFor(db: Db['db'], slots: string[]): Promise<HoldRequest[]> {
  const users = await newUsers(db, 24)
  return users.map((user, i) => ({
    order: randomUUID(),
    user,
    slot: slots[i % 3] as string,
    party: wishes[i % 3]?.party as number,
  }))
}

const sold = async (db: Db['db'], slots: string[]) =>
  (await Promise.all(slots.map((slot) => seatsTaken(db, slot)))).filter((seats) => seats > 0).length

describe('one room, three services, one hour', () => {
  test('whoever is first decides which of them takes place, and only that one', async () => {
    for (let round = 0; round < 8; round++) {
      const slots = await slotsAt(database.db, 100 + round * 10)
      const requests = await requestsFor(database.db, slots)
      const verdicts = await Promise.all(
        requests.map(async (request) => (await decide(crowd.db, [request]))[0]),
      )
      expect(await sold(database.db, slots)).toBe(1)
      expect(verdicts).toContain('room_busy')
      expect(verdicts.filter((one) => one === 'granted').length).toBeGreaterThan(0)
    }
  })

  test('in one batch what came first counts for who comes after', async () => {
    const slots = await slotsAt(database.db, 300)
    const requests = await requestsFor(database.db, slots)
    const verdicts = await decide(database.db, requests.slice(0, 4))
    expect(verdicts).toEqual(['granted', 'room_busy', 'room_busy', 'granted'])
  })

  test('a lapsed hold of another service does not keep the room', async () => {
    const slots = await slotsAt(database.db, 320)
    const [first, second] = (await requestsFor(database.db, slots)) as [HoldRequest, HoldRequest]
    expect(await decide(database.db, [first])).toEqual(['granted'])
    expect(await decide(database.db, [second])).toEqual(['room_busy'])
    await sql`update orders set held_until = clock_timestamp() where id = ${first.order}`.execute(
      database.db,
    )
    expect(await decide(database.db, [second])).toEqual(['granted'])
  })

  test('control: without locks and constraint several take place at once', async () => {
    const { db } = await opened()
    await copyWithout(db, 'lock_slots', 'lock_nothing', [
      [' for no key update of slots', ''],
      ['perform pg_advisory_xact_lock(1', 'perform greatest(1'],
    ])
    await copyWithout(db, 'hold_slots', 'hold_unguarded', [['lock_slots(', 'lock_nothing(']])
    await sql`alter table slots drop constraint slots_room_once, drop constraint slots_never_oversold`.execute(
      db,
    )
    let places = 0
    // On a busy machine one crowd may happen to come one by one; not twenty.
    for (let round = 0; round < 20 && places < 2; round++) {
      const slots = await slotsAt(db, 100 + round * 10)
      const requests = await requestsFor(db, slots)
      await Promise.all(
        requests.map((one) =>
          sql`select * from hold_unguarded(${JSON.stringify([one])}::jsonb)`.execute(db),
        ),
      )
      places = await sold(db, slots)
    }
    expect(places).toBeGreaterThan(1)
  })

  test('without the check the constraint still stands: a second taking fails', async () => {
    const slots = await slotsAt(database.db, 340)
    await sql`update slots set taken = 1 where id = ${slots[0]}`.execute(database.db)
    await expect(
      sql`update slots set taken = 1 where id = ${slots[1]}`.execute(database.db),
    ).rejects.toThrow('slots_room_once')
    await sql`update slots set taken = 0 where id = ${slots[0]}`.execute(database.db)
  })
})

describe('buffers around a slot keep its room and its staff', () => {
  const cleaner = staff.find(({ serviceIds }) => serviceIds.includes(cleaning))?.id as string
  const resources = [
    ['the room', { roomId: loft }, 'room_busy'],
    ['the staff member', { staffId: cleaner }, 'staff_busy'],
  ] as const

  test.each(resources)('%s is free only after the buffer', async (_, resource, code) => {
    const at = code === 'room_busy' ? 400 : 440
    const kept = { serviceId: cleaning, capacity: 1, buffers: [15, 30] as [number, number] }
    const [first, soon, later, before] = await Promise.all([
      newSlot(database.db, { ...kept, ...resource, startsIn: at }),
      // Ends at 2 h: 30 minutes of buffer, then 15 of the next one.
      newSlot(database.db, { ...kept, ...resource, startsIn: at + 2 + 44 / 60 }),
      newSlot(database.db, { ...kept, ...resource, startsIn: at + 2 + 46 / 60 }),
      newSlot(database.db, { ...kept, ...resource, startsIn: at - 2 - 44 / 60 }),
    ])
    const users = await newUsers(database.db, 4)
    const ask = async (i: number, slot: string) =>
      (
        await decide(database.db, [
          { order: randomUUID(), user: users[i] as string, slot, party: 1 },
        ])
      )[0]
    expect(await ask(0, first)).toBe('granted')
    expect(await ask(1, soon)).toBe(code)
    expect(await ask(2, before)).toBe(code)
    expect(await ask(3, later)).toBe('granted')
  })
})
