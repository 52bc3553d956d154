/** Moving to another slot (B9): what a move takes along, and what a person hears of it. */
import { randomUUID } from 'node:crypto'
import { clockText, wallClock } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { lecture, staff, venue } from '../../server/demo/world.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { newSlot, seatsTaken } from '../races/setting.ts'
import {
  lectureAnswers,
  must,
  openWorld,
  type Person,
  registeredOrder,
  signIn,
  signInOwner,
  type World,
} from '../world.ts'
import {
  askMove,
  booked,
  booksOf,
  codeOf,
  hearPaid,
  moveRow,
  openPayment,
  type PricedSlot,
  pricedSlot,
  quoteMove,
  readOrder,
  refundsOf,
  takenOf,
} from './moving.ts'
import { openEar } from './socket.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await sql`insert into rules values ('ordersPerUser', 1000), ('bookingDays', 60)`.execute(db())
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
})

const db = () => world.database.db
const saidBy = (results: { ok: boolean; code?: string }[]) => results.map((one) => one.code ?? 'ok')
const hour = 3_600_000

describe('nothing to pay', () => {
  test('to a slot of the same price it moves at once: the old seat is free, the new one taken', async () => {
    const one = await booked(world, { party: 2 })
    const to = await pricedSlot(world, { startsIn: 96 })
    const { move, order } = await askMove(one, to)
    expect(move).toMatchObject({ state: 'done', feeFen: 0, dueFen: 0, refundFen: 0 })
    expect(order.slot.id).toBe(to)
    expect(order).toMatchObject({ state: 'confirmed', openMove: null, movable: true })
    expect(order.quote).toEqual(one.order.quote)
    expect(await takenOf(world, one.slot, to)).toEqual([0, 2])
    expect(await refundsOf(world, order.id)).toEqual([])
  })

  test('to a cheaper slot the difference goes back in the same breath, the discount is kept', async () => {
    const one = await booked(world, { party: 2 })
    expect(one.order.payableFen).toBe(2 * 6900 - 2000)
    const to = await pricedSlot(world, { priceFen: 5000 })
    const { move, order } = await askMove(one, to)
    expect(move).toMatchObject({ state: 'done', dueFen: 0, refundFen: 3800 })
    expect(order.payableFen).toBe(2 * 5000 - 2000)
    expect(await refundsOf(world, order.id)).toEqual([{ amount_fen: 3800, reason: 'moved' }])
    expect(await booksOf(world, order.id)).toBe(order.payableFen)
  })

  test('to a slot that costs nothing, and from there to one that does', async () => {
    const one = await booked(world)
    const { order } = await askMove(one, await pricedSlot(world, { priceFen: 0 }))
    expect([order.payableFen, await booksOf(world, order.id)]).toEqual([0, 0])
    const { move } = await askMove(one, await pricedSlot(world))
    expect(move).toMatchObject({ state: 'open', dueFen: 4900 })
  })

  test('late, the rule of cancelling takes its fee: off what goes back, or to be paid', async () => {
    const one = await booked(world, { startsIn: 10 })
    const fee = Math.round(one.order.payableFen * 0.2)
    const [cheaper, same] = [await pricedSlot(world, { priceFen: 5000 }), await pricedSlot(world)]
    expect(await quoteMove(one.person, one.order.id, cheaper)).toMatchObject({
      feeFen: fee,
      differenceFen: -1900,
      dueFen: 0,
      refundFen: 1900 - fee,
      rule: '开始前 24 小时可免费改期，之后改期收取 20% 费用；新时段价格不同时多退少补',
    })
    expect(await quoteMove(one.person, one.order.id, same)).toMatchObject({
      feeFen: fee,
      differenceFen: 0,
      dueFen: fee,
      refundFen: 0,
    })
    const { order } = await askMove(one, cheaper)
    expect(await booksOf(world, order.id)).toBe(order.payableFen + fee)
    // The order names it: price and fee come to what stays here.
    expect([one.order.moveFeesFen, order.moveFeesFen]).toEqual([0, fee])
    // Earned: cancelling for free later gives back what the new slot cost, not the fee.
    const gone = await must(one.person.call, 'cancelOrder', { params: { id: order.id } })
    expect(gone.state).toBe('cancelled')
    expect(await booksOf(world, order.id)).toBe(fee)
  })

  test('until the very hour it is free, from then on it is not', async () => {
    const one = await booked(world)
    const to = await pricedSlot(world)
    const limit = Date.parse(one.order.slot.startsAt) - 24 * hour
    // The clock runs on between setting it and asking.
    world.clock.aheadMs = limit - Date.now() - 20_000
    expect((await quoteMove(one.person, one.order.id, to)).feeFen).toBe(0)
    world.clock.aheadMs = limit - Date.now() + 1
    expect((await quoteMove(one.person, one.order.id, to)).feeFen).toBe(980)
  })
})

