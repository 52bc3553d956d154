/**
 * The auditor (X1): every kind of drift is found, in less than a minute, also what left no mark; a
 * slot that drifts is not sold from that very transaction on.
 */
import { randomUUID } from 'node:crypto'
import type { FindingKind } from '@jiyue/contract/audit'
import { sql } from 'kysely'
import { auditChanged, auditRound, rounds } from '../../server/auditor/auditor.ts'
import { hold } from '../../server/booking/booking.ts'
import { tx } from '../../server/db/tx.ts'
import { lecture, loft, staff, venue } from '../../server/demo/world.ts'
import { expireLapsed } from '../../server/order/order.ts'
import { sweeps } from '../../server/sweep/sweep.ts'
import { deafBus, newSlot, newUsers } from '../races/setting.ts'
import { must, openWorld, registeredOrder, signIn, type World } from '../world.ts'
import { allChanged, kindsOf, openAbout, unmarked, wholeRound } from './auditing.ts'
import { askMove, type Booked, booked, openPayment, pricedSlot } from './moving.ts'

let world: World
const db = () => world.database.db
const run = (statement: string) => sql.raw(statement).execute(db())
beforeAll(async () => {
  world = await openWorld()
  await sql`insert into rules values ('bookingDays', 60), ('ordersPerUser', 1000)`.execute(db())
  // Planted rows may break what the database itself would refuse.
  await run(`alter table slots drop constraint slots_never_oversold`)
  await run(`alter table slots drop constraint slots_staff_once, drop constraint slots_room_once`)
})
afterAll(() => world.close())

/** Every finding that is open. */
const all = () =>
  db().selectFrom('findings').select('kind').where('resolved_at', 'is', null).execute()

const paymentOf = async (orderId: string) =>
  db().selectFrom('payments').selectAll().where('order_id', '=', orderId).executeTakeFirstOrThrow()

const refundInto = (paymentId: string, fen: number, reason: string) => `
  insert into refunds (id, payment_id, refund_no, amount_fen, reason, state, requested_at)
  values ('${randomUUID()}', '${paymentId}', '${randomUUID()}', ${fen}, '${reason}', 'requested', now())`

test('books that were never touched from outside have no findings: paid, cancelled, moved, expired', async () => {
  const one = await booked(world, { party: 2 })
  await must(one.person.call, 'cancelOrder', { params: { id: one.order.id } })
  // Late, for a fee by rule.
  const late = await booked(world, { startsIn: 5 })
  await must(late.person.call, 'cancelOrder', { params: { id: late.order.id } })
  await askMove(await booked(world), await pricedSlot(world))
  const person = await signIn(world)
  const lapsing = await registeredOrder(person, await pricedSlot(world))
  await openPayment(person, lapsing.id)
  await run(`update orders set held_until = now() where id = '${lapsing.id}'`)
  for (const name of ['slots', 'orders', 'history'] as const) await wholeRound(world.parts, name)
  await allChanged(world.parts)
  expect(await all()).toEqual([])
})

test('a slot’s own finding, told by the marks, stops its sale as the round does', async () => {
  const { slot } = await booked(world, { party: 2 })
  await run(`update slots set taken = taken + 1 where id = '${slot}'`)
  await allChanged(world.parts)
  expect(kindsOf(await openAbout(world, slot))).toEqual(['seats'])
  await run(`update slots set taken = taken - 1, checking_since = null where id = '${slot}'`)
  await wholeRound(world.parts, 'slots')
})

test('what a cancelled order may keep is what was decided then, whatever the rule is today', async () => {
  const late = await booked(world, { startsIn: 5 })
  await must(late.person.call, 'cancelOrder', { params: { id: late.order.id } })
  await run(`insert into rules values ('cancelFeePercent', 1)`)
  await allChanged(world.parts)
  expect(await all()).toEqual([])
  await run(`delete from rules where key = 'cancelFeePercent'`)
})

