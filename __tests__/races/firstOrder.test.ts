/**
 * A new customer's discount 新人立减 is given to one order of a person at a time (P5), however many
 * they register at once; the control takes the lock away.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { pino } from 'pino'
import type { Db } from '../../server/db/pool.ts'
import { tx } from '../../server/db/tx.ts'
import { lecture } from '../../server/demo/world.ts'
import { apply, readOrder } from '../../server/order/order.ts'
import type { Parts } from '../../server/parts.ts'
import { createSeal } from '../../server/people/seal.ts'
import { openQueue } from '../../server/queue/queue.ts'
import { submit } from '../../server/registration/registration.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import { lectureAnswers } from '../world.ts'
import { copyWithout, deafBus, decide, newSlot, newUsers, openCrowd, seedWorld } from './setting.ts'

let database: FreshDatabase
let crowd: Db
beforeAll(async () => {
  database = await opened()
  crowd = openCrowd(database.url, 12)
})
afterAll(() => crowd.close())

async function opened(): Promise<FreshDatabase> {
  const own = await freshDatabase()
  await seedWorld(own.db)
  await sql`insert into rules values ('bookingDays', 365), ('ordersPerUser', 1000)`.execute(own.db)
  return own
}

async function newPerson(): Promise<string> {
  const [id] = await newUsers(database.db, 1)
  return id as string
}

/** A held order of a slot of its own. */
async function held(db: Db['db'], user: string): Promise<string> {
  const slot = await newSlot(db, { serviceId: lecture, capacity: 9 })
  const order = randomUUID()
  expect(await decide(db, [{ order, user, slot, party: 1 }])).toEqual(['granted'])
  return order
}

async function register({ db }: Pick<Db, 'db'>, id: string): Promise<void> {
  const parts: Parts = {
    db,
    bus: deafBus,
    seal: createSeal(Buffer.alloc(32, 7)),
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    // Registering speaks to nobody outside.
    gateways: {} as Parts['gateways'],
    platforms: {} as Parts['platforms'],
    queue: openQueue(),
    publicUrl: '',
  }
  const values = lectureAnswers()
  expect(await submit(parts, await readOrder(db, id), { formVersion: 1, values })).toBe('ok')
}

async function registered(user: string): Promise<string> {
  const id = await held(database.db, user)
  await register(crowd, id)
  return id
}

const confirm = (id: string) =>
  tx(crowd.db, (t) => apply(t, deafBus, id, 'confirm', { by: 'payment' }))

/** Of the orders those whose locked price has the discount. */
async function discounted(db: Db['db'], ids: string[]): Promise<string[]> {
  const rows = await Promise.all(ids.map((id) => readOrder(db, id)))
  return rows.flatMap(({ id, quote }) =>
    quote?.lines.some(({ label }) => label === '新人立减') ? [id] : [],
  )
}

async function registerAll(db: Db['db'], pool: Db, user: string): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: 6 }, () => held(db, user)))
  await Promise.all(ids.map((id) => register(pool, id)))
  return discounted(db, ids)
}

describe('six orders of one person, registered at once', () => {
  test('one of them gets the discount', async () => {
    for (let round = 0; round < 8; round++)
      expect(await registerAll(database.db, crowd, await newPerson())).toHaveLength(1)
  })

  test('control: without the person’s lock several get it', async () => {
    const own = await opened()
    const rush = openCrowd(own.url, 12)
    try {
      const lock = 'perform pg_advisory_xact_lock(2, hashtext(p_user::text))'
      await copyWithout(own.db, 'lock_user', 'lock_user', [[lock, 'perform 1']])
      let most = 0
      // On a busy machine one crowd may happen to come one by one; not twenty.
      for (let round = 0; round < 20 && most <= 1; round++) {
        const [user] = await newUsers(own.db, 1)
        most = (await registerAll(own.db, rush, user as string)).length
      }
      expect(most).toBeGreaterThan(1)
    } finally {
      await rush.close()
    }
  })
})

describe('one after another', () => {
  test('the second waits for no discount while the first waits for its money, nor once it is paid', async () => {
    const user = await newPerson()
    const first = await registered(user)
    const second = await registered(user)
    await confirm(first)
    const third = await registered(user)
    expect(await discounted(database.db, [first, second, third])).toEqual([first])
  })

  test('one that is cancelled unpaid gives it free; one that was paid once does not', async () => {
    const user = await newPerson()
    const cancel = (id: string) =>
      tx(crowd.db, (t) => apply(t, deafBus, id, 'cancel', { by: 'user' }))
    const first = await registered(user)
    await cancel(first)
    const second = await registered(user)
    await confirm(second)
    await cancel(second)
    const third = await registered(user)
    expect(await discounted(database.db, [first, second, third])).toEqual([first, second])
  })

  test('one whose time is over gives it free at that second, before anybody tidies it up', async () => {
    const user = await newPerson()
    const first = await registered(user)
    await sql`update orders set held_until = clock_timestamp() where id = ${first}`.execute(
      database.db,
    )
    const second = await registered(user)
    expect(await discounted(database.db, [first, second])).toEqual([first, second])
    expect((await readOrder(database.db, first)).state).toBe('registered')
  })

  test('money that comes late is taken at the price that was promised', async () => {
    const user = await newPerson()
    const first = await registered(user)
    await sql`update orders set held_until = clock_timestamp() where id = ${first}`.execute(
      database.db,
    )
    const { payable_fen } = await readOrder(database.db, first)
    await registered(user)
    await tx(crowd.db, (t) =>
      sql`select expire_holds(array(select slot_id from orders where id = ${first}), clock_timestamp())`.execute(
        t,
      ),
    )
    expect(await confirm(first)).toBe('ok')
    expect((await readOrder(database.db, first)).payable_fen).toBe(payable_fen)
  })

  test('an order of another person, or without the discount, does not count', async () => {
    await registered(await newPerson())
    const user = await newPerson()
    await sql`update promotions set ends_at = starts_at`.execute(database.db)
    const plain = await registered(user)
    await sql`update promotions set ends_at = now() + interval '1 day'`.execute(database.db)
    const first = await registered(user)
    expect(await discounted(database.db, [plain, first])).toEqual([first])
  })
})
