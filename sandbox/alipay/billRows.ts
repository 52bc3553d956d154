import { chinaTime } from '../clock.ts'
import type { Gardener, Line } from '../plants.ts'
import type { AlipayRefund, AlipayRefunds } from './refunds.ts'
import { type Trade, type Trades, tradeNoOf } from './trades.ts'
import { toYuan } from './wire.ts'

/** A line of the detail file by the titles of its columns (facts 2.2). */
export type Row = Record<string, string>
export type Day = { from: number; until: number }

export const COLUMNS =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,' +
  '订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,' +
  '券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'
const MONEY = COLUMNS.split(',').filter((name) => name.endsWith('（元）'))

/** Payments of the day, and refunds that were done on it. */
export function linesOf(trades: Trades, refunds: AlipayRefunds, day: Day): Line<Row>[] {
  const paid = trades.all().filter(({ paidAt }) => isWithin(day, paidAt))
  const back = refunds.all().filter((refund) => isWithin(day, doneAt(refund)))
  return [
    ...paid.map((trade) => ({
      at: trade.paidAt as number,
      which: { outTradeNo: trade.id },
      row: paidRow(trade),
    })),
    ...back.map((refund) => ({
      at: doneAt(refund) as number,
      which: { outTradeNo: refund.trade, refundNo: refund.requestNo },
      row: refundRow(trades.get(refund.trade) as Trade, refund),
    })),
  ]
}

function doneAt(refund: AlipayRefund): number | undefined {
  return refund.done ? (refund.doneAt ?? refund.createdAt) : undefined
}

function isWithin(day: Day, at: number | undefined): boolean {
  return at !== undefined && at >= day.from && at <= day.until
}

function paidRow(trade: Trade): Row {
  return {
    支付宝交易号: `${trade.tradeNo}\t`,
    商户订单号: `${trade.id}\t`,
    业务类型: '交易',
    商品名称: trade.subject.replaceAll(',', ' '),
    创建时间: chinaTime(trade.createdAt),
    完成时间: chinaTime(trade.paidAt as number),
    对方账户: '沙*(***)',
    ...Object.fromEntries(MONEY.map((name) => [name, '0.00'])),
    ...paidMoney(trade.totalFen),
  }
}

function refundRow(trade: Trade, refund: AlipayRefund): Row {
  return {
    ...paidRow(trade),
    业务类型: '退款',
    完成时间: chinaTime(doneAt(refund) as number),
    '退款批次号/请求号': `${refund.requestNo}\t`,
    ...refundMoney(refund.fen),
  }
}

function paidMoney(fen: number): Row {
  const fee = `-${toYuan(Math.round(fen * 0.006))}`
  return { '订单金额（元）': toYuan(fen), '商家实收（元）': toYuan(fen), '服务费（元）': fee }
}

function refundMoney(fen: number): Row {
  const amount = `-${toYuan(fen)}`
  return { '订单金额（元）': amount, '商家实收（元）': amount, '服务费（元）': '0.00' }
}

/** How planted differences change the rows of this bill; its rows have no state. */
export const gardener: Gardener<Row> = {
  withAmount: (row, fen) => ({
    ...row,
    ...(row.业务类型 === '退款' ? refundMoney(fen) : paidMoney(fen)),
  }),
  withState: (row) => row,
  stranger({ outTradeNo, refundNo }, fen, at) {
    const trade: Trade = {
      id: outTradeNo,
      tradeNo: tradeNoOf(at),
      fingerprint: '',
      productCode: 'JSAPI_PAY',
      totalFen: fen,
      subject: '商户后台不认识的交易',
      createdAt: at,
      expiresAt: at,
      status: 'TRADE_SUCCESS',
      paidAt: at,
      refundedFen: 0,
    }
    if (refundNo === undefined) return paidRow(trade)
    const row = { id: '', trade: outTradeNo, requestNo: refundNo, fen, createdAt: at, done: true }
    return refundRow(trade, row)
  },
}
