/** When bills are asked for, what becomes of those that cannot be had, and midnight (M3). */
import { type Method, methods } from '@jiyue/contract/payment'
import { addDays, type Day, instantOf } from '@jiyue/contract/time'
import { matchBill, planBills } from '../../server/payment/bills/bills.ts'
import { billsDue } from '../../server/sweep/sweep.ts'
import { openWorld, type World } from '../world.ts'
import {
  afterBill,
  book,
  bookBoth,
  bulkOf,
  differencesOf,
  goTo,
  listen,
  startOver,
  today,
} from './billSetting.ts'
import { keptKeys } from './sandboxMerchant.ts'

let world: World
let day: Day
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
beforeEach(async () => {
  await startOver(world, keys.dir())
  day = today()
})

const noon = (of = day) => instantOf(of, 720)
const calls = {
  wechat: { ask: 'wechat.bill', file: 'wechat.billFile', query: 'wechat.query' },
  alipay: {
    ask: 'alipay.data.dataservice.bill.downloadurl.query',
    file: 'alipay.billFile',
    query: 'alipay.trade.query',
  },
} as const satisfies Record<Method, object>

const fault = (call: string, name: string) =>
  expect(world.sandbox.admin.fault(call, name, null)).toBe(true)

const bills = (method: Method) =>
  world.database.db
    .selectFrom('bills')
    .selectAll()
    .where('method', '=', method)
    .orderBy('day')
    .execute()

const bill = async (method: Method, of: Day) => {
  const found = (await bills(method)).find((row) => row.day === of)
  if (!found) throw new Error(`no bill of ${method} ${of}`)
  return found
}

/** Makes everything that waits due, as if the half hour were over. */
const halfAnHourLater = () => {
  world.clock.aheadMs += 30 * 60_000
}

describe('which bills there are', () => {
  test('one a day and method, from its first payment on, each due at ten of the next day', async () => {
    await book(world, 'wechat', [{ tradeNo: 'T1', fen: 100, at: noon(addDays(day, -3)) }])
    await planBills(world.parts, world.parts.now())
    await planBills(world.parts, world.parts.now())
    expect((await bills('wechat')).map((row) => [row.day, row.state, row.due_at])).toEqual(
      [-3, -2, -1].map((ago) => [
        addDays(day, ago),
        'waiting',
        new Date(instantOf(addDays(day, ago + 1), 600)),
      ]),
    )
    expect(await bills('alipay')).toEqual([])
    goTo(world, addDays(day, 1), 1)
    await planBills(world.parts, world.parts.now())
    expect((await bills('wechat')).at(-1)).toMatchObject({ day })
  })

  test.each([
    ['at 08:00 of a day in China: from that day on', 480, -1],
    ['at 00:20: it is of that day, not of the day before', 20, -1],
    ['at 00:01: the day before may list it too', 1, -2],
  ])('a first payment %s', async (_name, minutes, ago) => {
    const at = instantOf(addDays(day, -1), minutes)
    await book(world, 'alipay', [{ tradeNo: 'T1', fen: 100, at }])
    await planBills(world.parts, world.parts.now())
    expect((await bills('alipay'))[0]?.day).toBe(addDays(day, ago))
  })

  test('nothing is asked for that the platforms no longer have', async () => {
    await book(world, 'wechat', [{ tradeNo: 'T1', fen: 100, at: noon(addDays(day, -200)) }])
    await planBills(world.parts, world.parts.now())
    const all = await bills('wechat')
    expect([all.length, all[0]?.day]).toEqual([85, addDays(day, -85)])
  })

  test('nothing is asked for before ten', async () => {
    await bookBoth(world, 'wechat', [{ tradeNo: 'T1', fen: 100, at: noon() }])
    goTo(world, addDays(day, 1), 599)
    expect(await billsDue(world.parts)).toBe(0)
    goTo(world, addDays(day, 1), 600)
    expect(await billsDue(world.parts)).toBe(1)
    expect(await billsDue(world.parts)).toBe(0)
  })
})

