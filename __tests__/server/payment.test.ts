/** Opening a payment again (P1, P10): what is repeated is answered the same and never opened twice. */
import { randomUUID } from 'node:crypto'
import type { Result } from '@jiyue/contract/client'
import { sql } from 'kysely'
import { lecture, venue } from '../../server/demo/world.ts'
import { checkIn } from '../../server/payment/complete.ts'
import { refundByHand } from '../../server/payment/refunds/hand.ts'
import { readConsoleOrder } from '../../server/report/console.ts'
import { askDue, refundDue } from '../../server/sweep/sweep.ts'
import { newSlot, seatsTaken } from '../races/setting.ts'
import {
  must,
  openWorld,
  type Person,
  payAtCashier,
  registeredOrder,
  signIn,
  somePhone,
  until,
  type World,
} from '../world.ts'

let world: World
let mei: Person
beforeAll(async () => {
  world = await openWorld()
  mei = await signIn(world)
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(world.database.db)
})
afterAll(() => world.close())
afterEach(() => world.sandbox.admin.clearFaults())

const db = () => world.database.db
const codeOf = <T>(result: Result<T>) => (result.ok ? 'ok' : result.code)

async function registered() {
  return registeredOrder(mei, await newSlot(db(), { serviceId: lecture, capacity: 9 }))
}

const pay = (orderId: string, id: string) =>
  mei.call('createPayment', {
    params: { id: orderId },
    body: { id, method: 'wechat', scene: 'weapp' },
  })

const rowOf = (id: string) =>
  db().selectFrom('payments').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

const atProvider = (id: string) =>
  world.parts.gateways.wechat
    .query(id.replaceAll('-', ''), world.parts.now())
    .then((answer) => (answer.ok ? answer.value.state : answer.code))

test('the same wish again is the same payment with the same parameters', async () => {
  const [order, id] = [await registered(), randomUUID()]
  const [first, again] = [await pay(order.id, id), await pay(order.id, id)]
  expect(first.ok && again).toEqual(first)
  expect(world.sandbox.admin.trades().wechat.filter((one) => isTrade(one, id))).toHaveLength(1)
})

test('a payment opened in the very moment of cancelling: no seat is freed while it can be paid', async () => {
  for (let round = 0; round < 12; round++) {
    const [order, id] = [await registered(), randomUUID()]
    await Promise.all([pay(order.id, id), mei.call('cancelOrder', { params: { id: order.id } })])
    const open = await db()
      .selectFrom('payments')
      .innerJoin('orders', 'orders.id', 'payments.order_id')
      .select('payments.id')
      .where('orders.id', '=', order.id)
      .where('orders.state', '=', 'cancelled')
      .where('payments.state', 'in', ['created', 'pending'])
      .execute()
    expect(open).toEqual([])
  }
})

const isTrade = (trade: object, id: string) =>
  JSON.stringify(trade).includes(id.replaceAll('-', ''))

test('two taps at once open one payment', async () => {
  const order = await registered()
  const taps = await Promise.all([pay(order.id, randomUUID()), pay(order.id, randomUUID())])
  const open = await db()
    .selectFrom('payments')
    .select('id')
    .where('order_id', '=', order.id)
    .where('state', 'in', ['created', 'pending'])
    .execute()
  expect(open).toHaveLength(1)
  for (const tap of taps) expect(['ok', 'payment_pending']).toContain(codeOf(tap))
})

test('when the provider was silent the same wish is tried again, as the same trade', async () => {
  const [order, id] = [await registered(), randomUUID()]
  world.sandbox.admin.fault('wechat.order', 'dropAfterCommit', null)
  expect(codeOf(await pay(order.id, id))).toBe('unavailable')
  expect((await rowOf(id)).state).toBe('created')
  world.sandbox.admin.clearFaults()
  const again = await pay(order.id, id)
  if (!again.ok) throw new Error(again.code)
  await payAtCashier(world, again.value.params)
  await until('confirmed', async () => {
    return (await must(mei.call, 'getOrder', { params: { id: order.id } })).state === 'confirmed'
  })
})

