/**
 * Every cell of the state tables, driven through the real `apply`, `settle` and refund door on
 * PostgreSQL: what the table allows happens, everything else answers so and changes nothing.
 */
import { randomUUID } from 'node:crypto'
import {
  type OrderEvent,
  type OrderState,
  orderEvents,
  orderMoves,
  orderStates,
  stateAt,
  takesSeat,
} from '@jiyue/contract/order'
import {
  type PaymentState,
  paymentMoves,
  paymentStates,
  type RefundState,
  refundMoves,
  refundStates,
} from '@jiyue/contract/payment'
import { sql } from 'kysely'
import { priceOrder } from '../../server/booking/price.ts'
import { tx } from '../../server/db/tx.ts'
import { lecture } from '../../server/demo/world.ts'
import { lockMove, moveOrder } from '../../server/order/move.ts'
import { apply } from '../../server/order/order.ts'
import type { RefundFact } from '../../server/payment/gateways/gateway.ts'
import { settleRefund } from '../../server/payment/refund.ts'
import { settle } from '../../server/payment/settle.ts'
import { newSlot, newUsers, seatsTaken } from '../races/setting.ts'
import { openWorld, type World } from '../world.ts'

let world: World
let userId: string
beforeAll(async () => {
  world = await openWorld()
  userId = (await newUsers(world.database.db, 1))[0] as string
})
afterAll(() => world.close())

const seats = 2
const quote = priceOrder(
  {
    name: '讲座',
    price_fen: 6900,
    price_unit: '人',
    charged_per: 'person',
    includes: '',
    deposit_fen: 0,
    deposit_condition: null,
  },
  seats,
  [],
  false,
)

/** An order in a state, with the seats that state takes. `lapsed`: its time is over, not tidied up. */
async function orderIn(state: OrderState, { lapsed = false, capacity = 5, startsIn = 72 } = {}) {
  const { db } = world.database
  const slot = await newSlot(db, { serviceId: lecture, capacity, startsIn })
  const id = randomUUID()
  const now = new Date()
  const timed = takesSeat[state] === 'until_held_until'
  const registered = state !== 'held'
  await db
    .insertInto('orders')
    .values({
      id,
      number: `T${id.slice(0, 13)}`,
      user_id: userId,
      service_id: lecture,
      slot_id: slot,
      party: seats,
      state,
      held_until: timed ? new Date(now.getTime() + (lapsed ? -1 : 600_000)) : null,
      form_version: 1,
      quote: registered ? JSON.stringify(quote) : null,
      payable_fen: registered ? quote.payableFen : null,
      created_at: now,
      registered_at: registered ? now : null,
      confirmed_at: ['confirmed', 'completed', 'missed'].includes(state) ? now : null,
      ended_at: null,
    })
    .execute()
  if (takesSeat[state] !== 'never')
    await db.updateTable('slots').set({ taken: seats }).where('id', '=', slot).execute()
  return { id, slot }
}

/** Lets an event happen through its one writer: moving to a fresh slot has one of its own. */
async function happen(id: string, event: OrderEvent) {
  const { bus, db } = { ...world.parts, ...world.database }
  if (event !== 'move')
    return tx(db, (t) =>
      apply(t, bus, id, event, { by: 'user', ...(event === 'register' && { quote }) }),
    )
  const slotId = await newSlot(db, { serviceId: lecture, capacity: 5, startsIn: 96 })
  return tx(db, (t) => moveOrder(t, bus, id, { slotId, quote, by: 'user', details: {} }))
}

/** Everything that could have changed: the order, its slot's counter, its events. */
async function everythingOf({ id, slot }: { id: string; slot: string }) {
  const { db } = world.database
  const [order, { taken }, events] = await Promise.all([
    db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    db.selectFrom('slots').select('taken').where('id', '=', slot).executeTakeFirstOrThrow(),
    db.selectFrom('events').select('what').where('order_id', '=', id).execute(),
  ])
  return { order, taken, events: events.map((event) => event.what) }
}

type Moves = Record<string, Partial<Record<string, string>>>

