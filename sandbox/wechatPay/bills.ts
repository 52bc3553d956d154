import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { chinaDay, chinaTime, DAY, HOUR, MINUTE } from '../clock.ts'
import { nonce } from '../numbers.ts'
import type { World } from '../world.ts'
import type { Order, Orders } from './orders.ts'
import type { Refund, Refunds } from './refunds.ts'
import { paramError, Refusal } from './refusal.ts'

/** Trade bills of WeChat Pay (facts 1.11): asked for one day, fetched by a short-lived address. */
type Kind = 'ALL' | 'SUCCESS' | 'REFUND'
type File = { id: string; until: number; text: string; gzip: boolean }
/** A line by the titles of its columns. */
type Row = Record<string, string>

const URL_LIFE = 5 * MINUTE
const READY_AT = 9 * HOUR
const OLDEST = 92 * DAY

const HEAD = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识'
const MONEY = '交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额'
const REFUND = '微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态'
const TAIL = '商品名称,商户数据包,手续费,费率,订单金额'
const COLUMNS: Record<Kind, string> = {
  ALL: `${HEAD},${MONEY},${REFUND},${TAIL},申请退款金额,费率备注`,
  SUCCESS: `${HEAD},${MONEY},${TAIL},费率备注`,
  REFUND: `${HEAD},${MONEY},退款申请时间,退款成功时间,${REFUND},${TAIL},申请退款金额,费率备注`,
}

export type Bills = ReturnType<typeof makeBills>

export function makeBills(world: World, orders: Orders, refunds: Refunds) {
  const files = world.store.table<File>('wechat.bills')

  /** GET /v3/bill/tradebill */
  const ask = (query: URLSearchParams, faults: Set<string>): object => {
    const now = world.clock.now()
    const { day, kind } = readQuery(query, now)
    if (faults.has('creating') || now < day.until + 1 + READY_AT)
      throw new Refusal(400, 'STATEMENT_CREATING', '账单生成中')
    const rows = rowsOf(day, kind)
    if (faults.has('missingRow')) rows.pop()
    if (!rows.length) throw new Refusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在')
    if (faults.has('amountMismatch')) falsify(rows.at(-1) as Row)
    const text = write(kind, rows)
    for (const old of files.all()) if (old.until < now) files.remove(old.id)
    const gzip = query.get('tar_type') === 'GZIP'
    const file = files.put({ id: nonce(32), until: now + URL_LIFE, text, gzip })
    return {
      hash_type: 'SHA1',
      // Of the file as it is before it is packed.
      hash_value: createHash('sha1').update(text).digest('hex'),
      download_url: `${world.url()}/v3/billdownload/file?token=${file.id}`,
    }
  }

  const download = (token: string | null): Buffer => {
    const file = files.get(token ?? '')
    if (!file || file.until < world.clock.now())
      throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '下载地址无效或已过期')
    return file.gzip ? gzipSync(file.text) : Buffer.from(file.text)
  }

  const rowsOf = (day: { from: number; until: number }, kind: Kind): Row[] => {
    const within = (at: number | undefined) => at !== undefined && at >= day.from && at <= day.until
    const paid = orders.all().filter((order) => within(order.paidAt))
    const back = refunds.all().filter((refund) => within(refund.createdAt))
    const rows = [
      ...(kind === 'REFUND' ? [] : paid.map((order) => [order.paidAt, paidRow(order)] as const)),
      ...(kind === 'SUCCESS'
        ? []
        : back.map((refund) => [refund.createdAt, refundRow(refund)] as const)),
    ]
    return rows.sort(([a], [b]) => (a as number) - (b as number)).map(([, row]) => row)
  }

  const refundRow = (refund: Refund): Row => {
    const order = orders.find(refund.order)
    const back = yuan(refund.request.amount.refund)
    return {
      ...paidRow(order),
      交易时间: chinaTime(refund.createdAt),
      交易状态: 'REFUND',
      应结订单金额: '0.00',
      退款申请时间: chinaTime(refund.createdAt),
      退款成功时间: refund.state === 'SUCCESS' ? chinaTime(refund.endedAt as number) : '',
      微信退款单号: refund.refundId,
      商户退款单号: refund.id,
      退款金额: back,
      退款类型: 'ORIGINAL',
      退款状态: REFUND_WORDS[refund.state],
      手续费: '0.00000',
      订单金额: '0.00',
      申请退款金额: back,
    }
  }

  return { ask, download }
}