interface Drift {
  kinds: FindingKind[]
  /** Plants it and answers how to take it back; what else it is about goes into `about`. */
  plant(one: Booked, about: string[]): Promise<string>
}

/** Planted on a paid order of its own; each drift is found as exactly these kinds. */
const drifts: Record<string, Drift> = {
  'a payment without its fact': {
    kinds: ['money_kept', 'payment_without_fact'],
    async plant({ order }) {
      const id = randomUUID()
      await run(`insert into payments (id, order_id, method, scene, client_ip, trade_no, amount_fen,
          state, expires_at, paid_fen, paid_at, created_at)
        values ('${id}', '${order.id}', 'wechat', 'weapp', '::1', '${id}', 100, 'succeeded', now(),
          100, now(), now())`)
      return `delete from payments where id = '${id}'`
    },
  },
  'money that is kept for nothing: the order ended, nothing went back': {
    kinds: ['money_kept', 'order_state', 'seats'],
    async plant({ order }) {
      await run(`update orders set state = 'cancelled' where id = '${order.id}'`)
      return `set session_replication_role = replica;
        update orders set state = 'confirmed' where id = '${order.id}';
        set session_replication_role = default`
    },
  },
  'money given back though the seat stays': {
    kinds: ['money_kept'],
    async plant({ order }) {
      await run(refundInto((await paymentOf(order.id)).id, 100, 'cancelled'))
      return `delete from refunds where payment_id = '${(await paymentOf(order.id)).id}'`
    },
  },
  'a payment that loses its state': {
    kinds: ['fact_without_payment', 'money_kept'],
    async plant({ order }) {
      const { id, paid_fen } = await paymentOf(order.id)
      await unmarked(
        world,
        `update payments set state = 'pending', paid_fen = null, paid_at = null
        where id = '${id}'`,
      )
      await run(`insert into audit_due (order_id, since) values ('${order.id}', now())`)
      return `set session_replication_role = replica;
        update payments set state = 'succeeded', paid_fen = ${paid_fen}, paid_at = now() where id = '${id}';
        set session_replication_role = default`
    },
  },
  'a payment closed by nobody’s word': {
    kinds: ['payment_state'],
    async plant({ person }, about) {
      const order = await registeredOrder(person, await pricedSlot(world))
      about.push(order.id)
      const payment = await openPayment(person, order.id)
      await run(`update payments set state = 'closed' where id = '${payment.id}'`)
      return `set session_replication_role = replica;
        update payments set state = 'pending' where id = '${payment.id}';
        set session_replication_role = default`
    },
  },
  'more given back than came in': {
    kinds: ['money_kept', 'refund_beyond_payment'],
    async plant({ order }) {
      const { id, paid_fen } = await paymentOf(order.id)
      await unmarked(world, refundInto(id, (paid_fen ?? 0) + 1, 'manual'))
      await run(`insert into audit_due (order_id, since) values ('${order.id}', now())`)
      return `delete from refunds where payment_id = '${id}'`
    },
  },
  'a refund done by nobody’s word': {
    kinds: ['refund_state'],
    async plant({ person, order }) {
      await must(person.call, 'cancelOrder', { params: { id: order.id } })
      const { id } = await paymentOf(order.id)
      await run(
        `update refunds set state = 'succeeded', refunded_at = now() where payment_id = '${id}'`,
      )
      return `set session_replication_role = replica;
        update refunds set state = 'requested', refunded_at = null where payment_id = '${id}';
        set session_replication_role = default`
    },
  },
  'a state that nothing led to': {
    kinds: ['order_state'],
    async plant({ order }) {
      await run(`update orders set state = 'completed' where id = '${order.id}'`)
      return `set session_replication_role = replica;
        update orders set state = 'confirmed' where id = '${order.id}';
        set session_replication_role = default`
    },
  },
  'an order that never was held': {
    kinds: ['order_state'],
    async plant({ order }) {
      await run(`delete from events where order_id = '${order.id}' and what = 'hold'`)
      await run(`insert into audit_due (order_id, since) values ('${order.id}', now())`)
      return `insert into events (id, order_id, what, by, at) overriding system value
        values (-${Date.now()}, '${order.id}', 'hold', 'user', now())`
    },
  },
}

