import type { Parts, Platform } from '../admin.ts'
import type { AlipayRefund } from '../alipay/refunds.ts'
import type { Trade } from '../alipay/trades.ts'
import type { Notice } from '../notices.ts'
import type { Order } from '../wechatPay/orders.ts'
import type { Refund } from '../wechatPay/refunds.ts'

/** A trade of either platform as the pages show it. Amounts in fen, times in milliseconds. */
export type TradeView = {
  platform: Platform
  no: string
  subject: string
  fen: number
  state: string
  isOpen: boolean
  isPaid: boolean
  createdAt: number
  expiresAt: number
  paidAt?: number
  /** The platform's own number, once paid. */
  transactionId?: string
  payer?: string
  /** jsapi, h5, …, or Alipay's product code. */
  kind: string
  notifyUrl?: string
  attach?: string
  refunds: RefundView[]
  notices: Notice[]
}

export type RefundView = {
  no: string
  id?: string
  fen: number
  state: string
  createdAt: number
  endedAt?: number
  /** What a person may make of it now. */
  ends: ('SUCCESS' | 'ABNORMAL' | 'CLOSED')[]
}

/** Every trade, newest first. */
export function allTrades(parts: Parts): TradeView[] {
  const notices = Map.groupBy(parts.notices.all(), (one) => `${one.platform} ${one.subject}`)
  const of = (platform: Platform, no: string) => notices.get(`${platform} ${no}`) ?? []
  const wechat = parts.orders.all().map((one) => ofOrder(parts, one, of('wechat', one.id)))
  const alipay = parts.trades.all().map((one) => ofTrade(parts, one, of('alipay', one.id)))
  return [...wechat, ...alipay].sort((a, b) => b.createdAt - a.createdAt)
}

export function hasOpenRefund({ refunds }: TradeView): boolean {
  return refunds.some(({ state }) => state === 'PROCESSING' || state === 'ABNORMAL')
}

export function hasOpenNotice({ notices }: TradeView): boolean {
  return notices.some(({ state }) => state !== 'delivered')
}

export function oneTrade(parts: Parts, platform: string, no: string): TradeView | undefined {
  const notices = parts.notices
    .all()
    .filter((one) => one.platform === platform && one.subject === no)
  const order = platform === 'wechat' ? parts.orders.get(no) : undefined
  if (order) return ofOrder(parts, order, notices)
  const trade = platform === 'alipay' ? parts.trades.get(no) : undefined
  return trade && ofTrade(parts, trade, notices)
}

function ofOrder(parts: Parts, order: Order, notices: Notice[]): TradeView {
  const { request } = order
  const state = parts.orders.stateOf(order)
  return {
    platform: 'wechat',
    no: order.id,
    subject: request.description,
    fen: request.amount.total,
    state,
    isOpen: state === 'NOTPAY',
    isPaid: order.paidAt !== undefined,
    createdAt: order.createdAt,
    expiresAt: order.expiresAt,
    ...(order.paidAt === undefined ? {} : { paidAt: order.paidAt }),
    ...(order.transactionId ? { transactionId: order.transactionId } : {}),
    ...(order.payer ? { payer: order.payer } : {}),
    kind: order.kind,
    ...(request.notify_url ? { notifyUrl: request.notify_url } : {}),
    ...(request.attach ? { attach: request.attach } : {}),
    refunds: parts.refunds.ofOrder(order.id).map(ofWechatRefund).reverse(),
    notices,
  }
}

function ofWechatRefund(refund: Refund): RefundView {
  const ends: Record<string, RefundView['ends']> = {
    PROCESSING: ['SUCCESS', 'ABNORMAL', 'CLOSED'],
    ABNORMAL: ['SUCCESS', 'CLOSED'],
  }
  return {
    no: refund.id,
    id: refund.refundId,
    fen: refund.request.amount.refund,
    state: refund.state,
    createdAt: refund.createdAt,
    ...(refund.endedAt === undefined ? {} : { endedAt: refund.endedAt }),
    ends: ends[refund.state] ?? [],
  }
}

function ofTrade(parts: Parts, trade: Trade, notices: Notice[]): TradeView {
  const state = parts.trades.statusOf(trade)
  return {
    platform: 'alipay',
    no: trade.id,
    subject: trade.subject,
    fen: trade.totalFen,
    state,
    isOpen: state === 'WAIT_BUYER_PAY',
    isPaid: trade.paidAt !== undefined,
    createdAt: trade.createdAt,
    expiresAt: trade.expiresAt,
    ...(trade.paidAt === undefined ? {} : { paidAt: trade.paidAt }),
    transactionId: trade.tradeNo,
    ...(trade.buyer ? { payer: trade.buyer } : {}),
    kind: trade.productCode,
    ...(trade.notifyUrl ? { notifyUrl: trade.notifyUrl } : {}),
    ...(trade.passback ? { attach: trade.passback } : {}),
    refunds: parts.alipayRefunds.ofTrade(trade.id).map(ofAlipayRefund).reverse(),
    notices,
  }
}

function ofAlipayRefund(refund: AlipayRefund): RefundView {
  const endedAt = refund.doneAt ?? (refund.done ? refund.createdAt : undefined)
  return {
    no: refund.requestNo,
    fen: refund.fen,
    state: refund.done ? 'SUCCESS' : 'PROCESSING',
    createdAt: refund.createdAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    ends: refund.done ? [] : ['SUCCESS'],
  }
}
