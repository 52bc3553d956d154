/**
 * A day of 2,000 payments and refunds on each rail, with planted differences, over the real wire into
 * real PostgreSQL: the matcher finds exactly those, and to the fen (M3).
 */
import { randomUUID } from 'node:crypto'
import { type Method, methods } from '@jiyue/contract/payment'
import { instantOf } from '@jiyue/contract/time'
import type { Plant } from '../../sandbox/plants.ts'
import { lecture } from '../../server/demo/world.ts'
import { billsDue } from '../../server/sweep/sweep.ts'
import { newSlot } from '../races/setting.ts'
import {
  must,
  openWorld,
  payAtCashier,
  registeredOrder,
  signIn,
  signInOwner,
  type World,
} from '../world.ts'
import {
  afterBill,
  type Booked,
  bookBoth,
  differencesOf,
  listen,
  startOver,
  today,
} from './billSetting.ts'
import { keptKeys } from './sandboxMerchant.ts'

const TRADES = 1300
const REFUNDS = 700

let world: World
const keys = keptKeys()
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  // The world stops the one it began with.
  await world.sandbox.stop()
  await world.close()
  keys.end()
})
beforeEach(() => startOver(world, keys.dir()))

/** Refunds that we hold as closed and that the platform paid out: a difference of our own making. */
const CLOSED = [50, 51]

/** 2,000 lines spread over the day; amounts of all sizes. */
function someDay(method: Method, day: string): Booked[] {
  const name = (kind: string, n: number) => `${kind}${method}${String(n).padStart(6, '0')}`
  return Array.from({ length: TRADES }, (_, n) => {
    const fen = 100 + ((n * 7919) % 1_000_003)
    const at = instantOf(day, 20 + (n % 1400))
    const state = CLOSED.includes(n) ? ('closed' as const) : ('succeeded' as const)
    const back = { refundNo: name('R', n), fen: 1 + ((n * 31) % 99), at, state }
    return { tradeNo: name('T', n), fen, at, ...(n < REFUNDS && { refunds: [back] }) }
  })
}

/** What is planted on a day of `someDay`, and what must be found of it. */
function plants(method: Method, day: string, list: readonly Booked[]) {
  const trade = (n: number) => list[n] as Booked
  const back = (n: number) => trade(n).refunds?.[0] as NonNullable<Booked['refunds']>[number]
  const planted: Plant[] = []
  const expected: string[] = []
  for (const n of [0, 1, 777, 778, 779, TRADES - 1]) {
    planted.push({ kind: 'drop', outTradeNo: trade(n).tradeNo })
    expected.push(`ours_only trade ${trade(n).tradeNo} ${trade(n).fen} `)
  }
  for (const n of [5, 6, 500]) {
    planted.push({ kind: 'drop', outTradeNo: trade(n).tradeNo, refundNo: back(n).refundNo })
    expected.push(`ours_only refund ${back(n).refundNo} ${back(n).fen} `)
  }
  for (const n of [1, 2, 3, 4]) {
    planted.push({ kind: 'stranger', day, outTradeNo: `X${method}${n}`, fen: 1000 + n })
    expected.push(`theirs_only trade X${method}${n}  ${1000 + n}`)
  }
  for (const n of [900, 901]) {
    const outTradeNo = trade(n).tradeNo
    planted.push({ kind: 'stranger', day, outTradeNo, refundNo: `C${method}${n}`, fen: 2 })
    expected.push(`theirs_only refund C${method}${n}  2`)
  }
  for (const [n, more] of [
    [10, 1],
    [11, -1],
    [1200, 1],
    [1201, 99_999],
  ] as const) {
    planted.push({ kind: 'amount', outTradeNo: trade(n).tradeNo, fen: trade(n).fen + more })
    expected.push(`amount trade ${trade(n).tradeNo} ${trade(n).fen} ${trade(n).fen + more}`)
  }
  for (const n of [20, 21]) {
    const { refundNo, fen } = back(n)
    planted.push({ kind: 'amount', outTradeNo: trade(n).tradeNo, refundNo, fen: fen + 1 })
    expected.push(`amount refund ${refundNo} ${fen} ${fen + 1}`)
  }
  planted.push({ kind: 'twice', outTradeNo: trade(30).tradeNo })
  expected.push(`amount trade ${trade(30).tradeNo} ${trade(30).fen} ${2 * trade(30).fen}`)
  if (method === 'wechat') {
    for (const [n, state] of [
      [40, 'FAIL'],
      [41, 'CHANGE'],
    ] as const) {
      const { refundNo, fen } = back(n)
      planted.push({ kind: 'state', outTradeNo: trade(n).tradeNo, refundNo, state })
      expected.push(`state refund ${refundNo} ${fen} ${fen}`)
    }
    planted.push({ kind: 'state', outTradeNo: trade(42).tradeNo, state: 'REVOKED' })
    expected.push(`state trade ${trade(42).tradeNo} ${trade(42).fen} ${trade(42).fen}`)
  }
  const ofOurs = CLOSED.map((n) => `state refund ${back(n).refundNo} ${back(n).fen} ${back(n).fen}`)
  return { planted, ofOurs, expected: [...expected, ...ofOurs].sort() }
}

