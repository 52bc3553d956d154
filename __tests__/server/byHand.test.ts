/**
 * Odd orders by hand (M7): states along the table and within the rules, money that was taken at the desk.
 * After each act the seats, the books and the auditor agree; each is on the log, and its person hears it.
 */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { dayOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { tx } from '../../server/db/tx.ts'
import { apply } from '../../server/order/order.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { refundDue } from '../../server/sweep/sweep.ts'
import {
  caller,
  must,
  openWorld,
  payAtCashier,
  registeredOrder,
  signIn,
  signInConsole,
  signInOwner,
  type World,
} from '../world.ts'
import { allChanged } from './auditing.ts'
import {
  booked,
  booksOf,
  hearPaid,
  openPayment,
  pricedSlot,
  readOrder,
  refundsOf,
  takenOf,
} from './moving.ts'
import { codeOf, pngOf } from './proving.ts'
import { someCash } from './refusals/inputs.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterEach(async () => {
  world.sandbox.admin.clearFaults()
  await allChanged(world.parts)
  const { rows } = await sql`select kind, subject, expected, found from findings
    where resolved_at is null`.execute(world.database.db)
  expect(rows).toEqual([])
})
afterAll(() => world.close())

type Cash = Input<'putOfflinePayment'>['body']

const take = (orderId: string, of: Partial<Cash> = {}, id: string = randomUUID(), who = owner) =>
  who.call('putOfflinePayment', { params: { id }, body: { ...someCash(orderId), ...of } })
const set = (
  id: string,
  from: Input<'putOrderState'>['body']['from'],
  to: Input<'putOrderState'>['body']['to'],
) => owner.call('putOrderState', { params: { id }, body: { from, to, reason: '核对后更正' } })
const page = (id: string) => must(owner.call, 'getConsoleOrder', { params: { id } })

/** A new person's order that waits for its money. */
async function unpaid(of: Parameters<typeof pricedSlot>[1] = {}) {
  const person = await signIn(world)
  const slot = await pricedSlot(world, of)
  const order = await registeredOrder(person, slot)
  return { person, slot, order, owedFen: order.payableFen }
}

const lapse = (id: string) =>
  sql`update orders set held_until = clock_timestamp() where id = ${id}`.execute(world.database.db)

/** The slot was so many days ago. */
const ago = (slot: string, days: number) =>
  sql`update slots set starts_at = now() - make_interval(days => ${days}, hours => 2),
    ends_at = now() - make_interval(days => ${days}),
    bookable_until = now() - make_interval(days => ${days}, hours => 2) where id = ${slot}`.execute(
    world.database.db,
  )

