/**
 * Refunds on both rails (P11): asked for once, followed to their end, whatever gets lost on the way.
 * What the provider has is read from the provider: how many refunds, of how much.
 */
import { methods } from '@jiyue/contract/payment'
import { settleRefund } from '../../server/payment/refund.ts'
import { must, openWorld, until, type World } from '../world.ts'
import {
  arm,
  byId,
  callOf,
  cancelledOrder,
  endTest,
  followToEnd,
  heardOf,
  hour,
  loseNotices,
  minute,
  type Paid,
  paidOrder,
  pass,
  refundRows,
  refundsAtProvider,
  second,
  secondsTo,
  theRefund,
  turn,
} from './refundSetting.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
afterEach(() => endTest(world))

const viewOf = async ({ person, order }: Awaited<ReturnType<typeof paidOrder>>) =>
  (await must(person.call, 'getOrder', byId(order.id))).refunds

describe.each(methods)('%s', (method) => {
  const call = callOf[method]

  test('all notices lost: accepted, asked about after its time, done; one refund, to the fen', async () => {
    const paid = await cancelledOrder(world, method)
    loseNotices(world, method)
    arm(world, call.refund, method === 'wechat' ? 'stuck' : 'pending', 1)
    await turn(world)
    const accepted = await theRefund(world, paid.order.id)
    expect(accepted).toMatchObject({ state: 'requested', failure: null, tries: 1 })
    expect(await viewOf(paid)).toMatchObject([
      {
        amountFen: paid.payableFen,
        state: 'requested',
        hint: expect.stringContaining('3 个工作日'),
      },
    ])
    // Alipay wants ten seconds before it is asked: it is not asked sooner, however often we look.
    expect(secondsTo(world, accepted.due_at)).toBe(30)
    await pass(world, 10 * second)
    await turn(world)
    expect((await theRefund(world, paid.order.id)).tries).toBe(1)
    if (method === 'wechat') world.sandbox.admin.endRefund('wechat', accepted.refund_no, 'SUCCESS')
    await pass(world, 21 * second)
    await turn(world)
    expect(await theRefund(world, paid.order.id)).toMatchObject({
      state: 'succeeded',
      due_at: null,
      refunded_at: expect.any(Date),
    })
    expect(refundsAtProvider(world, paid)).toEqual([
      { no: accepted.refund_no, fen: paid.payableFen, state: 'done' },
    ])
    expect(await heardOf(world, paid.order.id)).toEqual([
      'answer processing → processing',
      'query succeeded → succeeded',
    ])
    expect(await viewOf(paid)).toMatchObject([{ amountFen: paid.payableFen, state: 'succeeded' }])
  })

  test('the answer is lost after the money went: asked about first, never a second refund', async () => {
    const paid = await cancelledOrder(world, method)
    loseNotices(world, method)
    arm(world, call.refund, 'dropAfterCommit')
    await turn(world)
    const lost = await theRefund(world, paid.order.id)
    expect(lost).toMatchObject({ state: 'requested', refunded_at: null })
    expect(await heardOf(world, paid.order.id)).toEqual([])
    expect(refundsAtProvider(world, paid)).toHaveLength(1)
    // Whoever asked for money again now would get the same lost answer: it must not come to that.
    await pass(world, 30 * second)
    await turn(world)
    expect(await heardOf(world, paid.order.id)).toEqual(['query succeeded → succeeded'])
    expect(refundsAtProvider(world, paid)).toEqual([
      { no: lost.refund_no, fen: paid.payableFen, state: 'done' },
    ])
  })

  test('the request is lost before anything happened: repeated unchanged under its number', async () => {
    const paid = await cancelledOrder(world, method)
    arm(world, call.refund, 'status500')
    await turn(world)
    const { refund_no } = await theRefund(world, paid.order.id)
    expect(refundsAtProvider(world, paid)).toEqual([])
    world.sandbox.admin.clearFaults()
    loseNotices(world, method)
    await pass(world, 30 * second)
    await turn(world)
    expect(refundsAtProvider(world, paid)).toMatchObject([{ no: refund_no, fen: paid.payableFen }])
    expect((await heardOf(world, paid.order.id))[0]).toBe('query missing → missing')
    await followToEnd(world, paid.order.id)
    expect(refundsAtProvider(world, paid)).toHaveLength(1)
  })

  test('an answer that is not signed by the provider is no answer', async () => {
    const paid = await cancelledOrder(world, method)
    loseNotices(world, method)
    arm(world, call.refund, 'badSignature')
    await turn(world)
    arm(world, call.query, 'tamperedBody')
    await pass(world, minute)
    await turn(world)
    expect((await theRefund(world, paid.order.id)).state).toBe('requested')
    expect(await heardOf(world, paid.order.id)).toEqual([])
    world.sandbox.admin.clearFaults()
    await followToEnd(world, paid.order.id)
    expect(refundsAtProvider(world, paid)).toMatchObject([{ fen: paid.payableFen, state: 'done' }])
  })

  test('no funds: says so, asks again for ever, slower; with funds it goes through by itself', async () => {
    const paid = await cancelledOrder(world, method)
    arm(world, call.refund, 'notEnough')
    const code = method === 'wechat' ? 'NOT_ENOUGH' : 'ACQ.SELLER_BALANCE_NOT_ENOUGH'
    const waits: (number | null)[] = []
    for (let turns = 0; turns < 12; turns++) {
      await turn(world)
      const row = await theRefund(world, paid.order.id)
      expect(row).toMatchObject({ state: 'requested', failure: code, tries: turns + 1 })
      waits.push(secondsTo(world, row.due_at))
      await pass(world, (waits.at(-1) ?? 0) * second + second)
    }
    expect(waits).toEqual([30, 60, 60, 120, 300, 600, 1800, 3600, 3600, 3600, 3600, 3600])
    expect(refundsAtProvider(world, paid)).toEqual([])
    // The same no twelve times is one line of evidence.
    const heard = await heardOf(world, paid.order.id)
    expect(heard.filter((line) => line === 'answer refused → retrying')).toHaveLength(1)
    world.sandbox.admin.clearFaults()
    await turn(world)
    await followToEnd(world, paid.order.id)
    expect(await theRefund(world, paid.order.id)).toMatchObject({
      state: 'succeeded',
      failure: null,
    })
    expect(refundsAtProvider(world, paid)).toMatchObject([{ fen: paid.payableFen, state: 'done' }])
  })

  test('a final no waits for a person, and is only asked about from then on', async () => {
    const paid = await paidOrder(world, method)
    // The merchant gave the money back in the provider's own console: nothing is left for ours.
    const made = world.sandbox.admin.consoleRefund(method, paid.tradeNo, paid.payableFen)
    expect(made).toBeTruthy()
    await must(paid.person.call, 'cancelOrder', byId(paid.order.id))
    await pass(world, minute)
    await turn(world)
    const failed = await theRefund(world, paid.order.id)
    expect(failed.state).toBe('failed')
    expect(failed.failure).toBe(method === 'wechat' ? 'INVALID_REQUEST' : 'ACQ.TRADE_STATUS_ERROR')
    expect(secondsTo(world, failed.due_at)).toBe(6 * 3600)
    expect(await viewOf(paid)).toMatchObject([{ state: 'failed' }])
    for (let turns = 0; turns < 3; turns++) {
      await pass(world, 6 * hour + second)
      await turn(world)
    }
    expect(await theRefund(world, paid.order.id)).toMatchObject({ state: 'failed', tries: 4 })
    expect(refundsAtProvider(world, paid)).toMatchObject([{ no: made, fen: paid.payableFen }])
    expect(await heardOf(world, paid.order.id)).toEqual([
      'answer refused → failed',
      'query missing → missing', // three times, which is one line
    ])
  })

  test('another amount is written down, told to a person, and never believed', async () => {
    const logged = jest.spyOn(world.parts.log, 'error')
    const paid = await cancelledOrder(world, method)
    arm(world, call.refund, 'stuck', 1)
    await turn(world)
    const { id, refund_no, amount_fen } = await theRefund(world, paid.order.id)
    const fact = {
      kind: 'refund',
      method,
      refundNo: refund_no,
      tradeNo: paid.tradeNo,
      state: 'succeeded',
      amountFen: amount_fen - 1,
    } as const
    // A notice makes us ask; what the provider answers when asked is its word.
    expect(await settleRefund(world.parts, fact, 'notice')).toBe('amount_differs')
    const hinted = await theRefund(world, paid.order.id)
    expect(hinted.state).toBe('requested')
    expect(secondsTo(world, hinted.due_at)).toBeLessThanOrEqual(10)
    expect(await settleRefund(world.parts, fact, 'query')).toBe('amount_differs')
    expect(await theRefund(world, paid.order.id)).toMatchObject({
      state: 'failed',
      failure: 'AMOUNT_DIFFERS',
    })
    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({ refund: id, amountFen: amount_fen - 1 }),
      expect.stringContaining('another amount'),
    )
    expect((await heardOf(world, paid.order.id)).slice(-2)).toEqual([
      'notice succeeded → amount_differs',
      'query succeeded → amount_differs',
    ])
    logged.mockRestore()
  })

  test('news under our number but of another trade is nobody’s', async () => {
    const [one, other] = [await cancelledOrder(world, method), await paidOrder(world, method)]
    const { refund_no, amount_fen } = await theRefund(world, one.order.id)
    const fact = {
      kind: 'refund',
      method,
      refundNo: refund_no,
      tradeNo: other.tradeNo,
      state: 'succeeded',
      amountFen: amount_fen,
    } as const
    expect(await settleRefund(world.parts, fact, 'notice')).toBe('unknown_refund')
    expect((await theRefund(world, one.order.id)).state).toBe('requested')
    expect(await heardOf(world, other.order.id)).toEqual(['notice succeeded → unknown_refund'])
  })

  test('half of all answers are lost, refund and query alike: each order gets its money once', async () => {
    const all: Paid[] = []
    for (let n = 0; n < 6; n++) all.push(await paidOrder(world, method))
    for (const { person, order } of all) await must(person.call, 'cancelOrder', byId(order.id))
    loseNotices(world, method)
    for (const [seed, one] of [call.refund, call.query].entries())
      for (const fault of ['dropAfterCommit', 'status500'])
        world.sandbox.admin.fault(one, fault, null, { rate: 0.5, seed: seed + fault.length })
    for (let turns = 0; turns < 3; turns++) {
      await turn(world)
      await pass(world, 5 * minute)
    }
    const struck = world.sandbox.admin.faults().filter(({ fault }) => fault === 'dropAfterCommit')
    expect(struck.reduce((sum, one) => sum + one.struck, 0)).toBeGreaterThan(5)
    world.sandbox.admin.clearFaults()
    for (const paid of all) {
      await followToEnd(world, paid.order.id)
      const { refund_no } = await theRefund(world, paid.order.id)
      expect(refundsAtProvider(world, paid)).toEqual([
        { no: refund_no, fen: paid.payableFen, state: 'done' },
      ])
    }
  })

  test('two processes claim the same due refunds: each is asked for once', async () => {
    const paid = await cancelledOrder(world, method)
    loseNotices(world, method)
    await Promise.all([turn(world), turn(world), turn(world)])
    expect(refundsAtProvider(world, paid)).toHaveLength(1)
    expect(
      (await heardOf(world, paid.order.id)).filter((line) => line.startsWith('answer')),
    ).toHaveLength(1)
  })
})

