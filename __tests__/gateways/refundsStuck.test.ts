/**
 * Refunds of WeChat that do not go through (P11): CLOSED is followed by another number, ABNORMAL and
 * final refusals wait for a person, who can move them on. Alipay's refusals likewise.
 */
import { sql } from 'kysely'
import { settleRefund } from '../../server/payment/refund.ts'
import { refundDue } from '../../server/sweep/sweep.ts'
import { must, openWorld, signInOwner, until, type World } from '../world.ts'
import {
  arm,
  byId,
  cancelledOrder,
  endTest,
  followToEnd,
  heardOf,
  hour,
  loseNotices,
  minute,
  type Paid,
  pass,
  refundRows,
  refundsAtProvider,
  second,
  secondsTo,
  theRefund,
  turn,
} from './refundSetting.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())
afterEach(async () => {
  jest.restoreAllMocks()
  await endTest(world)
})

const errors = () => jest.spyOn(world.parts.log, 'error')
const eventsOf = (orderId: string) =>
  world.database.db
    .selectFrom('events')
    .select(['what', 'by', 'details'])
    .where('order_id', '=', orderId)
    .where('what', 'like', 'refund%')
    .orderBy('id')
    .execute()
const retry = (id: string, way: 'again' | 'merchant_account') =>
  owner.call('retryRefund', { ...byId(id), body: { way } })
const listed = async (id: string) => {
  const { refunds } = await must(owner.call, 'listRefunds', { query: {} })
  return refunds.find((one) => one.id === id)
}

