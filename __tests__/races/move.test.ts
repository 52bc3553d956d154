/**
 * An order that moves never has two seats and never none (B9, X1), on any interleaving with holds,
 * cancels and other moves. As in hold.test.ts each guarantee has its control.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { priceOrder } from '../../server/booking/price.ts'
import { type Db, openPool } from '../../server/db/pool.ts'
import { tx } from '../../server/db/tx.ts'
import { lecture, staff } from '../../server/demo/world.ts'
import { moveOrder } from '../../server/order/move.ts'
import { apply } from '../../server/order/order.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import {
  copyWithout,
  deafBus,
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

/** A merchant of its own, with days far ahead on offer. */
async function opened(): Promise<FreshDatabase> {
  const own = await freshDatabase()
  await seedWorld(own.db)
  await sql`insert into rules values ('bookingDays', 365), ('ordersPerUser', 1000)`.execute(own.db)
  return own
}

interface Taken {
  id: string
  party: number
}

/** Confirmed orders in a slot, one for each party, of as many people. */
async function confirmed(db: Db['db'], slot: string, parties: number[]): Promise<Taken[]> {
  const users = await newUsers(db, parties.length)
  const orders = parties.map((party, i) => ({
    order: randomUUID(),
    user: users[i] as string,
    slot,
    party,
  }))
  expect(new Set(await decide(db, orders))).toEqual(new Set(['granted']))
  for (const { order, party } of orders) {
    const quote = priceOf(party)
    await tx(db, (t) => apply(t, deafBus, order, 'register', { by: 'user', quote }))
    expect(await tx(db, (t) => apply(t, deafBus, order, 'confirm', { by: 'payment' }))).toBe('ok')
  }
  return orders.map(({ order, party }) => ({ id: order, party }))
}

const priceOf = (party: number) =>
  priceOrder(
    {
      name: '讲座',
      price_fen: 6900,
      price_unit: '人',
      charged_per: 'person',
      includes: '',
      deposit_fen: 0,
      deposit_condition: null,
    },
    party,
    [],
    false,
  )

const move = ({ id, party }: Taken, slotId: string) =>
  tx(crowd.db, (t) =>
    moveOrder(t, deafBus, id, { slotId, quote: priceOf(party), by: 'user', details: {} }),
  )
const cancel = ({ id }: Taken) =>
  tx(crowd.db, (t) => apply(t, deafBus, id, 'cancel', { by: 'user' }))

/** In one glance at what is committed: seats by the slots' counters, and by the orders. */
async function seats(slots: string[]): Promise<{ counted: number; taken: number }> {
  const { rows } = await sql<{ counted: number; taken: number }>`
    select (select sum(taken)::int from slots where id = any (${slots}::uuid[])) as counted,
      (select coalesce(sum(party), 0)::int from orders where slot_id = any (${slots}::uuid[])
        and state in ('held', 'registered', 'confirmed')) as taken`.execute(database.db)
  return rows[0] as { counted: number; taken: number }
}

/** Looks again and again while `work` runs; answers how often, having seen nothing wrong. */
async function watched(slots: string[], work: Promise<unknown>): Promise<number> {
  let done = false
  let glances = 0
  const over = work.finally(() => {
    done = true
  })
  while (!done) {
    const { counted, taken } = await seats(slots)
    expect(counted).toBe(taken)
    glances++
  }
  await over
  return glances
}

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T

