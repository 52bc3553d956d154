import type { Parts, Platform } from './admin.ts'
import { digits } from './numbers.ts'

/**
 * A refund from the platform's own console, by the merchant's staff: the product never asked for it
 * and meets it in a notice or in the next day's bill. Gives its number, or undefined when the trade
 * is not paid or has less than `fen` left.
 */
export function consoleRefund(
  parts: Parts,
  platform: Platform,
  outTradeNo: string,
  fen: number,
): string | undefined {
  const number = `C${digits(20)}`
  const none = new Set<string>()
  if (!Number.isSafeInteger(fen) || fen < 1) return undefined
  if (platform === 'alipay') {
    const trade = parts.trades.get(outTradeNo)
    const open = trade && parts.trades.statusOf(trade) === 'TRADE_SUCCESS'
    if (!open || trade.refundedFen + fen > trade.totalFen) return undefined
    parts.alipayRefunds.begin(trade, number, fen, none)
    return number
  }
  const order = parts.orders.get(outTradeNo)
  const total = order?.request.amount.total ?? 0
  if (order?.paidAt === undefined || parts.refunds.takenOff(order.id) + fen > total)
    return undefined
  const amount = { refund: fen, total, currency: 'CNY' }
  parts.refunds.begin(order, { out_trade_no: order.id, out_refund_no: number, amount }, none)
  return number
}
