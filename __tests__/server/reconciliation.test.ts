/** Reconciliation, bills and differences as the console reads them (M3): figures to the fen. */
import { type Method, methods } from '@jiyue/contract/payment'
import type { Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { cleaning, lecture, people, venue } from '../../server/demo/world.ts'
import type { reconcile } from '../../server/report/reconciliation.ts'
import { billsDue } from '../../server/sweep/sweep.ts'
import {
  afterBill,
  type Booked,
  book,
  bookBoth,
  startOver,
  today,
} from '../gateways/billSetting.ts'
import { keptKeys } from '../gateways/sandboxMerchant.ts'
import { caller, must, openWorld, signInOwner, type World } from '../world.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
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
  owner = await signInOwner(world)
})

type Query = Parameters<typeof reconcile>[1]
const ask = (query: Query) => must(owner.call, 'getReconciliation', { query })
/** Instant of a China wall time. */
const china = (text: string) => Date.parse(`${text}+08:00`)

const figures = ({ paid, refunded, netFen }: Reply<'getReconciliation'>['total']) => [
  paid.count,
  paid.amountFen,
  refunded.count,
  refunded.amountFen,
  netFen,
]

describe('days of the merchant’s clock', () => {
  test('the last and the first second of a day, of a week and of a month are on their sides', async () => {
    // 31 May 2026 is a Sunday: one second ends the day, the ISO week and the month.
    await book(world, 'wechat', [
      { tradeNo: 'T1', fen: 100, at: china('2026-05-31T23:59:59') },
      { tradeNo: 'T2', fen: 10, at: china('2026-06-01T00:00:00') },
      { tradeNo: 'T3', fen: 1, at: china('2026-06-07T23:59:59') },
    ])
    const span = { from: '2026-05-25', to: '2026-06-07' }
    const weeks = await ask({ ...span, per: 'week' })
    expect(weeks.periods.map((one) => [one.from, one.to, one.paid.amountFen])).toEqual([
      ['2026-05-25', '2026-05-31', 100],
      ['2026-06-01', '2026-06-07', 11],
    ])
    const months = await ask({ from: '2026-05-01', to: '2026-06-30', per: 'month' })
    expect(months.periods.map((one) => [one.from, one.to, one.paid.amountFen])).toEqual([
      ['2026-05-01', '2026-05-31', 100],
      ['2026-06-01', '2026-06-30', 11],
    ])
    const days = await ask({ ...span, per: 'day' })
    expect(days.periods).toHaveLength(14)
    expect(days.periods.filter((one) => one.paid.count > 0).map((one) => one.from)).toEqual([
      '2026-05-31',
      '2026-06-01',
      '2026-06-07',
    ])
    expect(figures(days.total)).toEqual([3, 111, 0, 0, 111])
  })

  test('periods are cut at both ends, and only what lies within counts', async () => {
    await book(world, 'wechat', [
      { tradeNo: 'T1', fen: 100, at: china('2026-12-29T12:00:00') },
      { tradeNo: 'T2', fen: 10, at: china('2026-12-30T00:00:00') },
      { tradeNo: 'T3', fen: 1, at: china('2027-01-04T12:00:00') },
      { tradeNo: 'T4', fen: 1000, at: china('2027-01-05T00:00:00') },
    ])
    const { periods, total } = await ask({ from: '2026-12-30', to: '2027-01-04', per: 'week' })
    expect(periods.map((one) => [one.from, one.to, one.paid.amountFen])).toEqual([
      ['2026-12-30', '2027-01-03', 10],
      ['2027-01-04', '2027-01-04', 1],
    ])
    expect(figures(total)).toEqual([2, 11, 0, 0, 11])
  })

  test('a leap day is a day', async () => {
    await book(world, 'alipay', [{ tradeNo: 'T1', fen: 5, at: china('2028-02-29T12:00:00') }])
    const { periods } = await ask({ from: '2028-02-01', to: '2028-03-31', per: 'month' })
    expect(periods.map((one) => [one.from, one.to, one.paid.amountFen])).toEqual([
      ['2028-02-01', '2028-02-29', 5],
      ['2028-03-01', '2028-03-31', 0],
    ])
  })
})