test.each([
  ['orders', 'order_moves', orderMoves],
  ['payments', 'payment_moves', paymentMoves],
  ['refunds', 'refund_moves', refundMoves],
] as [string, 'order_moves' | 'payment_moves' | 'refund_moves', Moves][])(
  'the database holds the contract’s table of %s, cell by cell',
  async (_, table, moves) => {
    const rows = await world.database.db.selectFrom(table).selectAll().execute()
    const held = rows.map((row) => `${row.state} + ${row.event} = ${row.next}`)
    const agreed = Object.entries(moves).flatMap(([state, events]) =>
      Object.entries(events).map(([event, next]) => `${state} + ${event} = ${next}`),
    )
    expect(held.sort()).toEqual(agreed.sort())
  },
)

const cells = orderStates.flatMap((state) => orderEvents.map((event) => [state, event] as const))

describe('an order in time', () => {
  test.each(cells)('%s + %s', async (state, event) => {
    const order = await orderIn(state)
    const before = await everythingOf(order)
    const verdict = await happen(order.id, event)
    const after = await everythingOf(order)
    const next = orderMoves[state][event]
    // Only time expires a hold: nobody may ask for it before.
    if (next === undefined || event === 'expire') {
      expect(verdict).toBe('order_state')
      expect(after).toEqual(before)
      return
    }
    expect(verdict).toBe('ok')
    expect(after.order.state).toBe(next)
    expect(after.events).toEqual([event])
    const gone = takesSeat[next] === 'never' || event === 'move'
    expect(after.taken).toBe(gone ? 0 : seats)
    expect(after.taken).toBe(await seatsTaken(world.database.db, order.slot))
    const there = { id: order.id, slot: after.order.slot_id }
    expect((await everythingOf(there)).taken).toBe(takesSeat[next] === 'never' ? 0 : seats)
  })

  test.each(orderStates)('%s: only the mover moves, the other writer refuses', async (state) => {
    const order = await orderIn(state)
    const before = await everythingOf(order)
    const { db } = world.database
    expect(
      await tx(db, (t) => apply(t, world.parts.bus, order.id, 'move', { by: 'user', quote })),
    ).toBe('order_state')
    expect(await everythingOf(order)).toEqual(before)
  })

  test('one that has begun is moved no more, nor is one that does not exist', async () => {
    const order = await orderIn('confirmed', { startsIn: -1 })
    const before = await everythingOf(order)
    expect(await happen(order.id, 'move')).toBe('order_state')
    expect(await everythingOf(order)).toEqual(before)
    const { db } = world.database
    expect(await tx(db, (t) => lockMove(t, randomUUID(), order.slot))).toBe('not_found')
  })
})

describe('an order whose time is over, not yet tidied up', () => {
  const lapsing = ['held', 'registered'] as const

  test.each(lapsing.flatMap((state) => orderEvents.map((event) => [state, event] as const)))(
    '%s + %s',
    async (state, event) => {
      const order = await orderIn(state, { lapsed: true })
      const verdict = await happen(order.id, event)
      const { order: row, taken, events } = await everythingOf(order)
      if (state === 'registered' && event === 'confirm') {
        // Late money, and its seat is still there.
        expect([verdict, row.state, taken]).toEqual(['ok', 'confirmed', seats])
      } else if (event === 'register' || event === 'cancel' || event === 'expire') {
        const said = event === 'expire' ? 'ok' : 'hold_expired'
        expect([verdict, row.state, taken]).toEqual([said, 'expired', 0])
        expect(events).toEqual(['expire'])
      } else if (event === 'move') {
        // Refused, and tidied up on the way: a move gives lapsed holds back before it looks.
        expect([verdict, row.state, taken]).toEqual(['order_state', 'expired', 0])
        expect(events).toEqual(['expire'])
      } else {
        expect([verdict, row.state, events]).toEqual(['order_state', state, []])
      }
    },
  )

  test('it is expired at that very millisecond, for the database as for the contract', async () => {
    const order = await orderIn('held')
    const { held_until } = (await everythingOf(order)).order
    const until = held_until as Date
    const expiredAt = async (at: Date) => {
      const { rows } = await sql<{ n: number }>`
        select expire_holds(array[${order.slot}::uuid], ${at}) as n`.execute(world.database.db)
      return rows[0]?.n
    }
    const early = new Date(until.getTime() - 1)
    const held = { state: 'held', heldUntil: until.toISOString() } as const
    expect([await expiredAt(early), stateAt(held, early.getTime())]).toEqual([0, 'held'])
    expect([await expiredAt(until), stateAt(held, until.getTime())]).toEqual([1, 'expired'])
    expect((await everythingOf(order)).taken).toBe(0)
  })
})

