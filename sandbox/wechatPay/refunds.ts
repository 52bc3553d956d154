import { randomUUID } from 'node:crypto'
import { chinaDigits, DAY, MINUTE, rfc3339, SECOND } from '../clock.ts'
import type { Notices } from '../notices.ts'
import { digits } from '../numbers.ts'
import type { World } from '../world.ts'
import {
  integer,
  list,
  notifyUrl,
  object,
  oneOf,
  optional,
  read,
  type Shape,
  text,
} from './fields.ts'
import { OUT_TRADE_NO } from './orderShape.ts'
import type { Order, Orders } from './orders.ts'
import { paramError, Refusal } from './refusal.ts'

type RefundRequest = {
  transaction_id?: string
  out_trade_no?: string
  out_refund_no: string
  reason?: string
  notify_url?: string
  funds_account?: 'AVAILABLE' | 'UNSETTLED'
  amount: { refund: number; total: number; currency: string; from?: object[] }
}

export type RefundState = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'

/** `id` is the merchant's out_refund_no. */
export type Refund = {
  id: string
  refundId: string
  order: string
  request: RefundRequest
  createdAt: number
  state: RefundState
  /** How it will end, fixed when it is asked for (a fault can make it fail). */
  end: Exclude<RefundState, 'PROCESSING'>
  endedAt?: number
}

const SHAPE: Shape = {
  transaction_id: optional(text(32)),
  out_trade_no: optional(text(32, OUT_TRADE_NO, 6)),
  out_refund_no: text(64, /^[0-9A-Za-z_\-|*@]+$/),
  reason: optional(text(80)),
  notify_url: optional(notifyUrl(256)),
  funds_account: optional(oneOf('AVAILABLE', 'UNSETTLED')),
  amount: object({
    refund: integer(1),
    total: integer(1),
    currency: oneOf('CNY'),
    from: optional(list(object({ account: text(32), amount: integer(1) }), 10)),
  }),
}

/** Time a refund is on its way to the payer. */
const SETTLE_MS = 3 * SECOND
const MOST_REFUNDS = 50
/** Refunds of one order must be this far apart. */
const APART_MS = MINUTE
const LATEST = 365 * DAY

export type Refunds = ReturnType<typeof makeRefunds>

/** Refunds of WeChat Pay: accepted at once, settled later, told by a notice (facts 1.9). */
export function makeRefunds(world: World, orders: Orders, notices: Notices) {
  const { clock } = world
  const refunds = world.store.table<Refund>('wechat.refunds')
  const ofOrder = (id: string) => refunds.all().filter((refund) => refund.order === id)

  const ask = (body: unknown, faults: Set<string>): Refund => {
    read(body, SHAPE)
    const request = body as RefundRequest
    const order = orderOf(request)
    const known = refunds.get(request.out_refund_no)
    if (known) return again(known, order, request)
    check(order, request)
    if (faults.has('notEnough'))
      throw new Refusal(403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起')
    const now = clock.now()
    const refund = refunds.put({
      id: request.out_refund_no,
      refundId: `503${digits(7)}${chinaDigits(now).slice(0, 8)}${digits(11)}`,
      order: order.id,
      request,
      createdAt: now,
      state: 'PROCESSING',
      end: faults.has('abnormal') ? 'ABNORMAL' : faults.has('closed') ? 'CLOSED' : 'SUCCESS',
    })
    orders.markRefunded(order)
    world.schedule.plan('wechat.refund', refund.id, SETTLE_MS)
    return refund
  }

  const orderOf = (request: RefundRequest): Order => {
    const { transaction_id: id, out_trade_no: no } = request
    if (!id && !no) throw paramError('/body/transaction_id', '', '与 out_trade_no 二选一必填')
    try {
      return id ? orders.findTransaction(id) : orders.find(no as string)
    } catch (error) {
      // The refund interface has its own word for an order that is not there.
      if (error instanceof Refusal) throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
      throw error
    }
  }

  /** The same number again is the same refund, never a second one. */
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
    const taken = earlier
      .filter((refund) => refund.state !== 'CLOSED')
      .reduce((sum, refund) => sum + refund.request.amount.refund, 0)
    if (taken + request.amount.refund > total)
      throw new Refusal(400, 'INVALID_REQUEST', '累计退款金额大于订单可退金额')
    if (earlier.length >= MOST_REFUNDS)
      throw new Refusal(400, 'INVALID_REQUEST', '退款次数超过 50 次')
    const apart = APART_MS / world.settings().speed
    if (earlier.some((refund) => clock.now() < refund.createdAt + apart))
      throw new Refusal(429, 'FREQUENCY_LIMITED', '同一订单的两次退款须间隔 1 分钟')
  }

  const settle = (id: string): void => {
    const refund = refunds.get(id)
    if (refund?.state !== 'PROCESSING') return
    const done = refunds.put({ ...refund, state: refund.end, endedAt: clock.now() })
    // Without a notify_url the real platform falls back on the console's address and the old
    // version's XML; the sandbox's merchant has none set up, so nothing is sent.
    if (!done.request.notify_url) return
    notices.send({
      id: randomUUID(),
      platform: 'wechat',
      url: done.request.notify_url,
      event: `REFUND.${done.state}`,
      subject: done.order,
      about: [done.order, done.id],
      content: JSON.stringify(noticeView(done)),
    })
  }
  world.schedule.on('wechat.refund', settle)

  const find = (outRefundNo: string): Refund => {
    const refund = refunds.get(outRefundNo)
    if (!refund) throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
    return refund
  }

  const noticeView = (refund: Refund) => {
    const order = orders.find(refund.order)
    const { refund: amount, total } = refund.request.amount
    return {
      mchid: order.request.mchid,
      transaction_id: order.transactionId,
      out_trade_no: order.id,
      refund_id: refund.refundId,
      out_refund_no: refund.id,
      refund_status: refund.state,
      ...successTime(refund),
      user_received_account: '支付用户零钱',
      amount: { total, refund: amount, payer_total: total, payer_refund: amount },
    }
  }

  /** The refund object of answers. */
  const view = (refund: Refund) => {
    const order = orders.find(refund.order)
    const { refund: amount, total, from } = refund.request.amount
    return {
      refund_id: refund.refundId,
      out_refund_no: refund.id,
      transaction_id: order.transactionId,
      out_trade_no: order.id,
      channel: 'ORIGINAL',
      user_received_account: '支付用户零钱',
      ...successTime(refund),
      create_time: rfc3339(refund.createdAt),
      status: refund.state,
      funds_account: refund.request.funds_account ?? 'AVAILABLE',
      amount: {
        total,
        refund: amount,
        from: from ?? [],
        payer_total: total,
        payer_refund: amount,
        settlement_total: total,
        settlement_refund: amount,
        discount_refund: 0,
        currency: 'CNY',
      },
      promotion_detail: [],
    }
  }

  return { ask, find, get: refunds.get, view, ofOrder, all: () => refunds.all().reverse() }
}

function successTime(refund: Refund) {
  return refund.state === 'SUCCESS' ? { success_time: rfc3339(refund.endedAt as number) } : {}
}