describe('what counts', () => {
  const at = china('2026-10-01T12:00:00')
  const span = { from: '2026-10-01', to: '2026-10-31', per: 'day' } as const

  test('money counts when it moved: a refund on the day it was done, not on that of its payment', async () => {
    const refund = { refundNo: 'R1', fen: 40, at: china('2026-10-03T12:00:00'), requestedAt: at }
    await book(world, 'wechat', [{ tradeNo: 'T1', fen: 100, at, refunds: [refund] }])
    const { periods, total } = await ask(span)
    expect(figures(total)).toEqual([1, 100, 1, 40, 60])
    const moved = periods.filter((one) => one.paid.count + one.refunded.count > 0)
    expect(moved.map((one) => [one.from, ...figures(one)])).toEqual([
      ['2026-10-01', 1, 100, 0, 0, 100],
      ['2026-10-03', 0, 0, 1, 40, -40],
    ])
  })

  test('what is not paid, not refunded yet, or free, does not', async () => {
    const back = (refundNo: string, state: 'requested' | 'failed' | 'closed') => ({
      refundNo,
      fen: 1,
      at,
      state,
    })
    await book(world, 'wechat', [
      { tradeNo: 'T1', fen: 100, at, refunds: [back('R1', 'requested'), back('R2', 'failed')] },
      { tradeNo: 'T2', fen: 7, at, refunds: [back('R3', 'closed')] },
      { tradeNo: 'T3', fen: 9, at, state: 'pending' },
      { tradeNo: 'T4', fen: 9, at, state: 'closed' },
      { tradeNo: 'T5', fen: 0, at, state: 'failed' },
    ])
    await world.database.db
      .updateTable('payments')
      .set({ method: null, state: 'succeeded', paid_fen: 0, paid_at: new Date(at) })
      .where('trade_no', '=', 'T5')
      .execute()
    expect(figures((await ask(span)).total)).toEqual([2, 107, 0, 0, 107])
  })

  test('by method within a period, by service with the largest first', async () => {
    await book(world, 'wechat', [
      { tradeNo: 'T1', fen: 100, at, serviceId: lecture },
      { tradeNo: 'T2', fen: 300, at, serviceId: cleaning },
    ])
    await book(world, 'alipay', [
      {
        tradeNo: 'T3',
        fen: 1000,
        at,
        serviceId: venue,
        refunds: [{ refundNo: 'R1', fen: 950, at }],
      },
    ])
    const reply = await ask({ ...span, to: '2026-10-01' })
    expect(reply.periods).toHaveLength(1)
    expect(reply.periods[0]?.byMethod.map((one) => [one.method, ...figures(one)])).toEqual([
      ['wechat', 2, 400, 0, 0, 400],
      ['alipay', 1, 1000, 1, 950, 50],
    ])
    expect(reply.services.map((one) => [one.serviceId, ...figures(one)])).toEqual([
      [cleaning, 1, 300, 0, 0, 300],
      [lecture, 1, 100, 0, 0, 100],
      [venue, 1, 1000, 1, 950, 50],
    ])
    expect(reply.services.every(({ serviceName }) => serviceName !== '')).toBe(true)
    const one = await ask({ ...span, to: '2026-10-01', serviceId: venue })
    expect(figures(one.total)).toEqual([1, 1000, 1, 950, 50])
    expect(one.services.map(({ serviceId }) => serviceId)).toEqual([venue])
  })

  test('discounts of what was paid, by their names; of what never stood for an order, none', async () => {
    const off = (...discounts: [string, number][]) => ({ fen: 100, at, discounts })
    const back = (refundNo: string, reason: 'paid_twice' | 'cancelled') => [
      { refundNo, fen: 100, at, reason },
    ]
    await book(world, 'wechat', [
      { tradeNo: 'T1', ...off(['新人立减', 20]) },
      { tradeNo: 'T2', ...off(['新人立减', 20], ['周末特惠', 333]) },
      { tradeNo: 'T3', ...off(['新人立减', 20]), serviceId: venue },
      { tradeNo: 'T4', ...off(['新人立减', 1_000_000]), refunds: back('R4', 'paid_twice') },
      { tradeNo: 'T5', ...off(['周末特惠', 7]), refunds: back('R5', 'cancelled') },
      { tradeNo: 'T6', ...off(['周末特惠', 1_000_000]), state: 'pending' },
      { tradeNo: 'T7', ...off(['周末特惠', 1_000_000]), at: china('2026-11-01T00:00:00') },
      { tradeNo: 'T8', ...off() },
    ])
    expect((await ask(span)).promotions).toEqual([
      { label: '周末特惠', count: 2, amountFen: 340 },
      { label: '新人立减', count: 3, amountFen: 60 },
    ])
    expect((await ask({ ...span, serviceId: venue })).promotions).toEqual([
      { label: '新人立减', count: 1, amountFen: 20 },
    ])
  })
})

