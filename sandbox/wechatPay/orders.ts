import { randomUUID } from 'node:crypto'
import { chinaDigits, DAY, HOUR, MINUTE, rfc3339 } from '../clock.ts'
import type { Notices } from '../notices.ts'
import { digits, nonce } from '../numbers.ts'
import type { World } from '../world.ts'
import { type OrderKind, type OrderRequest, readOrder } from './orderShape.ts'
import { paramError, Refusal } from './refusal.ts'

export type TradeState = 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED'

/** One order of the merchant; `id` is its out_trade_no. Times in milliseconds. */
export type Order = {
  id: string
  kind: OrderKind
  request: OrderRequest
  /** The parameters a repeated order call must bring again. */
  fingerprint: string
  createdAt: number
  expiresAt: number
  state: TradeState
  prepay: { id: string; until: number }
  transactionId?: string
  paidAt?: number
  payer?: string
  instalments?: number
}

type Prepay = { id: string; order: string; until: number }

/** What a payer does on the cashier page. */
export type Outcome = 'pay' | 'cancel' | 'fail'

const TRADE_TYPES: Record<OrderKind, string> = {
  jsapi: 'JSAPI',
  h5: 'MWEB',
  native: 'NATIVE',
  app: 'APP',
}
const STATE_WORDS: Record<TradeState, string> = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
}
/** How long a prepay id, code url or h5 url opens the cashier. */
const PREPAY_LIFE: Record<OrderKind, number> = {
  jsapi: 2 * HOUR,
  app: 2 * HOUR,
  native: 2 * HOUR,
  h5: 5 * MINUTE,
}
const LONGEST = 7 * DAY

export type Orders = ReturnType<typeof makeOrders>

