/**
 * The truth about money (P10, X2), on the real sandbox: whatever order news arrives in, an order is
 * confirmed once, and money without a seat goes back.
 */
import { randomUUID } from 'node:crypto'
import { hasGateway, type Method, methods } from '@jiyue/contract/payment'
import { sql } from 'kysely'
import { tx } from '../../server/db/tx.ts'
import { lecture } from '../../server/demo/world.ts'
import { expireLapsed } from '../../server/order/order.ts'
import { settle } from '../../server/payment/settle.ts'
import { askDue, refundDue } from '../../server/sweep/sweep.ts'
import { newSlot, seatsTaken } from '../races/setting.ts'
import {
  must,
  openWorld,
  type Person,
  payAtCashier,
  registeredOrder,
  signIn,
  until,
  type World,
} from '../world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
afterEach(() => world.sandbox.admin.clearFaults())

const hostOf = { wechat: 'weapp', alipay: 'alipay' } as const satisfies Record<Method, string>

/** A person of the method's host with a registered order and an open payment. */
async function opened(method: Method, capacity = 1) {
  const slot = await newSlot(world.database.db, { serviceId: lecture, capacity })
  const person = await signIn(world, randomUUID(), hostOf[method])
  const order = await registeredOrder(person, slot)
  const payment = await open(person, order.id, method)
  return { slot, person, order, payment }
}

function open(person: Person, orderId: string, method: Method) {
  return must(person.call, 'createPayment', {
    params: { id: orderId },
    body: { id: randomUUID(), method, scene: hostOf[method] },
  })
}

function loseNotices(method: Method): void {
  expect(world.sandbox.admin.fault(`${method}.notice`, 'drop', null)).toBe(true)
}

const read = (person: Person, id: string) => must(person.call, 'getOrder', { params: { id } })

async function factOf(paymentId: string) {
  const row = await world.database.db
    .selectFrom('payments')
    .selectAll()
    .where('id', '=', paymentId)
    .executeTakeFirstOrThrow()
  const answer = await world.parts.gateways[hasGateway(row.method) ? row.method : 'wechat'].query(
    row.trade_no,
    new Date(),
  )
  if (!answer.ok) throw new Error(answer.code)
  return answer.value
}

async function lapse(orderId: string): Promise<void> {
  await sql`update orders set held_until = clock_timestamp() where id = ${orderId}`.execute(
    world.database.db,
  )
  await tx(world.database.db, (t) => expireLapsed(t, world.parts.bus))
}

async function refundsOf(orderId: string) {
  return world.database.db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .select(['refunds.amount_fen', 'refunds.reason', 'refunds.state'])
    .where('payments.order_id', '=', orderId)
    .execute()
}

/** Lets refunds run to their end at the provider and here. */
async function followRefunds(orderId: string): Promise<void> {
  await until('the refund is done', async () => {
    await world.database.db
      .updateTable('refunds')
      .set({ due_at: new Date() })
      .where('state', '=', 'requested')
      .execute()
    await refundDue(world.parts)
    const all = await refundsOf(orderId)
    return all.length > 0 && all.every((refund) => refund.state === 'succeeded')
  })
}

