/**
 * kill -9 of the real server at the worst instant (P10, P11): the provider has done its work, and we
 * have not written it down. Whatever was repeated afterwards, money is taken and given once.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Result } from '@jiyue/contract/client'
import { type Method, methods } from '@jiyue/contract/payment'
import type { Order } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { type Programs, startPrograms } from '../flows/programs.ts'
import { newSlot, seatsTaken } from '../races/setting.ts'
import { caller, lectureAnswers, must, type Person, payAtCashier, type World } from '../world.ts'
import { makeFront } from './front.ts'

jest.setTimeout(300_000)

const front = makeFront()
let programs: Programs
const people = {} as Record<Method, Person>
const HOST = { wechat: 'weapp', alipay: 'alipay' } as const

beforeAll(async () => {
  programs = await startPrograms({ front: front.open })
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(programs.db.db)
  for (const method of methods) people[method] = await signIn(HOST[method])
})
afterAll(async () => {
  await programs.close()
  await front.close()
})
afterEach(() => admin('faults/clear', {}))

async function admin(what: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${programs.sandboxUrl}/admin/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Record<string, unknown>
}

async function signIn(host: 'weapp' | 'alipay'): Promise<Person> {
  const { code } = await admin('codes', { host, person: '小梅' })
  const body = { host, code: String(code) }
  const { token, user } = await must(caller(programs.url), 'createSession', { body })
  return { call: caller(programs.url, token), token, userId: user.id }
}

/** Asks until an answer comes, always the same, as a phone does. */
async function persist<T>(ask: () => Promise<Result<T>>): Promise<Result<T>> {
  for (const end = Date.now() + 30_000; ; await pause(100)) {
    const result = await ask()
    const silent = !result.ok && (result.unheard || result.code === 'unavailable')
    if (!silent || Date.now() > end) return result
  }
}

async function persistently<T>(ask: () => Promise<Result<T>>): Promise<T> {
  const result = await persist(ask)
  if (!result.ok) throw new Error(result.code)
  return result.value
}

async function registered(method: Method): Promise<{ order: Order; slot: string }> {
  const slot = await newSlot(programs.db.db, { serviceId: lecture, capacity: 1 })
  const { call } = people[method]
  const params = { id: randomUUID() }
  await persistently(() => call('putOrder', { params, body: { slotId: slot, party: 1 } }))
  const body = { formVersion: 1, values: lectureAnswers() }
  return { order: await persistently(() => call('putRegistration', { params, body })), slot }
}

const opening = (method: Method, orderId: string, id: string) => () =>
  people[method].call('createPayment', {
    params: { id: orderId },
    body: { id, method, scene: HOST[method] },
  })

async function opened(method: Method) {
  const { order, slot } = await registered(method)
  const payment = await persistently(opening(method, order.id, randomUUID()))
  return { order, slot, payment }
}

const atCashier = (params: Parameters<typeof payAtCashier>[1]) =>
  payAtCashier({ sandbox: { url: programs.sandboxUrl } } as World, params)

async function confirmed(method: Method) {
  const made = await opened(method)
  await atCashier(made.payment.params)
  await becomes(made.order.id, 'confirmed')
  return made
}

/** Kills the server when the provider has answered a call that fits, and starts it again. */
async function killedAt<T>(fits: RegExp, doing: () => Promise<T>): Promise<T> {
  const struck = front.strike(fits, () => programs.kill())
  const done = doing()
  await struck
  await programs.start()
  return done
}

async function becomes(orderId: string, state: string): Promise<void> {
  await until(`order ${state}`, async () => {
    await makeDue()
    const { rows } = await sql<{ state: string }>`
      select state from orders where id = ${orderId}`.execute(programs.db.db)
    return rows[0]?.state === state
  })
}

async function refunded(orderId: string): Promise<void> {
  await until('refunded', async () => {
    await makeDue()
    const { rows } = await sql<{ state: string }>`
      select refunds.state from refunds join payments on payments.id = payment_id
      where order_id = ${orderId}`.execute(programs.db.db)
    return rows.length > 0 && rows.every(({ state }) => state === 'succeeded')
  })
}

/** Time goes by: what would be due in a minute is due now. */
async function makeDue(): Promise<void> {
  const { db } = programs.db
  await sql`update payments set ask_at = now() where ask_at > now()`.execute(db)
  await sql`update refunds set due_at = now() where due_at > now()`.execute(db)
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await look()); await pause(200)) {
    if (Date.now() > end) throw new Error(`never: ${what}`)
  }
}