test('whatever moved, every period, service and method adds up to the total, and to a plain sum', async () => {
  const services = [lecture, cleaning, venue]
  const begin = instantOf('2026-08-15')
  const minutes = 60 * 24 * 100
  const list = (method: Method): Booked[] =>
    Array.from({ length: 400 }, (_, n) => {
      const fen = 100 + ((n * 7919) % 99_991)
      const at = begin + ((n * 104_729) % minutes) * 60_000
      const done = { refundNo: `R${method}${n}`, fen: (n * 31) % 99, at: at + (n % 9) * 86_400_000 }
      const serviceId = services[n % 3] as string
      return {
        tradeNo: `T${method}${n}`,
        fen,
        at,
        serviceId,
        ...(done.fen > 0 && n % 4 === 0 && { refunds: [done] }),
      }
    })
  const all = methods.map((method) => ({ method, list: list(method) }))
  for (const { method, list } of all) await book(world, method, list)
  const span = { from: '2026-09-02', to: '2026-11-11' }
  const within = (at: number) => dayOf(at) >= span.from && dayOf(at) <= span.to
  const plain = (key: (at: number, method: Method, serviceId: string) => string) => {
    const sums = new Map<string, number[]>()
    const add = (name: string, place: number, fen: number) => {
      const sum = sums.get(name) ?? [0, 0, 0, 0, 0]
      sum[place] = (sum[place] ?? 0) + 1
      sum[place + 1] = (sum[place + 1] ?? 0) + fen
      sum[4] = (sum[4] ?? 0) + (place === 0 ? fen : -fen)
      sums.set(name, sum)
    }
    for (const { method, list } of all) {
      for (const { at, fen, serviceId = '', refunds = [] } of list) {
        if (within(at)) add(key(at, method, serviceId), 0, fen)
        for (const one of refunds) {
          if (within(one.at)) add(key(one.at, method, serviceId), 2, one.fen)
        }
      }
    }
    return sums
  }
  const monday = (day: Day) => addDays(day, -((wallClock(instantOf(day)).weekday + 6) % 7))
  const names = { day: (day: Day) => day, week: monday, month: (day: Day) => day.slice(0, 7) }
  for (const per of ['day', 'week', 'month'] as const) {
    const reply = await ask({ ...span, per })
    expect(figures(reply.total)).toEqual(plain(() => '').get(''))
    const byPeriod = plain((at) => names[per](dayOf(at)))
    const byBoth = plain((at, method) => `${names[per](dayOf(at))} ${method}`)
    for (const period of reply.periods) {
      const name = names[per](period.from)
      expect([name, figures(period)]).toEqual([name, byPeriod.get(name) ?? [0, 0, 0, 0, 0]])
      for (const one of period.byMethod) {
        expect(figures(one)).toEqual(byBoth.get(`${name} ${one.method}`))
      }
    }
    expect(reply.periods.filter((one) => one.paid.count + one.refunded.count > 0)).toHaveLength(
      byPeriod.size,
    )
    const byService = plain((_at, _method, serviceId) => serviceId)
    expect(new Map(reply.services.map((one) => [one.serviceId, figures(one)]))).toEqual(byService)
  }
})