describe('线下收款', () => {
  test('confirms with evidence; counts as a method of its own, on the log, and the person hears it', async () => {
    const { person, order, slot, owedFen } = await unpaid()
    const picture = await must(owner.call, 'putConsolePicture', {
      params: { id: randomUUID() },
      body: { base64: (await pngOf()).toString('base64') },
    })
    const before = await must(owner.call, 'getToday', {})
    const id = randomUUID()
    const wish = { amountFen: owedFen, way: 'transfer', number: 'TR-20261129-1' } as const
    const all = { ...wish, pictureId: picture.id }
    expect(codeOf(await take(order.id, all, id))).toBe('ok')
    // The answer was lost: the same wish is the same money.
    expect(codeOf(await take(order.id, all, id))).toBe('ok')
    expect(await readOrder(person, order.id)).toMatchObject({
      state: 'confirmed',
      payment: { method: 'offline', state: 'succeeded', transactionId: 'TR-20261129-1' },
    })
    expect([await booksOf(world, order.id), await takenOf(world, slot)]).toEqual([owedFen, [1]])
    const { payments, events, facts } = await page(order.id)
    expect(payments).toMatchObject([
      {
        refundableFen: owedFen,
        offline: {
          way: 'transfer',
          receivedBy: '沈禾',
          pictureId: picture.id,
          byName: '店主 沈禾',
        },
      },
    ])
    expect(events.map(({ what }) => what)).toEqual(['hold', 'register', 'confirm', 'mark_paid'])
    expect(events.at(-1)).toMatchObject({ reason: '客户手机无法支付', byName: '店主 沈禾' })
    expect(facts).toMatchObject([{ method: 'offline', heardBy: 'desk', verdict: 'confirmed' }])
    expect((await must(owner.call, 'getPicture', { params: { id: picture.id } })).width).toBe(
      picture.width,
    )
    const after = await must(owner.call, 'getToday', {})
    expect(after.paid.amountFen - before.paid.amountFen).toBe(owedFen)
    const today = dayOf(Date.now())
    const { periods } = await must(owner.call, 'getReconciliation', {
      query: { from: today, to: today, per: 'day' },
    })
    const own = periods[0]?.byMethod.find(({ method }) => method === 'offline')
    expect(own?.paid).toEqual({ count: 1, amountFen: owedFen })
    const { acts } = await must(owner.call, 'listActs', { query: { action: 'putOfflinePayment' } })
    expect(acts[0]).toMatchObject({ reason: '客户手机无法支付' })
    await sendDue(world.parts)
    const { messages } = await must(person.call, 'listMessages', {})
    expect(messages.find(({ kind }) => kind === 'by_hand')?.text).toContain('银行转账付款 ¥49')
    expect(messages.map(({ kind }) => kind)).toContain('confirmed')
  })

  test('a receipt can be had of it, and what goes back is handed over and written down', async () => {
    const { person, order, owedFen } = await unpaid()
    await must(owner.call, 'putOfflinePayment', {
      params: { id: randomUUID() },
      body: { ...someCash(order.id), amountFen: owedFen },
    })
    const { code } = await must(person.call, 'putReceipt', { params: { id: order.id } })
    const read = await must(person.call, 'getReceipt', { params: { code } })
    expect(read.receipt).toMatchObject({ method: 'offline', paidFen: owedFen })
    const { refunds } = await must(owner.call, 'putRefund', {
      params: { id: randomUUID() },
      body: { orderId: order.id, amountFen: 900, note: '少一项服务' },
    })
    const [refund] = refunds
    await refundDue(world.parts)
    expect((await readOrder(person, order.id)).refunds).toMatchObject([
      { state: 'requested', hint: expect.stringContaining('线下退还') },
    ])
    const listed = await must(owner.call, 'listRefunds', { query: { state: 'requested' } })
    expect(listed.refunds.find(({ id }) => id === refund?.id)).toMatchObject({
      method: 'offline',
      ways: ['otherwise'],
    })
    const body = { note: '现金退还', evidence: '签收单 7' }
    const params = { id: refund?.id ?? '' }
    expect(codeOf(await owner.call('retryRefund', { params, body: { way: 'again' } }))).toBe(
      'refund_state',
    )
    await must(owner.call, 'putOtherwise', { params, body })
    expect((await readOrder(person, order.id)).refunds).toMatchObject([{ state: 'otherwise' }])
    expect(await booksOf(world, order.id)).toBe(owedFen - 900)
  })

  test('the phone’s own payment landed first: refused; money that cannot be handed back is owed', async () => {
    const { person, order, slot, owedFen } = await unpaid()
    const payment = await openPayment(person, order.id)
    world.sandbox.admin.fault('wechat.notice', 'drop', null)
    await payAtCashier(world, payment.params)
    expect(codeOf(await take(order.id, { amountFen: owedFen }))).toBe('already_paid')
    expect(await booksOf(world, order.id)).toBe(owedFen)
    expect((await readOrder(person, order.id)).payment?.method).toBe('wechat')
    expect(codeOf(await take(order.id, { amountFen: owedFen, owe: true }))).toBe('ok')
    expect(await refundsOf(world, order.id)).toMatchObject([
      { reason: 'paid_twice', amount_fen: owedFen },
    ])
    expect([await booksOf(world, order.id), await takenOf(world, slot)]).toEqual([owedFen, [1]])
  })

  test('the phone’s payment is closed before, and pays after all: that goes back, nothing is lost', async () => {
    const { person, order, slot, owedFen } = await unpaid()
    const payment = await openPayment(person, order.id)
    expect(codeOf(await take(order.id, { amountFen: owedFen }))).toBe('ok')
    expect(codeOf(await person.call('createPayment', paying(order.id)))).toBe('already_paid')
    expect(await hearPaid(world, payment.id)).toBe('refunding:paid_twice')
    expect([await booksOf(world, order.id), await takenOf(world, slot)]).toEqual([owedFen, [1]])
    expect((await readOrder(person, order.id)).payment?.method).toBe('offline')
  })

  test('two clerks and the phone at once: one payment stands, whatever came besides is owed', async () => {
    for (let round = 0; round < 4; round++) {
      const { person, order, slot, owedFen } = await unpaid()
      const payment = await openPayment(person, order.id)
      const [one, two] = await Promise.all([
        take(order.id, { amountFen: owedFen }),
        take(order.id, { amountFen: owedFen }),
        hearPaid(world, payment.id),
      ])
      const oks = [one, two].filter(({ ok }) => ok).length
      expect(oks).toBeLessThanOrEqual(1)
      for (const { ok, ...no } of [one, two])
        if (!ok)
          expect(['already_paid', 'payment_pending']).toContain((no as { code: string }).code)
      const stands = await sql`select id from payments where order_id = ${order.id}
        and state = 'succeeded' and not exists (select from refunds where payment_id = payments.id)`.execute(
        world.database.db,
      )
      expect(stands.rows).toHaveLength(1)
      expect([await booksOf(world, order.id), await takenOf(world, slot)]).toEqual([owedFen, [1]])
    }
  })

  test('control: two clerks who both insist have both their money in the books, one of it owed', async () => {
    const { order, owedFen } = await unpaid()
    const both = await Promise.all([
      take(order.id, { amountFen: owedFen, owe: true }),
      take(order.id, { amountFen: owedFen, owe: true }),
    ])
    expect(both.map(codeOf)).toEqual(['ok', 'ok'])
    expect(await refundsOf(world, order.id)).toMatchObject([{ reason: 'paid_twice' }])
    expect(await booksOf(world, order.id)).toBe(owedFen)
  })

  test('after its time: the one seat left is taken again by one of two, the other is refused and writes nothing', async () => {
    const slot = await pricedSlot(world, { capacity: 2 })
    const orders = []
    for (const _ of [1, 2]) orders.push(await registeredOrder(await signIn(world), slot))
    for (const { id } of orders) await lapse(id)
    await registeredOrder(await signIn(world), slot)
    const codes = await Promise.all(
      orders.map(async ({ id, payableFen }) => codeOf(await take(id, { amountFen: payableFen }))),
    )
    expect([...codes].sort()).toEqual(['ok', 'slot_gone'])
    expect(await takenOf(world, slot)).toEqual([2])
    const books = await Promise.all(orders.map(({ id }) => booksOf(world, id)))
    expect(books.sort((a, b) => a - b)).toEqual([0, 4900])
    const { rows } =
      await sql`select id from payments where order_id = any (${orders.map(({ id }) => id)}::uuid[])`.execute(
        world.database.db,
      )
    expect(rows).toHaveLength(1)
    const gone = orders[codes.indexOf('slot_gone')]
    // The cash is in the drawer and its person has gone: written down, and owed.
    const id = gone?.id ?? ''
    expect(codeOf(await take(id, { amountFen: gone?.payableFen ?? 0, owe: true }))).toBe('ok')
    expect(await refundsOf(world, id)).toMatchObject([{ reason: 'slot_gone' }])
    expect(await takenOf(world, slot)).toEqual([2])
  })

  test('only who handles money may, and only with the second step', async () => {
    const { order, owedFen } = await unpaid()
    const desk = caller(world.url, (await signInConsole(world, 'desk')).token)
    const plain = await must(caller(world.url), 'createConsoleSession', {
      body: { name: 'owner', password: 'jiyue-demo' },
    })
    for (const [call, code] of [
      [desk, 'forbidden'],
      [caller(world.url, plain.token), 'second_needed'],
    ] as const)
      expect(
        codeOf(await take(order.id, { amountFen: owedFen }, undefined, { call, token: '' })),
      ).toBe(code)
    expect(await booksOf(world, order.id)).toBe(0)
  })
})

