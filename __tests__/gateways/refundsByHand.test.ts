/**
 * Refunds by a person of the merchant (P11): what is left of an order's payments, never more, never
 * twice, with a name and a reason; and money that came twice, which is never theirs to spend.
 */
import { randomUUID } from 'node:crypto'
import { type Method, methods } from '@jiyue/contract/payment'
import type { Input } from '@jiyue/contract/schema/wire'
import { lecture, people } from '../../server/demo/world.ts'
import { askDue } from '../../server/sweep/sweep.ts'
import { newSlot, seatsTaken } from '../races/setting.ts'
import {
  caller,
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
  byId,
  followToEnd,
  hostOf,
  loseNotices,
  minute,
  openPayment,
  type Paid,
  paidOrder,
  pass,
  refundRows,
  refundsAtProvider,
  turn,
} from './refundSetting.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())
afterEach(() => {
  world.sandbox.admin.clearFaults()
  world.clock.aheadMs = 0
})

const db = () => world.database.db
type Wish = Input<'putRefund'>['body']
const give = (
  orderId: string,
  amountFen: number,
  id: string = randomUUID(),
  note = '客户协商退款',
) => owner.call('putRefund', { ...byId(id), body: { orderId, amountFen, note } satisfies Wish })
const consoleOrder = (id: string) => must(owner.call, 'getConsoleOrder', byId(id))
const sum = (list: { fen: number }[]) => list.reduce((total, { fen }) => total + fen, 0)