/** Sets replication role on one connection, then gives it back: several statements at once. */
const takeBack = (statements: string) =>
  db()
    .connection()
    .execute((one) => sql.raw(statements).execute(one))

describe('each drift of money and states', () => {
  test.each(Object.entries(drifts))(
    '%s is found by the marks, and is over when it agrees again',
    async (_, drift) => {
      const one = await booked(world)
      const about = [one.order.id, one.slot]
      await allChanged(world.parts)
      expect(await openAbout(world, ...about)).toEqual([])
      const back = await drift.plant(one, about)
      await allChanged(world.parts)
      const found = await openAbout(world, ...about)
      expect(kindsOf(found).sort()).toEqual([...drift.kinds].sort())
      // Finding the same again is the same finding.
      await wholeRound(world.parts, 'orders')
      expect((await openAbout(world, ...about)).map(({ subject }) => subject)).toEqual(
        found.map(({ subject }) => subject),
      )
      await takeBack(back)
      await wholeRound(world.parts, 'orders')
      await wholeRound(world.parts, 'slots')
      expect(await openAbout(world, ...about)).toEqual([])
    },
  )

  test('money that names no payment of ours is found, once for all its news', async () => {
    const trade = randomUUID()
    for (let times = 0; times < 2; times++)
      await run(`insert into facts (method, kind, trade_no, state, amount_fen, heard_by, verdict, heard_at)
        values ('wechat', 'trade', '${trade}', 'paid', 990, 'notice', 'unknown_trade', now())`)
    await wholeRound(world.parts, 'slots')
    const found = await db()
      .selectFrom('findings')
      .selectAll()
      .where('order_id', 'is', null)
      .where('slot_id', 'is', null)
      .execute()
    expect(found).toMatchObject([{ kind: 'fact_without_payment', found: { fen: 990 } }])
  })
})

