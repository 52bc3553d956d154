/**
 * A rush in a young shop (T1): plans made while its tables were nearly empty are kept while they fill.
 * Counted by PostgreSQL itself: rows read by reading a table through, never an assertion on time.
 */
import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { wrongSlots } from '../../server/auditor/auditor.sql.ts'
import { openPool } from '../../server/db/pool.ts'
import type { Database } from '../../server/db/schema.ts'
import { lecture } from '../../server/demo/world.ts'
import { freshDatabase } from '../db.ts'
import { decide, newSlot, newUsers } from '../races/setting.ts'
import { lectureAnswers, must, openWorld, payAtCashier, signIn, until } from '../world.ts'

/** What is written once a person or an order. */
const growing = [
  'users',
  'identities',
  'sessions',
  'consents',
  'orders',
  'events',
  'drafts',
  'registrations',
  'payments',
  'facts',
  'reminders',
  'sends',
]

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Rows of `tables` read so far by reading them through. `db` has one connection: its counts are told at once. */
async function readThrough(db: Kysely<Database>, tables: readonly string[]): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(db)
  const { rows } = await sql<{ read: number }>`
    select coalesce(sum(seq_tup_read), 0)::int as read from pg_stat_user_tables
    where relname = any(${tables})`.execute(db)
  return rows[0]?.read ?? 0
}

test('从登录到支付确认：新店第一天的抢购，后来的人不比先来的多读一行', async () => {
  const world = await openWorld({ connections: 1 })
  closing.push(world.close)
  const { db } = world.parts
  const slotId = await newSlot(db, { serviceId: lecture, capacity: 1000 })
  async function journey() {
    const person = await signIn(world)
    const params = { id: randomUUID() }
    const held = await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
    const values = { name: { value: '林小满', at: new Date().toISOString() } }
    await must(person.call, 'putDraft', { params, body: { values, step: 0 } })
    await must(person.call, 'getDraft', { params })
    await must(person.call, 'putRegistration', {
      params,
      body: { formVersion: held.form.version, values: lectureAnswers() },
    })
    const consent = {
      params: { id: randomUUID() },
      body: { answers: { booking: 'accept' } },
    } as const
    await must(person.call, 'putConsents', consent)
    const payment = await must(person.call, 'createPayment', {
      params,
      body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
    })
    await payAtCashier(world, payment.params)
    await until('confirmed', async () => {
      const { state } = await must(person.call, 'getOrder', { params })
      return state === 'confirmed'
    })
  }
  // Statements are prepared, and planned for good, after a few uses.
  for (let count = 0; count < 15; count++) await journey()
  const before = await readThrough(db, growing)
  for (let count = 0; count < 60; count++) await journey()
  expect((await readThrough(db, growing)) - before).toBe(0)
})

interface Rush {
  /** One connection, as a rush's. */
  db: Kysely<Database>
  /** Twenty people hold a seat of the one slot. */
  batch(): Promise<void>
}

/** A shop analysed while it was empty; `asBefore`: without what keeps its rush to the indexes. */
async function openRush({ asBefore = false } = {}): Promise<Rush> {
  const { url, db: setting } = await freshDatabase({ seeded: true })
  const slotId = await newSlot(setting, { serviceId: lecture, capacity: 1000 })
  const users = await newUsers(setting, 1000)
  if (asBefore) await sql`alter function hold_slots reset all`.execute(setting)
  // Nobody takes them anew meanwhile.
  await sql`alter table orders set (autovacuum_enabled = off)`.execute(setting)
  await sql`vacuum analyze`.execute(setting)
  const { db, close } = openPool(url, { max: 1, name: 'rush' })
  closing.push(close)
  if (asBefore) await sql`set random_page_cost = 4`.execute(db)
  const batch = async () => {
    const requests = users
      .splice(0, 20)
      .map((user) => ({ order: randomUUID(), user, slot: slotId, party: 1 }))
    expect(new Set(await decide(db, requests))).toEqual(new Set(['granted']))
  }
  return { db, batch }
}

describe('统计信息是在空店时做的', () => {
  /** Rows of orders and slots read through by the last of `count` batches. */
  async function readByBatch(count: number, how?: { asBefore: boolean }): Promise<number> {
    const { db, batch } = await openRush(how)
    for (let done = 1; done < count; done++) await batch()
    const before = await readThrough(db, ['orders', 'slots'])
    await batch()
    return (await readThrough(db, ['orders', 'slots'])) - before
  }

  test('锁位不通读任何一张表', async () => {
    expect(await readByBatch(8)).toBe(0)
    expect(await readByBatch(30)).toBe(0)
  })

  test('对照：没有这道设置，每一次锁位都通读订单表，越卖越慢', async () => {
    const [early, late] = [
      await readByBatch(8, { asBefore: true }),
      await readByBatch(30, { asBefore: true }),
    ]
    expect(early).toBeGreaterThan(7 * 20 * 20)
    expect(late).toBeGreaterThan(2 * early)
  })
})

test('订单几乎都在一个时段上：核对所有时段，每张订单只读一遍', async () => {
  const { db, batch } = await openRush()
  for (let done = 0; done < 40; done++) await batch()
  await sql`analyze orders`.execute(db)
  const slots = await db.selectFrom('slots').select('id').execute()
  expect(slots.length).toBeGreaterThan(100)
  const round = async () =>
    expect(
      await wrongSlots(
        db,
        slots.map(({ id }) => id),
      ),
    ).toEqual([])
  // Until its plan is the one that is kept.
  for (let done = 0; done < 12; done++) await round()
  const before = await readThrough(db, ['orders'])
  await round()
  expect((await readThrough(db, ['orders'])) - before).toBeLessThanOrEqual(2 * 40 * 20)
})

test('随订单增长的表，满一千行之前不做统计', async () => {
  const { db } = await freshDatabase()
  const { rows } = await sql<{ relname: string }>`
    select relname from pg_class
    where reloptions @> '{autovacuum_analyze_threshold=1000,autovacuum_vacuum_threshold=1000}'`.execute(
    db,
  )
  expect(rows.map(({ relname }) => relname)).toEqual(expect.arrayContaining(growing))
})