describe.each(methods)('%s', (method) => {
  test('paid: the notice confirms the order', async () => {
    const { person, order, payment, slot } = await opened(method)
    await payAtCashier(world, payment.params)
    const confirmed = await until('confirmed', async () => {
      const now = await read(person, order.id)
      return now.state === 'confirmed' && now
    })
    expect(confirmed.payment).toMatchObject({
      state: 'succeeded',
      amountFen: order.payableFen,
      method,
    })
    expect(confirmed.payment?.transactionId).toBeTruthy()
    expect(await seatsTaken(world.database.db, slot)).toBe(1)
    expect(await refundsOf(order.id)).toEqual([])
  })

  test('all notices lost: the active query finds the payment', async () => {
    const { person, order, payment } = await opened(method)
    loseNotices(method)
    await payAtCashier(world, payment.params)
    expect((await read(person, order.id)).state).toBe('registered')
    await world.database.db
      .updateTable('payments')
      .set({ ask_at: new Date() })
      .where('id', '=', payment.id)
      .execute()
    await askDue(world.parts)
    expect((await read(person, order.id)).state).toBe('confirmed')
  })

  test('all notices lost: the phone that asks about its payment hears the truth', async () => {
    const { person, order, payment } = await opened(method)
    loseNotices(method)
    await payAtCashier(world, payment.params)
    const truth = await must(person.call, 'getPayment', { params: { id: payment.id } })
    expect(truth.state).toBe('succeeded')
    expect((await read(person, order.id)).state).toBe('confirmed')
  })

  test('the same news three times at once confirms once and refunds nothing', async () => {
    const { order, payment } = await opened(method)
    loseNotices(method)
    await payAtCashier(world, payment.params)
    const fact = await factOf(payment.id)
    const verdicts = await Promise.all([1, 2, 3].map(() => settle(world.parts, fact, 'notice')))
    expect(verdicts.sort()).toEqual(['confirmed', 'known', 'known'])
    expect(await refundsOf(order.id)).toEqual([])
    const events = await world.database.db
      .selectFrom('events')
      .select('what')
      .where('order_id', '=', order.id)
      .where('what', '=', 'confirm')
      .execute()
    expect(events).toHaveLength(1)
  })

  test('the notice overtakes our own answer: a created payment is confirmed, and stays so', async () => {
    const { person, order, payment } = await opened(method)
    // What the row was before our answer: the guard would rightly not let it go back.
    await world.database.db.transaction().execute(async (t) => {
      await sql`set local session_replication_role = replica`.execute(t)
      await t
        .updateTable('payments')
        .set({ state: 'created', params: null })
        .where('id', '=', payment.id)
        .execute()
    })
    await payAtCashier(world, payment.params)
    await until('confirmed', async () => (await read(person, order.id)).state === 'confirmed')
    const again = await person.call('createPayment', {
      params: { id: order.id },
      body: { id: payment.id, method, scene: hostOf[method] },
    })
    expect(again).toMatchObject({ ok: false, code: 'already_paid' })
  })

  test('wrong amount: the money is kept as a fact, the order is not confirmed, all of it goes back', async () => {
    const { person, order, payment } = await opened(method)
    await world.database.db
      .updateTable('payments')
      .set({ amount_fen: 1 })
      .where('id', '=', payment.id)
      .execute()
    loseNotices(method)
    await payAtCashier(world, payment.params)
    const fact = await factOf(payment.id)
    expect(await settle(world.parts, fact, 'query')).toBe('refunding:wrong_amount')
    expect((await read(person, order.id)).state).toBe('registered')
    expect(await refundsOf(order.id)).toMatchObject([
      { amount_fen: fact.amountFen, reason: 'wrong_amount' },
    ])
    await followRefunds(order.id)
  })

  test('late money, a seat is left: the order is confirmed', async () => {
    const { slot, person, order, payment } = await opened(method)
    await lapse(order.id)
    expect((await read(person, order.id)).state).toBe('expired')
    world.sandbox.admin.payLate(method, payment.id.replaceAll('-', ''))
    await world.sandbox.admin.settle()
    await until('confirmed', async () => (await read(person, order.id)).state === 'confirmed')
    expect(await seatsTaken(world.database.db, slot)).toBe(1)
    expect(await refundsOf(order.id)).toEqual([])
  })

  test('late money, the seat is sold: everything goes back and the order stays expired', async () => {
    const { slot, person, order, payment } = await opened(method)
    await lapse(order.id)
    const rival = await signIn(world)
    await registeredOrder(rival, slot)
    await payAtCashier(world, payment.params)
    await until('refund is owed', async () => (await refundsOf(order.id)).length === 1)
    expect(await refundsOf(order.id)).toMatchObject([
      { amount_fen: order.payableFen, reason: 'slot_gone' },
    ])
    expect((await read(person, order.id)).state).toBe('expired')
    expect(await seatsTaken(world.database.db, slot)).toBe(1)
    await followRefunds(order.id)
    const view = await read(person, order.id)
    expect(view.refunds).toMatchObject([{ amountFen: order.payableFen, state: 'succeeded' }])
  })

  test('a second payment that is paid too goes back whole, the order keeps its seat', async () => {
    const { person, order, payment } = await opened(method)
    // The first trade could not be closed (its answer was lost), and both are paid.
    await world.database.db
      .updateTable('payments')
      .set({ state: 'failed' })
      .where('id', '=', payment.id)
      .execute()
    const second = await open(person, order.id, method)
    await payAtCashier(world, second.params)
    await until('confirmed', async () => (await read(person, order.id)).state === 'confirmed')
    await payAtCashier(world, payment.params)
    await until('refund is owed', async () => (await refundsOf(order.id)).length === 1)
    expect(await refundsOf(order.id)).toMatchObject([
      { reason: 'paid_twice', amount_fen: order.payableFen },
    ])
    expect((await read(person, order.id)).state).toBe('confirmed')
  })

  test('changing one’s mind closes the first trade at the provider before the second opens', async () => {
    const { person, order, payment } = await opened(method)
    const second = await open(person, order.id, method)
    expect(second.id).not.toBe(payment.id)
    expect((await factOf(payment.id)).state).toMatch(/closed|missing/)
    expect((await must(person.call, 'getPayment', { params: { id: payment.id } })).state).toBe(
      'closed',
    )
  })

  test('cancelling closes the trade first; money that came before wins over the cancel', async () => {
    const { person, order, payment } = await opened(method)
    loseNotices(method)
    await payAtCashier(world, payment.params)
    const result = await person.call('cancelOrder', { params: { id: order.id } })
    expect(result).toMatchObject({ ok: false, code: 'order_state' })
    expect((await read(person, order.id)).state).toBe('confirmed')
  })

  test('a paid order that is cancelled in time gets everything back', async () => {
    const { slot, person, order, payment } = await opened(method)
    await payAtCashier(world, payment.params)
    await until('confirmed', async () => (await read(person, order.id)).state === 'confirmed')
    const view = await read(person, order.id)
    expect(view.cancelling).toEqual({ feeFen: 0, refundFen: order.payableFen })
    const cancelled = await must(person.call, 'cancelOrder', { params: { id: order.id } })
    expect(cancelled.state).toBe('cancelled')
    expect(await seatsTaken(world.database.db, slot)).toBe(0)
    await followRefunds(order.id)
    expect((await read(person, order.id)).refunds).toMatchObject([
      { reason: 'cancelled', amountFen: order.payableFen, state: 'succeeded' },
    ])
  })
})

