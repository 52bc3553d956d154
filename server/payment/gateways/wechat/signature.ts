/**
 * WeChat Pay v3 cryptography: what is signed, by whom, and how secrets are opened. Pure over its
 * inputs; RSA is PKCS#1 v1.5 with SHA-256 and standard base64 throughout.
 */
import {
  constants,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'

export interface Merchant {
  mchid: string
  /** Serial of the merchant's API certificate. */
  serial: string
  key: KeyObject
}

export interface SignedRequest {
  method: string
  /** Path and query exactly as sent, escapes included. */
  url: string
  timestamp: string
  nonce: string
  body: string
}

/** The `Authorization` header of a request. */
export function authorization(merchant: Merchant, request: SignedRequest): string {
  const items = {
    mchid: merchant.mchid,
    nonce_str: request.nonce,
    signature: signText(merchant.key, requestText(request)),
    timestamp: request.timestamp,
    serial_no: merchant.serial,
  }
  const list = Object.entries(items).map(([name, value]) => `${name}="${value}"`)
  return `WECHATPAY2-SHA256-RSA2048 ${list.join(',')}`
}

/** Five lines, each ended by LF, the last one too. */
export function requestText({ method, url, timestamp, nonce, body }: SignedRequest): string {
  return `${method}\n${url}\n${timestamp}\n${nonce}\n${body}\n`
}

/** What WeChat signs of an answer or notice: over bytes, since nothing is parsed before it holds. */
export function answerText(timestamp: string, nonce: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')])
}

export function signText(key: KeyObject, text: string): string {
  return sign('RSA-SHA256', Buffer.from(text), key).toString('base64')
}

export interface AnswerSignature {
  timestamp: string
  nonce: string
  signature: string
  serial: string
}

/** The four headers of a signed answer, or null when one is missing or repeated. */
export function readSignature(
  header: (name: string) => string | undefined,
): AnswerSignature | null {
  const timestamp = header('wechatpay-timestamp')
  const nonce = header('wechatpay-nonce')
  const signature = header('wechatpay-signature')
  const serial = header('wechatpay-serial')
  if (!timestamp || !nonce || !signature || !serial) return null
  return { timestamp, nonce, signature, serial }
}

/** Answers older or newer than this are replays. Both clocks may be off by some of it. */
const WINDOW_SECONDS = 300

export function isFresh({ timestamp }: AnswerSignature, now: Date): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) <= WINDOW_SECONDS
}

/** WeChat's probes (`WECHATPAY/SIGNTEST/…`) are wrong on purpose and fail here like any other. */
export function verifies(key: KeyObject, from: AnswerSignature, body: Buffer): boolean {
  const text = answerText(from.timestamp, from.nonce, body)
  return verify('RSA-SHA256', text, key, Buffer.from(from.signature, 'base64'))
}

/** What `wx.requestPayment` and WeChat's browser want. `appId` is signed, `signType` is not. */
export function jsapiParams(
  key: KeyObject,
  appId: string,
  packageText: string,
  timeStamp: string,
  nonceStr: string,
): {
  appId: string
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'RSA'
  paySign: string
} {
  const paySign = signText(key, `${appId}\n${timeStamp}\n${nonceStr}\n${packageText}\n`)
  return { appId, timeStamp, nonceStr, package: packageText, signType: 'RSA', paySign }
}

export interface Sealed {
  algorithm: string
  ciphertext: string
  nonce: string
  associated_data?: string | undefined
}

/** Opens an AEAD_AES_256_GCM resource; null when key, tag or form is wrong. */
export function openSealed(apiV3Key: string, sealed: Sealed): string | null {
  const bytes = Buffer.from(sealed.ciphertext, 'base64')
  if (sealed.algorithm !== 'AEAD_AES_256_GCM' || bytes.length < TAG_BYTES) return null
  try {
    const nonce = Buffer.from(sealed.nonce)
    const options = { authTagLength: TAG_BYTES }
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiV3Key), nonce, options)
    decipher.setAAD(Buffer.from(sealed.associated_data ?? ''))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const plain = decipher.update(bytes.subarray(0, -TAG_BYTES))
    // `final` is what checks the tag: without it anyone could write the plaintext.
    return Buffer.concat([plain, decipher.final()]).toString('utf8')
  } catch {
    return null // a wrong tag is an answer: this was not written by who holds the key
  }
}

const TAG_BYTES = 16

/** 32 characters from a secure source. */
export function freshNonce(): string {
  return randomBytes(16).toString('hex').toUpperCase()
}

/** RSA-OAEP with SHA-1, as WeChat writes names and numbers for the merchant (facts 1.4). */
export function openField(key: KeyObject, sealed: string): string | null {
  const how = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  try {
    return privateDecrypt(how, Buffer.from(sealed, 'base64')).toString('utf8')
  } catch {
    return null // for another certificate, or changed on the way: not ours to read
  }
}