/** What the provider has of an order: fen paid and given back, trade by trade. */
async function atProvider(method: Method, orderId: string) {
  const { rows } = await sql<{ trade_no: string }>`
    select trade_no from payments where order_id = ${orderId} order by created_at`.execute(
    programs.db.db,
  )
  const response = await fetch(`${programs.sandboxUrl}/admin/trades`)
  const all = ((await response.json()) as Record<Method, Trade[]>)[method]
  return rows.map(({ trade_no }) => {
    const trade = all.find((one) => one.out_trade_no === trade_no)
    const paid = trade?.success_time !== undefined || trade?.send_pay_date !== undefined
    return { paid, back: (trade?.refunds ?? []).map((one) => one.fen ?? one.amount?.refund) }
  })
}

interface Trade {
  out_trade_no: string
  success_time?: string
  send_pay_date?: string
  refunds: { fen?: number; amount?: { refund: number } }[]
}

const CALLS = {
  wechat: {
    open: /^POST .*\/transactions\/jsapi/,
    query: /^GET .*\/out-trade-no\//,
    close: /\/close$/,
    refund: /^POST .*\/domestic\/refunds$/,
    refundQuery: /^GET .*\/domestic\/refunds\//,
  },
  alipay: {
    open: /method=alipay\.trade\.create&/,
    query: /method=alipay\.trade\.query&/,
    close: /method=alipay\.trade\.close&/,
    refund: /method=alipay\.trade\.refund&/,
    refundQuery: /method=alipay\.trade\.fastpay\.refund\.query&/,
  },
} as const satisfies Record<Method, Record<string, RegExp>>

describe.each(methods)('%s: the server is killed when the provider', (method) => {
  const calls = CALLS[method]
  const cancelling = (id: string) => () => people[method].call('cancelOrder', { params: { id } })

  test('has opened the trade: the phone asks again and pays that very trade', async () => {
    const { order } = await registered(method)
    const open = opening(method, order.id, randomUUID())
    await killedAt(calls.open, open)
    const payment = await persistently(open)
    await atCashier(payment.params)
    await becomes(order.id, 'confirmed')
    expect(await atProvider(method, order.id)).toEqual([{ paid: true, back: [] }])
  })

  test('has said that it is paid: the next query hears it again, once', async () => {
    const { order, payment, slot } = await opened(method)
    await admin('faults', { call: `${method}.notice`, fault: 'drop', times: null })
    await killedAt(calls.query, async () => {
      await atCashier(payment.params)
      await makeDue()
    })
    await becomes(order.id, 'confirmed')
    expect(await atProvider(method, order.id)).toEqual([{ paid: true, back: [] }])
    expect(await seatsTaken(programs.db.db, slot)).toBe(1)
  })

  test('has closed the trade for a cancel: it is cancelled on asking again, and cannot be paid', async () => {
    const { order, payment, slot } = await opened(method)
    const cancel = cancelling(order.id)
    const unheard = await killedAt(calls.close, cancel)
    expect(unheard.ok).toBe(false)
    expect((await persistently(cancel)).state).toBe('cancelled')
    await atCashier(payment.params)
    expect(await atProvider(method, order.id)).toEqual([{ paid: false, back: [] }])
    expect(await seatsTaken(programs.db.db, slot)).toBe(0)
  })

  test('has taken the refund: it is followed under its number, never given twice', async () => {
    const { order } = await confirmed(method)
    await killedAt(calls.refund, cancelling(order.id))
    await refunded(order.id)
    expect(await atProvider(method, order.id)).toEqual([{ paid: true, back: [order.payableFen] }])
  })

  test('has said that the refund is done: the next query hears it again', async () => {
    const { order } = await confirmed(method)
    await admin('faults', { call: `${method}.notice`, fault: 'drop', times: null })
    // Its first answer says “under way”, so that there is something to ask about.
    if (method === 'alipay')
      await admin('faults', { call: 'alipay.trade.refund', fault: 'pending', times: 1 })
    await killedAt(calls.refundQuery, async () => {
      await persistently(cancelling(order.id))
      await pause(1_500)
      await makeDue()
    })
    await refunded(order.id)
    expect(await atProvider(method, order.id)).toEqual([{ paid: true, back: [order.payableFen] }])
  })

  test.each([2, 8])(
    'sends its notice, %d ms after the payment: it is confirmed once',
    async (ms) => {
      const { order, payment } = await opened(method)
      const paying = atCashier(payment.params)
      await pause(ms)
      await programs.kill()
      await paying
      await programs.start()
      await becomes(order.id, 'confirmed')
      expect(await atProvider(method, order.id)).toEqual([{ paid: true, back: [] }])
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from events
      where order_id = ${order.id} and what = 'confirm'`.execute(programs.db.db)
      expect(rows[0]?.n).toBe(1)
    },
  )
})
