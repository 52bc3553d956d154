/**
 * Several private offers for one hour of one person or of one room (B5 X7), beside slots everybody
 * sees: whoever books first has it, and its buffers too. Each guard has its control.
 */
import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { hold } from '../../server/booking/booking.ts'
import type { Database } from '../../server/db/schema.ts'
import { cleaning, lecture, loft, staff, venue } from '../../server/demo/world.ts'
import { freshDatabase } from '../db.ts'
import { copyWithout, deafBus, newSlot, newUsers, openCrowd, seedWorld } from './setting.ts'

jest.setTimeout(300_000)

const cleaner = staff.find(({ serviceIds }) => serviceIds.includes(cleaning))?.id ?? ''
const teacher = staff.find(({ serviceIds }) => serviceIds.includes(lecture))?.id ?? ''

/** So many people with an offer each, all for the same hour; how many of them book it at once. */
async function offersFor(db: Kysely<Database>, by: Kysely<Database>, people: number) {
  const users = await newUsers(db, people)
  const startsIn = 72 + Math.random() * 100
  const requests = await Promise.all(
    users.map(async (user) => {
      const slot = await newSlot(db, {
        serviceId: lecture,
        capacity: 1,
        staffId: teacher,
        startsIn,
      })
      await sql`update slots set private_for = ${user} where id = ${slot}`.execute(db)
      return { order: randomUUID(), user, slot, party: 1 }
    }),
  )
  const held = await Promise.all(requests.map((request) => hold(by, deafBus, [request])))
  return held.map(([one]) => one?.verdict).sort()
}

test('ten offers, ten taps at once: one has the hour, the others hear that the person is busy', async () => {
  const database = await freshDatabase()
  await seedWorld(database.db)
  const crowd = openCrowd(database.url, 10)
  try {
    const verdicts = await offersFor(database.db, crowd.db, 10)
    expect(verdicts).toEqual(['granted', ...Array.from({ length: 9 }, () => 'staff_busy')])
  } finally {
    await crowd.close()
  }
})

/** Private offers and public slots of one room, from two services, whose hours overlap. */
async function roomOffers(db: Kysely<Database>, by: Kysely<Database>) {
  const users = await newUsers(db, 12)
  const startsIn = 72 + Math.random() * 100
  const requests = await Promise.all(
    users.map(async (user, i) => {
      const serviceId = i % 2 === 0 ? lecture : venue
      const party = serviceId === venue ? 10 : 1
      const own = { serviceId, capacity: 10, roomId: loft, startsIn: startsIn + (i % 3) / 2 }
      const slot = await newSlot(db, own)
      // Every third is one that everybody sees.
      if (i % 3 > 0)
        await sql`update slots set private_for = ${user} where id = ${slot}`.execute(db)
      return { order: randomUUID(), user, slot, party }
    }),
  )
  const held = await Promise.all(requests.map((request) => hold(by, deafBus, [request])))
  return held.map(([one]) => one?.verdict).sort()
}

/** A private slot of an hour's cleaning, and one that begins 20 minutes after it; both asked for at once. */
async function offersInBuffer(db: Kysely<Database>, by: Kysely<Database>, at: number) {
  const users = await newUsers(db, 2)
  const own = { serviceId: cleaning, capacity: 1, staffId: cleaner }
  const [first, next] = await Promise.all([
    newSlot(db, { ...own, startsIn: at, hours: 1 }),
    newSlot(db, { ...own, startsIn: at + 4 / 3, hours: 1 }),
  ])
  await sql`update slots set private_for = ${users[0]} where id = ${first}`.execute(db)
  const held = await Promise.all(
    [first, next].map((slot, i) =>
      hold(by, deafBus, [{ order: randomUUID(), user: users[i] as string, slot, party: 1 }]),
    ),
  )
  return held.map(([one]) => one?.verdict).sort()
}

test('one room: of private offers and public slots taken at once one has the hour', async () => {
  const database = await freshDatabase()
  await seedWorld(database.db)
  const crowd = openCrowd(database.url, 12)
  try {
    const verdicts = await roomOffers(database.db, crowd.db)
    expect(verdicts).toEqual(['granted', ...Array.from({ length: 11 }, () => 'room_busy')])
    expect(await offersInBuffer(database.db, crowd.db, 100)).toEqual(['granted', 'staff_busy'])
  } finally {
    await crowd.close()
  }
})

test('control: without the room’s guard all have it; without its buffers the person is on the way', async () => {
  const database = await freshDatabase()
  await seedWorld(database.db)
  await copyWithout(database.db, 'hold_slots', 'hold_slots', [
    ['room_busy(s) as occupied', 'false as occupied'],
  ])
  await sql`alter table slots drop constraint slots_room_once`.execute(database.db)
  await sql`drop trigger slots_keep_buffers on slots`.execute(database.db)
  const crowd = openCrowd(database.url, 12)
  try {
    const verdicts = await roomOffers(database.db, crowd.db)
    expect(verdicts).toEqual(Array.from({ length: 12 }, () => 'granted'))
    expect(await offersInBuffer(database.db, crowd.db, 100)).toEqual(['granted', 'granted'])
  } finally {
    await crowd.close()
  }
})

test('control: without the exclusion and its check all of them have it', async () => {
  const database = await freshDatabase()
  await seedWorld(database.db)
  await copyWithout(database.db, 'hold_slots', 'hold_slots', [
    ['staff_busy(s) as busy', 'false as busy'],
  ])
  await sql`alter table slots drop constraint slots_staff_once`.execute(database.db)
  const crowd = openCrowd(database.url, 10)
  try {
    const verdicts = await offersFor(database.db, crowd.db, 10)
    expect(verdicts).toEqual(Array.from({ length: 10 }, () => 'granted'))
  } finally {
    await crowd.close()
  }
})
