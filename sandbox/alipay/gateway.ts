import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fromChinaTime, MINUTE } from '../clock.ts'
import { encodeGbk } from '../gbk.ts'
import { sign } from '../rsa.ts'
import type { World } from '../world.ts'
import { AlipayRefusal, MESSAGES } from './refusal.ts'
import { envelope, isRequestSigned, nodeText, type Params } from './wire.ts'

/**
 * One gateway method. `handle` gives the node (without code and msg) or throws AlipayRefusal.
 * `plain` methods take their arguments from the form itself, and answer without a code field.
 */
export type AlipayMethod = {
  plain?: boolean
  handle(content: Record<string, unknown>, params: Params, faults: Set<string>): object
}
/** A method a browser opens: gives the cashier page. */
export type AlipayPage = (content: Record<string, unknown>, params: Params) => Promise<string>

/** How far a request's timestamp may be off. Not published: an assumption (facts, chapter 10). */
const TOLERANCE_MS = 10 * MINUTE

/** The form gateway at /gateway.do; always HTTP 200, gateway errors unsigned (facts 2.1). */
export function serveGateway(
  app: FastifyInstance,
  world: World,
  methods: Record<string, AlipayMethod>,
  pages: Record<string, AlipayPage>,
  numberOf: (tradeNo: string) => string | undefined,
): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/gateway.do',
    handler: async (request, reply) => {
      const params = paramsOf(request)
      const page = pages[params.method ?? '']
      if (page) return openPage(world, params, page, reply)
      const about = () => aboutOf(params, numberOf)
      return answer(world, params, methods, about, request, reply)
    },
  })
}

async function answer(
  world: World,
  params: Params,
  methods: Record<string, AlipayMethod>,
  about: () => string[],
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const name = params.method ?? ''
  const method = methods[name]
  const node = method ? `${name.replaceAll('.', '_')}_response` : 'error_response'
  reply.type('text/html;charset=utf-8')
  try {
    checkRequest(world, params, method !== undefined)
  } catch (error) {
    if (!(error instanceof AlipayRefusal)) throw error
    return reply.send(envelope(node, nodeText(error.node())))
  }
  const faults = world.faults.take(name, about())
  if (faults.has('status500')) return reply.code(500).send('')
  const done = work(method as AlipayMethod, params, faults)
  if (faults.has('dropAfterCommit')) {
    reply.hijack()
    request.raw.socket.destroy()
    return reply
  }
  // Failed sign-ins come in error_response even though they are business answers (facts 4.3).
  const place = done.refused && method?.plain ? 'error_response' : node
  return reply.send(signed(world, place, done.node, faults))
}

function work(method: AlipayMethod, params: Params, faults: Set<string>) {
  try {
    const content = method.plain ? {} : contentOf(params)
    const node = method.handle(content, params, faults)
    if (faults.has('unknownError'))
      throw new AlipayRefusal('20000', 'isp.unknow-error', '系统繁忙，请稍后查询结果')
    const node2 = method.plain ? node : { code: '10000', msg: MESSAGES['10000'], ...node }
    return { refused: false, node: node2 }
  } catch (error) {
    if (!(error instanceof AlipayRefusal)) throw error
    return { refused: true, node: error.node() }
  }
}

function signed(world: World, place: string, node: object, faults: Set<string>): string {
  const text = nodeText(node)
  const covered = faults.has('badSignature') ? `${text} ` : text
  const sent = faults.has('tamperedBody') ? `${text.slice(0, -1)},"x":"1"}` : text
  return envelope(place, sent, sign(covered, world.keys.alipayPrivateKey))
}

async function openPage(world: World, params: Params, page: AlipayPage, reply: FastifyReply) {
  try {
    checkRequest(world, params, true)
    return reply.type('text/html; charset=utf-8').send(await page(contentOf(params), params))
  } catch (error) {
    if (!(error instanceof AlipayRefusal)) throw error
    return reply.type('text/html; charset=GBK').send(encodeGbk(errorPage(error)))
  }
}

function paramsOf(request: FastifyRequest): Params {
  const all = { ...(request.query as object), ...((request.body as object | undefined) ?? {}) }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]))
}

/** Missing → app id → the rest → signature: the app id is checked before the signature. */
function checkRequest(world: World, params: Params, known: boolean): void {
  if (!params.method) throw missing('method', '缺少方法名参数')
  if (!params.app_id) throw missing('app-id', '缺少AppID参数')
  if (params.app_id !== world.keys.alipayAppId) throw invalid('app-id', '无效的AppID参数')
  if (!known) throw invalid('method', '不存在的方法名')
  if (!params.sign_type) throw missing('signature-type', '缺少签名类型参数')
  if (!params.sign) throw missing('signature', '缺少签名参数')
  if (!params.timestamp) throw missing('timestamp', '缺少时间戳参数')
  if (!params.version) throw missing('version', '缺少版本参数')
  if (params.sign_type !== 'RSA2') throw invalid('signature-type', '无效的签名类型')
  if (params.charset && params.charset.toLowerCase() !== 'utf-8')
    throw invalid('charset', '字符集错误')
  if (params.format && params.format.toUpperCase() !== 'JSON')
    throw invalid('format', '无效的数据格式')
  const at = fromChinaTime(params.timestamp)
  if (at === null || Math.abs(world.clock.wire() - at) > TOLERANCE_MS)
    throw invalid('timestamp', '非法的时间戳参数')
  if (!isRequestSigned(params, world.keys.alipayAppPublicKey))
    throw invalid('signature', '验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配')
}

function missing(what: string, message: string) {
  return new AlipayRefusal('40001', `isv.missing-${what}`, message)
}

function invalid(what: string, message: string) {
  return new AlipayRefusal('40002', `isv.invalid-${what}`, message)
}

function contentOf(params: Params): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(params.biz_content ?? '{}')
    if (typeof content === 'object' && content !== null) return content as Record<string, unknown>
  } catch {
    // Falls through to the refusal below: text that is no JSON and JSON that is no object alike.
  }
  throw new AlipayRefusal('40002', 'isv.illegal-json', 'JSON格式错误')
}

/** The trade and refund a call is about; a body that is no JSON is about none. */
function aboutOf(params: Params, numberOf: (tradeNo: string) => string | undefined): string[] {
  try {
    const { trade_no: tradeNo, out_trade_no: no, out_request_no: request } = contentOf(params)
    const named = [tradeNo ? numberOf(String(tradeNo)) : no, request]
    return named.filter((one) => typeof one === 'string')
  } catch (error) {
    if (error instanceof AlipayRefusal) return [] // the method itself refuses it, in its turn
    throw error
  }
}

function errorPage(error: AlipayRefusal): string {
  return (
    '<!DOCTYPE html><html><head><meta charset="GBK"><title>支付宝 - 沙箱</title></head><body>' +
    `<h1>调试错误，请回到请求来源地，重新发起请求。</h1><p>错误代码 ${error.subCode}</p>` +
    `<p>错误原因: ${error.message}</p><p>沙箱收银台</p></body></html>`
  )
}