/** Somebody pays and nobody hears of it: no notice, no query. */
async function unheard(method: Method): Promise<{ orderId: string; fen: number }> {
  expect(world.sandbox.admin.fault(`${method}.notice`, 'drop', null)).toBe(true)
  const host = method === 'wechat' ? 'weapp' : 'alipay'
  const person = await signIn(world, randomUUID(), host)
  const slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 1 })
  const order = await registeredOrder(person, slot)
  const payment = await must(person.call, 'createPayment', {
    params: { id: order.id },
    body: { id: randomUUID(), method, scene: host },
  })
  await payAtCashier(world, payment.params)
  return { orderId: order.id, fen: payment.amountFen }
}

const count = async (table: 'facts' | 'differences' | 'bill_rows') =>
  (await world.database.db.selectFrom(table).select('id').execute()).length

describe.each(methods)('%s', (method) => {
  test('exactly what was planted is found, the same again once, and what is healed goes', async () => {
    const day = today()
    const list = someDay(method, day)
    const { planted, ofOurs, expected } = plants(method, day, list)
    const quiet = await unheard(method)
    await bookBoth(world, method, list)
    for (const plant of planted) {
      expect([plant, world.sandbox.admin.plant(method, plant)]).toEqual([plant, true])
    }
    afterBill(world, day)
    const heard = listen(world)
    // In the first minutes of a day `unheard` has one of the day before fetched too, with nothing in it.
    expect(await billsDue(world.parts)).toBeGreaterThanOrEqual(1)
    const matched = world.database.db.selectFrom('bills').select('day').where('method', '=', method)
    expect(await matched.where('state', '=', 'matched').execute()).toEqual([{ day }])
    expect(await differencesOf(world, method)).toEqual(expected)
    expect(alarms(heard.lines)).toHaveLength(1)
    await expectConfirmed(quiet, method)

    const owner = await signInOwner(world)
    const params = { method, day }
    const before = [await count('differences'), await count('facts'), await count('bill_rows')]
    const again = await must(owner.call, 'putBill', { params })
    expect(again).toMatchObject({ state: 'matched', openDifferences: expected.length })
    expect(await differencesOf(world, method)).toEqual(expected)
    expect([await count('differences'), await count('facts'), await count('bill_rows')]).toEqual(
      before,
    )
    expect(alarms(heard.lines)).toHaveLength(1)

    world.sandbox.admin.unplant()
    const healed = await must(owner.call, 'putBill', { params })
    const paidFen = list.reduce((sum, one) => sum + one.fen, quiet.fen)
    const backFen = list.reduce((sum, { refunds: [one] = [] }) => sum + (one?.fen ?? 0), 0)
    expect(healed).toMatchObject({
      rows: TRADES + REFUNDS + 1,
      paidFen,
      refundedFen: backFen,
      openDifferences: ofOurs.length,
      failure: null,
    })
    expect(await differencesOf(world, method)).toEqual(ofOurs)
    const { differences, open } = await must(owner.call, 'listDifferences', {
      query: { state: 'resolved' },
    })
    expect([differences.length, open]).toEqual([expected.length - ofOurs.length, ofOurs.length])
    expect(new Set(differences.map(({ by }) => by))).toEqual(new Set(['bill']))
    expect(await count('differences')).toBe(before[0])
  })
})

const alarms = (lines: Record<string, unknown>[]) =>
  lines.filter(({ msg }) => msg === 'a bill and our books do not agree')

/** The bill brought the money that nobody heard of: confirmed, and the way is on the order. */
async function expectConfirmed({ orderId }: { orderId: string }, method: Method): Promise<void> {
  const owner = await signInOwner(world)
  const order = await must(owner.call, 'getConsoleOrder', { params: { id: orderId } })
  expect(order.state).toBe('confirmed')
  expect(order.facts).toMatchObject([{ heardBy: 'bill', method, verdict: 'confirmed' }])
}