describe('closed', () => {
  /** WeChat closes the newest refund of an order and tells us. */
  async function closeNewest(paid: Paid) {
    const newest = (await refundRows(world, paid.order.id)).at(-1)
    const no = newest?.refund_no ?? ''
    arm(world, 'wechat.refund', 'stuck', 1)
    await until('WeChat has it', async () => {
      // When it is due; a try that a busy machine lost is due again later.
      const now = (await refundRows(world, paid.order.id)).find((row) => row.refund_no === no)
      await pass(world, Math.max(0, secondsTo(world, now?.due_at ?? null) ?? 0) * second + second)
      await refundDue(world.parts)
      return world.sandbox.admin.endRefund('wechat', no, 'CLOSED')
    })
    await pass(world, 0)
    return until('another number follows', async () => {
      const rows = await refundRows(world, paid.order.id)
      const old = rows.find((row) => row.refund_no === no)
      const follower = rows.find((row) => row.replaces === old?.id)
      return old && follower && { old, follower }
    })
  }

  test('another number follows at once, for the same amount and reason, and is paid', async () => {
    const paid = await cancelledOrder(world, 'wechat')
    await pass(world, 2 * minute)
    const { old, follower } = await closeNewest(paid)
    expect(old).toMatchObject({ state: 'closed', failure: 'CLOSED', due_at: null })
    expect(follower).toMatchObject({
      state: 'requested',
      amount_fen: paid.payableFen,
      reason: 'cancelled',
      by: 'rule',
      failure: null,
      tries: 0,
    })
    expect(follower.refund_no).not.toBe(old.refund_no)
    expect(secondsTo(world, follower.due_at)).toBeLessThanOrEqual(0)
    await followToEnd(world, paid.order.id)
    expect(refundsAtProvider(world, paid)).toEqual([
      { no: old.refund_no, fen: paid.payableFen, state: 'closed' },
      { no: follower.refund_no, fen: paid.payableFen, state: 'done' },
    ])
    const view = await must(paid.person.call, 'getOrder', byId(paid.order.id))
    expect(view.refunds.map(({ state, amountFen }) => [state, amountFen])).toEqual([
      ['closed', paid.payableFen],
      ['succeeded', paid.payableFen],
    ])
    expect(view.refunds[0]?.hint).toContain('新单号')
    // What was closed is not counted as given back.
    const { orders } = await must(owner.call, 'listConsoleOrders', {
      query: { text: paid.order.number },
    })
    expect(orders).toMatchObject([{ refundedFen: paid.payableFen }])
  })

  test('hearing it again, or being asked again, makes no second follower', async () => {
    const paid = await cancelledOrder(world, 'wechat')
    const { old } = await closeNewest(paid)
    const fact = {
      kind: 'refund',
      method: 'wechat',
      refundNo: old.refund_no,
      state: 'closed',
      amountFen: old.amount_fen,
    } as const
    const verdicts = await Promise.all(
      [1, 2, 3].map(() => settleRefund(world.parts, fact, 'notice')),
    )
    expect(verdicts).toEqual(['known', 'known', 'known'])
    expect(await refundRows(world, paid.order.id)).toHaveLength(2)
  })

  test('closing and following are written together: without the one there is not the other', async () => {
    const paid = await cancelledOrder(world, 'wechat')
    const { refund_no, amount_fen } = await theRefund(world, paid.order.id)
    const fact = {
      kind: 'refund',
      method: 'wechat',
      refundNo: refund_no,
      state: 'closed',
      amountFen: amount_fen,
    } as const
    const { db } = world.database
    await sql`create function no_room() returns trigger language plpgsql as
      $$ begin raise exception 'no room'; end $$`.execute(db)
    await sql`create trigger no_room before insert on refunds
      for each row execute function no_room()`.execute(db)
    await expect(settleRefund(world.parts, fact, 'notice')).rejects.toThrow('no room')
    await sql`drop function no_room cascade`.execute(db)
    expect((await theRefund(world, paid.order.id)).state).toBe('requested')
    expect(await settleRefund(world.parts, fact, 'notice')).toBe('closed')
    expect((await refundRows(world, paid.order.id)).map(({ state }) => state).sort()).toEqual([
      'closed',
      'requested',
    ])
  })

  test('again and again: more patience each time, and after three a person is called', async () => {
    const logged = errors()
    const paid = await cancelledOrder(world, 'wechat')
    await pass(world, 2 * minute)
    const waits: number[] = []
    let follower = await theRefund(world, paid.order.id)
    for (let closed = 1; closed <= 4; closed++) {
      follower = (await closeNewest(paid)).follower
      waits.push(Math.max(0, secondsTo(world, follower.due_at) ?? -1))
      expect(follower.failure).toBe(closed >= 3 ? 'CLOSED' : null)
      const calls = logged.mock.calls.filter(([, text]) => String(text).includes('again and again'))
      expect(calls).toHaveLength(Math.max(0, closed - 2))
    }
    expect(waits).toEqual([0, 3600, 6 * 3600, 24 * 3600])
    expect(await listed(follower.id)).toMatchObject({
      state: 'requested',
      failure: 'CLOSED',
      ways: ['again', 'otherwise'],
    })
    // The person need not wait for the next day.
    expect((await retry(follower.id, 'again')).ok).toBe(true)
    await followToEnd(world, paid.order.id)
    const made = refundsAtProvider(world, paid)
    expect(made.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed', 'closed', 'done'])
    expect(new Set(made.map(({ no }) => no)).size).toBe(5)
  })
})

describe('abnormal', () => {
  async function abnormal() {
    const paid = await cancelledOrder(world, 'wechat')
    arm(world, 'wechat.refund', 'abnormal', 1)
    loseNotices(world, 'wechat')
    await turn(world)
    await pass(world, 31 * second)
    await turn(world)
    const refund = await theRefund(world, paid.order.id)
    expect(refund).toMatchObject({ state: 'failed', failure: 'ABNORMAL' })
    return { paid, refund }
  }

  test('waits for a person, is told as an error, and is asked about slowly', async () => {
    const logged = errors()
    const { paid, refund } = await abnormal()
    expect(secondsTo(world, refund.due_at)).toBe(6 * 3600)
    expect(logged.mock.calls.filter(([, text]) => String(text).includes('a person'))).toHaveLength(
      1,
    )
    await pass(world, 7 * hour)
    await turn(world)
    await pass(world, 7 * hour)
    await turn(world)
    expect(await theRefund(world, paid.order.id)).toMatchObject({ state: 'failed', tries: 4 })
    expect(logged.mock.calls.filter(([, text]) => String(text).includes('a person'))).toHaveLength(
      1,
    )
    expect(refundsAtProvider(world, paid)).toMatchObject([{ state: 'abnormal' }])
    const { refunds } = await must(paid.person.call, 'getOrder', byId(paid.order.id))
    expect(refunds).toMatchObject([{ state: 'failed', hint: expect.stringContaining('客服') }])
  })

  test('a person has it paid to the merchant: under way again, then done; one refund in all', async () => {
    const { paid, refund } = await abnormal()
    loseNotices(world, 'wechat')
    expect(await listed(refund.id)).toMatchObject({ ways: ['merchant_account'] })
    const result = await retry(refund.id, 'merchant_account')
    expect(result).toMatchObject({ ok: true, value: { state: 'requested' } })
    const again = await theRefund(world, paid.order.id)
    expect(again).toMatchObject({ state: 'requested', failure: null, tries: 1 })
    expect(secondsTo(world, again.due_at)).toBe(30)
    await pass(world, 31 * second)
    await turn(world)
    expect(await theRefund(world, paid.order.id)).toMatchObject({ state: 'succeeded' })
    expect(refundsAtProvider(world, paid)).toEqual([
      { no: refund.refund_no, fen: paid.payableFen, state: 'done' },
    ])
    expect(await eventsOf(paid.order.id)).toMatchObject([
      { what: 'refund_to_merchant', by: expect.stringMatching(/^merchant:/) },
    ])
    expect(await retry(refund.id, 'merchant_account')).toMatchObject({ code: 'refund_state' })
  })

  test('its answer is lost: told so, and found under way when asked', async () => {
    const { paid, refund } = await abnormal()
    loseNotices(world, 'wechat')
    arm(world, 'wechat.abnormalRefund', 'dropAfterCommit')
    expect(await retry(refund.id, 'merchant_account')).toMatchObject({ code: 'unavailable' })
    expect((await theRefund(world, paid.order.id)).state).toBe('failed')
    world.sandbox.admin.clearFaults()
    loseNotices(world, 'wechat')
    // Whoever taps again meets a refund that is on its way already, or done.
    expect((await retry(refund.id, 'merchant_account')).ok).toBe(true)
    await followToEnd(world, paid.order.id)
    expect(refundsAtProvider(world, paid)).toMatchObject([{ fen: paid.payableFen, state: 'done' }])
  })

  test('settled in WeChat’s own console: found by asking, without a person here', async () => {
    const { paid, refund } = await abnormal()
    loseNotices(world, 'wechat')
    expect(world.sandbox.admin.endRefund('wechat', refund.refund_no, 'SUCCESS')).toBe(true)
    await pass(world, 6 * hour + minute)
    await turn(world)
    expect(await theRefund(world, paid.order.id)).toMatchObject({
      state: 'succeeded',
      failure: null,
    })
    expect((await heardOf(world, paid.order.id)).at(-1)).toBe('query succeeded → succeeded')
  })

  test('asked again it stays what it is: nobody is paid twice for a tap', async () => {
    const { paid, refund } = await abnormal()
    expect(await retry(refund.id, 'again')).toMatchObject({ code: 'refund_state' })
    expect(refundsAtProvider(world, paid)).toHaveLength(1)
  })
})

describe('refused for good', () => {
  test('a person asks again under the same number, and it goes through', async () => {
    const paid = await cancelledOrder(world, 'wechat')
    arm(world, 'wechat.refund', 'payerAbnormal', 1)
    await turn(world)
    const refused = await theRefund(world, paid.order.id)
    expect(refused).toMatchObject({ state: 'failed', failure: 'USER_ACCOUNT_ABNORMAL' })
    expect(await listed(refused.id)).toMatchObject({
      failure: 'USER_ACCOUNT_ABNORMAL',
      ways: ['again', 'otherwise'],
      refundNo: refused.refund_no,
      orderNumber: paid.order.number,
      by: 'rule',
      note: null,
    })
    expect(await retry(refused.id, 'again')).toMatchObject({
      ok: true,
      value: { state: 'requested' },
    })
    expect(await retry(refused.id, 'again')).toMatchObject({ code: 'refund_state' })
    await turn(world)
    await followToEnd(world, paid.order.id)
    expect(refundsAtProvider(world, paid)).toEqual([
      { no: refused.refund_no, fen: paid.payableFen, state: 'done' },
    ])
    // Asked about before it was asked for again.
    expect((await heardOf(world, paid.order.id)).slice(0, 3)).toEqual([
      'answer refused → failed',
      'query missing → missing',
      'answer processing → processing',
    ])
    expect(await eventsOf(paid.order.id)).toMatchObject([
      { what: 'refund_again', details: { failure: 'USER_ACCOUNT_ABNORMAL' } },
    ])
  })

  test('with no funds the person who topped up need not wait for the next turn', async () => {
    for (const [method, call, code] of [
      ['wechat', 'wechat.refund', 'NOT_ENOUGH'],
      ['alipay', 'alipay.trade.refund', 'ACQ.SELLER_BALANCE_NOT_ENOUGH'],
    ] as const) {
      const paid = await cancelledOrder(world, method)
      arm(world, call, 'notEnough', 1)
      await turn(world)
      const waiting = await theRefund(world, paid.order.id)
      expect(await listed(waiting.id)).toMatchObject({
        method,
        state: 'requested',
        failure: code,
        ways: ['again', 'otherwise'],
      })
      expect((await retry(waiting.id, 'again')).ok).toBe(true)
      await turn(world)
      await followToEnd(world, paid.order.id)
      expect(refundsAtProvider(world, paid)).toEqual([
        { no: waiting.refund_no, fen: paid.payableFen, state: 'done' },
      ])
    }
  })
})

describe('paid back otherwise in the very second in which the provider is asked', () => {
  const otherwise = (id: string) =>
    owner.call('putOtherwise', {
      ...byId(id),
      body: { note: '已转账退还', evidence: '流水号 20261130' },
    })

  /** A refund with no funds at first, and WeChat's calls held back where `gate` says. */
  async function gated(call: 'refund' | 'queryRefund') {
    const paid = await cancelledOrder(world, 'wechat')
    arm(world, 'wechat.refund', 'notEnough', 1)
    await turn(world)
    const refund = await theRefund(world, paid.order.id)
    expect(refund).toMatchObject({ state: 'requested', failure: 'NOT_ENOUGH' })
    const { wechat } = world.parts.gateways
    const real = wechat[call].bind(wechat) as (...args: unknown[]) => Promise<never>
    let arrived = () => {}
    let open = () => {}
    const there = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    jest.spyOn(wechat, call).mockImplementationOnce(async (...args: unknown[]) => {
      arrived()
      await opened
      return real(...args)
    })
    await pass(world, minute)
    return { paid, refund, there, open }
  }

  test('by the sweep: the person is told to try again, and sees then that the money is on its way', async () => {
    const { paid, refund, there, open } = await gated('refund')
    const sweeping = refundDue(world.parts)
    await there
    expect(await otherwise(refund.id)).toMatchObject({ code: 'unavailable' })
    open()
    await sweeping
    await followToEnd(world, paid.order.id)
    expect(await otherwise(refund.id)).toMatchObject({ code: 'refund_state' })
    expect(refundsAtProvider(world, paid)).toMatchObject([{ fen: paid.payableFen, state: 'done' }])
  })

  test('by the person first: the sweep asks for nothing, now and ever', async () => {
    const { paid, refund, there, open } = await gated('queryRefund')
    const ending = otherwise(refund.id)
    await there
    await refundDue(world.parts)
    expect(refundsAtProvider(world, paid)).toEqual([])
    open()
    expect(await ending).toMatchObject({ ok: true, value: { state: 'otherwise' } })
    await pass(world, hour)
    await turn(world)
    expect(refundsAtProvider(world, paid)).toEqual([])
    expect((await otherwise(refund.id)).ok).toBe(true)
  })

  test('a process that died with the turn holds it for two minutes and no longer', async () => {
    const paid = await cancelledOrder(world, 'wechat')
    const { id } = await theRefund(world, paid.order.id)
    const until = new Date(world.parts.now().getTime() + 2 * minute)
    await sql`update refunds set asking_until = ${until} where id = ${id}`.execute(
      world.database.db,
    )
    await turn(world)
    expect(refundsAtProvider(world, paid)).toEqual([])
    await pass(world, 2 * minute + second)
    await followToEnd(world, paid.order.id)
    expect(refundsAtProvider(world, paid)).toMatchObject([{ state: 'done' }])
  })
})