describe('修改状态', () => {
  test('爽约改已完成 within the rule: reason, log, message; money and seats stay as they are', async () => {
    const { person, order, slot } = await booked(world)
    await ago(slot, 1)
    expect(codeOf(await set(order.id, 'confirmed', 'missed'))).toBe('ok')
    const books = await booksOf(world, order.id)
    expect(codeOf(await set(order.id, 'missed', 'completed'))).toBe('ok')
    expect((await readOrder(person, order.id)).state).toBe('completed')
    expect([await booksOf(world, order.id), await takenOf(world, slot)]).toEqual([books, [1]])
    const { events } = await page(order.id)
    expect(events.slice(-2)).toMatchObject([
      { what: 'miss', reason: '核对后更正', byName: '店主 沈禾' },
      { what: 'correct', reason: '核对后更正', byName: '店主 沈禾' },
    ])
    await sendDue(world.parts)
    const { messages } = await must(person.call, 'listMessages', {})
    expect(messages.filter(({ kind }) => kind === 'by_hand')).toHaveLength(2)
    const { acts } = await must(owner.call, 'listActs', { query: { action: 'putOrderState' } })
    expect(acts[0]?.reason).toBe('核对后更正')
  })

  test('not after the rule’s days, and no-show not before the slot has begun', async () => {
    const late = await booked(world)
    await ago(late.slot, 8)
    expect(codeOf(await set(late.order.id, 'confirmed', 'completed'))).toBe('ok')
    expect(codeOf(await set(late.order.id, 'completed', 'missed'))).toBe('not_by_hand')
    const early = await booked(world, { startsIn: 50 })
    expect(codeOf(await set(early.order.id, 'confirmed', 'missed'))).toBe('not_by_hand')
    expect(codeOf(await set(early.order.id, 'confirmed', 'completed'))).toBe('not_by_hand')
    expect(await takenOf(world, early.slot)).toEqual([1])
  })

  test('two clerks at once put it right once; control: without what they saw it flips back', async () => {
    const { order, slot } = await booked(world)
    await ago(slot, 1)
    await must(owner.call, 'putOrderState', {
      params: { id: order.id },
      body: { from: 'confirmed', to: 'completed', reason: '到店' },
    })
    const codes = await Promise.all(
      [1, 2].map(async () => codeOf(await set(order.id, 'completed', 'missed'))),
    )
    expect(codes.sort()).toEqual(['ok', 'order_state'])
    expect((await page(order.id)).state).toBe('missed')
    const { parts } = world
    const flip = () =>
      tx(parts.db, (t) => apply(t, parts.bus, order.id, 'correct', { by: 'merchant:x' }))
    expect(await Promise.all([flip(), flip()])).toEqual(['ok', 'ok'])
    expect((await page(order.id)).state).toBe('missed')
  })

  test('a free order is confirmed by hand, also after its time while a seat is left', async () => {
    const { person, order, slot } = await unpaid({ capacity: 1 })
    await sql`update orders set payable_fen = 0,
      quote = jsonb_set(quote, '{payableFen}', '0') where id = ${order.id}`.execute(
      world.database.db,
    )
    await lapse(order.id)
    expect(codeOf(await set(order.id, 'registered', 'confirmed'))).toBe('order_state')
    expect(codeOf(await set(order.id, 'expired', 'confirmed'))).toBe('ok')
    expect((await readOrder(person, order.id)).state).toBe('confirmed')
    expect([await booksOf(world, order.id), await takenOf(world, slot)]).toEqual([0, [1]])
  })

  test('the demo merchant’s front desk may not', async () => {
    const { order } = await booked(world)
    const desk = caller(world.url, (await signInConsole(world, 'desk')).token)
    const body = { from: 'confirmed', to: 'missed', reason: '未到' } as const
    expect(codeOf(await desk('putOrderState', { params: { id: order.id }, body }))).toBe(
      'forbidden',
    )
  })
})

const paying = (id: string) => ({
  params: { id },
  body: { id: randomUUID(), method: 'wechat' as const, scene: 'weapp' as const },
})
