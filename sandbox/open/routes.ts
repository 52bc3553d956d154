import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Orders } from '../wechatPay/orders.ts'
import type { World } from '../world.ts'
import { checkText, makeShipping, type Shipping } from './checks.ts'
import type { Codes } from './codes.ts'
import { jscode2session, makeWebLogin } from './login.ts'
import type { Messages } from './messages.ts'
import { OpenRefusal } from './refusal.ts'
import { makeTokens } from './tokens.ts'

type Query = Record<string, string | undefined>
type Work = (query: Query, body: never, faults: Set<string>) => object

/** WeChat's open platform (api.weixin.qq.com): sign-in, tokens, phone numbers, messages, checks. */
export function serveOpenPlatform(
  app: FastifyInstance,
  world: World,
  parts: { codes: Codes; messages: Messages; orders: Orders },
): void {
  const { codes, messages, orders } = parts
  const tokens = makeTokens(world)
  const webLogin = makeWebLogin(world, codes)
  const ship = makeShipping(world, orders)

  /** Everything answers HTTP 200; a refusal is `{errcode, errmsg}` in the body. */
  const serve = (method: 'GET' | 'POST', url: string, call: string, work: Work) => {
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        const faults = world.faults.take(call, about(orders, bodyOf(request)))
        if (faults.has('status500')) return reply.code(500).send('')
        const answer = attempt(() => work(request.query as Query, bodyOf(request), faults), faults)
        return faults.has('dropAfterCommit') ? drop(request, reply) : answer
      },
    })
  }
  /** Calls that need the access token check it first. */
  const withToken =
    (work: Work): Work =>
    (query, body, faults) => {
      if (faults.has('expiredToken')) throw new OpenRefusal(42001, 'access_token expired')
      tokens.check(query.access_token)
      return work(query, body, faults)
    }

  serve('GET', '/sns/jscode2session', 'wechat.login', (query) =>
    jscode2session(world, codes, query),
  )
  serve('GET', '/sns/oauth2/access_token', 'wechat.login', (query) => webLogin.accessToken(query))
  serve('GET', '/sns/oauth2/refresh_token', 'wechat.login', (query) => webLogin.refreshToken(query))
  serve('POST', '/cgi-bin/stable_token', 'wechat.token', (_query, body) => tokens.give(body))
  serve(
    'POST',
    '/wxa/business/getuserphonenumber',
    'wechat.phone',
    withToken((_query, body: { code?: string }) => phoneNumber(world, codes, body.code ?? '')),
  )
  serve(
    'POST',
    '/cgi-bin/message/subscribe/send',
    'wechat.message',
    withToken((_query, body) => messages.send(body)),
  )
  serve(
    'POST',
    '/wxa/msg_sec_check',
    'wechat.textCheck',
    withToken((_query, body) => checkText(world, body)),
  )
  serve(
    'POST',
    '/wxa/sec/order/upload_shipping_info',
    'wechat.shipping',
    withToken((_query, body, faults) => ship(body, faults)),
  )
}

function attempt(work: () => object, faults: Set<string>): object {
  try {
    if (faults.has('busy')) throw new OpenRefusal(-1, 'system error')
    return work()
  } catch (error) {
    if (error instanceof OpenRefusal) return { errcode: error.errcode, errmsg: error.message }
    throw error
  }
}

/** The payment a delivery notice is about; other calls are about none. */
function about(orders: Orders, body: Shipping): string[] {
  const { out_trade_no: no, transaction_id: id } = body.order_key ?? {}
  return [no, id && orders.orderOfTransaction(id)].filter((one) => typeof one === 'string')
}

/** Bodies are JSON whatever the content type says, as on the real platform. */
function bodyOf(request: FastifyRequest): never {
  return ((request.body as object | undefined) ?? {}) as never
}

function drop(request: FastifyRequest, reply: FastifyReply) {
  reply.hijack()
  request.raw.socket.destroy()
  return reply
}

function phoneNumber(world: World, codes: Codes, code: string): object {
  const redeemed = codes.redeem('phone', code)
  if (typeof redeemed === 'string') throw new OpenRefusal(40029, 'invalid code')
  const phone = redeemed.value
  const timestamp = Math.floor(world.clock.wire() / 1000)
  const watermark = { timestamp, appid: world.keys.mini.appid }
  const numbers = { phoneNumber: phone, purePhoneNumber: phone, countryCode: '86' }
  return { errcode: 0, errmsg: 'ok', phone_info: { ...numbers, watermark } }
}