test('today’s money is that of this day in the reconciliation, and a plain sum of the rows, over both its midnights', async () => {
  const day = today()
  const midnight = instantOf(day)
  const minutes = 60_000
  // Around both midnights to the second, and all over three days.
  const times = [-1000, 0, 1000, 1440 * minutes - 1000, 1440 * minutes, 1440 * minutes + 1000]
  const at = (n: number) =>
    midnight +
    (n % 3 ? (times[n % times.length] as number) : (((n * 7919) % 4320) - 1440) * minutes)
  const isFree = (n: number) => n % 10 === 3
  const some = (method: Method): Booked[] =>
    Array.from({ length: 120 }, (_, n) => ({
      tradeNo: `T${method}${n}`,
      fen: isFree(n) ? 0 : 100 + ((n * 7919) % 9991),
      at: at(n),
      ...(isFree(n) && { state: 'failed' as const }),
      serviceId: [lecture, cleaning, venue][n % 3] as string,
      ...(n % 4 === 0 && {
        refunds: [
          {
            refundNo: `R${method}${n}`,
            fen: 1 + (n % 99),
            at: at(n + 1),
            requestedAt: at(n + 1),
            state: n % 10 === 8 ? 'requested' : 'succeeded',
          },
        ],
      }),
    }))
  for (const method of methods) await book(world, method, some(method))
  const db = world.database.db
  // Some was taken by hand, some given back by hand, some orders were free.
  await sql`update payments set method = 'offline', scene = 'desk' where trade_no like '%7'`.execute(
    db,
  )
  await sql`update refunds set state = 'otherwise', otherwise_by = 'merchant:x',
    otherwise_note = '现金', evidence = '签收单', refunded_at = requested_at
    where refund_no like '%8'`.execute(db)
  await sql`update payments set method = null, state = 'succeeded', paid_fen = 0, paid_at = created_at
    where trade_no like '%3'`.execute(db)
  const { rows } = await sql<{ method: string; count: number; fen: number }>`
    select method, count(*)::int as count, sum(paid_fen)::int as fen from payments
    where state = 'succeeded' and method is not null
      and (paid_at at time zone 'Asia/Shanghai')::date = ${day} group by 1 order by 1`.execute(db)
  const back = await sql<{ count: number; fen: number }>`
    select count(*)::int as count, sum(amount_fen)::int as fen from refunds
    where state in ('succeeded', 'otherwise')
      and (refunded_at at time zone 'Asia/Shanghai')::date = ${day}`.execute(db)
  expect(rows.map(({ method }) => method)).toEqual(['alipay', 'offline', 'wechat'])
  const seen = await must(owner.call, 'getToday', {})
  expect(seen.byMethod.map(({ method, count, amountFen }) => [method, count, amountFen])).toEqual(
    rows.map(({ method, count, fen }) => [method, count, fen]),
  )
  const [{ count = 0, fen = 0 } = {}] = back.rows
  expect(count).toBeGreaterThan(0)
  expect(seen.refunded).toEqual({ count, amountFen: fen })
  const { total, periods } = await ask({ from: day, to: day, per: 'day' })
  expect([seen.paid, seen.refunded]).toEqual([total.paid, total.refunded])
  expect(
    periods[0]?.byMethod.map(({ method, paid }) => [method, paid.count, paid.amountFen]).sort(),
  ).toEqual(rows.map(({ method, count, fen }) => [method, count, fen]))
  // Nothing of the days beside it, and together they are all.
  const { total: three } = await ask({ from: addDays(day, -1), to: addDays(day, 1), per: 'day' })
  const whole = await sql<{ paid: number; back: number }>`select
    (select sum(paid_fen)::int from payments where state = 'succeeded') as paid,
    (select sum(amount_fen)::int from refunds) as back`.execute(db)
  expect([three.paid.amountFen, three.refunded.amountFen]).toEqual(
    Object.values(whole.rows[0] ?? {}),
  )
})

/** The next morning; sessions of the day before are over. */
async function match(day: Day): Promise<void> {
  afterBill(world, day)
  owner = await signInOwner(world)
  await billsDue(world.parts)
}