/** Orders of WeChat Pay and their state machine (facts 1.7). */
export function makeOrders(world: World, notices: Notices) {
  const { clock, store } = world
  const orders = store.table<Order>('wechat.orders')
  const prepays = store.table<Prepay>('wechat.prepays')
  const transactions = store.table<{ id: string; order: string }>('wechat.transactions')

  /** Places an order, or gives the one that was placed with the same parameters. */
  const place = (kind: OrderKind, body: unknown): Order => {
    const request = readOrder(kind, body)
    checkParties(world, kind, request)
    const fingerprint = fingerprintOf(kind, request)
    const known = orders.get(request.out_trade_no)
    if (known) return again(known, fingerprint)
    const createdAt = clock.now()
    return renew({
      id: request.out_trade_no,
      kind,
      request,
      fingerprint,
      createdAt,
      expiresAt: expiryOf(request, createdAt),
      state: 'NOTPAY',
      prepay: { id: '', until: 0 },
    })
  }

  const again = (order: Order, fingerprint: string): Order => {
    if (order.fingerprint !== fingerprint)
      throw new Refusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复')
    const state = stateOf(order)
    if (state === 'CLOSED') throw new Refusal(400, 'ORDER_CLOSED', '该订单已关闭')
    if (state !== 'NOTPAY') throw new Refusal(400, 'INVALID_REQUEST', '该订单已支付')
    return order.prepay.until > clock.now() ? order : renew(order)
  }

  /** Gives the order a fresh prepay id (a code for native); older ones keep until they run out. */
  const renew = (order: Order): Order => {
    const now = clock.now()
    const id =
      order.kind === 'native' ? nonce(9) : `wx${chinaDigits(now)}${nonce(20).toLowerCase()}`
    const until = now + PREPAY_LIFE[order.kind]
    prepays.put({ id, order: order.id, until })
    return orders.put({ ...order, prepay: { id, until } })
  }

  /** The state at this moment: an order that ran out is closed without anybody closing it. */
  const stateOf = (order: Order): TradeState =>
    order.state === 'NOTPAY' && clock.now() >= order.expiresAt ? 'CLOSED' : order.state

  const find = (outTradeNo: string): Order => {
    const order = orders.get(outTradeNo)
    if (!order) throw new Refusal(404, 'ORDER_NOT_EXIST', '订单不存在')
    return order
  }

  const findTransaction = (transactionId: string): Order => {
    const row = transactions.get(transactionId)
    if (!row) throw new Refusal(404, 'ORDER_NOT_EXIST', '订单不存在')
    return find(row.order)
  }

  const close = (outTradeNo: string): void => {
    const order = find(outTradeNo)
    const state = stateOf(order)
    if (state === 'SUCCESS' || state === 'REFUND')
      throw new Refusal(400, 'INVALID_REQUEST', '该订单已支付')
    orders.put({ ...order, state: 'CLOSED' })
  }

  /** The order a prepay id or native code opens; undefined when there is none or it ran out. */
  const byPrepay = (id: string): Order | undefined => {
    const row = prepays.get(id)
    return row && row.until > clock.now() ? orders.get(row.order) : undefined
  }

  /**
   * Money arrives. Undefined when it cannot: paid already, or closed. `late` stands for a payment
   * that was under way while the merchant closed the order.
   */
  const pay = (
    outTradeNo: string,
    how: { payer?: string; instalments?: number; late?: boolean } = {},
  ): Order | undefined => {
    const order = orders.get(outTradeNo)
    if (!order) return undefined
    const state = stateOf(order)
    if (state !== 'NOTPAY' && !(state === 'CLOSED' && how.late)) return undefined
    const paidAt = clock.now()
    const transactionId = transactionIdOf(paidAt)
    const { appid, payer } = order.request
    const paid = orders.put({
      ...order,
      state: 'SUCCESS',
      transactionId,
      paidAt,
      payer: payer?.openid ?? world.people.openIdOf(appid, how.payer ?? '扫码用户'),
      ...(how.instalments ? { instalments: how.instalments } : {}),
    })
    transactions.put({ id: transactionId, order: order.id })
    notices.send({
      id: randomUUID(),
      platform: 'wechat',
      url: order.request.notify_url,
      event: 'TRANSACTION.SUCCESS',
      subject: order.id,
      content: JSON.stringify(view(paid)),
    })
    return paid
  }

  /** Records an order that is paid already, as if it had been placed and paid; tells nobody. */
  const recordPaid = (
    kind: OrderKind,
    request: OrderRequest,
    paid: { at: number; payer: string; transactionId?: string },
  ): Order => {
    const transactionId = paid.transactionId ?? transactionIdOf(paid.at)
    transactions.put({ id: transactionId, order: request.out_trade_no })
    return orders.put({
      id: request.out_trade_no,
      kind,
      request,
      fingerprint: fingerprintOf(kind, request),
      createdAt: paid.at,
      expiresAt: paid.at + LONGEST,
      state: 'SUCCESS',
      prepay: { id: '', until: paid.at },
      transactionId,
      paidAt: paid.at,
      payer: paid.payer,
    })
  }

  /** After any refund, also of a part, the order's state is REFUND. */
  const markRefunded = (order: Order): void => {
    orders.put({ ...order, state: 'REFUND' })
  }

  /** The transaction object of queries and notices. */
  const view = (order: Order) => {
    const { request } = order
    const state = stateOf(order)
    const paid = order.paidAt !== undefined
    const { total } = request.amount
    return {
      appid: request.appid,
      mchid: request.mchid,
      out_trade_no: order.id,
      ...(paid ? { transaction_id: order.transactionId, trade_type: TRADE_TYPES[order.kind] } : {}),
      trade_state: state,
      trade_state_desc: STATE_WORDS[state],
      ...(paid ? { bank_type: 'OTHERS', success_time: rfc3339(order.paidAt as number) } : {}),
      attach: request.attach ?? '',
      ...(paid ? { payer: { openid: order.payer } } : {}),
      amount: paid
        ? { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' }
        : { total, currency: 'CNY' },
      ...(order.instalments
        ? {
            installment_info: {
              use_subsidy: true,
              selected_installment_number: order.instalments,
            },
          }
        : {}),
    }
  }

  return {
    place,
    /** Without a refusal: undefined when nobody placed it. */
    get: orders.get,
    orderOfTransaction: (id: string) => transactions.get(id)?.order,
    find,
    findTransaction,
    close,
    byPrepay,
    pay,
    recordPaid,
    markRefunded,
    view,
    stateOf,
    all: () => orders.all().reverse(),
  }
}

/** WeChat Pay's own number of a payment. */
export function transactionIdOf(at: number): string {
  return `42000${digits(5)}${chinaDigits(at).slice(0, 8)}${digits(10)}`
}

/** The app belongs to the merchant, and the payer to the app. */
function checkParties(world: World, kind: OrderKind, request: OrderRequest): void {
  const { keys, people } = world
  if (request.mchid !== keys.mchid)
    throw paramError('/body/mchid', request.mchid, '与签名的商户号不一致')
  if (request.appid !== keys.mini.appid && request.appid !== keys.web.appid)
    throw new Refusal(400, 'APPID_MCHID_NOT_MATCH', '商户号与appid不匹配')
  if (kind !== 'jsapi') return
  const openid = request.payer?.openid as string
  if (!people.personOf(request.appid, openid))
    throw paramError('/body/payer/openid', openid, 'appid和openid不匹配')
}

/** Everything but time_expire, which only counts the first time; independent of field order. */
function fingerprintOf(kind: OrderKind, { time_expire: _, ...request }: OrderRequest): string {
  return `${kind} ${canonical(request)}`
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical)}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`)}}`
}

function expiryOf(request: OrderRequest, now: number): number {
  if (request.time_expire === undefined) return now + LONGEST
  const asked = Date.parse(request.time_expire)
  if (asked > now + LONGEST)
    throw paramError('/body/time_expire', request.time_expire, '超过最大值 7 天')
  return Math.max(asked, now + MINUTE)
}
