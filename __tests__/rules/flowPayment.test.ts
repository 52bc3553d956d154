/** The payment page: back from a cashier, and the difference of a move (P1 P10 B9). */
import type { Answer, Request } from '@jiyue/contract/client'
import type { PayParams } from '@jiyue/contract/payment'
import type { Order } from '@jiyue/contract/schema/wire'
import { moveDue, orderDue } from '../../src/lib/due.ts'
import type { CashierReturn, PayOutcome } from '../../src/lib/phone.ts'
import { createApp } from '../../src/stores/app.ts'
import { createPaymentStore } from '../../src/stores/payment.ts'
import { iso, orderId, someMove, someOrder, startsAt, unpaidOrder } from './flowOrder.ts'
import { glassPhone, no, ok } from './flowPhone.ts'

const paymentId = '01a20000-0000-7000-8000-0000000000d1'
const payment = (state: string, id = paymentId) => ({
  id,
  orderId,
  method: 'alipay' as const,
  state,
  amountFen: 12800,
  expiresAt: iso(startsAt + 3_600_000),
  paidAt: null,
  transactionId: null,
})
const jsapi: PayParams = {
  way: 'wechat-jsapi',
  appId: 'wx',
  timeStamp: '1',
  nonceStr: 'n',
  package: 'prepay_id=1',
  signType: 'RSA',
  paySign: 's',
}

/** A world of one order: `order` is what the server has, `paid` what the provider would say. */
function payPhone(order: Order) {
  const world = {
    order,
    payment: 'pending',
    params: { way: 'redirect', url: 'https://cashier.example' } as PayParams,
    refusal: null as Answer | null,
    outcome: 'shown' as PayOutcome,
    back: null as CashierReturn | null,
    onPaid: () => {},
  }
  const phone = glassPhone(({ method, path, body }: Request) => {
    if (method === 'GET' && path.startsWith('/v1/orders/'))
      return ok({ ...world.order, now: iso(phone.now()) })
    if (method === 'POST') {
      const { id } = body as { id: string }
      return world.refusal ?? ok({ ...payment('pending', id), params: world.params })
    }
    if (method === 'PUT' && path.endsWith('/return')) {
      world.onPaid()
      return ok(payment(world.payment))
    }
    if (path.startsWith('/v1/payments/')) return ok(payment(world.payment))
    return no(404, 'not_found')
  })
  phone.pay = async () => world.outcome
  phone.cashierReturn = () => {
    const once = world.back
    world.back = null
    return once
  }
  const asked = (what: string) =>
    phone.asked.filter(({ method, path }) => `${method} ${path}`.indexOf(what) === 0)
  return { phone, world, asked, app: createApp(phone) }
}

describe('back from a cashier', () => {
  const pending = unpaidOrder({ payment: payment('pending') as Order['payment'] })
  const back = { paymentId, query: 'out_trade_no=1&trade_no=2' }

  test('the server hears the query and asks; a paid order moves on at once', async () => {
    const { app, world, asked } = payPhone(pending)
    world.back = back
    world.onPaid = () => {
      world.payment = 'succeeded'
      world.order = someOrder()
    }
    const page = createPaymentStore(app, orderId)
    await page.load()
    expect(asked('PUT')).toMatchObject([
      { path: `/v1/payments/${paymentId}/return`, body: { query: back.query } },
    ])
    expect(page.store.getState().phase).toBe('paid')
  })

  test('not paid yet: the page waits and asks on, and moves on when the money is seen', async () => {
    const { app, world, phone } = payPhone(pending)
    world.back = back
    const page = createPaymentStore(app, orderId)
    page.follow()
    await page.load()
    expect(page.store.getState().phase).toBe('waiting')
    world.payment = 'succeeded'
    world.order = someOrder()
    await phone.pass(1000)
    expect(page.store.getState().phase).toBe('paid')
  })

  test('is noted once: opening the page again is only opening it', async () => {
    const { app, world, asked } = payPhone(pending)
    world.back = back
    await createPaymentStore(app, orderId).load()
    const again = createPaymentStore(app, orderId)
    await again.load()
    expect(asked('PUT')).toHaveLength(1)
    expect(again.store.getState().phase).toBe('choosing')
  })

  test('the way back names its payment, under our own address', async () => {
    const { app, asked } = payPhone(unpaidOrder())
    const page = createPaymentStore(app, orderId)
    await page.load()
    await page.pay()
    const { id, returnPath } = asked('POST')[0]!.body as { id: string; returnPath: string }
    expect(returnPath).toBe(`/pages/payment/index?id=${orderId}&back=${id}`)
  })
})

