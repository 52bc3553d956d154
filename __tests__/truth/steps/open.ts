/** Opening payments, and who can still pay what. */
import { randomUUID } from 'node:crypto'
import type { Method, Scene } from '@jiyue/contract/payment'
import { ownOrder } from '../../../server/order/order.ts'
import type { Parts } from '../../../server/parts.ts'
import { openPayment } from '../../../server/payment/payment.ts'
import type { History, MoveIn, OrderIn, PaymentIn, Step } from '../history.ts'
import { pick } from './choose.ts'

const WAYS: readonly (readonly [Method, Scene])[] = [
  ['wechat', 'weapp'],
  ['alipay', 'alipay'],
  ['alipay', 'h5'],
  ['wechat', 'desktop'],
]

export function newPayment(h: History, order: OrderIn, c: number, move: MoveIn | null): PaymentIn {
  const [method, scene] = pick(WAYS, c) as (typeof WAYS)[number]
  const id = randomUUID()
  const payment: PaymentIn = {
    id,
    name: `${order.name}${order.payments.length + 1}`,
    tradeNo: id.replaceAll('-', ''),
    order,
    method,
    scene,
    params: null,
    move,
    late: false,
  }
  order.payments.push(payment)
  h.payments.push(payment)
  return payment
}

/** Opens a payment; once its parameters are here, no other trade of the order can still be paid. */
export async function opening(h: History, parts: Parts, payment: PaymentIn): Promise<string> {
  const { order, id, method, scene } = payment
  const row = await ownOrder(parts.db, order.id, order.user)
  if (!row) return 'not_found'
  const wish = {
    id,
    method,
    scene,
    ip: '127.0.0.1',
    returnPath: '/',
    ...(payment.move && { moveId: payment.move.id }),
  }
  const result = await openPayment(parts, row, wish)
  if ('refused' in result) return `${payment.name} ${result.refused}`
  payment.params = result.params
  for (const other of payableOf(h, order)) {
    if (other !== payment && isPayable(h, payment))
      h.wrongs.push(`${payment.name} was opened while ${other.name} can still be paid`)
  }
  return `${payment.name} ${result.state}, by ${result.params.way}`
}

function isPayable(h: History, { params, method, tradeNo }: PaymentIn): boolean {
  return params !== null && h.lane.rails.trade(method, tradeNo)?.payable === true
}

export function payableOf(h: History, order: OrderIn): PaymentIn[] {
  return order.payments.filter((payment) => isPayable(h, payment))
}

/** Pays for an order, or for an open move of it: the person picks. */
export function open(h: History, a: number, b: number): Step | null {
  const wanting: (OrderIn | MoveIn)[] = [
    ...h.orders.filter((one) => one.step === 'registered'),
    ...h.moves.filter((one) => one.state === 'open'),
  ]
  const of = pick(wanting, a)
  if (!of) return null
  const [order, move] = 'order' in of ? [of.order, of] : [of, null]
  if (order.payments.length >= 5) return null
  const payment = newPayment(h, order, b, move)
  const what = move ? ` for ${move.name}` : ''
  return {
    text: `${payment.name}: opened with ${payment.method} (${payment.scene})${what}`,
    errand: (parts) => opening(h, parts, payment),
  }
}

export function openAgain(h: History, a: number): Step | null {
  const payment = pick(h.payments, a)
  return (
    (payment && {
      text: `${payment.name}: the phone asks again to open it`,
      errand: (parts) => opening(h, parts, payment),
    }) ??
    null
  )
}