describe.each(methods)('%s', (method) => {
  const one = () => [{ tradeNo: `T${method}1`, fen: 12850, at: noon() }]
  const missing = `ours_only trade T${method}1 12850 `

  test('not ready: asked again each half hour, and matched when it is there', async () => {
    await bookBoth(world, method, one())
    fault(calls[method].ask, 'creating')
    afterBill(world, day)
    for (const tries of [1, 2, 3]) {
      expect(await billsDue(world.parts)).toBe(1)
      expect(await bill(method, day)).toMatchObject({
        state: 'waiting',
        tries,
        failure: 'not_ready',
      })
      expect(await billsDue(world.parts)).toBe(0)
      halfAnHourLater()
    }
    world.sandbox.admin.clearFaults()
    await billsDue(world.parts)
    expect(await bill(method, day)).toMatchObject({
      state: 'matched',
      failure: null,
      due_at: null,
      rows: 1,
      paid_fen: 12850,
    })
    expect(await differencesOf(world, method)).toEqual([])
  })

  test('given up after three days, told once, and had by hand later', async () => {
    await bookBoth(world, method, one())
    fault(calls[method].ask, 'creating')
    afterBill(world, day)
    await planBills(world.parts, world.parts.now())
    await world.database.db.updateTable('bills').set({ tries: 142 }).execute()
    const { lines } = listen(world)
    const alarms = () => lines.filter((line) => line.level === 50)
    await billsDue(world.parts)
    expect([(await bill(method, day)).state, alarms().length]).toEqual(['waiting', 0])
    halfAnHourLater()
    await billsDue(world.parts)
    expect(await bill(method, day)).toMatchObject({
      state: 'failed',
      failure: 'not_ready',
      due_at: null,
      tries: 144,
    })
    halfAnHourLater()
    expect(await billsDue(world.parts)).toBe(0)
    expect(alarms()).toMatchObject([{ method, day, msg: expect.stringContaining('a person') }])
    world.sandbox.admin.clearFaults()
    expect(await matchBill(world.parts, { method, day })).toBe('matched')
    expect((await bill(method, day)).state).toBe('matched')
  })

  test('never made, and nothing in our books either: the day is empty', async () => {
    await bookBoth(world, method, one())
    fault(calls[method].ask, 'creating')
    goTo(world, addDays(day, 2), 630)
    await planBills(world.parts, world.parts.now())
    await world.database.db.updateTable('bills').set({ tries: 143 }).execute()
    await billsDue(world.parts)
    expect((await bills(method)).map((row) => row.state)).toEqual(['failed', 'empty'])
  })

  test.each(['truncated', 'garbage', 'bomb', 'dropAfterCommit'])(
    'a file that is %s: nothing is changed, it is told, and the next try matches',
    async (name) => {
      await bookBoth(world, method, one())
      fault(calls[method].file, name)
      afterBill(world, day)
      const { lines } = listen(world)
      await billsDue(world.parts)
      const failed = await bill(method, day)
      expect(failed).toMatchObject({
        state: 'waiting',
        failure: expect.stringMatching(/^[a-z_]+$/),
      })
      expect(lines).toMatchObject([{ level: 40, method, day, code: failed.failure }])
      expect(await differencesOf(world, method)).toEqual([])
      world.sandbox.admin.clearFaults()
      halfAnHourLater()
      await billsDue(world.parts)
      expect(await bill(method, day)).toMatchObject({ state: 'matched', failure: null })
    },
  )

  test('a bill that was matched stays so when a later look fails', async () => {
    await bookBoth(world, method, one())
    afterBill(world, day)
    await billsDue(world.parts)
    const before = await bill(method, day)
    fault(calls[method].file, 'truncated')
    expect(await matchBill(world.parts, { method, day })).toBe('failed')
    expect(await bill(method, day)).toEqual(before)
  })

  test('the platform says nothing happened, our books say otherwise: every payment is told', async () => {
    await bookBoth(world, method, one())
    fault(calls[method].ask, 'empty')
    afterBill(world, day)
    await billsDue(world.parts)
    expect(await bill(method, day)).toMatchObject({ state: 'empty', rows: 0, paid_fen: 0 })
    expect(await differencesOf(world, method)).toEqual([missing])
  })

  test('matched three times at once, everything is there once', async () => {
    await bookBoth(world, method, one())
    world.sandbox.admin.plant(method, { kind: 'drop', outTradeNo: `T${method}1` })
    world.sandbox.admin.plant(method, { kind: 'stranger', day, outTradeNo: 'X1', fen: 5 })
    afterBill(world, day)
    const verdicts = await Promise.all([1, 2, 3].map(() => matchBill(world.parts, { method, day })))
    expect(verdicts).toEqual(['matched', 'matched', 'matched'])
    expect(await differencesOf(world, method)).toEqual([missing, 'theirs_only trade X1  5'])
    const rows = await world.database.db.selectFrom('bill_rows').select('trade_no').execute()
    expect(rows).toEqual([{ trade_no: 'X1' }])
  })

  test('what a person resolved stays resolved; what comes back after it had gone is open again', async () => {
    await bookBoth(world, method, [...one(), { tradeNo: 'T2', fen: 7, at: noon() }])
    const drop = (outTradeNo: string) =>
      world.sandbox.admin.plant(method, { kind: 'drop', outTradeNo })
    drop(`T${method}1`)
    drop('T2')
    afterBill(world, day)
    await billsDue(world.parts)
    await world.database.db
      .updateTable('differences')
      .set({ state: 'resolved', by: 'merchant:x', resolution: '已核对', resolved_at: new Date() })
      .where('trade_no', '=', 'T2')
      .execute()
    world.sandbox.admin.unplant()
    await matchBill(world.parts, { method, day })
    expect(await differencesOf(world, method)).toEqual([])
    drop(`T${method}1`)
    drop('T2')
    await matchBill(world.parts, { method, day })
    expect(await differencesOf(world, method)).toEqual([missing])
  })
})