describe('notices', () => {
  test('WeChat’s: twice, late, forged: settled once, by the one that is genuine', async () => {
    for (const fault of ['duplicate', 'forged', 'late'] as const) {
      const paid = await cancelledOrder(world, 'wechat')
      arm(world, 'wechat.notice', fault, 1)
      await turn(world)
      await pass(world, 2 * minute)
      await until(`settled (${fault})`, async () => {
        await world.sandbox.admin.settle()
        return (await theRefund(world, paid.order.id)).state === 'succeeded'
      })
      const heard = await heardOf(world, paid.order.id)
      expect(heard.filter((line) => line.endsWith('→ succeeded'))).toHaveLength(1)
      expect(heard.every((line) => /→ (processing|succeeded|known)$/.test(line))).toBe(true)
    }
  })

  test('WeChat’s, genuine but of another amount: written down, asked about, settled by the answer', async () => {
    const paid = await cancelledOrder(world, 'wechat')
    arm(world, 'wechat.notice', 'amountMismatch', 1)
    await turn(world)
    await pass(world, 5 * second)
    await until('heard', async () =>
      (await heardOf(world, paid.order.id)).includes('notice succeeded → amount_differs'),
    )
    expect((await theRefund(world, paid.order.id)).state).toBe('requested')
    await pass(world, 11 * second)
    await turn(world)
    expect((await heardOf(world, paid.order.id)).at(-1)).toBe('query succeeded → succeeded')
    expect(refundsAtProvider(world, paid)).toMatchObject([{ fen: paid.payableFen, state: 'done' }])
  })

  test('WeChat’s old XML, about ours or made in its console: refused, nothing breaks, asking settles it', async () => {
    const paid = await cancelledOrder(world, 'wechat')
    const { refund_no: only } = await theRefund(world, paid.order.id)
    expect(world.sandbox.admin.fault('wechat.notice', 'v2Xml', null, { only })).toBe(true)
    await turn(world)
    await pass(world, minute)
    const other = await paidOrder(world, 'wechat')
    world.sandbox.admin.change({ refundNotifyUrl: `${world.url}/v1/notices/wechat/refund` })
    world.sandbox.admin.consoleRefund('wechat', other.tradeNo, 100)
    await pass(world, minute)
    const xml = world.sandbox.admin
      .notices()
      .filter(({ log }) => log.some(({ what }) => what === 'v2Xml'))
    expect(xml.length).toBeGreaterThanOrEqual(2)
    for (const { log } of xml)
      for (const { outcome } of log.filter(({ what }) => what === 'v2Xml'))
        expect(outcome).toMatch(/^400 .*FAIL/)
    world.sandbox.admin.change({ refundNotifyUrl: '' })
    await turn(world)
    expect(await heardOf(world, paid.order.id)).toEqual([
      'answer processing → processing',
      'query succeeded → succeeded',
    ])
    expect(await heardOf(world, other.order.id)).toEqual([])
  })

  test('Alipay’s is a hint: accepted, asked about ten seconds later, and only then believed', async () => {
    const paid = await cancelledOrder(world, 'alipay')
    arm(world, 'alipay.trade.refund', 'noticeOnRefund')
    arm(world, 'alipay.trade.refund', 'dropAfterCommit')
    await turn(world)
    const notice = await until('the notice was taken', async () =>
      world.sandbox.admin
        .notices()
        .find(
          ({ event, subject, state }) =>
            event === 'REFUND' && subject === paid.tradeNo && state === 'delivered',
        ),
    )
    expect(notice.log.at(-1)?.outcome).toBe('200 success')
    expect(await heardOf(world, paid.order.id)).toEqual(['notice processing → processing'])
    const hinted = await theRefund(world, paid.order.id)
    expect(hinted.state).toBe('requested')
    expect(secondsTo(world, hinted.due_at)).toBeLessThanOrEqual(10)
    await pass(world, 11 * second)
    await turn(world)
    expect((await theRefund(world, paid.order.id)).state).toBe('succeeded')
    expect(refundsAtProvider(world, paid)).toMatchObject([{ fen: paid.payableFen, state: 'done' }])
  })
})

test('429: asked about before it is repeated, under the same number', async () => {
  const paid = await cancelledOrder(world, 'wechat')
  arm(world, 'wechat.refund', 'status429', 1)
  await turn(world)
  expect(refundsAtProvider(world, paid)).toEqual([])
  await pass(world, 31 * second)
  await turn(world)
  await followToEnd(world, paid.order.id)
  expect((await heardOf(world, paid.order.id))[0]).toBe('query missing → missing')
  expect(refundsAtProvider(world, paid)).toHaveLength(1)
  expect(await refundRows(world, paid.order.id)).toHaveLength(1)
})