describe('each drift of seats', () => {
  test.each([
    ['a counter too high', 1],
    ['a counter too low', -1],
  ])('%s', async (_, by) => {
    const { slot } = await booked(world, { party: 2 })
    await run(`update slots set taken = taken + ${by} where id = '${slot}'`)
    await wholeRound(world.parts, 'slots')
    expect(await openAbout(world, slot)).toEqual([
      { kind: 'seats', subject: slot, expected: { seats: 2 }, found: { seats: 2 + by } },
    ])
    await run(`update slots set taken = taken - ${by} where id = '${slot}'`)
  })

  test('more people than seats', async () => {
    const { slot } = await booked(world, { party: 2 })
    await run(`update slots set capacity = 1 where id = '${slot}'`)
    await wholeRound(world.parts, 'slots')
    expect(await openAbout(world, slot)).toMatchObject([
      { kind: 'oversold', subject: slot, expected: { seats: 1 }, found: { seats: 2 } },
    ])
    await run(`update slots set capacity = 9 where id = '${slot}'`)
  })

  test('one person at two places', async () => {
    const staffId = staff.find((one) => one.serviceIds.length === 2)?.id as string
    const [user] = (await newUsers(db(), 1)) as [string]
    const slot = await newSlot(db(), { serviceId: lecture, capacity: 9, staffId, startsIn: 200 })
    await hold(db(), deafBus, [{ order: randomUUID(), user, slot, party: 1 }])
    const other = await newSlot(db(), { serviceId: venue, capacity: 9, startsIn: 201 })
    await hold(db(), deafBus, [{ order: randomUUID(), user, slot: other, party: 8 }])
    await run(`update slots set staff_id = '${staffId}' where id = '${other}'`)
    await wholeRound(world.parts, 'slots')
    const found = await openAbout(world, slot, other)
    expect(kindsOf(found)).toEqual(['staff_twice', 'staff_twice'])
    expect(found.map(({ subject }) => subject).sort()).toEqual([slot, other].sort())
    await run(`update slots set staff_id = null where id = '${other}'`)
  })

  test('one room at two places', async () => {
    const [user] = (await newUsers(db(), 1)) as [string]
    const slot = await newSlot(db(), {
      serviceId: lecture,
      capacity: 9,
      roomId: loft,
      startsIn: 220,
    })
    await hold(db(), deafBus, [{ order: randomUUID(), user, slot, party: 1 }])
    const other = await newSlot(db(), { serviceId: venue, capacity: 9, startsIn: 221 })
    await hold(db(), deafBus, [{ order: randomUUID(), user, slot: other, party: 8 }])
    await run(`update slots set room_id = '${loft}' where id = '${other}'`)
    await wholeRound(world.parts, 'slots')
    const found = await openAbout(world, slot, other)
    expect(kindsOf(found)).toEqual(['room_twice', 'room_twice'])
    await run(`update slots set room_id = null where id = '${other}'`)
  })

  test('seats of a lapsed hold that nobody tidied up are no drift', async () => {
    const slot = await pricedSlot(world)
    const [user] = (await newUsers(db(), 1)) as [string]
    const order = randomUUID()
    await hold(db(), deafBus, [{ order, user, slot, party: 3 }])
    await run(`update orders set held_until = now() - interval '1 hour' where id = '${order}'`)
    await wholeRound(world.parts, 'slots')
    expect(await openAbout(world, slot)).toEqual([])
  })

  test('a counter too low for its own lapsed holds stops that slot, and nobody else’s holds wait for it', async () => {
    const [drifted, sound] = [await booked(world, { party: 2 }), await booked(world)]
    // A hold on each beside the confirmed order; both lapse, the drifted one first and many times over.
    const person = await signIn(world)
    const held = async (slot: string) => {
      const params = { id: randomUUID() }
      await must(person.call, 'putOrder', { params, body: { slotId: slot, party: 2 } })
      return params.id
    }
    const [stuck, tidy] = [await held(drifted.slot), await held(sound.slot)]
    await run(`update orders set held_until = now() - interval '1 minute' where id = '${stuck}'`)
    await run(`update orders set held_until = now() where id = '${tidy}'`)
    await run(`update slots set taken = 1 where id = '${drifted.slot}'`)
    // Tidying by ones: what cannot be tidied does not stand before the rest.
    for (let turn = 0; turn < 20; turn++) await tx(db(), (t) => expireLapsed(t, world.parts.bus, 1))
    const states = async () => {
      const rows = await db()
        .selectFrom('orders')
        .select(['id', 'state'])
        .where('id', 'in', [stuck, tidy])
        .execute()
      return Object.fromEntries(rows.map(({ id, state }) => [id, state]))
    }
    expect(await states()).toEqual({ [stuck]: 'held', [tidy]: 'expired' })
    const again = person.call('putOrder', {
      params: { id: randomUUID() },
      body: { slotId: drifted.slot, party: 1 },
    })
    expect(await again).toMatchObject({ code: 'slot_checking' })
    // The auditor names it; put right, the hold is tidied up by itself.
    await allChanged(world.parts)
    await wholeRound(world.parts, 'slots')
    expect(kindsOf(await openAbout(world, drifted.slot))).toEqual(['seats'])
    await run(`update slots set taken = 4 where id = '${drifted.slot}'`)
    await tx(db(), (t) => expireLapsed(t, world.parts.bus, 1))
    expect((await states())[stuck]).toBe('expired')
    await wholeRound(world.parts, 'slots')
    expect(await openAbout(world, drifted.slot)).toEqual([])
    await run(`update slots set checking_since = null where id = '${drifted.slot}'`)
  })

  test('of a slot that is over: by the slow round over all there is, not by the quick one', async () => {
    const { slot } = await booked(world)
    await allChanged(world.parts)
    await run(`update slots set starts_at = now() - interval '9 days', bookable_until = now() - interval '9 days',
      ends_at = now() - interval '8 days', taken = taken + 1 where id = '${slot}'`)
    await wholeRound(world.parts, 'slots')
    expect(await openAbout(world, slot)).toEqual([])
    await wholeRound(world.parts, 'history')
    expect(kindsOf(await openAbout(world, slot))).toEqual(['seats'])
    await run(`update slots set taken = taken - 1 where id = '${slot}'`)
  })
})

