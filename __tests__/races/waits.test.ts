/**
 * The waiting list under a crowd (B11): a walk-in never takes a seat that is owed to the list while
 * somebody who fits waits, places are kept in order, and no seat is sold twice. With the setting-aside
 * removed the same crowd takes what is the list's.
 */
import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { hold } from '../../server/booking/booking.ts'
import type { Db } from '../../server/db/pool.ts'
import type { Database } from '../../server/db/schema.ts'
import { tx } from '../../server/db/tx.ts'
import { lecture } from '../../server/demo/world.ts'
import { apply } from '../../server/order/order.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import {
  copyWithout,
  deafBus,
  newSlot,
  newUsers,
  openCrowd,
  seatsTaken,
  seedWorld,
} from './setting.ts'

jest.setTimeout(300_000)

let database: FreshDatabase
let crowd: Db
beforeAll(async () => {
  database = await freshDatabase()
  crowd = openCrowd(database.url, 24)
  await seedWorld(database.db)
})
afterAll(() => crowd.close())

/** A slot that is full of single holds, with people in line. */
async function fullSlot(db: Kysely<Database>, capacity: number, inLine: number) {
  const slot = await newSlot(db, { serviceId: lecture, capacity })
  const holders = await newUsers(db, capacity)
  const orders = holders.map((user) => ({ order: randomUUID(), user, slot, party: 1 }))
  await hold(db, deafBus, orders)
  const waiters = inLine > 0 ? await newUsers(db, inLine) : []
  const waits: string[] = []
  for (const user of waiters) {
    const id = randomUUID()
    await sql`select join_waits(${id}::uuid, ${user}::uuid, ${slot}::uuid, 1)`.execute(db)
    waits.push(id)
  }
  return { slot, orders: orders.map(({ order }) => order), waits }
}

const walkIn = async (db: Kysely<Database>, slot: string) => {
  const [user = ''] = await newUsers(db, 1)
  const [verdict] = await hold(db, deafBus, [{ order: randomUUID(), user, slot, party: 1 }])
  return verdict
}

const cancel = (db: Kysely<Database>, order: string) =>
  tx(db, (t) => apply(t, deafBus, order, 'cancel', { by: 'user' }))

const lapse = (db: Kysely<Database>, orders: readonly string[]) =>
  sql`update orders set held_until = clock_timestamp() where id = any (${orders}::uuid[])`.execute(
    db,
  )

async function offered(db: Kysely<Database>, slot: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from waits where slot_id = ${slot} and state = 'offered' order by seq`.execute(db)
  return rows.map(({ id }) => id)
}

/** Half of the holders cancel, the other half lets time run out, while many others ask. */
async function stampede(db: Kysely<Database>, by: Kysely<Database>) {
  const { slot, orders, waits } = await fullSlot(db, 8, 5)
  await lapse(db, orders.slice(0, 3))
  const [verdicts] = await Promise.all([
    Promise.all(Array.from({ length: 40 }, () => walkIn(by, slot))),
    Promise.all(orders.slice(3, 6).map((order) => cancel(by, order))),
  ])
  // Some came before the last seat was free, on a busy machine all of them.
  verdicts.push(...(await Promise.all(Array.from({ length: 8 }, () => walkIn(by, slot)))))
  // On a busy machine the last seat may come free when all who ran have been told no.
  verdicts.push(...(await Promise.all(Array.from({ length: 10 }, () => walkIn(by, slot)))))
  const walkedIn = verdicts.filter((one) => one?.verdict === 'granted').length
  return { slot, waits, walkedIn }
}

test('6 seats come free under 48 walk-ins: the 5 in line have theirs, one walk-in has the sixth', async () => {
  const { slot, waits, walkedIn } = await stampede(database.db, crowd.db)
  expect(await offered(database.db, slot)).toEqual(waits)
  expect(walkedIn).toBe(1)
  expect(await seatsTaken(database.db, slot)).toBe(8)
})

test('control: without the setting-aside the walk-ins take what is the list’s', async () => {
  const other = await freshDatabase()
  await seedWorld(other.db)
  await copyWithout(other.db, 'expire_holds', 'expire_holds', [
    ['perform offer_seats(p_slots, p_at)', 'null'],
  ])
  await sql`drop trigger slots_offer on slots`.execute(other.db)
  const many = openCrowd(other.url, 24)
  try {
    const { walkedIn } = await stampede(other.db, many.db)
    expect(walkedIn).toBe(6)
  } finally {
    await many.close()
  }
})

test('20 people join at once: 20 places, one after the other, counted right', async () => {
  const { slot } = await fullSlot(database.db, 2, 0)
  const users = await newUsers(database.db, 20)
  const join = (user: string, id: string) =>
    sql`select join_waits(${id}::uuid, ${user}::uuid, ${slot}::uuid, 1)`.execute(crowd.db)
  // Each taps twice on two phones: one place a person.
  await Promise.all(users.flatMap((user) => [join(user, randomUUID()), join(user, randomUUID())]))
  const { rows } = await sql<{ people: number; places: number; waiting: number }>`
    select count(distinct user_id)::int as people, count(*)::int as places,
      (select waiting from slots where id = ${slot}) as waiting
    from waits where slot_id = ${slot} and state = 'waiting'`.execute(database.db)
  expect(rows[0]).toEqual({ people: 20, places: 20, waiting: 20 })
})

test('offers, refusals and leaving at once: every seat and every place adds up', async () => {
  const { slot, orders, waits } = await fullSlot(database.db, 6, 12)
  await Promise.all([
    ...orders.map((order) => cancel(crowd.db, order)),
    ...waits
      .filter((_, i) => i % 3 === 0)
      .map((id) => sql`select leave_waits(${id}::uuid)`.execute(crowd.db)),
    ...Array.from({ length: 10 }, () => walkIn(crowd.db, slot)),
  ])
  const { rows } = await sql<{ taken: number; waiting: number; open: number }>`
    select taken, waiting, (select count(*)::int from waits
      where slot_id = slots.id and state = 'waiting') as open from slots where id = ${slot}`.execute(
    database.db,
  )
  const [row] = rows
  expect(row?.waiting).toBe(row?.open)
  expect(row?.taken).toBe(await seatsTaken(database.db, slot))
  expect(row?.taken).toBe(6)
  // Nobody in line was passed by: who still waits stands behind everybody who was offered a seat.
  const { rows: skipped } = await sql`
    select from waits behind join waits before on before.slot_id = behind.slot_id
      and before.seq < behind.seq and before.state = 'waiting'
    where behind.slot_id = ${slot} and behind.state = 'offered'`.execute(database.db)
  expect(skipped).toEqual([])
})