describe.each(methods)('%s', (method) => {
  test('a part, then the rest: to the fen, by name, the order keeps its seat', async () => {
    const paid = await paidOrder(world, method)
    const first = await give(paid.order.id, 1)
    expect(first).toMatchObject({
      ok: true,
      value: { refunds: [{ amountFen: 1, state: 'requested', reason: 'manual' }] },
    })
    expect(await consoleOrder(paid.order.id)).toMatchObject({
      state: 'confirmed',
      payments: [{ refundableFen: paid.payableFen - 1 }],
    })
    expect(await give(paid.order.id, paid.payableFen)).toMatchObject({ code: 'refund_too_much' })
    expect((await give(paid.order.id, paid.payableFen - 1)).ok).toBe(true)
    expect(await give(paid.order.id, 1)).toMatchObject({ code: 'refund_too_much' })
    // WeChat takes refunds of one payment a minute apart: the second is not asked for sooner.
    await turn(world)
    expect(refundsAtProvider(world, paid).map(({ fen }) => fen)).toEqual([1])
    await followToEnd(world, paid.order.id)
    expect(refundsAtProvider(world, paid).map(({ fen, state }) => [fen, state])).toEqual([
      [1, 'done'],
      [paid.payableFen - 1, 'done'],
    ])
    const seen = await consoleOrder(paid.order.id)
    expect(seen).toMatchObject({ state: 'confirmed', payments: [{ refundableFen: 0 }] })
    expect(seen.events.filter(({ what }) => what === 'refund')).toMatchObject([
      { by: expect.stringMatching(/^merchant:[0-9a-f-]{36}$/) },
      { by: expect.stringMatching(/^merchant:[0-9a-f-]{36}$/) },
    ])
    const { refunds } = await must(owner.call, 'listRefunds', { query: {} })
    expect(refunds.filter((one) => one.orderId === paid.order.id)).toMatchObject([
      { amountFen: paid.payableFen - 1, note: '客户协商退款', state: 'succeeded', ways: [] },
      { amountFen: 1, note: '客户协商退款', method, by: expect.stringMatching(/^merchant:/) },
    ])
  })

  test('what was given back by hand is not given back once more by the rule', async () => {
    const paid = await paidOrder(world, method)
    await give(paid.order.id, 1000)
    await must(paid.person.call, 'cancelOrder', byId(paid.order.id))
    await followToEnd(world, paid.order.id)
    const made = refundsAtProvider(world, paid)
    expect(made.map(({ fen }) => fen)).toEqual([1000, paid.payableFen - 1000])
    expect(sum(made)).toBe(paid.payableFen)
  })

  test('the same wish again, once or at once, is the same refund; another by its name is refused', async () => {
    const paid = await paidOrder(world, method)
    const id = randomUUID()
    const results = await Promise.all([1, 2, 3].map(() => give(paid.order.id, 100, id)))
    results.push(await give(paid.order.id, 100, id))
    for (const result of results)
      expect(result).toMatchObject({ ok: true, value: { refunds: [{ id, amountFen: 100 }] } })
    expect(await give(paid.order.id, 101, id)).toMatchObject({ code: 'refund_id_reused' })
    expect(await give(paid.order.id, 100, id, '别的原因')).toMatchObject({
      code: 'refund_id_reused',
    })
    const other = await paidOrder(world, method)
    expect(await give(other.order.id, 100, id)).toMatchObject({ code: 'refund_id_reused' })
    await followToEnd(world, paid.order.id)
    expect(refundsAtProvider(world, paid).map(({ fen }) => fen)).toEqual([100])
    expect(refundsAtProvider(world, other)).toEqual([])
  })

  test('ten people at once never give back more than there is', async () => {
    const paid = await paidOrder(world, method)
    const part = Math.floor(paid.payableFen / 4)
    const results = await Promise.all(Array.from({ length: 10 }, () => give(paid.order.id, part)))
    expect(results.filter(({ ok }) => ok)).toHaveLength(4)
    expect(results.filter((one) => !one.ok && one.code === 'refund_too_much')).toHaveLength(6)
    await followToEnd(world, paid.order.id)
    expect(sum(refundsAtProvider(world, paid))).toBe(4 * part)
  })

  describe('money that came twice', () => {
    /** A registered order with two payments open at the provider, as when a closing was lost. */
    async function twoOpen(method: Method) {
      const slot = await newSlot(db(), { serviceId: lecture, capacity: 9 })
      const person = await signIn(world, randomUUID(), hostOf[method])
      const order = await registeredOrder(person, slot)
      const first = await openPayment(person, order.id, method)
      await db()
        .updateTable('payments')
        .set({ state: 'failed' })
        .where('id', '=', first.id)
        .execute()
      const second = await openPayment(person, order.id, method)
      return { slot, person, order, first, second }
    }

    test.each([
      ['the second is paid first', 'second', 'first'],
      ['the first is paid first', 'first', 'second'],
    ] as const)(
      '%s: the one heard later goes back whole, the good order is not touched',
      async (_, good, spare) => {
        const made = await twoOpen(method)
        const { person, order, slot } = made
        await payAtCashier(world, made[good].params)
        const state = async () => (await must(person.call, 'getOrder', byId(order.id))).state
        await until('confirmed', async () => (await state()) === 'confirmed')
        const before = await consoleOrder(order.id)
        await payAtCashier(world, made[spare].params)
        const rows = await until('owed', async () => {
          const found = await refundRows(world, order.id)
          return found.length > 0 && found
        })
        expect(rows).toMatchObject([
          {
            payment_id: made[spare].id,
            reason: 'paid_twice',
            amount_fen: order.payableFen,
            by: 'rule',
          },
        ])
        await followToEnd(world, order.id)
        const tradeNo = (id: string) => id.replaceAll('-', '')
        expect(refundsAtProvider(world, { method, tradeNo: tradeNo(made[spare].id) })).toEqual([
          { no: rows[0]?.refund_no, fen: order.payableFen, state: 'done' },
        ])
        expect(refundsAtProvider(world, { method, tradeNo: tradeNo(made[good].id) })).toEqual([])
        // The person sees their order paid by the good one, and the other one given back.
        const seen = await must(person.call, 'getOrder', byId(order.id))
        expect(seen).toMatchObject({
          state: 'confirmed',
          payment: { id: made[good].id, state: 'succeeded', amountFen: order.payableFen },
          refunds: [{ amountFen: order.payableFen, state: 'succeeded', reason: 'paid_twice' }],
          cancelling: { feeFen: 0, refundFen: order.payableFen },
        })
        // The console sees both payments, and what is left of each.
        const after = await consoleOrder(order.id)
        const left = Object.fromEntries(after.payments.map((one) => [one.id, one.refundableFen]))
        expect(left).toEqual({ [made[good].id]: order.payableFen, [made[spare].id]: 0 })
        expect(after.payments.map((one) => one.state)).toEqual(['succeeded', 'succeeded'])
        expect(after.events).toEqual(before.events)
        expect(await seatsTaken(db(), slot)).toBe(order.party)
        // And the duplicate is nobody's to give back by hand: only the good one's money is left.
        expect(await give(order.id, order.payableFen + 1)).toMatchObject({
          code: 'refund_too_much',
        })
        expect((await give(order.id, order.payableFen)).ok).toBe(true)
        const byHand = (await refundRows(world, order.id)).find(({ reason }) => reason === 'manual')
        expect(byHand).toMatchObject({ payment_id: made[good].id, amount_fen: order.payableFen })
      },
    )

    test('both heard in the same moment: one stands, one goes back', async () => {
      const { person, order, first, second } = await twoOpen(method)
      loseNotices(world, method)
      await payAtCashier(world, first.params)
      await payAtCashier(world, second.params)
      await Promise.all(
        [first, second, first, second].map(({ id }) => must(person.call, 'getPayment', byId(id))),
      )
      await db()
        .updateTable('payments')
        .set({ ask_at: world.parts.now() })
        .where('order_id', '=', order.id)
        .where('state', '<>', 'succeeded')
        .execute()
      await askDue(world.parts)
      const rows = await refundRows(world, order.id)
      expect(rows).toMatchObject([{ reason: 'paid_twice', amount_fen: order.payableFen }])
      await followToEnd(world, order.id)
      const all = [first, second].flatMap(({ id }) =>
        refundsAtProvider(world, { method, tradeNo: id.replaceAll('-', '') }),
      )
      expect(all.map(({ fen, state }) => [fen, state])).toEqual([[order.payableFen, 'done']])
      expect((await must(person.call, 'getOrder', byId(order.id))).state).toBe('confirmed')
    })
  })
})