describe('late money', () => {
  const take = (slot: string, count: number) =>
    sql`update slots set taken = taken + ${count} where id = ${slot}`.execute(world.database.db)

  test.each([
    ['a seat is left for the whole party', { capacity: 4 }, 2, 'ok'],
    ['one seat is left for two', { capacity: 4 }, 3, 'slot_full'],
    ['the slot has begun', { capacity: 4, startsIn: -1 }, 0, 'slot_past'],
  ] as const)('%s', async (_, slot, others, said) => {
    const order = await orderIn('expired', slot)
    await take(order.slot, others)
    const before = await everythingOf(order)
    expect(await happen(order.id, 'confirm')).toBe(said)
    const after = await everythingOf(order)
    if (said !== 'ok') expect(after).toEqual(before)
    else expect([after.order.state, after.taken]).toEqual(['confirmed', others + seats])
  })

  test('the slot was closed meanwhile', async () => {
    const order = await orderIn('expired')
    await sql`update slots set closed_reason = '台风' where id = ${order.slot}`.execute(
      world.database.db,
    )
    expect(await happen(order.id, 'confirm')).toBe('slot_closed')
    expect((await everythingOf(order)).order.state).toBe('expired')
  })
})

test('an order that does not exist answers so', async () => {
  expect(await happen(randomUUID(), 'cancel')).toBe('not_found')
})

test('a state written past the table is refused by the database itself', async () => {
  for (const [from, to] of [
    ['cancelled', 'confirmed'],
    ['completed', 'held'],
    ['expired', 'registered'],
    ['confirmed', 'expired'],
  ] as const) {
    const { id } = await orderIn(from)
    await expect(
      sql`update orders set state = ${to}, held_until = case when ${to} in ('held', 'registered') then now() end
        where id = ${id}`.execute(world.database.db),
    ).rejects.toThrow(`cannot go from ${from} to ${to}`)
  }
})

/** A payment in a state, of a registered order. */
async function paymentIn(state: PaymentState) {
  const order = await orderIn('registered')
  const id = randomUUID()
  const paid = state === 'succeeded'
  await world.database.db
    .insertInto('payments')
    .values({
      id,
      order_id: order.id,
      method: 'wechat',
      scene: 'weapp',
      client_ip: '127.0.0.1',
      trade_no: id.replaceAll('-', ''),
      amount_fen: quote.payableFen,
      state,
      params: null,
      expires_at: new Date(Date.now() + 600_000),
      ask_at: null,
      transaction_id: null,
      paid_fen: paid ? quote.payableFen : null,
      paid_at: paid ? new Date() : null,
      created_at: new Date(),
    })
    .execute()
  return { ...order, paymentId: id, tradeNo: id.replaceAll('-', '') }
}

const readPayment = (id: string) =>
  world.database.db
    .selectFrom('payments')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