describe('the difference of a move', () => {
  const move = someMove()
  const open = someOrder({ openMove: move })
  const moved = someOrder({ slot: { ...move.slot, staffId: null } })

  test('is what the page asks for: its amount, its clock, its id on the payment', async () => {
    const { app, asked } = payPhone(open)
    const page = createPaymentStore(app, orderId, move.id)
    await page.load()
    expect(page.due()).toMatchObject({ amountFen: 2000, until: move.expiresAt, state: 'open' })
    await page.pay()
    expect(asked('POST')[0]?.body).toMatchObject({ moveId: move.id, method: 'wechat' })
  })

  test('paid: the page is done when the order stands in its new slot, and not before', async () => {
    const { app, world, phone } = payPhone(open)
    world.params = jsapi
    world.outcome = 'done'
    const page = createPaymentStore(app, orderId, move.id)
    page.follow()
    await page.load()
    await page.pay()
    expect(page.store.getState().phase).toBe('waiting')
    world.payment = 'succeeded'
    world.order = moved
    await phone.pass(1000)
    expect(page.store.getState().phase).toBe('paid')
  })

  test('paid, but the slot was taken: over, with the money on its way back', async () => {
    const { app, world, phone } = payPhone(open)
    const page = createPaymentStore(app, orderId, move.id)
    page.follow()
    await page.load()
    await page.pay()
    world.payment = 'succeeded'
    world.order = someOrder({
      refunds: [
        {
          id: 'r',
          amountFen: 2000,
          state: 'requested',
          reason: 'move_failed',
          at: move.expiresAt,
          hint: '',
        },
      ],
    })
    await phone.pass(1000)
    expect(page.store.getState().phase).toBe('over')
  })

  test('cancelled in the wallet: nothing is lost, and the word says that the order stays', async () => {
    const { app, world } = payPhone(open)
    world.params = jsapi
    world.outcome = 'cancelled'
    const page = createPaymentStore(app, orderId, move.id)
    await page.load()
    await page.pay()
    expect(page.store.getState()).toMatchObject({
      phase: 'choosing',
      word: '支付已取消，原预约不变，可在倒计时结束前继续补差价',
    })
  })

  test('its time is over: no payment is opened any more', async () => {
    const { app, phone, asked } = payPhone(open)
    const page = createPaymentStore(app, orderId, move.id)
    await page.load()
    await phone.pass(15 * 60_000)
    await page.pay()
    expect(asked('POST')).toEqual([])
    expect(page.store.getState().phase).toBe('over')
  })

  test('the page was loaded anew by the cashier’s way back, the move done meanwhile: done, not lost', async () => {
    const { app, phone, world } = payPhone(open)
    const page = createPaymentStore(app, orderId, move.id)
    await page.load()
    await page.pay()
    world.order = moved
    world.payment = 'succeeded'
    const reborn = createPaymentStore(createApp(phone), orderId, move.id)
    await reborn.load()
    expect(reborn.store.getState().phase).toBe('paid')
  })

  test('the phone was restarted while it was paid: the page asks about its payment again', async () => {
    const { app, phone, asked } = payPhone(open)
    const page = createPaymentStore(app, orderId, move.id)
    await page.load()
    await page.pay()
    const { id } = asked('POST')[0]!.body as { id: string }
    const reborn = createPaymentStore(createApp(phone), orderId, move.id)
    await reborn.load()
    expect(asked(`GET /v1/payments/${id}`)).toHaveLength(1)
  })
})

describe('what is due, by what was read', () => {
  const now = startsAt
  const move = someMove()
  const after = Date.parse(move.expiresAt)
  const open = someOrder({ openMove: move })

  test('an order: open until its clock ends, then late until its end is known', () => {
    const order = unpaidOrder()
    const end = Date.parse(order.payUntil ?? '')
    expect(orderDue(order, end - 1).state).toBe('open')
    expect(orderDue(order, end).state).toBe('late')
    expect(orderDue(someOrder(), now).state).toBe('paid')
    expect(orderDue(someOrder({ state: 'cancelled' }), now).state).toBe('over')
  })

  test('a move: its slot tells whether it happened', () => {
    expect(moveDue(open, move.id, null, now).state).toBe('open')
    expect(moveDue(open, move.id, null, after).state).toBe('late')
    expect(
      moveDue(someOrder({ slot: { ...move.slot, staffId: null } }), move.id, move, now).state,
    ).toBe('paid')
    expect(moveDue(someOrder(), move.id, move, now).state).toBe('over')
    // Hidden by the server from its end on, while its money may still arrive.
    expect(moveDue(someOrder(), move.id, move, after).state).toBe('late')
    // A page opened later, on this phone or another: the order's own page tells.
    expect(moveDue(open, 'another', null, now).state).toBe('unknown')
    expect(moveDue(someOrder(), move.id, null, now).state).toBe('unknown')
  })
})
