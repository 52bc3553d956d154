import { randomUUID } from 'node:crypto'
import { MINUTE } from '../clock.ts'
import type { Orders } from '../wechatPay/orders.ts'
import { Refusal } from '../wechatPay/refusal.ts'
import type { World } from '../world.ts'
import { OpenRefusal } from './refusal.ts'

type TextCheck = { version?: number; openid?: string; scene?: number; content?: string }

/** A few words of each kind; the real list is WeChat's own. */
const RISKY: [RegExp, number][] = [
  [/代开发票|刷单|加微信领/, 10001],
  [/裸聊|约炮/, 20002],
  [/傻[逼比]|去死/, 20003],
  [/赌博|毒品|枪支/, 20006],
  [/稳赚不赔|内部消息/, 20008],
]

/** POST /wxa/msg_sec_check (facts 6.2). */
export function checkText(world: World, body: TextCheck): object {
  const { version, openid = '', scene = 0, content = '' } = body
  if (version !== 2) throw new OpenRefusal(40129, 'invalid version')
  if (![1, 2, 3, 4].includes(scene)) throw new OpenRefusal(40129, 'invalid scene')
  if (!content) throw new OpenRefusal(44002, 'empty post data')
  if (content.length > 2500) throw new OpenRefusal(47001, 'content too long')
  if (!world.people.personOf(world.keys.mini.appid, openid))
    throw new OpenRefusal(40003, 'invalid openid')
  const label = RISKY.find(([pattern]) => pattern.test(content))?.[1] ?? 100
  const suggest = label === 100 ? 'pass' : 'risky'
  const result = { suggest, label }
  const detail = [
    { strategy: 'content_model', errcode: 0, ...result, prob: label === 100 ? 1 : 95 },
  ]
  return { errcode: 0, errmsg: 'ok', trace_id: randomUUID(), result, detail }
}

export type Shipping = {
  order_key?: {
    order_number_type?: number
    transaction_id?: string
    mchid?: string
    out_trade_no?: string
  }
  logistics_type?: number
  delivery_mode?: number
  shipping_list?: { item_desc?: string }[]
  upload_time?: string
  payer?: { openid?: string }
}
export type Shipped = { id: string; at: number; uploads: number; request: Shipping }

/** WeChat learns of a payment a moment later than the merchant does. */
const LAG_MS = MINUTE / 6

/** POST /wxa/sec/order/upload_shipping_info (facts 6.1): an order may be uploaded and changed once. */
export function makeShipping(world: World, orders: Orders) {
  const shipped = world.store.table<Shipped>('wechat.shipped')
  return (body: Shipping, faults: Set<string>): object => {
    const order = orderOf(orders, world.keys.mchid, body)
    const lag = LAG_MS / world.settings().speed
    if (!order?.paidAt || faults.has('notYet') || world.clock.now() < order.paidAt + lag)
      throw new OpenRefusal(10060001, '支付单不存在')
    if (body.payer?.openid !== order.payer) throw new OpenRefusal(10060003, '支付者与支付单不一致')
    if (![1, 2, 3, 4].includes(body.logistics_type ?? 0)) throw invalid('logistics_type')
    if (![1, 2].includes(body.delivery_mode ?? 0)) throw invalid('delivery_mode')
    const items = body.shipping_list ?? []
    if (!items.length || items.length > 15) throw invalid('shipping_list')
    if (items.some(({ item_desc: text }) => !text || text.length > 120)) throw invalid('item_desc')
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,3}[+-]\d\d:\d\d$/.test(body.upload_time ?? ''))
      throw invalid('upload_time')
    const uploads = (shipped.get(order.id)?.uploads ?? 0) + 1
    if (uploads > 2) throw new OpenRefusal(10060004, '支付单已完成发货，无法继续发货')
    shipped.put({ id: order.id, at: world.clock.now(), uploads, request: body })
    return { errcode: 0, errmsg: 'ok' }
  }
}

function orderOf(orders: Orders, ownMchid: string, { order_key: key = {} }: Shipping) {
  try {
    if (key.order_number_type === 2) return orders.findTransaction(key.transaction_id ?? '')
    return key.mchid === ownMchid ? orders.find(key.out_trade_no ?? '') : undefined
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function invalid(field: string): OpenRefusal {
  return new OpenRefusal(47001, `data format error: ${field}`)
}