describe('a payment hears', () => {
  const heard = { succeed: 'paid', close: 'closed' } as const
  const events = Object.keys(heard) as (keyof typeof heard)[]

  test.each(paymentStates.flatMap((state) => events.map((event) => [state, event] as const)))(
    '%s + %s',
    async (state, event) => {
      const one = await paymentIn(state)
      const before = await readPayment(one.paymentId)
      const fact = {
        kind: 'trade',
        method: 'wechat',
        tradeNo: one.tradeNo,
        state: heard[event],
        amountFen: quote.payableFen,
      } as const
      const verdict = await settle(world.parts, fact, 'notice')
      const after = await readPayment(one.paymentId)
      const next = paymentMoves[state][event]
      if (next === undefined) {
        expect(verdict).toBe('known')
        expect(after).toEqual(before)
      } else {
        expect([verdict, after.state]).toEqual([event === 'close' ? 'closed' : 'confirmed', next])
      }
      const { order } = await everythingOf(one)
      expect(order.state).toBe(next === 'succeeded' ? 'confirmed' : 'registered')
      const facts = await world.database.db
        .selectFrom('facts')
        .select('verdict')
        .where('payment_id', '=', one.paymentId)
        .execute()
      expect(facts).toEqual([{ verdict }]) // written down whatever it means
    },
  )

  test.each(paymentStates)('%s + “not paid yet” changes nothing', async (state) => {
    const one = await paymentIn(state)
    const before = await readPayment(one.paymentId)
    for (const said of ['unpaid', 'missing'] as const) {
      const fact = {
        kind: 'trade',
        method: 'wechat',
        tradeNo: one.tradeNo,
        state: said,
        amountFen: 0,
      } as const
      expect(await settle(world.parts, fact, 'query')).toBe('waiting')
    }
    expect(await readPayment(one.paymentId)).toEqual(before)
  })
})

test('facts can be neither changed nor taken back', async () => {
  const { db } = world.database
  const one = await paymentIn('pending')
  const fact = {
    kind: 'trade',
    method: 'wechat',
    tradeNo: one.tradeNo,
    state: 'closed',
    amountFen: 0,
  } as const
  await settle(world.parts, fact, 'close')
  await expect(sql`update facts set state = 'paid'`.execute(db)).rejects.toThrow('append-only')
  await expect(sql`delete from facts`.execute(db)).rejects.toThrow('append-only')
})

const isOver = (state: RefundState) => ['succeeded', 'closed', 'otherwise'].includes(state)
const isPaid = (state: RefundState) => state === 'succeeded' || state === 'otherwise'
const saidSo = { otherwise_by: 'merchant:x', otherwise_note: '转账', evidence: 'T1' }

async function refundIn(state: RefundState, amountFen = quote.payableFen) {
  const { paymentId } = await paymentIn('succeeded')
  const id = randomUUID()
  const over = isOver(state)
  await world.database.db
    .insertInto('refunds')
    .values({
      id,
      payment_id: paymentId,
      refund_no: `R${id.replaceAll('-', '')}`,
      amount_fen: amountFen,
      reason: 'cancelled',
      state,
      due_at: over ? null : new Date(Date.now() + 600_000),
      requested_at: new Date(),
      refunded_at: isPaid(state) ? new Date() : null,
      ...(state === 'otherwise' && saidSo),
      failure: state === 'failed' ? 'ABNORMAL' : null,
    })
    .execute()
  return { id, paymentId }
}

