import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { chinaDigits, chinaTime, HOUR, MINUTE } from '../clock.ts'
import type { Dialect, Draft } from '../notices.ts'
import { digits } from '../numbers.ts'
import { sign } from '../rsa.ts'
import type { World } from '../world.ts'
import type { Trade } from './trades.ts'
import { type Params, signedText, signNotice, toYuan } from './wire.ts'

/** 7 repeats over a day (facts 2.3). */
const RETRIES = [...[4 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR]]

/** What is told about a trade: exactly the documented fields, none of them empty. */
export function tradeNotice(
  world: World,
  trade: Trade,
  refund?: { requestNo: string; at: number },
): Draft {
  const { keys, clock } = world
  const amount = toYuan(trade.totalFen)
  const id = `${chinaDigits(clock.now()).slice(0, 8)}00222${digits(21)}`
  const content: Params = {
    notify_type: 'trade_status_sync',
    notify_id: id,
    charset: 'utf-8',
    version: '1.0',
    app_id: keys.alipayAppId,
    auth_app_id: keys.alipayAppId,
    trade_no: trade.tradeNo,
    out_trade_no: trade.id,
    buyer_open_id: trade.buyer as string,
    seller_id: keys.alipaySellerId,
    trade_status: trade.status,
    total_amount: amount,
    receipt_amount: amount,
    invoice_amount: amount,
    buyer_pay_amount: amount,
    point_amount: '0.00',
    subject: trade.subject,
    ...(trade.body ? { body: trade.body } : {}),
    gmt_create: chinaTime(trade.createdAt),
    gmt_payment: chinaTime(trade.paidAt as number),
    fund_bill_list: JSON.stringify([{ amount, fundChannel: channelOf(trade) }]),
    ...(trade.passback ? { passback_params: trade.passback } : {}),
    ...(refund ? refundFields(trade, refund) : {}),
  }
  return {
    id,
    platform: 'alipay',
    url: trade.notifyUrl as string,
    event: refund ? 'REFUND' : trade.status,
    subject: trade.id,
    ...(refund ? { about: [trade.id, refund.requestNo] } : {}),
    content: JSON.stringify(content),
  }
}

function refundFields(trade: Trade, refund: { requestNo: string; at: number }): Params {
  return {
    out_biz_no: refund.requestNo,
    refund_fee: toYuan(trade.refundedFen),
    gmt_refund: `${chinaTime(refund.at)}.000`,
    ...(trade.closedAt ? { gmt_close: chinaTime(trade.closedAt) } : {}),
  }
}

/** How Alipay writes its notices: a signed form; only the exact word `success` ends them. */
export function alipayDialect(world: World): Dialect {
  return {
    call: 'alipay.notice',
    retryMs: RETRIES,
    accepts: (status, body) => status === 200 && body === 'success',
    write(notice, variant) {
      const content = JSON.parse(notice.content) as Params
      const params = { ...content, notify_time: chinaTime(world.clock.now()) }
      return {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: new URLSearchParams(signedAs(world, params, variant)).toString(),
      }
    },
  }
}

function signedAs(world: World, params: Params, variant: string): Params {
  const key = world.keys.alipayPrivateKey
  if (variant === 'amountMismatch') return signNotice(withOtherAmount(params), key)
  if (variant === 'forged') return { ...withOtherAmount(params), ...byStranger(params) }
  const right = signNotice(params, key)
  return variant === 'badSignature' ? { ...right, sign: flipped(right.sign as string) } : right
}

function withOtherAmount(params: Params): Params {
  const other = `${params.total_amount?.slice(0, -1)}${params.total_amount?.endsWith('9') ? 8 : 9}`
  return { ...params, total_amount: other, receipt_amount: other, buyer_pay_amount: other }
}

/** Made when the first forged notice is asked for: making a key takes a while. */
let strangersKey: KeyObject | undefined

function byStranger(params: Params): Params {
  strangersKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const text = signedText(withOtherAmount(params), ['sign', 'sign_type'])
  return { sign: sign(text, strangersKey), sign_type: 'RSA2' }
}

function flipped(signature: string): string {
  const bytes = Buffer.from(signature, 'base64')
  bytes[0] = (bytes[0] as number) ^ 1
  return bytes.toString('base64')
}

/** Instalments are paid from 花呗 (PCREDIT), everything else from the balance. */
export function channelOf(trade: Trade): string {
  return trade.instalments ? 'PCREDIT' : 'ALIPAYACCOUNT'
}
