import { randomUUID } from 'node:crypto'
import { chinaDigits, DAY, MINUTE, SECOND } from '../clock.ts'
import type { Notices } from '../notices.ts'
import { digits } from '../numbers.ts'
import { ofOwner } from '../ofOwner.ts'
import type { World } from '../world.ts'
import type { Order, Orders } from './orders.ts'
import { type RefundRequest, readRefund } from './refundShape.ts'
import { refundNotice, refundView } from './refundView.ts'
import { paramError, Refusal } from './refusal.ts'

export type RefundState = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'
export type RefundEnd = Exclude<RefundState, 'PROCESSING'>
/** Where an abnormal refund's money goes instead. */
export type Card = 'USER_BANK_CARD' | 'MERCHANT_BANK_CARD'

/** `id` is the merchant's out_refund_no. Times in milliseconds. */
export type Refund = {
  id: string
  refundId: string
  order: string
  request: RefundRequest
  createdAt: number
  state: RefundState
  /** How it will end, fixed when it is asked for (a fault can make it fail); null: not by itself. */
  end: RefundEnd | null
  endedAt?: number
  /** Ends it had before: an abnormal refund that was sent to a bank card. */
  past?: { state: RefundEnd; from: number; until: number }[]
  card?: Card
  /** The last four digits of the payer's card. */
  tail?: string
}

/** Time a refund is on its way to the payer. */
export const SETTLE_MS = 3 * SECOND
const MOST_REFUNDS = 50
/** Refunds of one order must be this far apart. */
const APART_MS = MINUTE
const LATEST = 365 * DAY

export type Refunds = ReturnType<typeof makeRefunds>

