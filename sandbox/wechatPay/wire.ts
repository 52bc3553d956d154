import { createCipheriv } from 'node:crypto'
import { nonce } from '../numbers.ts'
import { sign, verify } from '../rsa.ts'
import type { World } from '../world.ts'

/** WeChat Pay v3 on the wire: signed texts, headers, encryption (facts/PLATFORMS.md 1.2–1.5). */

export const SCHEME = 'WECHATPAY2-SHA256-RSA2048'

/** The text a request is signed over: five lines, the last one ended too. */
export function requestText(of: {
  method: string
  url: string
  timestamp: string
  nonce: string
  body: string
}): string {
  return `${of.method}\n${of.url}\n${of.timestamp}\n${of.nonce}\n${of.body}\n`
}

/** The text an answer or a notice is signed over. */
export function answerText(timestamp: string, nonceText: string, body: string): string {
  return `${timestamp}\n${nonceText}\n${body}\n`
}

export type Authorization = {
  mchid: string
  nonce_str: string
  signature: string
  timestamp: string
  serial_no: string
}

/** The five items of an Authorization header in any order, or null when it is malformed. */
export function readAuthorization(header: string): Authorization | null {
  const items = new Map<string, string>()
  for (const part of header.slice(SCHEME.length).trim().split(',')) {
    const [, name, value] = /^\s*(\w+)="([^"]*)"\s*$/.exec(part) ?? []
    if (!name || value === undefined || items.has(name)) return null
    items.set(name, value)
  }
  const names = ['mchid', 'nonce_str', 'signature', 'timestamp', 'serial_no']
  if (items.size !== names.length || !names.every((name) => items.get(name))) return null
  if (!/^\d{1,10}$/.test(items.get('timestamp') ?? '')) return null
  return Object.fromEntries(items) as Authorization
}

/** The text under `paySign`, which the phone hands to wx.requestPayment. */
export function paySignText(appId: string, timeStamp: string, nonceStr: string, pack: string) {
  return `${appId}\n${timeStamp}\n${nonceStr}\n${pack}\n`
}

export type RequestPayment = {
  appid: string
  timeStamp: string
  nonceStr: string
  package: string
  signType: string
  paySign: string
}

/** Whether the merchant's key really signed what the phone was given. */
export function isPaySigned(request: RequestPayment, merchantPublicKey: string): boolean {
  const text = paySignText(request.appid, request.timeStamp, request.nonceStr, request.package)
  return request.signType === 'RSA' && verify(text, request.paySign, merchantPublicKey)
}

/** AEAD_AES_256_GCM: base64 of the cipher text with its 16-byte tag behind. */
export function encrypt(plain: string, apiV3Key: string, associated: string, iv: string): string {
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, iv)
  cipher.setAAD(Buffer.from(associated))
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return text.toString('base64')
}

/** The `resource` of a notice, encrypted for this merchant. */
export function sealed(plain: string, apiV3Key: string, originalType: string) {
  const iv = nonce(12)
  return {
    original_type: originalType,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: encrypt(plain, apiV3Key, originalType, iv),
    associated_data: originalType,
    nonce: iv,
  }
}

/** Signature faults an answer or notice can have. */
export type SignatureFault =
  | 'badSignature'
  | 'unknownSerial'
  | 'signtest'
  | 'staleTime'
  | 'missingHeaders'

/**
 * The signature headers of an answer or notice. `asked` is the request's own Wechatpay-Serial: a
 * merchant that names a usable key is answered with that key.
 */
export function signatureHeaders(
  world: World,
  body: string,
  fault?: SignatureFault,
  asked?: string,
): Record<string, string> {
  if (fault === 'missingHeaders') return {}
  const stale = fault === 'staleTime' ? 301 + 60 : 0
  const timestamp = String(Math.floor(world.clock.wire() / 1000) - stale)
  const nonceText = nonce(32)
  const { id: serial, privateKey } = world.signers.choose(asked)
  const right = sign(answerText(timestamp, nonceText, body), privateKey)
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonceText,
    'Wechatpay-Signature': spoil(right, fault),
    'Wechatpay-Serial': fault === 'unknownSerial' ? serial.replace(/.$/, otherDigit) : serial,
    'Wechatpay-Signature-Type': SCHEME,
  }
}

/** WeChat's own probes carry this prefix; a wrong signature is one of a right shape. */
function spoil(signature: string, fault?: SignatureFault): string {
  if (fault === 'signtest') return `WECHATPAY/SIGNTEST/${signature.slice(20)}`
  if (fault !== 'badSignature') return signature
  const bytes = Buffer.from(signature, 'base64')
  bytes[0] = (bytes[0] as number) ^ 1
  return bytes.toString('base64')
}

function otherDigit(digit: string): string {
  return digit === '0' ? '1' : '0'
}