describe('200 moves, holds and cancels at once over six slots', () => {
  test('each order has exactly its seats in exactly one slot, at every glance and at the end', async () => {
    const slots = await Promise.all(
      [10, 10, 10, 8, 6, 5].map((capacity, i) =>
        newSlot(database.db, { serviceId: lecture, capacity, startsIn: 48 + i }),
      ),
    )
    const orders = (
      await Promise.all(slots.slice(0, 4).map((slot) => confirmed(database.db, slot, [1, 2, 3])))
    ).flat()
    const users = await newUsers(database.db, 60)
    const verdicts: string[] = []
    const work = Array.from({ length: 200 }, async (_, i) => {
      if (i % 10 === 9) return verdicts.push(`cancel ${await cancel(pick(orders))}`)
      if (i % 10 < 3) {
        const request = { order: randomUUID(), user: pick(users), slot: pick(slots), party: 1 }
        return verdicts.push(`hold ${await decide(crowd.db, [request])}`)
      }
      return verdicts.push(`move ${await move(pick(orders), pick(slots))}`)
    })
    const glances = await watched(slots, Promise.all(work))
    expect(glances).toBeGreaterThan(3)
    // All of it really happened: what was refused was refused for its reason.
    for (const seen of ['move ok', 'hold granted', 'cancel ok']) expect(verdicts).toContain(seen)
    const reasons = verdicts.filter((one) => !/ ok$| granted$/.test(one))
    for (const reason of reasons)
      expect(reason).toMatch(/slot_full|party_too_large|slot_same|order_state|held_too_often/)
    await expectWhole(slots)
    await expectHistories(orders)
  })

  /** No slot over its capacity, and its counter is what its orders take. */
  async function expectWhole(slots: string[]): Promise<void> {
    for (const id of slots) {
      const { capacity, taken } = await database.db
        .selectFrom('slots')
        .select(['capacity', 'taken'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      expect(taken).toBe(await seatsTaken(database.db, id))
      expect(taken).toBeLessThanOrEqual(capacity)
    }
  }

  /** Every move started where the one before had ended, and the order is where the last one ended. */
  async function expectHistories(orders: Taken[]): Promise<void> {
    for (const { id } of orders) {
      const events = await database.db
        .selectFrom('events')
        .select(['what', 'slot_id', 'details'])
        .where('order_id', '=', id)
        .orderBy('id')
        .execute()
      let at: string | null = null
      for (const { what, slot_id, details } of events) {
        if (what === 'move') expect(details).toMatchObject({ from: at, to: slot_id })
        else if (what !== 'hold') expect(slot_id).toBe(at)
        at = slot_id
      }
      const { slot_id } = await database.db
        .selectFrom('orders')
        .select('slot_id')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      expect(slot_id).toBe(at)
    }
  }
})

describe('60 orders want the same 10 seats', () => {
  test('exactly 10 get one, the others keep theirs', async () => {
    const from = await newSlot(database.db, { serviceId: lecture, capacity: 60 })
    const to = await newSlot(database.db, { serviceId: lecture, capacity: 10 })
    const orders = await confirmed(database.db, from, Array(60).fill(1))
    const verdicts = await Promise.all(orders.map((order) => move(order, to)))
    expect(verdicts.filter((one) => one === 'ok')).toHaveLength(10)
    expect(new Set(verdicts)).toEqual(new Set(['ok', 'slot_full']))
    expect(await seatsTaken(database.db, to)).toBe(10)
    expect(await seatsTaken(database.db, from)).toBe(50)
  })

  test('together with 60 people who hold: exactly 10 seats are taken', async () => {
    const from = await newSlot(database.db, { serviceId: lecture, capacity: 60 })
    const to = await newSlot(database.db, { serviceId: lecture, capacity: 10 })
    const orders = await confirmed(database.db, from, Array(60).fill(1))
    const users = await newUsers(database.db, 60)
    const taps = users.map((user) => ({ order: randomUUID(), user, slot: to, party: 1 }))
    const results = await Promise.all([
      ...orders.map((order) => move(order, to)),
      ...taps.map(async (tap) => (await decide(crowd.db, [tap]))[0]),
    ])
    expect(results.filter((one) => one === 'ok' || one === 'granted')).toHaveLength(10)
    expect(await seatsTaken(database.db, to)).toBe(10)
  })

  test('control: without the lock and the constraint they oversell it', async () => {
    const own = await opened()
    const rush = openPool(own.url, { max: 24, name: 'rush', waitMs: 60_000 })
    try {
      await copyWithout(own.db, 'lock_slots', 'lock_nothing', [[' for no key update of slots', '']])
      await copyWithout(own.db, 'lock_move', 'look_only', [['lock_slots(', 'lock_nothing(']])
      await copyWithout(own.db, 'move_order', 'move_unguarded', [['lock_move(', 'look_only(']])
      await sql`alter table slots drop constraint slots_never_oversold`.execute(own.db)
      let sold = 0
      for (let round = 0; round < 20 && sold <= 10; round++) {
        const from = await newSlot(own.db, { serviceId: lecture, capacity: 60 })
        const to = await newSlot(own.db, { serviceId: lecture, capacity: 10 })
        const orders = await confirmed(own.db, from, Array(60).fill(1))
        await Promise.all(
          orders.map(({ id }) =>
            sql`select move_unguarded(${id}::uuid, ${to}::uuid, 'user', ${JSON.stringify(priceOf(1))}::jsonb)`.execute(
              rush.db,
            ),
          ),
        )
        sold = await seatsTaken(own.db, to)
      }
      expect(sold).toBeGreaterThan(10)
    } finally {
      await rush.close()
    }
  })

  test('without the lock alone the constraint still holds, and says what a full slot says', async () => {
    const own = await opened()
    const rush = openPool(own.url, { max: 24, name: 'rush', waitMs: 60_000 })
    try {
      await copyWithout(own.db, 'lock_slots', 'lock_nothing', [[' for no key update of slots', '']])
      await copyWithout(own.db, 'lock_move', 'look_only', [['lock_slots(', 'lock_nothing(']])
      await copyWithout(own.db, 'move_order', 'move_unlocked', [['lock_move(', 'look_only(']])
      const from = await newSlot(own.db, { serviceId: lecture, capacity: 60 })
      const to = await newSlot(own.db, { serviceId: lecture, capacity: 10 })
      const orders = await confirmed(own.db, from, Array(60).fill(1))
      const results = await Promise.all(
        orders.map(({ id }) =>
          sql<{ verdict: string }>`select move_unlocked(${id}::uuid, ${to}::uuid, 'user',
            ${JSON.stringify(priceOf(1))}::jsonb) as verdict`.execute(rush.db),
        ),
      )
      const verdicts = results.map(({ rows }) => rows[0]?.verdict)
      expect(verdicts.filter((one) => one === 'ok')).toHaveLength(10)
      expect(new Set(verdicts)).toEqual(new Set(['ok', 'slot_full']))
      expect(await seatsTaken(own.db, from)).toBe(50)
    } finally {
      await rush.close()
    }
  })
})

describe('two orders that want each other’s slot', () => {
  /** In one attempt: a deadlock, which `tx` would try again, fails here. */
  async function moveOnce({ id, party }: Taken, slotId: string): Promise<string | undefined> {
    const { rows } = await sql<{ verdict: string }>`select move_order(${id}::uuid, ${slotId}::uuid,
      'user', ${JSON.stringify(priceOf(party))}::jsonb) as verdict`.execute(crowd.db)
    return rows[0]?.verdict
  }

  test.each([
    ['with a seat to spare both get it', 2, ['ok', 'ok']],
    ['without one both keep theirs', 1, ['slot_full', 'slot_full']],
  ] as const)('%s, and neither waits for the other for ever', async (_, capacity, expected) => {
    for (let round = 0; round < 12; round++) {
      const [a, b] = (await Promise.all(
        [0, 1].map(() => newSlot(database.db, { serviceId: lecture, capacity })),
      )) as [string, string]
      const [[mine], [theirs]] = (await Promise.all([
        confirmed(database.db, a, [1]),
        confirmed(database.db, b, [1]),
      ])) as [[Taken], [Taken]]
      expect(await Promise.all([moveOnce(mine, b), moveOnce(theirs, a)])).toEqual(expected)
      expect([await seatsTaken(database.db, a), await seatsTaken(database.db, b)]).toEqual([1, 1])
    }
  })
})

test('moving and cancelling at once: the seat is gone, from whichever slot', async () => {
  const outcomes = new Set<string>()
  for (let round = 0; round < 40; round++) {
    const [from, to] = (await Promise.all(
      [0, 1].map(() => newSlot(database.db, { serviceId: lecture, capacity: 2 })),
    )) as [string, string]
    const [order] = (await confirmed(database.db, from, [1])) as [Taken]
    const both = [() => move(order, to), () => cancel(order)]
    const acts = round % 2 ? both : both.reverse()
    // At once, or a few milliseconds apart: cancelling is the shorter way and would win nearly always.
    const verdicts = await Promise.all(acts.map((act, nth) => pause(nth * (round % 5)).then(act)))
    outcomes.add([...verdicts].sort().join(' '))
    expect([await seatsTaken(database.db, from), await seatsTaken(database.db, to)]).toEqual([0, 0])
    expect(await seats([from, to])).toEqual({ counted: 0, taken: 0 })
  }
  // Both ends of the race were seen.
  expect(outcomes).toEqual(new Set(['ok ok', 'ok order_state']))
})

describe('one person of the staff, four overlapping slots (B3)', () => {
  const lecturer = staff.find((person) => person.serviceIds.length === 2)?.id ?? ''

  async function setting(db: Db['db'], startsIn: number) {
    const home = await newSlot(db, { serviceId: lecture, capacity: 60, startsIn: startsIn + 200 })
    const slots = await Promise.all(
      [0, 0.5, 1, 1.5].map((late) =>
        newSlot(db, {
          serviceId: lecture,
          capacity: 20,
          staffId: lecturer,
          startsIn: startsIn + late,
        }),
      ),
    )
    return { slots, orders: await confirmed(db, home, Array(16).fill(1)) }
  }

  test('whoever moves first decides which of them takes place, and only that one', async () => {
    for (let round = 0; round < 6; round++) {
      const { slots, orders } = await setting(database.db, 400 + round * 10)
      const verdicts = await Promise.all(
        orders.map((order, i) => move(order, slots[i % 4] as string)),
      )
      const sold = await Promise.all(slots.map((slot) => seatsTaken(database.db, slot)))
      expect(sold.filter((seats) => seats > 0)).toEqual([4])
      expect(verdicts.filter((one) => one === 'staff_busy')).toHaveLength(12)
    }
  })

  test('control: without locks and constraint the person is at two places', async () => {
    const own = await opened()
    const rush = openPool(own.url, { max: 24, name: 'rush', waitMs: 60_000 })
    try {
      await copyWithout(own.db, 'lock_slots', 'lock_nothing', [
        [' for no key update of slots', ''],
        ['perform pg_advisory_xact_lock(1', 'perform greatest(1'],
      ])
      await copyWithout(own.db, 'lock_move', 'look_only', [['lock_slots(', 'lock_nothing(']])
      await copyWithout(own.db, 'move_order', 'move_unguarded', [['lock_move(', 'look_only(']])
      await sql`alter table slots drop constraint slots_staff_once`.execute(own.db)
      let places = 1
      for (let round = 0; round < 20 && places < 2; round++) {
        const { slots, orders } = await setting(own.db, 400 + round * 10)
        await Promise.all(
          orders.map(({ id }, i) =>
            sql`select move_unguarded(${id}::uuid, ${slots[i % 4]}::uuid, 'user', ${JSON.stringify(priceOf(1))}::jsonb)`.execute(
              rush.db,
            ),
          ),
        )
        const sold = await Promise.all(slots.map((slot) => seatsTaken(own.db, slot)))
        places = sold.filter((seats) => seats > 0).length
      }
      expect(places).toBeGreaterThan(1)
    } finally {
      await rush.close()
    }
  })
})
