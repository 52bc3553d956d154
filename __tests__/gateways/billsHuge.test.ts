/** Days and claims of more fen than 32 bits hold, and rows of nothing: a bill is read all the same (M3). */
import { methods } from '@jiyue/contract/payment'
import { instantOf } from '@jiyue/contract/time'
import { must, openWorld, signInOwner, type World } from '../world.ts'
import {
  afterBill,
  type Booked,
  book,
  bookBoth,
  differencesOf,
  startOver,
  today,
} from './billSetting.ts'
import { keptKeys } from './sandboxMerchant.ts'

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

const yuan = 100
const million = 1_000_000

describe.each(methods)('%s', (method) => {
  const day = today()
  const at = instantOf(day, 60)
  const read = async () => {
    const { call } = await signInOwner(world)
    return { call, bill: await must(call, 'putBill', { params: { method, day } }) }
  }

  test('27 million yuan in, 24 million back: matched, and summed to the fen everywhere', async () => {
    const list: Booked[] = [1, 2, 3].map((n) => ({
      tradeNo: `T${method}00000${n}`,
      fen: 9 * million * yuan + n,
      at,
      refunds: [{ refundNo: `R${method}00000${n}`, fen: 8 * million * yuan + n, at }],
    }))
    await bookBoth(world, method, list)
    afterBill(world, day)
    const { call, bill } = await read()
    const sums = { paidFen: 27 * million * yuan + 6, refundedFen: 24 * million * yuan + 6 }
    expect(bill).toMatchObject({ state: 'matched', rows: 6, ...sums, openDifferences: 0 })
    const query = { from: day, to: day, per: 'day' as const }
    const { total } = await must(call, 'getReconciliation', { query })
    expect(total).toMatchObject({
      paid: { count: 3, amountFen: sums.paidFen },
      refunded: { count: 3, amountFen: sums.refundedFen },
      netFen: 3 * million * yuan,
    })
  })

  test('40 million yuan under one number that is nobody’s are listed, with their amount', async () => {
    const fen = 40 * million * yuan
    const half = { kind: 'stranger', day, outTradeNo: `X${method}000001`, fen: fen / 2 } as const
    // One row says no more than 21 million; two of one number are one with all its money.
    for (const plant of [half, half]) expect(world.sandbox.admin.plant(method, plant)).toBe(true)
    // A bill of strangers alone would be none at Alipay.
    await bookBoth(world, method, [{ tradeNo: `T${method}000001`, fen: 1, at }])
    afterBill(world, day)
    expect((await read()).bill).toMatchObject({ state: 'matched', paidFen: fen + 1 })
    expect(await differencesOf(world, method)).toEqual([
      `theirs_only trade X${method}000001  ${fen}`,
    ])
  })

  test('a row of 0.00 for a payment that waits takes nothing, owes nothing and holds no bill up', async () => {
    const waiting: Booked = { tradeNo: `W${method}000001`, fen: 4900, at, state: 'pending' }
    await book(world, method, [waiting])
    await bookBoth(world, method, [{ tradeNo: `T${method}000001`, fen: 1, at }])
    const plant = { kind: 'stranger', day, outTradeNo: waiting.tradeNo, fen: 0 } as const
    expect(world.sandbox.admin.plant(method, plant)).toBe(true)
    afterBill(world, day)
    for (const _ of [1, 2]) expect((await read()).bill).toMatchObject({ state: 'matched', rows: 2 })
    const { db } = world.database
    expect(
      await db
        .selectFrom('payments')
        .select(['state', 'paid_fen'])
        .where('trade_no', '=', waiting.tradeNo)
        .execute(),
    ).toEqual([{ state: 'pending', paid_fen: null }])
    expect(await db.selectFrom('refunds').select('id').execute()).toEqual([])
    expect(await differencesOf(world, method)).toEqual([
      `amount trade ${waiting.tradeNo} 4900 0`,
      `state trade ${waiting.tradeNo} 4900 0`,
    ])
  })
})

test('money beyond any price goes back whole, like any wrong amount', async () => {
  const day = today()
  const waiting: Booked = {
    tradeNo: 'Wwechat000002',
    fen: 4900,
    at: instantOf(day, 60),
    state: 'pending',
  }
  await book(world, 'wechat', [waiting])
  const fen = 40 * million * yuan
  const half = { kind: 'stranger', day, outTradeNo: waiting.tradeNo, fen: fen / 2 } as const
  for (const plant of [half, half]) expect(world.sandbox.admin.plant('wechat', plant)).toBe(true)
  afterBill(world, day)
  const { call } = await signInOwner(world)
  await must(call, 'putBill', { params: { method: 'wechat', day } })
  const refunds = await world.database.db.selectFrom('refunds').selectAll().execute()
  expect(refunds).toMatchObject([{ amount_fen: fen, reason: 'wrong_amount', state: 'requested' }])
})