describe('bills and differences in the console', () => {
  /** 60 strangers on yesterday's WeChat bill, one missing payment on Alipay's. */
  async function matched(): Promise<Day> {
    const day = today()
    const at = instantOf(day, 720)
    await bookBoth(world, 'wechat', [{ tradeNo: 'TW', fen: 12850, at }])
    await bookBoth(world, 'alipay', [{ tradeNo: 'TA', fen: 9900, at }])
    for (let n = 0; n < 60; n++) {
      const outTradeNo = `X${String(n).padStart(3, '0')}`
      world.sandbox.admin.plant('wechat', { kind: 'stranger', day, outTradeNo, fen: n + 1 })
    }
    world.sandbox.admin.plant('alipay', { kind: 'drop', outTradeNo: 'TA' })
    await match(day)
    return day
  }

  test('bills show their sums and how much is open; days without a bill are left out', async () => {
    const day = await matched()
    const { bills } = await must(owner.call, 'listBills', {
      query: { from: addDays(day, -30), to: addDays(day, 30) },
    })
    expect(bills).toEqual([
      {
        method: 'wechat',
        day,
        state: 'matched',
        rows: 61,
        paidFen: 12850 + (60 * 61) / 2,
        refundedFen: 0,
        openDifferences: 60,
        failure: null,
        matchedAt: expect.any(String),
      },
      {
        method: 'alipay',
        day,
        state: 'empty',
        rows: 0,
        paidFen: 0,
        refundedFen: 0,
        openDifferences: 1,
        failure: null,
        matchedAt: expect.any(String),
      },
    ])
    const { openDifferences } = await ask({ from: day, to: day, per: 'day' })
    expect(openDifferences).toBe(61)
    const none = await ask({ from: addDays(day, 1), to: addDays(day, 2), per: 'day' })
    expect(none.openDifferences).toBe(0)
  })

  test('why a bill could not be had is said in words', async () => {
    const day = today()
    await bookBoth(world, 'alipay', [{ tradeNo: 'TA', fen: 1, at: instantOf(day, 720) }])
    world.sandbox.admin.fault('alipay.billFile', 'truncated', null)
    await match(day)
    const { bills } = await must(owner.call, 'listBills', { query: { from: day, to: day } })
    expect(bills).toMatchObject([
      { state: 'waiting', rows: null, failure: expect.stringContaining('账单文件不完整') },
    ])
  })

  test('differences come in pages, each once, and can be looked for', async () => {
    const day = await matched()
    const first = await must(owner.call, 'listDifferences', { query: {} })
    expect([first.differences.length, first.open]).toEqual([50, 61])
    const second = await must(owner.call, 'listDifferences', {
      query: { after: first.next as string },
    })
    expect([second.differences.length, second.next]).toEqual([11, null])
    const ids = [...first.differences, ...second.differences].map(({ id }) => id)
    expect(new Set(ids).size).toBe(61)
    const ours = await must(owner.call, 'listDifferences', { query: { method: 'alipay', day } })
    expect(ours.differences).toMatchObject([
      {
        kind: 'ours_only',
        about: 'trade',
        tradeNo: 'TA',
        refundNo: null,
        oursFen: 9900,
        theirsFen: null,
        oursState: 'succeeded',
        theirsState: null,
        order: { number: expect.any(String) },
        state: 'open',
        resolution: null,
        by: null,
      },
    ])
    const none = await must(owner.call, 'listDifferences', { query: { day: addDays(day, 1) } })
    expect(none.differences).toEqual([])
  })

  test('resolved with a note, by whom, and no longer open; a person without the right may not', async () => {
    const day = await matched()
    const { differences } = await must(owner.call, 'listDifferences', {
      query: { method: 'alipay' },
    })
    const params = { id: differences[0]?.id as string }
    const body = { note: '  已与支付宝核对，次日补入  ' }
    const desk = await must(caller(world.url), 'createConsoleSession', {
      body: { name: 'desk', password: 'jiyue-demo' },
    })
    const atDesk = caller(world.url, desk.token)
    for (const no of [
      await atDesk('putResolution', { params, body }),
      await atDesk('putBill', { params: { method: 'wechat', day } }),
    ]) {
      expect(no).toMatchObject({ ok: false, code: 'forbidden' })
    }
    for (const no of [
      await atDesk('listDifferences', { query: {} }),
      await atDesk('listBills', { query: { from: day, to: day } }),
      await atDesk('getReconciliation', { query: { from: day, to: day, per: 'day' } }),
    ]) {
      expect(no).toMatchObject({ ok: false, code: 'forbidden' })
    }
    const done = await must(owner.call, 'putResolution', { params, body })
    expect(done).toMatchObject({
      state: 'resolved',
      resolution: '已与支付宝核对，次日补入',
      by: expect.stringMatching(/^merchant:/),
      byName: people.find(({ role }) => role === 'owner')?.name,
    })
    expect(await owner.call('putResolution', { params, body })).toMatchObject({
      ok: false,
      code: 'difference_resolved',
    })
    const { bills } = await must(owner.call, 'listBills', { query: { from: day, to: day } })
    expect(bills.map((one) => one.openDifferences)).toEqual([60, 0])
    expect((await must(owner.call, 'listDifferences', { query: { state: 'open' } })).open).toBe(60)
  })

  test('fetched by hand: what is not over yet is not ready, and leaves nothing behind', async () => {
    const day = addDays(today(), 1)
    await match(today())
    const put = (of: Day) => owner.call('putBill', { params: { method: 'wechat', day: of } })
    expect(await put(day)).toMatchObject({ ok: false, code: 'bill_not_ready' })
    expect(await put(addDays(day, 9))).toMatchObject({ ok: false, code: 'bill_not_ready' })
    expect(await put(addDays(day, -1))).toMatchObject({ ok: true, value: { state: 'empty' } })
    const rows = await world.database.db.selectFrom('bills').select('day').execute()
    expect(rows).toEqual([{ day: addDays(day, -1) }])
  })
})
