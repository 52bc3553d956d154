import type { Parts, Platform } from './admin.ts'
import { tradeNoOf } from './alipay/trades.ts'
import type { OrderKind } from './wechatPay/orderShape.ts'
import { type RefundEnd, refundIdOf } from './wechatPay/refunds.ts'

/** A paid trade as a test wants it to have happened. Times in milliseconds, amounts in fen. */
export type BulkTrade = {
  outTradeNo: string
  fen: number
  /** Without it, now. */
  paidAt?: number
  subject?: string
  /** WeChat Pay's transaction_id or Alipay's trade_no; without it one is made. */
  transactionId?: string
  /** WeChat Pay only: how it was ordered (jsapi) and by which app (the mini-program). */
  kind?: OrderKind
  app?: 'mini' | 'web'
  person?: string
  notifyUrl?: string
  refunds?: BulkRefund[]
}

export type BulkRefund = {
  refundNo: string
  fen: number
  /** Without it, the moment of the payment. */
  at?: number
  /** WeChat Pay only; without it SUCCESS. */
  state?: RefundEnd | 'PROCESSING'
}

export type BulkRecord = { outTradeNo: string; transactionId: string; payer: string }

/**
 * Records trades that are paid already, and their refunds, in the same tables as real ones: they can
 * be queried, refunded and are in the bills. Nobody is told. Throws, having recorded nothing, when a
 * number is taken or an amount makes no sense.
 */
export function recordBulk(parts: Parts, platform: Platform, trades: BulkTrade[]): BulkRecord[] {
  check(parts, platform, trades)
  const record = platform === 'wechat' ? recordWechat : recordAlipay
  return parts.world.store.batch(() => trades.map((trade) => record(parts, trade)))
}

function check(parts: Parts, platform: Platform, trades: BulkTrade[]): void {
  const numbers = new Set<string>()
  const take = (number: string, taken: boolean) => {
    if (!number || taken || numbers.has(number)) throw new Error(`The number ${number} is taken`)
    numbers.add(number)
  }
  const amount = (fen: number) => {
    if (!Number.isSafeInteger(fen) || fen < 1) throw new Error(`${fen} is no amount in fen`)
    return fen
  }
  const { orders, trades: alipay, refunds } = parts
  for (const { outTradeNo, fen, refunds: back = [] } of trades) {
    const known = platform === 'wechat' ? orders.get(outTradeNo) : alipay.get(outTradeNo)
    take(outTradeNo, known !== undefined)
    for (const { refundNo } of back)
      take(
        platform === 'wechat' ? refundNo : `${outTradeNo} ${refundNo}`,
        platform === 'wechat' && refunds.get(refundNo) !== undefined,
      )
    if (platform === 'alipay' && back.some((one) => (one.state ?? 'SUCCESS') !== 'SUCCESS'))
      throw new Error('Refunds of Alipay have no state')
    for (const one of back) amount(one.fen)
    // A closed refund gave its part back.
    const kept = back.filter((one) => one.state !== 'CLOSED')
    const sum = kept.reduce((all, one) => all + one.fen, 0)
    if (sum > amount(fen)) throw new Error(`${outTradeNo}: more is refunded than was paid`)
  }
}

function recordWechat({ world, orders, refunds }: Parts, trade: BulkTrade): BulkRecord {
  const { keys, people, clock } = world
  const at = trade.paidAt ?? clock.now()
  const { appid } = trade.app === 'web' ? keys.web : keys.mini
  const payer = people.openIdOf(appid, trade.person ?? '批量用户')
  const request = {
    appid,
    mchid: keys.mchid,
    description: trade.subject ?? '批量交易',
    out_trade_no: trade.outTradeNo,
    notify_url: trade.notifyUrl ?? '',
    amount: { total: trade.fen, currency: 'CNY' },
    payer: { openid: payer },
  }
  const { transactionId: given } = trade
  const order = orders.recordPaid(trade.kind ?? 'jsapi', request, {
    at,
    payer,
    ...(given ? { transactionId: given } : {}),
  })
  for (const back of trade.refunds ?? []) {
    const createdAt = back.at ?? at
    const state = back.state ?? 'SUCCESS'
    refunds.record({
      id: back.refundNo,
      refundId: refundIdOf(createdAt),
      order: order.id,
      request: {
        out_trade_no: order.id,
        out_refund_no: back.refundNo,
        amount: { refund: back.fen, total: trade.fen, currency: 'CNY' },
      },
      createdAt,
      state,
      end: state === 'PROCESSING' ? null : state,
      ...(state === 'PROCESSING' ? {} : { endedAt: createdAt }),
    })
  }
  if (trade.refunds?.length) orders.markRefunded(order)
  return { outTradeNo: order.id, transactionId: order.transactionId as string, payer }
}

function recordAlipay({ world, trades, alipayRefunds }: Parts, trade: BulkTrade): BulkRecord {
  const at = trade.paidAt ?? world.clock.now()
  const payer = world.people.openIdOf(world.keys.alipayAppId, trade.person ?? '批量用户')
  const refundedFen = (trade.refunds ?? []).reduce((sum, one) => sum + one.fen, 0)
  const lastAt = Math.max(at, ...(trade.refunds ?? []).map((one) => one.at ?? at))
  const whole = refundedFen === trade.fen
  const { id, tradeNo } = trades.recordPaid({
    id: trade.outTradeNo,
    tradeNo: trade.transactionId ?? tradeNoOf(at),
    fingerprint: '',
    productCode: 'JSAPI_PAY',
    totalFen: trade.fen,
    subject: trade.subject ?? '批量交易',
    buyer: payer,
    ...(trade.notifyUrl ? { notifyUrl: trade.notifyUrl } : {}),
    createdAt: at,
    expiresAt: at,
    status: whole ? 'TRADE_CLOSED' : 'TRADE_SUCCESS',
    paidAt: at,
    ...(whole ? { closedAt: lastAt } : {}),
    refundedFen,
  })
  for (const { refundNo, fen, at: givenAt = at } of trade.refunds ?? []) {
    const row = { id: `${id} ${refundNo}`, trade: id, requestNo: refundNo, fen }
    alipayRefunds.record({ ...row, createdAt: givenAt, done: true, doneAt: givenAt })
  }
  return { outTradeNo: id, transactionId: tradeNo, payer }
}