describe('the same wish', () => {
  test('again, or twice at once, is the same move', async () => {
    const one = await booked(world)
    const [to, id] = [await pricedSlot(world, { priceFen: 5000 }), randomUUID()]
    const body = { orderId: one.order.id, slotId: to, dueFen: 0, refundFen: 1900 }
    const put = () => one.person.call('putMove', { params: { id }, body })
    const [first, twin] = await Promise.all([put(), put()])
    const again = await put()
    for (const result of [first, twin, again])
      expect(result.ok && result.value.move).toMatchObject({ id, state: 'done' })
    expect(await refundsOf(world, one.order.id)).toHaveLength(1)
    expect(await takenOf(world, one.slot, to)).toEqual([0, 1])
  })

  test('two wishes at once: the order ends in one of the slots, with one seat', async () => {
    const one = await booked(world)
    const slots = [await pricedSlot(world), await pricedSlot(world)]
    const results = await Promise.all(
      slots.map((slotId) =>
        one.person.call('putMove', {
          params: { id: randomUUID() },
          body: { orderId: one.order.id, slotId, dueFen: 0, refundFen: 0 },
        }),
      ),
    )
    expect(results.map(codeOf)).toContain('ok')
    const { slot } = await readOrder(one.person, one.order.id)
    const expected = [one.slot, ...slots].map((id) => (id === slot.id ? 1 : 0))
    expect(await takenOf(world, one.slot, ...slots)).toEqual(expected)
  })

  test('a price that changed under the tap is not taken: nothing happens', async () => {
    const one = await booked(world)
    const to = await pricedSlot(world, { priceFen: 5000 })
    const before = await quoteMove(one.person, one.order.id, to)
    await sql`update slots set price_fen = 5100 where id = ${to}`.execute(db())
    const { dueFen, refundFen } = before
    const tap = one.person.call('putMove', {
      params: { id: randomUUID() },
      body: { orderId: one.order.id, slotId: to, dueFen, refundFen },
    })
    expect(codeOf(await tap)).toBe('price_changed')
    expect(await takenOf(world, one.slot, to)).toEqual([1, 0])
    expect(await refundsOf(world, one.order.id)).toEqual([])
  })
})

describe('P6: the price of a slot is locked with the registration', () => {
  test('held, registered and paid at the slot’s own price, whatever it costs meanwhile', async () => {
    const person = await signIn(world)
    const slot = await pricedSlot(world, { priceFen: 8800 })
    const order = await registeredOrder(person, slot, 2)
    expect(order.quote.lines[0]).toMatchObject({ kind: 'base', amountFen: 17_600, units: 2 })
    expect(order.payableFen).toBe(17_600 - 2000)
    await sql`update slots set price_fen = 9900 where id = ${slot}`.execute(db())
    await sql`update services set price_fen = price_fen + 1 where id = ${lecture}`.execute(db())
    try {
      expect((await readOrder(person, order.id)).payableFen).toBe(15_600)
      expect((await openPayment(person, order.id)).amountFen).toBe(15_600)
    } finally {
      await sql`update services set price_fen = price_fen - 1 where id = ${lecture}`.execute(db())
    }
  })

  test('a slot added in the console carries its price to the picker, the hold and the quote', async () => {
    const owner = await signInOwner(world)
    const params = { id: randomUUID() }
    const starts = Date.now() + 80 * hour
    const body = {
      serviceId: lecture,
      startsAt: new Date(starts).toISOString(),
      endsAt: new Date(starts + hour).toISOString(),
      capacity: 3,
      staffId: null,
      branchId: null,
      priceFen: 4500,
    }
    expect((await must(owner.call, 'putSlot', { params, body })).priceFen).toBe(4500)
    expect((await must(owner.call, 'putSlot', { params, body })).priceFen).toBe(4500)
    const dearer = owner.call('putSlot', { params, body: { ...body, priceFen: 4600 } })
    expect(codeOf(await dearer)).toBe('slot_id_reused')
    await sql`update days set open = true where day = ${body.startsAt.slice(0, 10)}`.execute(db())
    const person = await signIn(world)
    const held = await must(person.call, 'putOrder', {
      params: { id: randomUUID() },
      body: { slotId: params.id, party: 1 },
    })
    expect(held.payableFen).toBe(2500)
  })
})