describe('over several payments', () => {
  /** An order that was moved to a dearer slot: two payments stand for it. */
  async function movedUp(): Promise<Paid & { differenceFen: number; secondId: string }> {
    const paid = await paidOrder(world, 'wechat')
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9, startsIn: 96 })
    await db().updateTable('slots').set({ price_fen: 9900 }).where('id', '=', slotId).execute()
    const { dueFen, refundFen } = await must(paid.person.call, 'getMoveQuote', {
      ...byId(paid.order.id),
      query: { slotId },
    })
    const { move } = await must(paid.person.call, 'putMove', {
      ...byId(randomUUID()),
      body: { orderId: paid.order.id, slotId, dueFen, refundFen },
    })
    const payment = await openPayment(paid.person, paid.order.id, 'wechat', move.id)
    await payAtCashier(world, payment.params)
    await until('moved', async () => {
      const seen = await must(paid.person.call, 'getOrder', byId(paid.order.id))
      return seen.slot.id === slotId
    })
    return { ...paid, differenceFen: dueFen, secondId: payment.id }
  }

  test('the newest payment first; the first refund has the caller’s name; each to the fen', async () => {
    const paid = await movedUp()
    expect(paid.differenceFen).toBe(3000)
    const id = randomUUID()
    const wish = paid.differenceFen + 500
    const result = await give(paid.order.id, wish, id)
    expect(result).toMatchObject({
      ok: true,
      value: { refunds: [{ id, amountFen: paid.differenceFen }, { amountFen: 500 }] },
    })
    expect(await give(paid.order.id, wish, id)).toEqual(result)
    await followToEnd(world, paid.order.id)
    const second = { method: 'wechat', tradeNo: paid.secondId.replaceAll('-', '') } as const
    expect(refundsAtProvider(world, second).map(({ fen }) => fen)).toEqual([paid.differenceFen])
    expect(refundsAtProvider(world, paid).map(({ fen }) => fen)).toEqual([500])
    const left = paid.payableFen - 500
    expect(await give(paid.order.id, left + 1)).toMatchObject({ code: 'refund_too_much' })
    await pass(world, 2 * minute)
    expect((await give(paid.order.id, left)).ok).toBe(true)
  })
})

describe('who may', () => {
  test('a person without the right to money is refused; one with it is named on what they did', async () => {
    const paid = await paidOrder(world, 'wechat')
    const boss = people.find(({ role }) => role === 'owner')
    const desk = people.find(({ role }) => role === 'front_desk')
    const { token } = await must(caller(world.url), 'createConsoleSession', {
      body: { name: desk?.login ?? '', password: desk?.password ?? '' },
    })
    const front = caller(world.url, token)
    const body = { orderId: paid.order.id, amountFen: 1, note: '试试' }
    expect(await front('putRefund', { ...byId(randomUUID()), body })).toMatchObject({
      code: 'forbidden',
    })
    expect(
      await front('retryRefund', { ...byId(randomUUID()), body: { way: 'again' } }),
    ).toMatchObject({ code: 'forbidden' })
    expect((await front('listRefunds', { query: {} })).ok).toBe(true)
    expect(await refundRows(world, paid.order.id)).toEqual([])
    await give(paid.order.id, 1)
    expect(await refundRows(world, paid.order.id)).toMatchObject([{ by: `merchant:${boss?.id}` }])
  })

  test('a reason is required', async () => {
    const paid = await paidOrder(world, 'wechat')
    for (const note of ['', '   '])
      expect((await give(paid.order.id, 1, randomUUID(), note)).ok).toBe(false)
    expect(await refundRows(world, paid.order.id)).toEqual([])
  })
})

test('the console’s list: newest first, fifty a page, by state, none twice and none left out', async () => {
  const paid = await paidOrder(world, 'wechat')
  for (let n = 0; n < 60; n++) expect((await give(paid.order.id, 1)).ok).toBe(true)
  const seen: string[] = []
  let after: string | undefined
  let pages = 0
  do {
    const { refunds, next } = await must(owner.call, 'listRefunds', {
      query: { ...(after && { after }) },
    })
    expect(refunds.length).toBeLessThanOrEqual(50)
    seen.push(...refunds.map(({ id }) => id))
    after = next ?? undefined
    pages += 1
  } while (after)
  const rows = await db()
    .selectFrom('refunds')
    .select('id')
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  expect(pages).toBeGreaterThan(1)
  expect(seen).toEqual(rows.map(({ id }) => id))
  const done = await must(owner.call, 'listRefunds', { query: { state: 'succeeded' } })
  expect(done.refunds.every(({ state }) => state === 'succeeded')).toBe(true)
  expect(done.refunds.length).toBeGreaterThan(0)
  const none = await must(owner.call, 'listRefunds', { query: { state: 'nonsense' } })
  expect(none).toMatchObject({ refunds: [], next: null })
})