describe.each(methods)('other amounts, %s', (method) => {
  test('what a person resolved spoke of its amounts: a bill that comes anew with others opens it again', async () => {
    await bookBoth(world, method, [{ tradeNo: 'T2', fen: 700, at: noon() }])
    const shows = (fen: number) => {
      world.sandbox.admin.unplant()
      world.sandbox.admin.plant(method, { kind: 'amount', outTradeNo: 'T2', fen })
    }
    const matched = async () => {
      await matchBill(world.parts, { method, day })
      return differencesOf(world, method)
    }
    shows(600)
    afterBill(world, day)
    await billsDue(world.parts)
    const [first] = await differencesOf(world, method)
    expect(first).toContain('amount trade T2 700 600')
    await world.database.db
      .updateTable('differences')
      .set({ state: 'resolved', by: 'merchant:x', resolution: '已核对', resolved_at: new Date() })
      .execute()
    expect(await matched()).toEqual([])
    shows(650)
    const [again] = await matched()
    expect(again).toContain('amount trade T2 700 650')
    const row = await world.database.db
      .selectFrom('differences')
      .select(['by', 'resolution', 'resolved_at'])
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ by: null, resolution: null, resolved_at: null })
  })
})

describe.each(methods)('midnight, %s', (method) => {
  const next = () => addDays(day, 1)
  const last = () => instantOf(next()) - 1000
  const first = () => instantOf(next()) + 1000

  /** Ours says one thing, the platform another. */
  async function paid(ours: number, theirs: number): Promise<void> {
    const booked = (at: number) => [{ tradeNo: 'T1', fen: 100, at }]
    await book(world, method, booked(ours))
    world.sandbox.admin.bulk(method, bulkOf(booked(theirs)))
    // The day after has a bill too.
    await bookBoth(world, method, [{ tradeNo: 'T9', fen: 1, at: noon(next()) }])
  }

  async function matchBoth(): Promise<[first: string[], second: string[]]> {
    afterBill(world, day)
    await billsDue(world.parts)
    const before = await differencesOf(world, method)
    afterBill(world, next())
    await billsDue(world.parts)
    return [before, await differencesOf(world, method)]
  }

  test('paid at 23:59:59 and on the next day’s bill: never a difference', async () => {
    await paid(last(), first())
    expect(await matchBoth()).toEqual([[], []])
  })

  test('paid at 00:00:01 and on the bill of the day before: never a difference', async () => {
    await paid(first(), last())
    expect(await matchBoth()).toEqual([[], []])
  })

  test('paid at 23:59:59 and on neither bill: told when the second has been read', async () => {
    await paid(last(), first())
    world.sandbox.admin.plant(method, { kind: 'drop', outTradeNo: 'T1' })
    expect(await matchBoth()).toEqual([[], ['ours_only trade T1 100 ']])
    const { day: told } = await world.database.db
      .selectFrom('differences')
      .select('day')
      .executeTakeFirstOrThrow()
    expect(told).toBe(day)
  })

  test('paid at noon and on the next day’s bill: told, and resolved by that bill', async () => {
    await paid(noon(), first())
    expect(await matchBoth()).toEqual([['ours_only trade T1 100 '], []])
    const row = await world.database.db
      .selectFrom('differences')
      .selectAll()
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ state: 'resolved', by: 'bill', day })
  })

  test('both days matched at once: the missing one is told all the same', async () => {
    await paid(last(), first())
    world.sandbox.admin.plant(method, { kind: 'drop', outTradeNo: 'T1' })
    afterBill(world, next())
    expect(await billsDue(world.parts)).toBe(2)
    expect(await differencesOf(world, method)).toEqual(['ours_only trade T1 100 '])
  })

  test('a refund asked for one day and done the next is on one of the bills, and no difference', async () => {
    const refund = { refundNo: 'R1', fen: 40, at: noon(next()), requestedAt: noon() }
    await book(world, method, [{ tradeNo: 'T1', fen: 100, at: noon(), refunds: [refund] }])
    // WeChat lists it when it was asked for, Alipay when it was done.
    const at = method === 'wechat' ? noon() : noon(next())
    world.sandbox.admin.bulk(method, [
      { outTradeNo: 'T1', fen: 100, paidAt: noon(), refunds: [{ refundNo: 'R1', fen: 40, at }] },
    ])
    expect(await matchBoth()).toEqual([[], []])
  })
})