test('one the provider refused stays refused: no trade is opened that nobody would ask about', async () => {
  const [order, id] = [await registered(), randomUUID()]
  const other = { ...trade(id), amountFen: 1 }
  expect((await world.parts.gateways.wechat.prepare(other, new Date())).ok).toBe(true)
  expect(codeOf(await pay(order.id, id))).toBe('gateway_refused')
  expect(await rowOf(id)).toMatchObject({ state: 'failed', ask_at: null })
  expect(codeOf(await pay(order.id, id))).toBe('gateway_refused')
  expect(codeOf(await pay(order.id, randomUUID()))).toBe('ok')
})

test('one that was closed unopened is not opened again either', async () => {
  const [order, id] = [await registered(), randomUUID()]
  world.sandbox.admin.fault('wechat.order', 'status500', null)
  expect(codeOf(await pay(order.id, id))).toBe('unavailable')
  world.sandbox.admin.clearFaults()
  expect(codeOf(await pay(order.id, randomUUID()))).toBe('ok') // closes the first
  expect((await rowOf(id)).state).toBe('closed')
  expect(codeOf(await pay(order.id, id))).toBe('payment_id_reused')
  expect(await atProvider(id)).toBe('missing')
})

test('closed by another tap while it was being opened, its parameters never leave the server', async () => {
  const [order, first, second] = [await registered(), randomUUID(), randomUUID()]
  const { wechat } = world.parts.gateways
  world.parts.gateways.wechat = {
    ...wechat,
    async prepare(...given) {
      world.parts.gateways.wechat = wechat
      const other = await pay(order.id, second) // in this very moment
      expect(codeOf(other)).toBe('ok')
      return wechat.prepare(...given)
    },
  }
  expect(codeOf(await pay(order.id, first))).toBe('payment_id_reused')
  expect((await rowOf(first)).params).toBeNull()
  expect((await rowOf(second)).state).toBe('pending')
})

test('refused to another try of it while it was being opened, its parameters never leave the server', async () => {
  const [order, id] = [await registered(), randomUUID()]
  const { wechat } = world.parts.gateways
  const identity = () =>
    db().updateTable('identities').where('user_id', '=', mei.userId).where('host', '=', 'weapp')
  const { subject } = await db()
    .selectFrom('identities')
    .select('subject')
    .where('user_id', '=', mei.userId)
    .executeTakeFirstOrThrow()
  world.parts.gateways.wechat = {
    ...wechat,
    async prepare(...given) {
      world.parts.gateways.wechat = wechat
      const opened = await wechat.prepare(...given)
      // In this very moment the same wish again, now of another payer: WeChat says no.
      await identity().set({ subject: 'of-another-phone' }).execute()
      expect(codeOf(await pay(order.id, id))).toBe('gateway_refused')
      return opened
    },
  }
  try {
    expect(codeOf(await pay(order.id, id))).toBe('gateway_refused')
    expect(await rowOf(id)).toMatchObject({ state: 'failed', params: null })
  } finally {
    await identity().set({ subject }).execute()
  }
})

const trade = (id: string) => ({
  tradeNo: id.replaceAll('-', ''),
  amountFen: 1,
  description: '别的交易',
  expiresAt: new Date(Date.now() + 3_600_000),
  scene: 'desktop' as const,
  clientIp: '127.0.0.1',
})

test('nothing to pay: confirmed at once, and the repeated wish hears the same', async () => {
  await sql`update services set price_fen = 0 where id = ${lecture}`.execute(db())
  try {
    const [order, id] = [await registered(), randomUUID()]
    const first = await pay(order.id, id)
    expect(first).toMatchObject({
      ok: true,
      value: { state: 'succeeded', amountFen: 0, params: { way: 'none' } },
    })
    expect(await pay(order.id, id)).toEqual(first)
    const now = await must(mei.call, 'getOrder', { params: { id: order.id } })
    expect(now.state).toBe('confirmed')
    expect(world.sandbox.admin.trades().wechat.some((one) => isTrade(one, id))).toBe(false)
  } finally {
    await sql`update services set price_fen = 6900 where id = ${lecture}`.execute(db())
  }
})

