import type { FastifyInstance, FastifyReply } from 'fastify'
import qrcode from 'qrcode'
import { raw } from '../html.ts'
import type { Order, Orders, Outcome } from '../wechatPay/orders.ts'
import { isPaySigned, type RequestPayment } from '../wechatPay/wire.ts'
import type { World } from '../world.ts'
import { outcomeOf, webAddress } from './back.ts'
import { type Bill, cashierPage, nativeListPage, refusedPage, resultPage } from './pages.ts'

type Fields = Record<string, string | undefined>
type Opened = { order: Order; instalments?: number } | { refused: string }

const RESULTS: Record<Outcome, string> = {
  pay: 'requestPayment:ok',
  cancel: 'requestPayment:fail cancel',
  fail: 'requestPayment:fail 支付失败，请重试',
}

/**
 * WeChat's cashier: pages for people, and the same as JSON for a headless phone.
 * - jsapi takes what wx.requestPayment takes plus the appid the phone knows, and checks paySign.
 * - h5 is the address the order call answered; native opens a code url.
 */
export function serveWechatCashier(app: FastifyInstance, world: World, orders: Orders): void {
  const act = (opened: Opened, outcome: Outcome, payer?: string): string => {
    if ('refused' in opened) return `requestPayment:fail ${opened.refused}`
    const { order, instalments } = opened
    if (outcome !== 'pay') return RESULTS[outcome]
    const how = { ...(payer ? { payer } : {}), ...(instalments ? { instalments } : {}) }
    const paid = orders.pay(order.id, how)
    return paid ? RESULTS.pay : `requestPayment:fail ${stateReason(orders, order)}`
  }

  app.get('/cashier/wechat/jsapi', async (request, reply) => {
    const fields = request.query as Fields
    const opened = openJsapi(world, orders, fields)
    return show(reply, opened, '/cashier/wechat/jsapi', fields)
  })
  app.post('/cashier/wechat/jsapi', async (request, reply) => {
    const fields = request.body as Fields
    const outcome = outcomeOf(fields.outcome) ?? 'cancel'
    return finish(reply, act(openJsapi(world, orders, fields), outcome), fields.back)
  })
  app.post('/cashier/wechat/jsapi/pay', async (request) => {
    const fields = (request.body ?? {}) as Fields
    const outcome = outcomeOf(fields.outcome)
    if (!outcome) return { errMsg: 'requestPayment:fail 参数 outcome 应为 pay、cancel 或 fail' }
    return { errMsg: act(openJsapi(world, orders, fields), outcome) }
  })

  app.get('/cashier/wechat/native', async (_request, reply) => {
    const open = orders.all().filter((one) => one.kind === 'native' && isOpen(orders, one))
    const rows = open.map(async (order) => {
      const id = order.prepay.id
      const link = `${world.url()}/cashier/wechat/native/${id}`
      const qr = raw(await qrcode.toString(link, { type: 'svg', margin: 1 }))
      return { id, bill: billOf(order), qr }
    })
    return reply.type(HTML).send(nativeListPage(await Promise.all(rows)))
  })

  for (const kind of ['h5', 'native'] as const) {
    app.get(`/cashier/wechat/${kind}/:id`, async (request, reply) => {
      const { id } = request.params as { id: string }
      const { redirect_url: back } = request.query as Fields
      return show(reply, open(orders, kind, id), `/cashier/wechat/${kind}/${id}`, { back })
    })
    app.post(`/cashier/wechat/${kind}/:id`, async (request, reply) => {
      const { id } = request.params as { id: string }
      const fields = request.body as Fields
      const outcome = outcomeOf(fields.outcome) ?? 'cancel'
      return finish(reply, act(open(orders, kind, id), outcome), fields.back)
    })
    app.post(`/cashier/wechat/${kind}/pay`, async (request) => {
      const fields = (request.body ?? {}) as Fields
      const outcome = outcomeOf(fields.outcome)
      if (!outcome) return { errMsg: 'requestPayment:fail 参数 outcome 应为 pay、cancel 或 fail' }
      return { errMsg: act(open(orders, kind, idOf(kind, fields)), outcome, fields.payer) }
    })
  }
}

const HTML = 'text/html; charset=utf-8'

function show(reply: FastifyReply, opened: Opened, action: string, fields: Fields) {
  reply.type(HTML)
  if ('refused' in opened) return reply.send(refusedPage(opened.refused))
  const hidden = Object.entries(fields).filter(([, value]) => value !== undefined)
  const { order, instalments } = opened
  const bill = { ...billOf(order), ...(instalments ? { note: `分付 ${instalments} 期` } : {}) }
  return reply.send(cashierPage(bill, action, Object.fromEntries(hidden) as Record<string, string>))
}

function finish(reply: FastifyReply, result: string, back: string | undefined) {
  const address = webAddress(back)
  if (address) return reply.redirect(address, 303)
  const words = result.replace('requestPayment:', '')
  const title = words === 'ok' ? '支付成功' : words === 'fail cancel' ? '已取消支付' : '支付失败'
  return reply.type(HTML).send(resultPage(title, words.replace(/^(ok|fail cancel|fail )/, '')))
}

/** Opens what the phone was given, if the merchant's key really signed it. */
function openJsapi(world: World, orders: Orders, fields: Fields): Opened {
  const request = fields as RequestPayment
  const names = ['appid', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign'] as const
  const missing = names.find((name) => typeof request[name] !== 'string' || !request[name])
  if (missing) return { refused: `调用支付JSAPI缺少参数：${missing}` }
  if (!isPaySigned(request, world.keys.merchantPublicKey)) return { refused: '支付验证签名失败' }
  const pack = new URLSearchParams(request.package)
  const order = orders.byPrepay(pack.get('prepay_id') ?? '')
  if (order?.kind !== 'jsapi') return { refused: 'prepay_id 无效或已过期' }
  if (order.request.appid !== request.appid) return { refused: '支付验证签名失败' }
  if (!isOpen(orders, order)) return { refused: stateReason(orders, order) }
  const instalments = Number(pack.get('selected_installment_number') ?? 0)
  return instalments > 1 ? { order, instalments } : { order }
}

function open(orders: Orders, kind: 'h5' | 'native', id: string): Opened {
  const order = orders.byPrepay(id)
  if (order?.kind !== kind) return { refused: '支付链接无效或已过期，请返回商户重新发起' }
  return isOpen(orders, order) ? { order } : { refused: stateReason(orders, order) }
}

/** A headless caller may hand over the whole address it was given. */
function idOf(kind: 'h5' | 'native', fields: Fields): string {
  if (kind === 'native' && fields.codeUrl)
    return URL.parse(fields.codeUrl)?.searchParams.get('pr') ?? ''
  if (kind === 'h5' && fields.h5Url)
    return URL.parse(fields.h5Url)?.searchParams.get('prepay_id') ?? ''
  return fields.id ?? ''
}

function isOpen(orders: Orders, order: Order): boolean {
  return orders.stateOf(order) === 'NOTPAY'
}

function stateReason(orders: Orders, order: Order): string {
  return orders.stateOf(order) === 'CLOSED' ? '订单已关闭' : '该订单已支付'
}

function billOf(order: Order): Bill {
  const { amount, description } = order.request
  return { platform: '微信支付', totalFen: amount.total, subject: description, number: order.id }
}
