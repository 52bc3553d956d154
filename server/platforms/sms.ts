/** Text messages through Aliyun's Dysmsapi, RPC style with an HMAC-SHA1 signature. */
import { createHmac, randomUUID } from 'node:crypto'
import type { SmsText } from '@jiyue/contract/sms'
import { type Answer, refused, unknown, yes } from './answer.ts'
import type { SmsCredentials } from './credentials.ts'
import { exchange, isSilent, jsonObject, type Wire } from './exchange.ts'

export interface Text {
  phone: string
  /** Which registered text; `params` are its variables, as short as the platform takes them. */
  template: SmsText
  params: Readonly<Record<string, string>>
}

export interface Sms {
  /**
   * Answers the platform's id of the message. Never repeated: after `unknown` the text may be on
   * its way. Refused with the platform's code, `isv.BUSINESS_LIMIT_CONTROL` when the number had
   * too many.
   */
  send(text: Text, now: Date): Promise<Answer<string>>
}

export function sms(credentials: SmsCredentials, over: Wire): Sms {
  async function send(text: Text, now: Date): Promise<Answer<string>> {
    const registered = credentials.templates[text.template]
    if (!registered) return refused('not_set_up', `no SMS template for ${text.template}`)
    const params = signedParams('POST', credentials.accessKeySecret, {
      AccessKeyId: credentials.accessKeyId,
      Action: 'SendSms',
      Format: 'JSON',
      PhoneNumbers: text.phone,
      RegionId: 'cn-hangzhou',
      SignName: credentials.signName,
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: randomUUID(),
      SignatureVersion: '1.0',
      TemplateCode: registered,
      TemplateParam: JSON.stringify(text.params),
      Timestamp: `${now.toISOString().slice(0, 19)}Z`,
      Version: '2017-05-25',
    })
    const reply = await exchange({ ...over, attempts: 1 }, () => ({
      url: new URL(`${credentials.baseUrl.replace(/\/$/, '')}/`),
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(params).toString(),
    }))
    if (isSilent(reply)) return unknown('no_answer', reply.silence)
    const { Code: code, Message: message, BizId: id } = jsonObject(reply.body) ?? {}
    if (reply.status === 200 && code === 'OK') return yes(String(id))
    const later = reply.status >= 500 || typeof code !== 'string' || LATER.test(code)
    const no = later ? unknown : refused
    return no(typeof code === 'string' ? code : `http_${reply.status}`, String(message ?? ''))
  }

  return { send }
}

/** Not about this message: throttling and faults of the platform. */
const LATER = /^(Throttling|ServiceUnavailable|InternalError|isp\.|SystemError)/

/** Adds the `Signature` of Aliyun's RPC style (version 1.0). */
export function signedParams(
  method: 'GET' | 'POST',
  secret: string,
  params: Record<string, string>,
): Record<string, string> {
  const query = Object.keys(params)
    .sort()
    .map((name) => `${escaped(name)}=${escaped(params[name] ?? '')}`)
    .join('&')
  const text = `${method}&%2F&${escaped(query)}`
  return { ...params, Signature: createHmac('sha1', `${secret}&`).update(text).digest('base64') }
}

/** RFC 3986: `encodeURIComponent` leaves five characters as they are that this wire escapes. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