/** Refunds of WeChat Pay: accepted at once, settled later, told by a notice (facts 1.9). */
export function makeRefunds(world: World, orders: Orders, notices: Notices) {
  const { clock } = world
  const refunds = world.store.table<Refund>('wechat.refunds')
  const { of: ofOrder, put } = ofOwner(refunds, (refund) => refund.order)

  const ask = (body: unknown, faults: Set<string>): Refund => {
    const request = readRefund(body)
    const order = orderOf(request)
    const known = refunds.get(request.out_refund_no)
    if (known) return again(known, order, request)
    check(order, request)
    refuseByFault(faults)
    return begin(order, request, faults)
  }

  const begin = (order: Order, request: RefundRequest, faults: Set<string>): Refund => {
    const now = clock.now()
    const refund = put({
      id: request.out_refund_no,
      refundId: refundIdOf(now),
      order: order.id,
      request,
      createdAt: now,
      state: 'PROCESSING',
      end: endOf(faults),
    })
    orders.markRefunded(order)
    world.schedule.plan('wechat.refund', refund.id, SETTLE_MS)
    return refund
  }

  const orderOf = (request: RefundRequest): Order => {
    const { transaction_id: id, out_trade_no: no } = request
    if (!id && !no) throw paramError('/body/transaction_id', '', '与 out_trade_no 二选一必填')
    const order = orders.get((id ? orders.orderOfTransaction(id) : no) ?? '')
    // The refund interface has its own word for an order that is not there.
    if (!order) throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
    return order
  }

  /** The same number again is the same refund, never a second one; a closed one stays closed. */
  const again = (known: Refund, order: Order, request: RefundRequest): Refund => {
    const { refund, total } = known.request.amount
    const same =
      known.order === order.id && request.amount.refund === refund && request.amount.total === total
    if (!same)
      throw new Refusal(400, 'INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试')
    return known
  }

  const check = (order: Order, request: RefundRequest): void => {
    if (order.paidAt === undefined)
      throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '订单未支付或不存在')
    const { total } = order.request.amount
    if (request.amount.total !== total)
      throw new Refusal(400, 'INVALID_REQUEST', '订单金额与原订单不一致')
    if (clock.now() > order.paidAt + LATEST)
      throw new Refusal(400, 'INVALID_REQUEST', '订单已超过可退款的最大期限')
    const earlier = ofOrder(order.id)
    if (takenOff(order.id) + request.amount.refund > total)
      throw new Refusal(400, 'INVALID_REQUEST', '累计退款金额大于订单可退金额')
    if (earlier.length >= MOST_REFUNDS)
      throw new Refusal(400, 'INVALID_REQUEST', '退款次数超过 50 次')
    const { refundsApart, speed } = world.settings()
    const apart = refundsApart ? APART_MS / speed : 0
    if (earlier.some((refund) => clock.now() < refund.createdAt + apart))
      throw new Refusal(429, 'FREQUENCY_LIMITED', '同一订单的两次退款须间隔 1 分钟')
  }

  /** Fen that are refunded or on their way; a closed refund gave its part back. */
  const takenOff = (order: string): number =>
    ofOrder(order)
      .filter((refund) => refund.state !== 'CLOSED')
      .reduce((sum, refund) => sum + refund.request.amount.refund, 0)

  world.schedule.on('wechat.refund', (id, dueAt) => {
    const refund = refunds.get(id)
    if (refund?.state === 'PROCESSING' && refund.end) finish(refund, refund.end, dueAt)
  })

  const finish = (refund: Refund, state: RefundEnd, at: number): void => {
    tell(put({ ...refund, state, endedAt: at }))
  }

  /**
   * Without a notify_url the platform falls back on the address set in the merchant's console, and
   * on the old version's XML (facts 1.9); with none there nothing is sent.
   */
  const tell = (refund: Refund): void => {
    const asked = refund.request.notify_url
    const url = asked ?? world.settings().refundNotifyUrl
    if (!url) return
    notices.send({
      id: randomUUID(),
      platform: 'wechat',
      url,
      event: `REFUND.${refund.state}`,
      subject: refund.order,
      about: [refund.order, refund.id],
      ...(asked ? {} : { variant: 'v2Xml' }),
      content: JSON.stringify(refundNotice(refund, orders.find(refund.order))),
    })
  }

  /**
   * A tester ends a refund by hand: one under way in any way, an abnormal one as the merchant's
   * console could. False when it has ended for good.
   */
  const end = (outRefundNo: string, state: RefundEnd): boolean => {
    const refund = refunds.get(outRefundNo)
    if (!refund || refund.state === state) return false
    if (refund.state !== 'PROCESSING' && refund.state !== 'ABNORMAL') return false
    finish(refund, state, clock.now())
    return true
  }

  /** The merchant sends an abnormal refund to a bank card: it is under way again. */
  const redirect = (refund: Refund, card: Card, tail: string, faults: Set<string>): Refund => {
    const now = clock.now()
    const before = { state: 'ABNORMAL' as const, from: refund.endedAt as number, until: now }
    const { endedAt: _, ...rest } = refund
    const past = [...(refund.past ?? []), before]
    const changed = put({ ...rest, state: 'PROCESSING', end: endOf(faults), card, tail, past })
    world.schedule.plan('wechat.refund', refund.id, SETTLE_MS)
    return changed
  }

  const find = (outRefundNo: string): Refund => {
    const refund = refunds.get(outRefundNo)
    if (!refund) throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
    return refund
  }

  return {
    ask,
    /** Begins a refund that nobody asked for over the wire: the merchant's console, or a test. */
    begin,
    /** Records a refund as it is, with its end, and tells nobody. */
    record: put,
    takenOff,
    redirect,
    end,
    find,
    get: refunds.get,
    view: (refund: Refund) => refundView(refund, orders.find(refund.order)),
    ofOrder,
    all: () => refunds.all().reverse(),
  }
}

/** WeChat Pay's own number of a refund. */
export function refundIdOf(now: number): string {
  return `503${digits(7)}${chinaDigits(now).slice(0, 8)}${digits(11)}`
}

/** The state a refund had at a moment: bills show it as it was when they were made. */
export function stateAt(refund: Refund, at: number): RefundState {
  const before = refund.past?.find(({ from, until }) => from <= at && at < until)
  if (before) return before.state
  return refund.endedAt !== undefined && refund.endedAt <= at ? refund.state : 'PROCESSING'
}

function endOf(faults: Set<string>): RefundEnd | null {
  if (faults.has('stuck')) return null
  if (faults.has('abnormal')) return 'ABNORMAL'
  return faults.has('closed') ? 'CLOSED' : 'SUCCESS'
}

function refuseByFault(faults: Set<string>): void {
  if (faults.has('notEnough'))
    throw new Refusal(403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起')
  if (faults.has('payerAbnormal'))
    throw new Refusal(403, 'USER_ACCOUNT_ABNORMAL', '用户账户异常或已注销')
}