/** The bill's words for a refund are not the API's. */
const REFUND_WORDS: Record<Refund['state'], string> = {
  SUCCESS: 'SUCCESS',
  PROCESSING: 'PROCESSING',
  CLOSED: 'FAIL',
  ABNORMAL: 'CHANGE',
}
const TYPES = { jsapi: 'JSAPI', h5: 'MWEB', native: 'NATIVE', app: 'APP' }

function paidRow(order: Order): Row {
  const { appid, mchid, description, attach = '', amount } = order.request
  const total = yuan(amount.total)
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
    应结订单金额: total,
    代金券金额: '0.00',
    微信退款单号: '0',
    商户退款单号: '0',
    退款金额: '0.00',
    充值券退款金额: '0.00',
    退款类型: '',
    退款状态: '',
    商品名称: plain(description),
    商户数据包: plain(attach),
    手续费: `${yuan(Math.round(amount.total * 0.006))}000`,
    费率: '0.60%',
    订单金额: total,
    申请退款金额: '0.00',
    费率备注: '',
  }
}

/** Commas and line breaks of the merchant's own text must not look like the file's. */
function plain(text: string): string {
  return text.replaceAll(',', '\\ ').replaceAll('\n', '\\n')
}

/** One fen more than was paid or refunded: a difference the merchant has to find. */
function falsify(row: Row): void {
  const column = row.交易状态 === 'REFUND' ? '申请退款金额' : '订单金额'
  row[column] = yuan(Math.round(Number(row[column]) * 100) + 1)
}

const SUMS: Record<string, [title: string, column: string]> = {
  settled: ['应结订单总金额', '应结订单金额'],
  refunded: ['退款总金额', '退款金额'],
  coupons: ['充值券退款总金额', '充值券退款金额'],
  fees: ['手续费总金额', '手续费'],
  ordered: ['订单总金额', '订单金额'],
  asked: ['申请退款总金额', '申请退款金额'],
}

/** BOM, CRLF, a back tick before every value; then the sums (facts 1.11). */
function write(kind: Kind, rows: Row[]): string {
  const columns = COLUMNS[kind].split(',')
  const lines = rows.map((row) => columns.map((name) => `\`${row[name] ?? ''}`).join(','))
  const sums = Object.values(SUMS).filter(([, column]) => columns.includes(column))
  const total = sums.map(([, column]) => sumOf(rows, column))
  const summary = [
    ['总交易单数', ...sums.map(([title]) => title)].join(','),
    [rows.length, ...total].map((value) => `\`${value}`).join(','),
  ]
  return `\ufeff${[columns.join(','), ...lines, ...summary].join('\r\n')}\r\n`
}

function sumOf(rows: Row[], column: string): string {
  const fen = rows.reduce((sum, row) => sum + Math.round(Number(row[column]) * 100), 0)
  return column === '手续费' ? `${yuan(fen)}000` : yuan(fen)
}

function yuan(fen: number): string {
  return (fen / 100).toFixed(2)
}

function readQuery(query: URLSearchParams, now: number) {
  const date = query.get('bill_date') ?? ''
  const day = chinaDay(date)
  if (!day || day.until >= now || day.from < now - OLDEST)
    throw paramError('/query/bill_date', date, '账单日期错误，只能是三个月内的过去日期')
  const kind = query.get('bill_type') ?? 'ALL'
  if (kind !== 'ALL' && kind !== 'SUCCESS' && kind !== 'REFUND')
    throw paramError('/query/bill_type', kind, '枚举值错误')
  const tar = query.get('tar_type')
  if (tar !== null && tar !== 'GZIP') throw paramError('/query/tar_type', tar, '枚举值错误')
  return { day, kind: kind as Kind }
}
