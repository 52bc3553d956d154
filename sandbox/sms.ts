import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MINUTE } from './clock.ts'
import { SMS_SIGN_NAME } from './credentials.ts'
import type { Table } from './store.ts'
import { smsTemplates } from './templates.ts'
import type { World } from './world.ts'

/**
 * Text messages: Aliyun's Dysmsapi in its RPC style (Action SendSms, Version 2017-05-25) with the
 * HMAC-SHA1 signature verified. Sent messages stand in the outbox.
 */

type Params = Record<string, string>
type Nonce = { id: string; at: number }
type No = { status: number; Code: string; Message: string }

/** What a variable may hold: few characters, and no link. */
const VARIABLE_LENGTH = 35
const LINK = /https?:|www\.|\.(?:com|cn|net)\b/i

const REQUIRED = ['AccessKeyId', 'Action', 'Version', 'Signature', 'SignatureNonce', 'Timestamp']
const CLOCK_MS = 15 * MINUTE

export function serveSms(app: FastifyInstance, world: World): void {
  const nonces = world.store.table<Nonce>('sms.nonces')
  // A nonce only matters while its timestamp is still let through.
  for (const old of nonces.all())
    if (world.clock.wire() > old.at + 2 * CLOCK_MS) nonces.remove(old.id)
  for (const url of ['/sms', '/sms/'])
    app.route({
      method: ['GET', 'POST'],
      url,
      handler: async (request, reply) => {
        const params = paramsOf(request)
        const faults = world.faults.take('sms.send', [params.PhoneNumbers ?? ''])
        if (faults.has('status500')) return reply.code(500).send('')
        const RequestId = randomUUID().toUpperCase()
        const no = checkCall(world, request.method, params, nonces) ?? faulty(faults)
        const answer = no ?? send(world, params)
        if (faults.has('dropAfterCommit')) {
          reply.hijack()
          request.raw.socket.destroy()
          return reply
        }
        const { status, ...body } = answer
        return reply.code(status).send({ ...body, RequestId })
      },
    })
}

function paramsOf(request: FastifyRequest): Params {
  const all = { ...(request.query as object), ...((request.body as object | undefined) ?? {}) }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]))
}

/** The gateway's own checks: HTTP 4xx. */
function checkCall(
  world: World,
  method: string,
  params: Params,
  nonces: Table<Nonce>,
): No | undefined {
  const missing = REQUIRED.find((name) => !params[name])
  if (missing) return no(400, `Missing${missing}`, `${missing} is mandatory for this action.`)
  if (params.AccessKeyId !== world.keys.sms.accessKeyId)
    return no(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.')
  if (params.Action !== 'SendSms' || params.Version !== '2017-05-25')
    return no(404, 'InvalidAction.NotFound', 'Specified api is not found.')
  const now = world.clock.wire()
  if (!(Math.abs(now - Date.parse(params.Timestamp as string)) <= CLOCK_MS))
    return no(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.')
  if (!isSigned(method, params, world.keys.sms.accessKeySecret))
    return no(
      400,
      'SignatureDoesNotMatch',
      'Specified signature is not matched with our calculation.',
    )
  const nonce = params.SignatureNonce as string
  if (nonces.get(nonce))
    return no(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.')
  nonces.put({ id: nonce, at: now })
  return undefined
}

/** The text under an RPC signature: method, root path, sorted and twice escaped parameters. */
export function rpcText(method: string, params: Params): string {
  const query = Object.keys(params)
    .filter((name) => name !== 'Signature')
    .sort()
    .map((name) => `${percent(name)}=${percent(params[name] as string)}`)
    .join('&')
  return `${method}&%2F&${percent(query)}`
}

function isSigned(method: string, params: Params, secret: string): boolean {
  const right = createHmac('sha1', `${secret}&`).update(rpcText(method, params)).digest()
  const given = Buffer.from(params.Signature as string, 'base64')
  return given.length === right.length && timingSafeEqual(given, right)
}

/** RFC 3986: encodeURIComponent leaves five more characters alone than Aliyun does. */
function percent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The business checks: HTTP 200 with a code of its own. */
function send(world: World, params: Params): No & { BizId?: string } {
  const { PhoneNumbers: phones = '', TemplateCode: code = '', SignName: signName } = params
  if (!/^1[3-9]\d{9}(,1[3-9]\d{9}){0,999}$/.test(phones))
    return no(200, 'isv.MOBILE_NUMBER_ILLEGAL', `${phones}invalid mobile number`)
  if (signName !== SMS_SIGN_NAME)
    return no(200, 'isv.SMS_SIGNATURE_ILLEGAL', '签名不合法(不存在或被拉黑)')
  const template = Object.values(smsTemplates(world.keys)).find((one) => one.code === code)
  if (!template) return no(200, 'isv.SMS_TEMPLATE_ILLEGAL', '模板不合法(不存在或被拉黑)')
  const data = templateParam(params.TemplateParam)
  if (!data) return no(200, 'isv.INVALID_JSON_PARAM', 'JSON参数不合法')
  const names = [...template.text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  if (names.some((name) => !data[name]))
    return no(200, 'isv.TEMPLATE_MISSING_PARAMETERS', '模板变量缺少对应参数值')
  if (names.some((name) => (data[name] as string).length > VARIABLE_LENGTH))
    return no(200, 'isv.PARAM_LENGTH_LIMIT', '参数超过长度限制')
  if (names.some((name) => LINK.test(data[name] as string)))
    return no(200, 'isv.PARAM_NOT_SUPPORT_URL', '变量不支持传入URL')
  const said = template.text.replace(/\{(\w+)\}/g, (_, name: string) => data[name] as string)
  const text = `【${signName}】${said}`
  for (const to of phones.split(','))
    world.outbox.add({ channel: 'sms', to, template: code, text, data })
  return { status: 200, Code: 'OK', Message: 'OK', BizId: `${Date.now()}^0` }
}

function templateParam(text = '{}'): Record<string, string> | undefined {
  try {
    const data: unknown = JSON.parse(text)
    return typeof data === 'object' && data !== null ? (data as Record<string, string>) : undefined
  } catch {
    return undefined
  }
}

function faulty(faults: Set<string>): No | undefined {
  if (faults.has('limited')) return no(200, 'isv.BUSINESS_LIMIT_CONTROL', '触发分钟级流控Permits:1')
  if (faults.has('outOfService')) return no(200, 'isv.OUT_OF_SERVICE', '业务停机')
  return undefined
}

function no(status: number, Code: string, Message: string): No {
  return { status, Code, Message }
}
