import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendBillFile } from '../billFile.ts'
import { MINUTE } from '../clock.ts'
import { verify } from '../rsa.ts'
import type { World } from '../world.ts'
import { Refusal } from './refusal.ts'
import {
  readAuthorization,
  requestText,
  SCHEME,
  type SignatureFault,
  signatureHeaders,
} from './wire.ts'

export type V3Request = {
  params: string[]
  query: URLSearchParams
  body: unknown
  rawBody: string
  /** The key the merchant names: answers shall use it, its encrypted fields do. */
  serial: string | undefined
}
/** `raw` is an unsigned download; otherwise `body` is signed JSON, and none means 204. */
export type V3Answer = { status: number; body?: object; raw?: Buffer }

/** One endpoint: `call` names its fault switches, `pattern` is matched against the path. */
export type V3Route = {
  method: 'GET' | 'POST'
  pattern: RegExp
  call: string
  handle(request: V3Request, faults: Set<string>): V3Answer
}

/** The order and refund numbers a call concerns, for faults that strike one of them only. */
export type About = (request: V3Request) => string[]

/**
 * The door of WeChat Pay v3: path → method → signature → work → signed answer. What it refuses is
 * never signed; an unknown path or method has an empty body (facts 1.1–1.3).
 */
export function serveV3(app: FastifyInstance, world: World, routes: V3Route[], about: About): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.all('/v3/*', async (request, reply) => {
    const path = (request.raw.url as string).split('?')[0] as string
    const here = routes.filter((route) => route.pattern.test(path))
    const route = here.find((one) => one.method === request.method)
    if (!route) return reply.code(here.length ? 405 : 404).send()
    let faults = new Set<string>()
    try {
      checkSignature(world, request, path)
      const asked = v3Request(request, route.pattern.exec(path) ?? [])
      faults = world.faults.take(route.call, about(asked))
      refuseByFault(faults)
      const answer = route.handle(asked, faults)
      return send(world, request, reply, answer, faults)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.status === 202) return send(world, request, reply, accepted(error), faults)
      if (error.code !== 'SIGN_ERROR') reply.header('Request-ID', requestId())
      return reply.code(error.status).type('application/json; charset=utf-8').send(error.body())
    }
  })
}

function v3Request(request: FastifyRequest, match: string[]): V3Request {
  const rawBody = (request.body as string | undefined) ?? ''
  const query = new URL(request.raw.url as string, 'http://any').searchParams
  const serial = request.headers['wechatpay-serial'] as string | undefined
  return { params: match.slice(1).map(decode), query, rawBody, body: parse(rawBody), serial }
}

/** A path part that is no proper escape stays as it is and simply matches no order. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // not an error of ours: the order of that name is simply not there
  }
}

function parse(rawBody: string): unknown {
  if (!rawBody) return undefined
  try {
    return JSON.parse(rawBody)
  } catch {
    throw new Refusal(400, 'PARAM_ERROR', '请求体不是合法的 JSON')
  }
}

const PAY = '/v3/pay/transactions/'
const BAD_HEADER = 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》'
const TOO_OLD = 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟'
const WRONG_SERIAL = '商户证书序列号有误。请使用签名私钥匹配的证书序列号'

/** Header form → clock → serial → signature; each with the message the platform was seen to send. */
function checkSignature(world: World, request: FastifyRequest, path: string): void {
  const header = request.headers.authorization
  const malformed = path.startsWith(PAY) ? '签名信息错误，验签失败' : BAD_HEADER
  if (!header || /^bearer\b/i.test(header)) throw unsigned(malformed)
  if (!header.startsWith(`${SCHEME} `)) throw unsigned('HTTP头Authorization认证类型不正确')
  const given = readAuthorization(header)
  if (!given) throw unsigned(malformed)
  if (Math.abs(world.clock.wire() - Number(given.timestamp) * 1000) > 5 * MINUTE)
    throw unsigned(TOO_OLD)
  if (given.mchid !== world.keys.mchid || given.serial_no !== world.keys.merchantSerial)
    throw unsigned(WRONG_SERIAL)
  const method = request.method
  const url = request.raw.url as string
  const body = (request.body as string | undefined) ?? ''
  const { timestamp, nonce_str: nonce } = given
  const text = requestText({ method, url, timestamp, nonce, body })
  if (verify(text, given.signature, world.keys.merchantPublicKey)) return
  throw unsigned('签名错误', {
    field: 'signature',
    issue: 'sign not match',
    location: 'authorization',
    sign_information: {
      method,
      url,
      truncated_sign_message: text.slice(0, 512).replaceAll('\n', '\\n'),
      sign_message_length: Buffer.byteLength(text),
    },
  })
}

function unsigned(message: string, detail?: object): Refusal {
  return new Refusal(401, 'SIGN_ERROR', message, detail)
}

/** Faults that strike before any work is done. */
function refuseByFault(faults: Set<string>): void {
  if (faults.has('status429')) throw new Refusal(429, 'FREQUENCY_LIMITED', '频率超限，请稍后再试')
  if (faults.has('status500'))
    throw new Refusal(500, 'SYSTEM_ERROR', '系统异常，请用相同参数重新调用')
  if (faults.has('refused')) throw new Refusal(400, 'INVALID_REQUEST', '投诉单当前状态不支持该操作')
  if (faults.has('status503')) throw new Refusal(503, 'SERVICE_UNAVAILABLE', '服务不可用')
  if (faults.has('status202')) throw new Refusal(202, 'ACCEPTED', '已受理，请用相同参数重新调用')
}

function accepted(refusal: Refusal): V3Answer {
  return { status: 202, body: { code: refusal.code, message: refusal.message } }
}

const SIGNATURE_FAULTS: SignatureFault[] = [
  'badSignature',
  'unknownSerial',
  'signtest',
  'staleTime',
  'missingHeaders',
]

function send(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: V3Answer,
  faults: Set<string>,
) {
  if (faults.has('dropAfterCommit')) {
    // The work is done; the merchant never hears of it.
    reply.hijack()
    request.raw.socket.destroy()
    return reply
  }
  reply.code(answer.status).header('Request-ID', requestId())
  if (answer.raw)
    return sendBillFile(request, reply.type('application/octet-stream'), answer.raw, faults)
  const body = answer.body ? JSON.stringify(answer.body) : ''
  const fault = SIGNATURE_FAULTS.find((one) => faults.has(one))
  const asked = request.headers['wechatpay-serial'] as string | undefined
  reply.headers(signatureHeaders(world, body, fault, asked))
  if (!body) return reply.send()
  const sent = faults.has('tamperedBody') ? `${body.slice(0, -1)},"x":1}` : body
  return reply.type('application/json; charset=utf-8').send(sent)
}

function requestId(): string {
  return `08${randomUUID().replaceAll('-', '').toUpperCase()}-0`
}
