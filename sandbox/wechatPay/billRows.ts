import { chinaTime } from '../clock.ts'
import type { Gardener, Line } from '../plants.ts'
import type { World } from '../world.ts'
import { type Order, type Orders, transactionIdOf } from './orders.ts'
import { type Refund, type RefundState, type Refunds, refundIdOf, stateAt } from './refunds.ts'

/** A line of the trade bill by the titles of its columns (facts 1.11). */
export type Row = Record<string, string>
export type Day = { from: number; until: number }
type Parts = { orders: Orders; refunds: Refunds }

/** Payments of the day by the time of paying. */
export function paidLines({ orders }: Parts, day: Day): Line<Row>[] {
  return orders
    .all()
    .filter(({ paidAt }) => isWithin(day, paidAt))
    .map((order) => {
      const at = order.paidAt as number
      return { at, which: { outTradeNo: order.id }, row: paidRow(order) }
    })
}

/** Refunds of the day by the time they were asked for, as they stood when the bill was made. */
export function refundLines({ orders, refunds }: Parts, day: Day, madeAt: number): Line<Row>[] {
  return refunds
    .all()
    .filter(({ createdAt }) => isWithin(day, createdAt))
    .map((refund) => ({
      at: refund.createdAt,
      which: { outTradeNo: refund.order, refundNo: refund.id },
      row: refundRow(orders.find(refund.order), refund, stateAt(refund, madeAt)),
    }))
}

function isWithin(day: Day, at: number | undefined): boolean {
  return at !== undefined && at >= day.from && at <= day.until
}

/** The bill's words for a refund are not the API's. */
export const REFUND_WORDS: Record<RefundState, string> = {
  SUCCESS: 'SUCCESS',
  PROCESSING: 'PROCESSING',
  CLOSED: 'FAIL',
  ABNORMAL: 'CHANGE',
}
export const PAID_WORDS = ['SUCCESS', 'REFUND', 'REVOKED']
const TYPES = { jsapi: 'JSAPI', h5: 'MWEB', native: 'NATIVE', app: 'APP' }

function paidRow(order: Order): Row {
  const { appid, mchid, description, attach = '', amount } = order.request
  return {
    交易时间: chinaTime(order.paidAt as number),
    公众账号ID: appid,
    商户号: mchid,
    特约商户号: '0',
    设备号: '',
    微信订单号: order.transactionId as string,
    商户订单号: order.id,
    用户标识: order.payer as string,
    交易类型: TYPES[order.kind],
    交易状态: 'SUCCESS',
    付款银行: 'OTHERS',
    货币种类: 'CNY',
    代金券金额: '0.00',
    微信退款单号: '0',
    商户退款单号: '0',
    退款金额: '0.00',
    充值券退款金额: '0.00',
    退款类型: '',
    退款状态: '',
    商品名称: plain(description),
    商户数据包: plain(attach),
    费率: '0.60%',
    申请退款金额: '0.00',
    费率备注: '',
    ...paidMoney(amount.total),
  }
}

function refundRow(order: Order, refund: Refund, state: RefundState): Row {
  return {
    ...paidRow(order),
    交易时间: chinaTime(refund.createdAt),
    交易状态: 'REFUND',
    退款申请时间: chinaTime(refund.createdAt),
    退款成功时间: state === 'SUCCESS' ? chinaTime(refund.endedAt as number) : '',
    微信退款单号: refund.refundId,
    商户退款单号: refund.id,
    退款类型: 'ORIGINAL',
    退款状态: REFUND_WORDS[state],
    ...refundMoney(refund.request.amount.refund),
  }
}

function paidMoney(fen: number): Row {
  const fee = `${yuan(Math.round(fen * 0.006))}000`
  return { 应结订单金额: yuan(fen), 订单金额: yuan(fen), 手续费: fee }
}

function refundMoney(fen: number): Row {
  return {
    应结订单金额: '0.00',
    订单金额: '0.00',
    手续费: '0.00000',
    退款金额: yuan(fen),
    申请退款金额: yuan(fen),
  }
}

/** Rows of payments have a refund number of zero. */
export function isRefund(row: Row): boolean {
  return row.微信退款单号 !== '0'
}

/** How planted differences change the rows of this bill. */
export function gardener({ keys }: World): Gardener<Row> {
  return {
    withAmount: (row, fen) => ({
      ...row,
      ...(isRefund(row) ? refundMoney(fen) : paidMoney(fen)),
    }),
    withState: (row, state) =>
      isRefund(row) ? { ...row, 退款状态: state } : { ...row, 交易状态: state },
    stranger({ outTradeNo, refundNo }, fen, at) {
      const order: Order = {
        id: outTradeNo,
        kind: 'jsapi',
        request: {
          appid: keys.mini.appid,
          mchid: keys.mchid,
          description: '商户后台不认识的交易',
          out_trade_no: outTradeNo,
          notify_url: '',
          amount: { total: fen },
        },
        fingerprint: '',
        createdAt: at,
        expiresAt: at,
        state: 'SUCCESS',
        prepay: { id: '', until: at },
        transactionId: transactionIdOf(at),
        paidAt: at,
        payer: 'oStranger000000000000000000',
      }
      if (refundNo === undefined) return paidRow(order)
      const amount = { refund: fen, total: fen, currency: 'CNY' }
      const refund: Refund = {
        id: refundNo,
        refundId: refundIdOf(at),
        order: outTradeNo,
        request: { out_refund_no: refundNo, amount },
        createdAt: at,
        state: 'SUCCESS',
        end: 'SUCCESS',
        endedAt: at,
      }
      return refundRow(order, refund, 'SUCCESS')
    },
  }
}

/** Commas and line breaks of the merchant's own text must not look like the file's. */
function plain(text: string): string {
  return text.replaceAll(',', '\\ ').replaceAll('\n', '\\n')
}

export function yuan(fen: number): string {
  return (fen / 100).toFixed(2)
}