describe('in less than a minute', () => {
  /** Lets time pass as the sweeps would run, a turn of each a second; answers the seconds it took. */
  async function secondsUntil(there: () => Promise<boolean>): Promise<number> {
    for (let second = 1; second <= 120; second++) {
      world.clock.aheadMs += 1000
      await auditChanged(world.parts)
      await auditRound(world.parts, 'slots')
      await auditRound(world.parts, 'orders')
      if (await there()) return second
    }
    return Number.POSITIVE_INFINITY
  }

  test('the auditor’s turns are a second apart', () => {
    const own = sweeps.filter(({ name }) => name.startsWith('audit'))
    expect(own.map(({ everyMs }) => everyMs)).toEqual([1000, 1000, 1000, 1000])
    // 100,000 slots: a round, and the rest of the one that had just passed the place.
    const turns = Math.ceil(100_000 / rounds.slots.rows)
    expect(2 * turns + rounds.slots.restMs / 1000).toBeLessThan(75)
    expect(Math.max(turns, rounds.slots.restMs / 1000) + turns).toBeLessThan(60)
  })

  test('a drift of seats planted right behind the auditor, among nine thousand slots', async () => {
    await run(`insert into slots (id, service_id, starts_at, ends_at, bookable_until, capacity)
      select gen_random_uuid(), '${lecture}', date_trunc('second', now()) + make_interval(mins => n + 6000),
        date_trunc('second', now()) + make_interval(mins => n + 6001),
        date_trunc('second', now()) + make_interval(mins => n + 6000), 9 from generate_series(1, 9000) n`)
    const { slot } = await booked(world, { startsIn: 2 })
    await wholeRound(world.parts, 'slots')
    await auditRound(world.parts, 'slots')
    world.clock.aheadMs += rounds.slots.restMs
    await auditRound(world.parts, 'slots')
    await unmarked(world, `update slots set taken = taken + 1 where id = '${slot}'`)
    const seconds = await secondsUntil(async () => (await openAbout(world, slot)).length > 0)
    expect(seconds).toBeLessThan(60)
    await run(`update slots set taken = taken - 1 where id = '${slot}'`)
    await run(`delete from slots where not exists (select from orders where slot_id = slots.id)
      and ends_at = starts_at + interval '1 minute'`)
  })

  test('a drift of money, by its mark', async () => {
    const { order } = await booked(world)
    await run(refundInto((await paymentOf(order.id)).id, 1, 'cancelled'))
    expect(
      await secondsUntil(async () => (await openAbout(world, order.id)).length > 0),
    ).toBeLessThan(60)
  })

  test('control: what left no mark escapes the watermark, and is found by the full round', async () => {
    const { order } = await booked(world)
    await allChanged(world.parts)
    await unmarked(world, refundInto((await paymentOf(order.id)).id, 1, 'cancelled'))
    await allChanged(world.parts)
    expect(await openAbout(world, order.id)).toEqual([])
    await wholeRound(world.parts, 'orders')
    expect(kindsOf(await openAbout(world, order.id))).toEqual(['money_kept'])
  })
})