describe('a refund hears', () => {
  const heard = { succeed: 'succeeded', fail: 'failed', close: 'closed' } as const
  const events = Object.keys(heard) as (keyof typeof heard)[]
  const readRefund = (id: string) =>
    world.database.db
      .selectFrom('refunds')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  const followerOf = (id: string) =>
    world.database.db
      .selectFrom('refunds')
      .selectAll()
      .where('replaces', '=', id)
      .executeTakeFirst()
  const factOf = (row: { refund_no: string; amount_fen: number }, state: RefundFact['state']) =>
    ({
      kind: 'refund',
      method: 'wechat',
      refundNo: row.refund_no,
      state,
      amountFen: row.amount_fen,
    }) as const

  test.each(refundStates.flatMap((state) => events.map((event) => [state, event] as const)))(
    '%s + %s',
    async (state, event) => {
      const { id, paymentId } = await refundIn(state)
      const before = await readRefund(id)
      const verdict = await settleRefund(world.parts, factOf(before, heard[event]), 'notice')
      const after = await readRefund(id)
      const next = refundMoves[state][event]
      if (next === undefined) expect(after).toEqual(before)
      else expect(after.state).toBe(next)
      const twice = state === 'otherwise' && event === 'succeed'
      expect(verdict).toBe(twice ? 'refunded_twice' : next === undefined ? 'known' : heard[event])
      // Whoever is not done yet has a turn to come.
      expect(after.due_at === null).toBe(isOver(after.state))
      // A closed one is made good under another number in the same breath, and no other is.
      const follower = await followerOf(id)
      if (next === 'closed') {
        expect(follower).toMatchObject({ state: 'requested', amount_fen: before.amount_fen })
        expect(follower?.due_at).toBeTruthy()
      } else expect(follower).toBeUndefined()
      const facts = await world.database.db
        .selectFrom('facts')
        .select('verdict')
        .where('payment_id', '=', paymentId)
        .execute()
      expect(facts).toEqual([{ verdict }]) // written down whatever it means
    },
  )

  test.each(refundStates)(
    '%s + “under way”, by asking: a failed one is tried again',
    async (state) => {
      const { id } = await refundIn(state)
      const before = await readRefund(id)
      await settleRefund(world.parts, factOf(before, 'processing'), 'query')
      const after = await readRefund(id)
      const next = refundMoves[state].retry
      if (next === undefined) expect(after).toEqual(before)
      else expect(after).toMatchObject({ state: next, failure: null, tries: 1 })
    },
  )

  test.each(refundStates)('%s + “no such refund” changes nothing', async (state) => {
    const { id } = await refundIn(state)
    const before = await readRefund(id)
    const fact = { ...factOf(before, 'missing'), amountFen: 0 }
    await settleRefund(world.parts, fact, 'query')
    expect(await readRefund(id)).toEqual(before)
  })

  test('a payment never gives back more than came in, whoever asks', async () => {
    const { paymentId } = await refundIn('requested', quote.payableFen - 1)
    await expect(
      world.database.db
        .insertInto('refunds')
        .values({
          id: randomUUID(),
          payment_id: paymentId,
          refund_no: `R${randomUUID()}`,
          amount_fen: 2,
          reason: 'deposit',
          state: 'requested',
          requested_at: new Date(),
          refunded_at: null,
          due_at: null,
        })
        .execute(),
    ).rejects.toThrow('gives back more')
  })
})

describe('money’s states written past the table are refused by the database itself', () => {
  const pairs = <S extends string>(states: readonly S[], moves: Moves) =>
    states.flatMap((from) =>
      states
        .filter((to) => to !== from && !Object.values(moves[from] ?? {}).includes(to))
        .map((to) => [from, to] as const),
    )

  test.each(pairs(paymentStates, paymentMoves))('payment: %s to %s', async (from, to) => {
    const { paymentId } = await paymentIn(from)
    const before = await readPayment(paymentId)
    await expect(
      sql`update payments set state = ${to},
        paid_at = case when ${to} = 'succeeded' then coalesce(paid_at, now()) end,
        paid_fen = case when ${to} = 'succeeded' then coalesce(paid_fen, 1) end
        where id = ${paymentId}`.execute(world.database.db),
    ).rejects.toThrow(`cannot go from ${from} to ${to}`)
    expect(await readPayment(paymentId)).toEqual(before)
  })

  test.each(pairs(refundStates, refundMoves))('refund: %s to %s', async (from, to) => {
    const { id } = await refundIn(from)
    await expect(
      sql`update refunds set state = ${to},
        refunded_at = case when ${to} = 'succeeded' then now() end
        where id = ${id}`.execute(world.database.db),
    ).rejects.toThrow(`cannot go from ${from} to ${to}`)
  })

  test('money that arrived stays as it arrived', async () => {
    const { paymentId } = await paymentIn('succeeded')
    const other = await orderIn('registered')
    for (const change of [
      sql`paid_fen = paid_fen + 1`,
      sql`paid_at = paid_at + interval '1 second'`,
      sql`order_id = ${other.id}`,
    ])
      await expect(
        sql`update payments set ${change} where id = ${paymentId}`.execute(world.database.db),
      ).rejects.toThrow('has been paid and cannot change')
  })

  test('a refund’s number, payment and amount stay what was asked for', async () => {
    const { id } = await refundIn('requested', 100)
    const other = await paymentIn('succeeded')
    for (const change of [
      sql`amount_fen = amount_fen + 1`,
      sql`refund_no = refund_no || 'X'`,
      sql`payment_id = ${other.paymentId}`,
    ])
      await expect(
        sql`update refunds set ${change} where id = ${id}`.execute(world.database.db),
      ).rejects.toThrow('cannot change its number, payment or amount')
  })
})
