/**
 * Two private offers for one hour of one person (B5 X7): whoever books first has it. With the staff's
 * exclusion and its check removed both would be booked.
 */
import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { hold } from '../../server/booking/booking.ts'
import type { Database } from '../../server/db/schema.ts'
import { lecture, staff } from '../../server/demo/world.ts'
import { freshDatabase } from '../db.ts'
import { copyWithout, deafBus, newSlot, newUsers, openCrowd, seedWorld } from './setting.ts'

jest.setTimeout(300_000)

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
