import {
  flag,
  integer,
  json,
  list,
  notifyUrl,
  object,
  oneOf,
  optional,
  read,
  type Shape,
  text,
  time,
} from './fields.ts'

/** The four ways to order; a mini-program orders by jsapi. */
export type OrderKind = 'jsapi' | 'h5' | 'native' | 'app'

/** The body of POST /v3/pay/transactions/{kind}, after `readOrder` has let it through. */
export type OrderRequest = {
  appid: string
  mchid: string
  description: string
  out_trade_no: string
  time_expire?: string
  attach?: string
  notify_url: string
  amount: { total: number; currency?: string }
  payer?: { openid: string }
  scene_info?: object
}

/** Letters of a merchant's order number. */
export const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*]{6,32}$/

/** Field rules of facts 1.7. The real platform also refuses 127.0.0.1 as the user's address. */
const COMMON: Shape = {
  appid: text(32),
  mchid: text(32),
  description: text(127),
  out_trade_no: text(32, OUT_TRADE_NO, 6),
  time_expire: optional(time()),
  attach: optional(text(128)),
  goods_tag: optional(text(32)),
  support_fapiao: optional(flag()),
  limit_pay: optional(list(text(32), 10)),
  notify_url: notifyUrl(255),
  amount: object({ total: integer(1), currency: optional(oneOf('CNY')) }),
  detail: optional(json(6144)),
  settle_info: optional(object({ profit_sharing: optional(flag()) })),
}

const SCENE: Shape = {
  payer_client_ip: text(45),
  device_id: optional(text(32)),
  store_info: optional(object({ id: text(32) })),
}

const H5_INFO: Shape = {
  type: oneOf('iOS', 'Android', 'Wap'),
  app_name: optional(text(64)),
  app_url: optional(text(128)),
  bundle_id: optional(text(128)),
  package_name: optional(text(128)),
}

const SHAPES: Record<OrderKind, Shape> = {
  jsapi: {
    ...COMMON,
    payer: object({ openid: text(128) }),
    scene_info: optional(object(SCENE)),
  },
  h5: { ...COMMON, scene_info: object({ ...SCENE, h5_info: object(H5_INFO) }) },
  native: { ...COMMON, scene_info: optional(object(SCENE)) },
  app: { ...COMMON, scene_info: optional(object(SCENE)) },
}

/** Refuses a body with a wrong field (PARAM_ERROR), else gives it back typed. */
export function readOrder(kind: OrderKind, body: unknown): OrderRequest {
  read(body, SHAPES[kind])
  return body as OrderRequest
}