describe('what a move takes along', () => {
  test('the registration: its phone is free in the old slot and taken in the new one', async () => {
    const answers = lectureAnswers()
    const { slot, one } = await bookedWith(answers)
    const to = await pricedSlot(world)
    await askMove(one, to)
    expect(await registers(slot, answers)).toBe('ok')
    expect(await registers(to, answers)).toBe('already_registered')
    // Both may not meet in one slot, whichever way.
    const back = one.person.call('getMoveQuote', {
      params: { id: one.order.id },
      query: { slotId: slot },
    })
    expect(codeOf(await back)).toBe('already_registered')
  })

  async function bookedWith(answers: Record<string, unknown>) {
    const person = await signIn(world)
    const slot = await pricedSlot(world)
    const params = { id: randomUUID() }
    await must(person.call, 'putOrder', { params, body: { slotId: slot, party: 1 } })
    const body = { formVersion: 1, values: answers }
    const order = await must(person.call, 'putRegistration', { params, body })
    const payment = await openPayment(person, order.id)
    await hearPaid(world, payment.id)
    return { slot, one: { person, order } }
  }

  async function registers(slotId: string, answers: Record<string, unknown>) {
    const person = await signIn(world)
    const params = { id: randomUUID() }
    await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
    const body = { formVersion: 1, values: answers }
    return codeOf(await person.call('putRegistration', { params, body }))
  }

  test('a lapsed registration in the new slot stands in nobody’s way', async () => {
    const answers = lectureAnswers()
    const { one } = await bookedWith(answers)
    const to = await pricedSlot(world, { capacity: 1 })
    expect(await registers(to, answers)).toBe('ok')
    await sql`update orders set held_until = clock_timestamp()
      where slot_id = ${to}`.execute(db())
    const { move } = await askMove(one, to)
    expect(move.state).toBe('done')
    expect(await takenOf(world, to)).toEqual([1])
  })

  test('the deposit: never part of the price, and given back once after the visit', async () => {
    const person = await signIn(world)
    const slot = await newSlot(db(), { serviceId: venue, capacity: 60 })
    const params = { id: randomUUID() }
    await must(person.call, 'putOrder', { params, body: { slotId: slot, party: 8 } })
    const order = await must(person.call, 'putRegistration', {
      params,
      body: { formVersion: 1, values: venueAnswers() },
    })
    await hearPaid(world, (await openPayment(person, order.id)).id)
    const to = await newSlot(db(), { serviceId: venue, capacity: 60 })
    await sql`update slots set price_fen = 9000 where id = ${to}`.execute(db())
    const { order: moved } = await askMove({ person, order }, to)
    // 8 heads at 90, 20 off for newcomers, then 10 %; and the deposit as it was.
    expect(moved.payableFen).toBe((72_000 - 2000) * 0.9 + 50_000)
    expect(moved.quote.depositFen).toBe(50_000)
    const owner = await signInOwner(world)
    await must(owner.call, 'checkIn', { params, body: { early: true } })
    expect(await booksOf(world, order.id)).toBe(moved.payableFen - 50_000)
  })

  const venueAnswers = () => ({
    company: { name: '禾木科技有限公司', code: '91350100M000100Y43' },
    name: '周行政',
    phone: `138${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
    email: 'zhou@example.com',
    theme: '年会',
  })
})

describe('staff', () => {
  const lecturer = staff.find((one) => one.serviceIds.length === 2)?.id as string

  test('the same person may serve both slots, also where they overlap', async () => {
    const at = { staffId: lecturer, startsIn: 300 }
    const one = await booked(world, { ...at, capacity: 1 })
    const to = await pricedSlot(world, { ...at, startsIn: 301 })
    expect((await askMove(one, to)).move.state).toBe('done')
    expect(await takenOf(world, one.slot, to)).toEqual([0, 1])
  })

  test('but not while somebody else keeps them in the old slot', async () => {
    const at = { staffId: lecturer, startsIn: 400 }
    const one = await booked(world, at)
    await registeredOrder(await signIn(world), one.slot)
    const to = await pricedSlot(world, { ...at, startsIn: 401 })
    const asked = one.person.call('getMoveQuote', {
      params: { id: one.order.id },
      query: { slotId: to },
    })
    expect(codeOf(await asked)).toBe('staff_busy')
  })
})

describe('a slot that no hold may take, no move may take', () => {
  const cases: [string, PricedSlot, (slot: string) => Promise<unknown>][] = [
    ['one whose booking has ended', { startsIn: -1 }, async () => {}],
    [
      'one that was closed',
      {},
      (slot) => sql`update slots set closed_reason = '请假' where id = ${slot}`.execute(db()),
    ],
    ['one beyond the days on offer', { startsIn: 62 * 24 }, async () => {}],
    [
      'one on a day that is closed',
      { startsIn: 500 },
      (slot) =>
        sql`update days set open = false where day = (select
          (starts_at at time zone 'Asia/Shanghai')::date from slots where id = ${slot})`.execute(
          db(),
        ),
    ],
    ['one that is full', { capacity: 1 }, async (slot) => take(slot)],
    ['one with one seat left for two', { capacity: 2 }, async (slot) => take(slot)],
    [
      'one whose staff is elsewhere',
      { staffId: staff.find((one) => one.serviceIds.length === 2)?.id as string, startsIn: 600 },
      async () => {
        const staffId = staff.find((one) => one.serviceIds.length === 2)?.id as string
        await take(
          await newSlot(db(), { serviceId: venue, capacity: 60, staffId, startsIn: 601 }),
          8,
        )
      },
    ],
  ]

  async function take(slotId: string, party = 1) {
    const params = { id: randomUUID() }
    await must((await signIn(world)).call, 'putOrder', { params, body: { slotId, party } })
  }

  test.each(cases)('%s', async (_, of, spoil) => {
    const one = await booked(world, { party: 2 })
    const to = await pricedSlot(world, of)
    await spoil(to)
    const held = await one.person.call('putOrder', {
      params: { id: randomUUID() },
      body: { slotId: to, party: 2 },
    })
    const body = { orderId: one.order.id, slotId: to, dueFen: 0, refundFen: 0 }
    const moved = await one.person.call('putMove', { params: { id: randomUUID() }, body })
    const asked = await one.person.call('getMoveQuote', {
      params: { id: one.order.id },
      query: { slotId: to },
    })
    expect(codeOf(held)).not.toBe('ok')
    expect([codeOf(moved), codeOf(asked)]).toEqual([codeOf(held), codeOf(held)])
    expect(await takenOf(world, one.slot)).toEqual([2])
  })
})

describe('who hears of it', () => {
  test('both slots on every picker, the order on its page, and the console', async () => {
    const one = await booked(world)
    const to = await pricedSlot(world)
    const ear = await openEar(world.url)
    try {
      ear.say({ type: 'sign_in', token: one.person.token })
      await ear.hears((frame) => frame.type === 'ready')
      ear.say({ type: 'follow', topics: [`service:${lecture}`, `order:${one.order.id}`] })
      await ear.settled()
      await askMove(one, to)
      for (const [slotId, left] of [
        [one.slot, 9],
        [to, 8],
      ] as const)
        await ear.hears(
          (frame) => frame.type === 'slot' && frame.slotId === slotId && frame.left === left,
        )
      await ear.hears((frame) => frame.type === 'hint' && frame.topic === `order:${one.order.id}`)
    } finally {
      await ear.close()
    }
  })

  test('the order’s events in the console say that it moved, from where and to where', async () => {
    const one = await booked(world)
    const to = await pricedSlot(world)
    const { move } = await askMove(one, to)
    const owner = await signInOwner(world)
    const { events } = await must(owner.call, 'getConsoleOrder', { params: { id: one.order.id } })
    expect(events.at(-1)).toMatchObject({ what: 'move', by: 'user' })
    const { details } = await db()
      .selectFrom('events')
      .select('details')
      .where('order_id', '=', one.order.id)
      .where('what', '=', 'move')
      .executeTakeFirstOrThrow()
    expect(details).toEqual({
      from: one.slot,
      to,
      move: move.id,
      feeFen: 0,
      dueFen: 0,
      refundFen: 0,
    })
    expect(await moveRow(world, move.id)).toMatchObject({ from_slot: one.slot, to_slot: to })
  })
})

describe('reminders move along (B8)', () => {
  const remindersOf = (orderId: string, slotId: string) =>
    db()
      .selectFrom('reminders')
      .select(['kind', 'state', 'reason'])
      .where('order_id', '=', orderId)
      .where('slot_id', '=', slotId)
      .orderBy('due_at')
      .execute()

  /** Texts that tell of this very slot: it begins at a minute of its own. */
  async function textsOf(slotId: string): Promise<string[]> {
    const { starts_at } = await db()
      .selectFrom('slots')
      .select('starts_at')
      .where('id', '=', slotId)
      .executeTakeFirstOrThrow()
    const { year, month, date } = wallClock(starts_at.getTime())
    const time = `${year}年${month}月${date}日 ${clockText(starts_at.getTime())}`
    return world.sandbox.admin.outbox().flatMap(({ text }) => {
      const title = /^【即约】([^：]+)：/.exec(text)?.[1]
      return title && text.includes(time) ? [title] : []
    })
  }

  test('at once the new time is told, the old reminders stay silent, the new ones come', async () => {
    const one = await booked(world, { startsIn: 72.35 })
    await sendDue(world.parts)
    const to = await pricedSlot(world, { startsIn: 120.85 })
    await askMove(one, to)
    await sendDue(world.parts)
    expect(await textsOf(to)).toEqual(['改期成功'])
    world.clock.aheadMs = 48.4 * hour // the old day-before
    await sendDue(world.parts)
    expect(await textsOf(one.slot)).toEqual(['预约成功'])
    expect(await remindersOf(one.order.id, one.slot)).toMatchObject([
      { kind: 'confirmed', state: 'sent' },
      { kind: 'day_before', state: 'unsent', reason: 'moved' },
      { kind: 'hours_before', state: 'unsent', reason: 'moved' },
    ])
    world.clock.aheadMs = 96.9 * hour
    await sendDue(world.parts)
    expect((await textsOf(to)).sort()).toEqual(['改期成功', '明日提醒'].sort())
    expect(await remindersOf(one.order.id, to)).toMatchObject([
      { kind: 'moved', state: 'sent' },
      { kind: 'day_before', state: 'sent' },
      { kind: 'hours_before', state: 'planned' },
    ])
  })

  test('back in the first slot its reminders are there once, and come', async () => {
    const one = await booked(world, { startsIn: 60 })
    await sendDue(world.parts)
    await askMove(one, await pricedSlot(world, { startsIn: 200 }))
    await askMove(one, one.slot)
    await sendDue(world.parts)
    world.clock.aheadMs = 36.1 * hour
    await sendDue(world.parts)
    expect(await remindersOf(one.order.id, one.slot)).toMatchObject([
      { kind: 'confirmed', state: 'sent' },
      { kind: 'moved', state: 'sent' },
      { kind: 'day_before', state: 'sent' },
      { kind: 'hours_before', state: 'planned' },
    ])
  })

  test('moved on before it was told: only the last move is told', async () => {
    const one = await booked(world)
    await sendDue(world.parts)
    const middle = await pricedSlot(world, { startsIn: 73.15 })
    const last = await pricedSlot(world, { startsIn: 74.65 })
    await askMove(one, middle)
    await askMove(one, last)
    await sendDue(world.parts)
    expect([await textsOf(middle), await textsOf(last)]).toEqual([[], ['改期成功']])
    expect(await remindersOf(one.order.id, middle)).toContainEqual({
      kind: 'moved',
      state: 'unsent',
      reason: 'moved',
    })
  })
})

test('somebody else’s order and somebody else’s move are not there', async () => {
  const one = await booked(world)
  const to = await pricedSlot(world)
  const { move } = await askMove(one, to)
  const other: Person = await signIn(world)
  const body = { orderId: one.order.id, slotId: one.slot, dueFen: 0, refundFen: 0 }
  const answers = await Promise.all([
    other.call('getMoveQuote', { params: { id: one.order.id }, query: { slotId: one.slot } }),
    other.call('putMove', { params: { id: randomUUID() }, body }),
    other.call('deleteMove', { params: { id: move.id } }),
  ])
  expect(saidBy(answers)).toEqual(['not_found', 'not_found', 'not_found'])
  expect(await seatsTaken(db(), to)).toBe(1)
})