test('at its end the trade is closed at the provider before the seat is free', async () => {
  const slot = await newSlot(db(), { serviceId: lecture, capacity: 1 })
  const order = await registeredOrder(mei, slot)
  const id = randomUUID()
  expect(codeOf(await pay(order.id, id))).toBe('ok')
  const { expires_at } = await rowOf(id)
  const { held_until } = await db()
    .selectFrom('orders')
    .select('held_until')
    .where('id', '=', order.id)
    .executeTakeFirstOrThrow()
  expect((held_until?.getTime() ?? 0) - expires_at.getTime()).toBe(60_000)
  world.clock.aheadMs = expires_at.getTime() - Date.now() + 1
  try {
    await askDue(world.parts)
    expect((await rowOf(id)).state).toBe('closed')
    expect(await atProvider(id)).toBe('closed')
    expect(await seatsTaken(db(), slot)).toBe(1)
  } finally {
    world.clock.aheadMs = 0
  }
})

/** Somebody's paid order with a deposit. */
async function withDeposit() {
  const slot = await newSlot(db(), { serviceId: venue, capacity: 60 })
  const params = { id: randomUUID() }
  await must(mei.call, 'putOrder', { params, body: { slotId: slot, party: 8 } })
  const order = await must(mei.call, 'putRegistration', {
    params,
    body: { formVersion: 1, values: venueAnswers() },
  })
  const opened = await pay(order.id, randomUUID())
  if (!opened.ok) throw new Error(opened.code)
  await payAtCashier(world, opened.value.params)
  const read = () => must(mei.call, 'getOrder', { params })
  await until('confirmed', async () => (await read()).state === 'confirmed')
  return { order, read }
}

test('a deposit goes back whole after the check-in, at its time and once', async () => {
  const { order, read } = await withDeposit()
  expect(await checkIn(world.parts, order.id, randomUUID(), { early: true })).toBe('ok')
  expect(await checkIn(world.parts, order.id, randomUUID(), { early: true })).toBe('order_state')
  expect((await read()).refunds).toMatchObject([
    { reason: 'deposit', amountFen: order.quote.depositFen, state: 'requested' },
  ])
  expect(await refundDue(world.parts)).toBe(0) // not before its time
  world.clock.aheadMs = 24 * 3_600_000 + 60_000
  try {
    await until('the deposit is back', async () => {
      await sql`update refunds set due_at = ${world.parts.now()} where state = 'requested' and tries > 0`.execute(
        db(),
      )
      await refundDue(world.parts)
      return (await read()).refunds[0]?.state === 'succeeded'
    })
  } finally {
    world.clock.aheadMs = 0
  }
  expect((await read()).refunds).toHaveLength(1)
})

test.each([
  ['more than', 60_000],
  ['exactly', 50_000],
  ['a part of', 20_001],
])(
  'given back by hand %s the deposit: after the check-in only the rest goes back',
  async (_, amountFen) => {
    const { order, read } = await withDeposit()
    expect(order.quote.depositFen).toBe(50_000)
    const wish = { id: randomUUID(), orderId: order.id, amountFen, note: '押金提前退还' }
    await refundByHand(world.parts, wish, randomUUID())
    const left = Math.max(0, 50_000 - amountFen)
    const shown = await readConsoleOrder(world.parts, order.id)
    expect(shown?.depositLeftFen).toBe(left)
    expect(await checkIn(world.parts, order.id, randomUUID(), { early: true })).toBe('ok')
    expect((await read()).refunds.map((one) => [one.reason, one.amountFen])).toEqual([
      ['manual', amountFen],
      ...(left > 0 ? [['deposit', left]] : []),
    ])
  },
)

const venueAnswers = () => ({
  company: { name: '禾木科技有限公司', code: '91350100M000100Y43' },
  name: '周行政',
  phone: somePhone(),
  email: 'zhou@example.com',
  theme: '年会',
})
