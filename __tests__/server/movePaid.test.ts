/**
 * Moves that cost something (B9, P10): nothing happens before the money is here, and money that finds
 * no move goes back whole.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { voidLapsed } from '../../server/payment/giveUp.ts'
import { askDue, refundDue } from '../../server/sweep/sweep.ts'
import {
  must,
  openWorld,
  payAtCashier,
  registeredOrder,
  signIn,
  signInOwner,
  until,
  type World,
} from '../world.ts'
import {
  askMove,
  booked,
  booksOf,
  codeOf,
  feesOf,
  hearPaid,
  moveRow,
  openPayment,
  paying,
  payThrough,
  pricedSlot,
  quoteMove,
  readOrder,
  refundsOf,
  takenOf,
} from './moving.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await sql`insert into rules values ('ordersPerUser', 1000), ('bookingDays', 60)`.execute(db())
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
  world.sandbox.admin.clearFaults()
})

const db = () => world.database.db
const minute = 60_000
const paymentRow = (id: string) =>
  db().selectFrom('payments').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const atProvider = async (id: string) => {
  const answer = await world.parts.gateways.wechat.query(id.replaceAll('-', ''), world.parts.now())
  return answer.ok ? answer.value.state : answer.code
}

test('the difference is paid in the cashier, and the order is in the new slot', async () => {
  const { person, order, slot, to, move, payment } = await paying(world)
  expect(move).toMatchObject({ state: 'open', feeFen: 0, dueFen: 3000, refundFen: 0 })
  const open = await readOrder(person, order.id)
  expect(open.slot.id).toBe(slot)
  expect(open.openMove).toEqual(move)
  expect(await takenOf(world, slot, to)).toEqual([1, 0])
  expect(payment).toMatchObject({ amountFen: 3000, expiresAt: move.expiresAt })
  await payThrough(world, payment)
  const moved = await readOrder(person, order.id)
  expect(moved.slot.id).toBe(to)
  expect(moved).toMatchObject({ state: 'confirmed', openMove: null, payableFen: 7900 })
  expect(await takenOf(world, slot, to)).toEqual([0, 1])
  expect(await booksOf(world, order.id)).toBe(7900)
  const owner = await signInOwner(world)
  const { events, facts } = await must(owner.call, 'getConsoleOrder', { params: { id: order.id } })
  expect(events.at(-1)).toMatchObject({ what: 'move', by: 'payment' })
  expect(facts.map((fact) => fact.verdict)).toContain('moved')
})

test('every notice lost: the query finds the money and the order moves', async () => {
  const { person, order, to, payment } = await paying(world)
  world.sandbox.admin.fault('wechat.notice', 'drop', null)
  await payAtCashier(world, payment.params)
  world.clock.aheadMs = minute
  await until('moved', async () => {
    await askDue(world.parts)
    return (await readOrder(person, order.id)).slot.id === to
  })
})

test('heard ten times at once: moved once, paid once', async () => {
  const { order, slot, to, payment } = await paying(world)
  const verdicts = await Promise.all(Array.from({ length: 10 }, () => hearPaid(world, payment.id)))
  expect(verdicts.sort()).toEqual([...Array(9).fill('known'), 'moved'])
  expect(await takenOf(world, slot, to)).toEqual([0, 1])
  expect(await refundsOf(world, order.id)).toEqual([])
})

test('a crash between the provider’s success and our commit: the next notice does it all', async () => {
  const { person, order, slot, to, move, payment } = await paying(world)
  // Whatever is written last is never committed, as when the process or the database dies there.
  await sql`create function die() returns trigger language plpgsql as $$
    begin raise exception 'power cut'; end $$`.execute(db())
  await sql`create constraint trigger die after insert on facts initially deferred
    for each row execute function die()`.execute(db())
  try {
    await expect(hearPaid(world, payment.id)).rejects.toThrow('power cut')
    await payAtCashier(world, payment.params)
    expect((await paymentRow(payment.id)).state).toBe('pending')
    expect((await readOrder(person, order.id)).slot.id).toBe(slot)
    expect(await takenOf(world, slot, to)).toEqual([1, 0])
  } finally {
    await sql`drop trigger die on facts`.execute(db())
    await sql`drop function die`.execute(db())
  }
  await until('moved by a repeated notice', async () => {
    return (await moveRow(world, move.id)).state === 'done'
  })
  expect((await readOrder(person, order.id)).slot.id).toBe(to)
  expect(await takenOf(world, slot, to)).toEqual([0, 1])
  expect(await booksOf(world, order.id)).toBe(7900)
})

describe('the money goes back whole, and the order stays as it was', () => {
  async function expectAsBefore(
    { person, order, slot }: Awaited<ReturnType<typeof paying>>,
    reason: string,
    amountFen = 3000,
  ) {
    const now = await readOrder(person, order.id)
    expect([now.slot.id, now.state, now.payableFen]).toEqual([slot, 'confirmed', 4900])
    expect(await refundsOf(world, order.id)).toEqual([{ amount_fen: amountFen, reason }])
    expect(await booksOf(world, order.id)).toBe(4900)
    // What stands for the order is what was paid for it first.
    expect(now.payment).toMatchObject({ amountFen: 4900, state: 'succeeded' })
    expect(now.cancelling).toEqual({ feeFen: 0, refundFen: 4900 })
  }

  test('somebody else took the last seat meanwhile; it is refunded at once, to the end', async () => {
    const one = await paying(world)
    await sql`update slots set capacity = 1 where id = ${one.to}`.execute(db())
    await registeredOrder(await signIn(world), one.to)
    await payThrough(world, one.payment)
    expect(await moveRow(world, one.move.id)).toMatchObject({ state: 'void', reason: 'slot_full' })
    await expectAsBefore(one, 'move_failed')
    expect(await takenOf(world, one.slot, one.to)).toEqual([1, 1])
    await until('given back', async () => {
      await sql`update refunds set due_at = ${world.parts.now()} where state = 'requested'`.execute(
        db(),
      )
      await refundDue(world.parts)
      const { refunds } = await readOrder(one.person, one.order.id)
      return refunds[0]?.state === 'succeeded'
    })
  })

  test('another amount than asked for; the move is still open and can be paid', async () => {
    const one = await paying(world)
    expect(await hearPaid(world, one.payment.id, { amountFen: 2999 })).toBe(
      'refunding:wrong_amount',
    )
    await expectAsBefore(one, 'wrong_amount', 2999)
    const again = await openPayment(one.person, one.order.id, one.move.id)
    expect(await hearPaid(world, again.id)).toBe('moved')
    expect(await booksOf(world, one.order.id)).toBe(7900)
  })

  test('it lapsed: no payment opens any more, the trade is closed, and late money goes back', async () => {
    const one = await paying(world)
    world.clock.aheadMs = Date.parse(one.move.expiresAt) - Date.now() + 1
    expect((await readOrder(one.person, one.order.id)).openMove).toBeNull()
    const late = one.person.call('createPayment', {
      params: { id: one.order.id },
      body: { id: randomUUID(), method: 'wechat', scene: 'weapp', moveId: one.move.id },
    })
    expect(codeOf(await late)).toBe('payment_too_late')
    await askDue(world.parts)
    expect(await atProvider(one.payment.id)).toBe('closed')
    // Nobody tidied up: time alone says no.
    expect((await moveRow(world, one.move.id)).state).toBe('open')
    world.clock.aheadMs += 2 * minute
    expect(await hearPaid(world, one.payment.id)).toBe('refunding:move_failed')
    await expectAsBefore(one, 'move_failed')
  })

  test('given up: its trade is closed first, and what comes all the same goes back', async () => {
    const one = await paying(world)
    const gone = await must(one.person.call, 'deleteMove', { params: { id: one.move.id } })
    expect([gone.move.state, gone.order.openMove]).toEqual(['void', null])
    expect(await atProvider(one.payment.id)).toBe('closed')
    expect(await moveRow(world, one.move.id)).toMatchObject({ reason: 'given_up' })
    const again = await must(one.person.call, 'deleteMove', { params: { id: one.move.id } })
    expect(again.move).toEqual(gone.move)
    expect(await hearPaid(world, one.payment.id)).toBe('refunding:move_failed')
    await expectAsBefore(one, 'move_failed')
  })

  test('another move took its place: the first one’s trade is closed before', async () => {
    const one = await paying(world)
    const other = await pricedSlot(world, { priceFen: 10_900 })
    const { move, order } = await askMove(one, other)
    expect(order.openMove).toMatchObject({ id: move.id, dueFen: 4000 })
    expect(await atProvider(one.payment.id)).toBe('closed')
    expect(await moveRow(world, one.move.id)).toMatchObject({ state: 'void', reason: 'given_up' })
    expect(await hearPaid(world, one.payment.id)).toBe('refunding:move_failed')
    await expectAsBefore(one, 'move_failed')
    await must(one.person.call, 'deleteMove', { params: { id: move.id } })
  })

  test('the slot it leaves has begun meanwhile', async () => {
    const one = await paying(world)
    await sql`update slots set bookable_until = begun.at, starts_at = begun.at
      from (select clock_timestamp() as at) begun where id = ${one.slot}`.execute(db())
    expect(await hearPaid(world, one.payment.id)).toBe('refunding:move_failed')
    expect(await moveRow(world, one.move.id)).toMatchObject({ reason: 'order_state' })
    expect(await booksOf(world, one.order.id)).toBe(4900)
  })
})

test('paid in time and heard late, it moves all the same; and so does what a wallet finished a minute later', async () => {
  for (const afterEnd of [-1, 59_000]) {
    const one = await paying(world)
    const end = Date.parse(one.move.expiresAt)
    world.clock.aheadMs = end - Date.now() + 30 * minute
    await voidLapsed(world.parts) // waits: the provider has not said closed yet
    const paidAt = new Date(end + afterEnd)
    expect(await hearPaid(world, one.payment.id, { paidAt })).toBe('moved')
    world.clock.aheadMs = 0
  }
})

test('paid twice: the second time goes back', async () => {
  const one = await paying(world)
  const second = await openPayment(one.person, one.order.id, one.move.id) // closes the first
  expect(await hearPaid(world, second.id)).toBe('moved')
  expect(await hearPaid(world, one.payment.id)).toBe('refunding:paid_twice')
  expect(await booksOf(world, one.order.id)).toBe(7900)
})

test('the same wish to pay is the same payment; a done move is paid already', async () => {
  const one = await paying(world)
  const body = {
    id: one.payment.id,
    method: 'wechat' as const,
    scene: 'weapp' as const,
    moveId: one.move.id,
  }
  const params = { id: one.order.id }
  expect(await one.person.call('createPayment', { params, body })).toEqual({
    ok: true,
    value: one.payment,
  })
  const { moveId: _, ...forTheOrder } = body
  expect(codeOf(await one.person.call('createPayment', { params, body: forTheOrder }))).toBe(
    'payment_id_reused',
  )
  await hearPaid(world, one.payment.id)
  const again = { ...body, id: randomUUID() }
  expect(codeOf(await one.person.call('createPayment', { params, body: again }))).toBe(
    'already_paid',
  )
})

test('money that came while another move was asked for moves the order first', async () => {
  const one = await paying(world)
  world.sandbox.admin.fault('wechat.notice', 'drop', null)
  await payAtCashier(world, one.payment.params)
  const other = await pricedSlot(world)
  const body = { orderId: one.order.id, slotId: other, dueFen: 0, refundFen: 0 }
  const asked = await one.person.call('putMove', { params: { id: randomUUID() }, body })
  expect(codeOf(asked)).toBe('order_state')
  expect((await readOrder(one.person, one.order.id)).slot.id).toBe(one.to)
  // From there, at that slot's price: the difference comes back.
  expect((await askMove(one, other)).move).toMatchObject({ state: 'done', refundFen: 3000 })
})

test('two orders that pay for each other’s slot, heard at once: both are there', async () => {
  for (let round = 0; round < 4; round++) {
    const [a, b] = [await booked(world, { startsIn: 10 }), await booked(world, { startsIn: 10 })]
    const [forA, forB] = [await askMove(a, b.slot), await askMove(b, a.slot)]
    const payments = [
      await openPayment(a.person, a.order.id, forA.move.id),
      await openPayment(b.person, b.order.id, forB.move.id),
    ]
    const verdicts = await Promise.all(payments.map(({ id }) => hearPaid(world, id)))
    expect(verdicts).toEqual(['moved', 'moved'])
    expect(await takenOf(world, a.slot, b.slot)).toEqual([1, 1])
  }
})

describe('the fee of a late move', () => {
  test('is part of what is to be paid, and earned: cancelling keeps it and takes its own', async () => {
    const one = await booked(world, { startsIn: 10 })
    const to = await pricedSlot(world, { startsIn: 20, priceFen: 7900 })
    const quote = await quoteMove(one.person, one.order.id, to)
    expect(quote).toMatchObject({ feeFen: 980, differenceFen: 1000, dueFen: 1980, refundFen: 0 })
    const { move } = await askMove(one, to)
    await hearPaid(world, (await openPayment(one.person, one.order.id, move.id)).id)
    const moved = await readOrder(one.person, one.order.id)
    expect(await booksOf(world, one.order.id)).toBe(5900 + 980)
    expect(moved.cancelling).toEqual({ feeFen: 1180, refundFen: 5900 - 1180 })
    await must(one.person.call, 'cancelOrder', { params: { id: one.order.id } })
    expect(await booksOf(world, one.order.id)).toBe(980 + 1180)
  })

  test('is taken once, also where moving and cancelling meet', async () => {
    for (let round = 0; round < 8; round++) {
      const one = await booked(world, { startsIn: 10 })
      const to = await pricedSlot(world, { priceFen: 5000 })
      const body = { orderId: one.order.id, slotId: to, dueFen: 0, refundFen: 920 }
      const taps = [
        () => one.person.call('putMove', { params: { id: randomUUID() }, body }),
        () => one.person.call('cancelOrder', { params: { id: one.order.id } }),
      ]
      await Promise.all((round % 2 ? taps : taps.reverse()).map((tap) => tap()))
      // Moved first: its fee, and free from the new slot. Cancelled first: the same fee of that.
      expect((await readOrder(one.person, one.order.id)).state).toBe('cancelled')
      expect(await booksOf(world, one.order.id)).toBe(980)
    }
  })

  test('is what it was when the move was opened, as long as that stays open', async () => {
    const one = await booked(world, { startsIn: 24.2 })
    const to = await pricedSlot(world, { priceFen: 7900 })
    const { move } = await askMove(one, to)
    expect(move).toMatchObject({ feeFen: 0, dueFen: 1000 })
    world.clock.aheadMs = 14 * minute
    expect((await quoteMove(one.person, one.order.id, to)).feeFen).toBe(980)
    await hearPaid(world, (await openPayment(one.person, one.order.id, move.id)).id)
    expect(await feesOf(world, one.order.id)).toBe(0)
    expect(await booksOf(world, one.order.id)).toBe(5900)
  })
})

describe('the difference may be paid', () => {
  test.each([
    ['fifteen minutes', {}, {}, 15],
    ['no longer than the old slot has not begun', { startsIn: 5 / 60 }, {}, 5],
    ['no longer than the new one can be booked', {}, { startsIn: 8 / 60 }, 8],
  ])('%s', async (_, from, to, minutes) => {
    const one = await booked(world, from)
    const slot = await pricedSlot(world, { ...to, priceFen: 9900 })
    const { move } = await askMove(one, slot)
    const left = (Date.parse(move.expiresAt) - Date.now()) / minute
    expect(left).toBeLessThanOrEqual(minutes)
    expect(left).toBeGreaterThan(minutes - 1)
  })
})

describe('an order that ends takes its open move along', () => {
  test('cancelled: the trade is closed first, the move is void, all of the order’s money goes back', async () => {
    const one = await paying(world)
    const over = await must(one.person.call, 'cancelOrder', { params: { id: one.order.id } })
    expect([over.state, over.openMove]).toEqual(['cancelled', null])
    expect(await atProvider(one.payment.id)).toBe('closed')
    expect(await moveRow(world, one.move.id)).toMatchObject({ state: 'void' })
    expect(await hearPaid(world, one.payment.id)).toBe('refunding:move_failed')
    expect(await booksOf(world, one.order.id)).toBe(0)
    expect(await takenOf(world, one.slot, one.to)).toEqual([0, 0])
  })

  test('checked in: money that comes for the move goes back', async () => {
    const one = await paying(world)
    const owner = await signInOwner(world)
    await must(owner.call, 'checkIn', { params: { id: one.order.id }, body: { early: true } })
    expect(await moveRow(world, one.move.id)).toMatchObject({ state: 'void' })
    expect(await hearPaid(world, one.payment.id)).toBe('refunding:move_failed')
    expect(await booksOf(world, one.order.id)).toBe(4900)
  })

  test('money that came in the moment of cancelling moved it: the person looks again', async () => {
    const one = await paying(world)
    world.sandbox.admin.fault('wechat.notice', 'drop', null)
    await payAtCashier(world, one.payment.params)
    const cancel = () => one.person.call('cancelOrder', { params: { id: one.order.id } })
    expect(codeOf(await cancel())).toBe('order_state')
    expect((await readOrder(one.person, one.order.id)).slot.id).toBe(one.to)
    expect(codeOf(await cancel())).toBe('ok')
    expect(await booksOf(world, one.order.id)).toBe(0)
  })
})

test('the provider does not say whether it was paid: nothing that would need to know happens', async () => {
  const one = await paying(world)
  world.sandbox.admin.fault('wechat.close', 'status500', null)
  const other = await pricedSlot(world)
  const body = { orderId: one.order.id, slotId: other, dueFen: 0, refundFen: 0 }
  const answers = [
    await one.person.call('putMove', { params: { id: randomUUID() }, body }),
    await one.person.call('deleteMove', { params: { id: one.move.id } }),
    await one.person.call('cancelOrder', { params: { id: one.order.id } }),
  ]
  for (const answer of answers) expect(answer).toMatchObject({ code: 'payment_pending' })
  expect((await moveRow(world, one.move.id)).state).toBe('open')
  world.sandbox.admin.clearFaults()
  expect(await hearPaid(world, one.payment.id)).toBe('moved')
})

test('money given back by hand is never given back again by a move', async () => {
  const one = await booked(world, { party: 2 })
  const owner = await signInOwner(world)
  await must(owner.call, 'putRefund', {
    params: { id: randomUUID() },
    body: { orderId: one.order.id, amountFen: 10_000, note: '协商退款' },
  })
  const to = await pricedSlot(world, { priceFen: 2000 })
  expect(await quoteMove(one.person, one.order.id, to)).toMatchObject({
    differenceFen: -9800,
    refundFen: 1800,
  })
  const { order } = await askMove(one, to)
  expect([order.payableFen, await booksOf(world, order.id)]).toEqual([2000, 0])
})

test('lapsed moves are tidied up once nobody can pay them any more', async () => {
  const one = await paying(world)
  const unpaid = await booked(world)
  const { move } = await askMove(unpaid, await pricedSlot(world, { priceFen: 9900 }))
  world.clock.aheadMs = 17 * minute
  expect(await voidLapsed(world.parts)).toBeGreaterThanOrEqual(1)
  expect(await moveRow(world, move.id)).toMatchObject({ state: 'void', reason: 'lapsed' })
  expect((await moveRow(world, one.move.id)).state).toBe('open')
  await until('closed', async () => {
    await askDue(world.parts)
    return (await paymentRow(one.payment.id)).state === 'closed'
  })
  await voidLapsed(world.parts)
  expect(await moveRow(world, one.move.id)).toMatchObject({ state: 'void', reason: 'lapsed' })
})

test('a service that was taken off the list meanwhile moves nobody', async () => {
  const one = await paying(world)
  await sql`update services set listed = false where id = ${lecture}`.execute(db())
  try {
    expect(await hearPaid(world, one.payment.id)).toBe('refunding:move_failed')
    expect(await moveRow(world, one.move.id)).toMatchObject({ reason: 'slot_gone' })
  } finally {
    await sql`update services set listed = true where id = ${lecture}`.execute(db())
  }
})
