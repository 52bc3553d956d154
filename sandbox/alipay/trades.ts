import { chinaDigits, chinaTime, DAY, fromChinaTime, HOUR, MINUTE } from '../clock.ts'
import type { Notices } from '../notices.ts'
import { digits } from '../numbers.ts'
import type { World } from '../world.ts'
import { channelOf, tradeNotice } from './notices.ts'
import { refused } from './refusal.ts'
import { type Params, toFen, toYuan } from './wire.ts'

export type TradeStatus = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_FINISHED' | 'TRADE_CLOSED'

/** One trade; `id` is the merchant's out_trade_no. Amounts in fen, times in milliseconds. */
export type Trade = {
  id: string
  tradeNo: string
  fingerprint: string
  productCode: string
  totalFen: number
  subject: string
  body?: string
  passback?: string
  buyer?: string
  instalments?: number
  notifyUrl?: string
  returnUrl?: string
  quitUrl?: string
  createdAt: number
  expiresAt: number
  status: TradeStatus
  paidAt?: number
  closedAt?: number
  refundedFen: number
}

type Content = Record<string, unknown>
/** The product codes a call may name. */
type Kind = 'JSAPI_PAY' | 'QUICK_WAP_WAY' | 'FAST_INSTANT_TRADE_PAY'

const LONGEST = 15 * DAY
/** After this time a paid trade is finished and cannot be refunded. */
const FINISHED_AFTER = 365 * DAY
const UNITS: Record<string, number> = { m: MINUTE, h: HOUR, d: DAY }

export type Trades = ReturnType<typeof makeTrades>

/** Trades of Alipay and their state machine (facts 2.2). */
export function makeTrades(world: World, notices: Notices) {
  const { clock, store } = world
  const trades = store.table<Trade>('alipay.trades')
  const numbers = store.table<{ id: string; trade: string }>('alipay.tradeNos')

  /** Creates a trade, or gives the one that was created with the same data. */
  const create = (kind: Kind, content: Content, params: Params): Trade => {
    const asked = readTrade(world, kind, content, params)
    const known = trades.get(asked.id)
    if (known) return again(known, asked)
    const now = clock.now()
    if (asked.expiresAt <= now)
      throw refused('NOW_TIME_AFTER_EXPIRE_TIME_ERROR', '当前时间已超过允许支付的时间')
    const tradeNo = tradeNoOf(now)
    numbers.put({ id: tradeNo, trade: asked.id })
    return trades.put({ ...asked, tradeNo })
  }

  const again = (known: Trade, asked: Omit<Trade, 'tradeNo'>): Trade => {
    const status = statusOf(known)
    if (status === 'TRADE_CLOSED') throw refused('TRADE_HAS_CLOSE', '交易已经关闭')
    if (status !== 'WAIT_BUYER_PAY') throw refused('TRADE_HAS_SUCCESS', '交易已被支付')
    if (known.fingerprint !== asked.fingerprint)
      throw refused('CONTEXT_INCONSISTENT', '交易信息被篡改')
    return known
  }

  const statusOf = (trade: Trade): TradeStatus => {
    if (trade.status === 'WAIT_BUYER_PAY' && clock.now() >= trade.expiresAt) return 'TRADE_CLOSED'
    const old = trade.paidAt !== undefined && clock.now() > trade.paidAt + FINISHED_AFTER
    return trade.status === 'TRADE_SUCCESS' && old ? 'TRADE_FINISHED' : trade.status
  }

  /** By trade_no (which wins) or out_trade_no. */
  const find = (content: Content): Trade => {
    const { trade_no: tradeNo, out_trade_no: outTradeNo } = content
    if (!tradeNo && !outTradeNo) throw refused('INVALID_PARAMETER', '参数无效：缺少交易号')
    const id = tradeNo ? numbers.get(String(tradeNo))?.trade : String(outTradeNo)
    const trade = id === undefined ? undefined : trades.get(id)
    if (!trade) throw refused('TRADE_NOT_EXIST', '交易不存在')
    return trade
  }

  const close = (content: Content): Trade => {
    const trade = find(content)
    if (statusOf(trade) !== 'WAIT_BUYER_PAY') throw refused('TRADE_STATUS_ERROR', '交易状态不合法')
    return trades.put({ ...trade, status: 'TRADE_CLOSED', closedAt: clock.now() })
  }

  /** Money arrives; undefined when it cannot. `late`: it was under way while the trade was closed. */
  const pay = (
    tradeNo: string,
    how: { buyer?: string; late?: boolean } = {},
  ): Trade | undefined => {
    const trade = trades.get(numbers.get(tradeNo)?.trade ?? '')
    if (!trade || trade.paidAt !== undefined) return undefined
    if (statusOf(trade) !== 'WAIT_BUYER_PAY' && !how.late) return undefined
    const person = how.buyer ?? '支付宝用户'
    const buyer = trade.buyer ?? world.people.openIdOf(world.keys.alipayAppId, person)
    const paid = trades.put({ ...trade, buyer, status: 'TRADE_SUCCESS', paidAt: clock.now() })
    tell(paid)
    return paid
  }

  /** Records a trade that is paid already, as if it had been created and paid; tells nobody. */
  const recordPaid = (trade: Trade): Trade => {
    numbers.put({ id: trade.tradeNo, trade: trade.id })
    return trades.put(trade)
  }

  const tell = (trade: Trade, refund?: { requestNo: string; at: number }) => {
    if (!trade.notifyUrl) return
    notices.send(tradeNotice(world, trade, refund))
  }

  /** Takes a refund off the trade; nothing left closes it. */
  const takeOff = (trade: Trade, fen: number): Trade => {
    const refundedFen = trade.refundedFen + fen
    const whole = refundedFen === trade.totalFen
    const status = whole ? 'TRADE_CLOSED' : trade.status
    return trades.put({
      ...trade,
      refundedFen,
      status,
      ...(whole ? { closedAt: clock.now() } : {}),
    })
  }

  const view = (trade: Trade) => ({
    trade_no: trade.tradeNo,
    out_trade_no: trade.id,
    trade_status: statusOf(trade),
    total_amount: toYuan(trade.totalFen),
    ...(trade.buyer ? { buyer_open_id: trade.buyer } : {}),
    ...(trade.paidAt === undefined ? {} : paidView(trade)),
  })

  return {
    create,
    find,
    close,
    pay,
    recordPaid,
    tell,
    takeOff,
    view,
    statusOf,
    /** Without a refusal: undefined when nobody created it. */
    get: trades.get,
    numberOf: (tradeNo: string) => numbers.get(tradeNo)?.trade,
    byTradeNo: (tradeNo: string) => trades.get(numbers.get(tradeNo)?.trade ?? ''),
    all: () => trades.all().reverse(),
  }
}