describe('a file nobody signed', () => {
  /** An order of ours that waits, and a row that says it was paid. */
  async function claimed(method: Method) {
    const slot = { tradeNo: 'T1', fen: 100, at: noon(), state: 'pending' as const }
    await book(world, method, [slot])
    world.sandbox.admin.plant(method, { kind: 'stranger', day, outTradeNo: 'T1', fen: 100 })
    afterBill(world, day)
  }
  const payment = () =>
    world.database.db.selectFrom('payments').select(['state', 'paid_fen']).executeTakeFirstOrThrow()

  test('is not believed: Alipay does not know the payment its bill claims', async () => {
    await claimed('alipay')
    await billsDue(world.parts)
    expect(await payment()).toEqual({ state: 'pending', paid_fen: null })
    expect(await differencesOf(world, 'alipay')).toEqual(['state trade T1 100 100'])
  })

  test('waits until Alipay answers about it', async () => {
    await claimed('alipay')
    fault(calls.alipay.query, 'status500')
    await billsDue(world.parts)
    expect(await bill('alipay', day)).toMatchObject({ state: 'waiting', failure: 'no_answer' })
    expect(await differencesOf(world, 'alipay')).toEqual([])
  })

  test('WeChat’s is signed by its hash: what it says is money', async () => {
    await claimed('wechat')
    await billsDue(world.parts)
    expect(await payment()).toEqual({ state: 'succeeded', paid_fen: 100 })
    expect(await differencesOf(world, 'wechat')).toEqual([])
  })
})
