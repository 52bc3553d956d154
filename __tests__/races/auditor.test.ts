/**
 * The auditor never cries wolf (X1): beside a racing load of holds, cancels and expiries it
 * finds nothing. Control: the same sums, read in two statements instead of one, cry at once.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { wrongSlots } from '../../server/auditor/auditor.sql.ts'
import { auditChanged } from '../../server/auditor/auditor.ts'
import { hold } from '../../server/booking/booking.ts'
import type { Db } from '../../server/db/pool.ts'
import { tx } from '../../server/db/tx.ts'
import { lecture } from '../../server/demo/world.ts'
import { apply, expireLapsed } from '../../server/order/order.ts'
import type { Parts } from '../../server/parts.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import { wholeRound } from '../server/auditing.ts'
import { deafBus, newSlot, newUsers, openCrowd, seedWorld } from './setting.ts'

let database: FreshDatabase
let crowd: Db
let parts: Parts
let slots: string[]
let users: string[]
beforeAll(async () => {
  database = await freshDatabase()
  crowd = openCrowd(database.url, 12)
  await seedWorld(database.db)
  await sql`insert into rules values ('ordersPerUser', 100000), ('holdsPerSlot', 100000)`.execute(
    database.db,
  )
  slots = []
  for (let n = 0; n < 6; n++)
    slots.push(await newSlot(database.db, { serviceId: lecture, capacity: 30, startsIn: 30 + n }))
  users = await newUsers(database.db, 60)
  const log = { error() {}, warn() {}, info() {}, debug() {} }
  parts = { db: database.db, bus: deafBus, log, now: () => new Date() } as unknown as Parts
})
afterAll(() => crowd.close())

const some = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T

/** One person after another: takes a seat, and gives it up, or lets it lapse. */
async function person(going: () => boolean): Promise<number> {
  let acts = 0
  while (going()) {
    const order = randomUUID()
    const [held] = await hold(crowd.db, deafBus, [
      { order, user: some(users), slot: some(slots), party: 1 + Math.floor(Math.random() * 3) },
    ])
    if (held?.verdict === 'granted') {
      if (Math.random() < 0.4)
        await tx(crowd.db, (t) => apply(t, deafBus, order, 'cancel', { by: 'user' }))
      else
        await sql`update orders set held_until = clock_timestamp() + interval '2 milliseconds'
          where id = ${order} and state = 'held'`.execute(crowd.db)
    }
    if (Math.random() < 0.2) await tx(crowd.db, (t) => expireLapsed(t, deafBus))
    acts += 1
  }
  return acts
}

/** Runs `look` beside the load until it says enough. */
async function beside(look: () => Promise<boolean>): Promise<number> {
  let going = true
  const people = Array.from({ length: 8 }, () => person(() => going))
  try {
    while (!(await look()));
  } finally {
    going = false
  }
  return (await Promise.all(people)).reduce((sum, acts) => sum + acts, 0)
}

test('beside holds, cancels and expiries of the same slots there is not one finding', async () => {
  let looks = 0
  const acts = await beside(async () => {
    await wholeRound(parts, 'slots')
    await wholeRound(parts, 'orders')
    await auditChanged(parts)
    expect(await wrongSlots(database.db, slots)).toEqual([])
    looks += 1
    return looks >= 60
  })
  const findings = await database.db.selectFrom('findings').selectAll().execute()
  expect(findings).toEqual([])
  expect(acts).toBeGreaterThan(100)
})

test('control: counters and orders read one after the other differ beside the same load', async () => {
  let cries = 0
  let looks = 0
  await beside(async () => {
    const { rows: counters } = await sql<{ id: string; taken: number }>`
      select id, taken from slots where id = any (${slots}::uuid[])`.execute(database.db)
    const { rows: sums } = await sql<{ slot_id: string; seats: number }>`
      select slot_id, sum(party)::int as seats from orders where slot_id = any (${slots}::uuid[])
        and state in ('held', 'registered', 'confirmed', 'completed', 'missed') group by slot_id`.execute(
      database.db,
    )
    const seats = new Map(sums.map((row) => [row.slot_id, row.seats]))
    cries += counters.filter(({ id, taken }) => taken !== (seats.get(id) ?? 0)).length
    looks += 1
    return cries > 0 || looks > 2000
  })
  expect(cries).toBeGreaterThan(0)
})