/** Alipay's own number of a trade. */
export function tradeNoOf(at: number): string {
  return `${chinaDigits(at).slice(0, 8)}22001${digits(15)}`
}

function paidView(trade: Trade) {
  const amount = toYuan(trade.totalFen)
  return {
    buyer_pay_amount: amount,
    receipt_amount: amount,
    point_amount: '0.00',
    invoice_amount: amount,
    send_pay_date: chinaTime(trade.paidAt as number),
    fund_bill_list: [{ fund_channel: channelOf(trade), amount }],
    ...(trade.instalments
      ? { hb_fq_pay_info: { user_install_num: String(trade.instalments) } }
      : {}),
  }
}

/** Checks the content of a create, wap or page call (facts 2.2) and makes the row of it. */
function readTrade(
  world: World,
  kind: Kind,
  content: Content,
  params: Params,
): Omit<Trade, 'tradeNo'> {
  const { out_trade_no: id, subject, product_code: productCode, body } = content
  if (typeof id !== 'string' || !/^[A-Za-z0-9_]{1,64}$/.test(id)) throw invalid('out_trade_no')
  if (typeof subject !== 'string' || !/^[^/=&]{1,256}$/.test(subject)) throw invalid('subject')
  if (productCode !== kind) throw invalid('product_code')
  const totalFen = toFen(content.total_amount)
  if (totalFen === null || totalFen < 1 || totalFen > 10_000_000_000) throw invalid('total_amount')
  const now = world.clock.now()
  const buyer = kind === 'JSAPI_PAY' ? readBuyer(world, content) : undefined
  const instalments = readInstalments(content.extend_params)
  return {
    id,
    fingerprint: JSON.stringify([kind, totalFen, subject, buyer, instalments]),
    productCode: kind,
    totalFen,
    subject,
    ...(typeof body === 'string' ? { body } : {}),
    ...(typeof content.passback_params === 'string' ? { passback: content.passback_params } : {}),
    ...(buyer ? { buyer } : {}),
    ...(instalments ? { instalments } : {}),
    ...(params.notify_url ? { notifyUrl: params.notify_url } : {}),
    ...(params.return_url ? { returnUrl: params.return_url } : {}),
    ...(typeof content.quit_url === 'string' ? { quitUrl: content.quit_url } : {}),
    createdAt: now,
    expiresAt: readExpiry(content, now),
    status: 'WAIT_BUYER_PAY',
    refundedFen: 0,
  }
}

function readBuyer(world: World, content: Content): string {
  const { buyer_open_id: buyer, op_app_id: app } = content
  if (app !== world.keys.alipayAppId) throw invalid('op_app_id')
  if (typeof buyer !== 'string' || !world.people.personOf(world.keys.alipayAppId, buyer))
    throw invalid('buyer_open_id')
  return buyer
}

function readInstalments(extend: unknown): number | undefined {
  const { hb_fq_num: count, hb_fq_seller_percent: percent } = (extend ?? {}) as Content
  if (count === undefined) return undefined
  if (!['3', '6', '12'].includes(count as string)) throw invalid('hb_fq_num')
  if (percent !== '0' && percent !== '100') throw invalid('hb_fq_seller_percent')
  return Number(count)
}

function readExpiry(content: Content, now: number): number {
  const { time_expire: at, timeout_express: span } = content
  if (at !== undefined) {
    const ms = fromChinaTime(String(at))
    if (ms === null || ms > now + LONGEST) throw invalid('time_expire')
    return ms
  }
  if (span === undefined) return now + LONGEST
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(String(span)) ?? []
  const ms = Number(count) * (UNITS[unit ?? ''] ?? Number.NaN)
  if (!(ms >= MINUTE && ms <= LONGEST)) throw invalid('timeout_express')
  return now + ms
}

function invalid(field: string) {
  return refused('INVALID_PARAMETER', `参数无效：${field}`)
}