test('money that names no payment of ours is written down and answered, never lost', async () => {
  const fact = {
    kind: 'trade',
    method: 'wechat',
    tradeNo: randomUUID().replaceAll('-', ''),
    state: 'paid',
    amountFen: 100,
  } as const
  expect(await settle(world.parts, fact, 'notice')).toBe('unknown_trade')
  const row = await world.database.db
    .selectFrom('facts')
    .selectAll()
    .where('trade_no', '=', fact.tradeNo)
    .executeTakeFirstOrThrow()
  expect(row).toMatchObject({ verdict: 'unknown_trade', amount_fen: 100, payment_id: null })
})

test.each([
  ['/v1/notices/wechat/payment', 'application/json', '{"id":"x"}'],
  ['/v1/notices/wechat/refund', 'text/xml', '<xml></xml>'],
  ['/v1/notices/alipay', 'application/x-www-form-urlencoded', 'out_trade_no=1&sign=AAAA'],
])('a forged notice at %s is refused and nothing is written', async (path, type, body) => {
  const count = async () =>
    (await world.database.db.selectFrom('facts').select('id').execute()).length
  // Genuine notices of earlier tests must not arrive in between.
  for (const method of methods) loseNotices(method)
  await world.sandbox.admin.settle()
  const before = await count()
  const response = await fetch(world.url + path, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
  const text = await response.text()
  expect(text).not.toBe('success')
  expect(path.includes('alipay') || response.status >= 400).toBe(true)
  expect(await count()).toBe(before)
})
