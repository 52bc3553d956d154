/**
 * WeChat Pay v3 over `fetch`: signs what is really sent, believes only verified 2xx answers, repeats
 * what may be repeated. A thin client of our own: the raw bytes, the URL as escaped and the time
 * limits are the whole difficulty, and no kept package gives all three (facts/PLATFORMS.md ch. 3).
 */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { type Answer, type No, refused, unknown, yes } from '../../../platforms/answer.ts'
import type { WechatPayCredentials } from '../../../platforms/credentials.ts'
import {
  exchange,
  isSilent,
  jsonObject,
  type Outgoing,
  type Reply,
  type Wire,
} from '../../../platforms/exchange.ts'
import { DOWNLOAD_MS, PACKED_BYTES } from '../billText.ts'
import { keyRing } from './keys.ts'
import {
  authorization,
  freshNonce,
  isFresh,
  jsapiParams,
  type Merchant,
  openField,
  openSealed,
  readSignature,
  type Sealed,
  verifies,
} from './signature.ts'

/** Why a signed message is not believed. */
export type Disbelief = 'headers_missing' | 'stale' | 'unknown_serial' | 'bad_signature'

export interface WechatClient {
  get(path: string, now: Date): Promise<Answer<Record<string, unknown>>>
  /** `body` must have no `null`; undefined values are left out. A 204 answers `{}`. */
  post(path: string, body: object, now: Date): Promise<Answer<Record<string, unknown>>>
  /** The same, never repeated: where a repeat would do the thing twice. */
  postOnce(path: string, body: object, now: Date): Promise<Answer<Record<string, unknown>>>
  /** A file by the address WeChat gave. The request is signed, the answer is not. */
  download(address: string, now: Date): Promise<Answer<Buffer>>
  /** Null when the message is WeChat's and fresh. */
  disbelieve(
    header: (name: string) => string | undefined,
    body: Buffer,
    now: Date,
  ): Promise<Disbelief | null>
  open(sealed: Sealed): string | null
  /** A field that WeChat encrypted for the merchant's certificate; null when it does not open. */
  openField(sealed: string): string | null
  signJsapi(appId: string, packageText: string, now: Date): ReturnType<typeof jsapiParams>
}

export function wechatClient(pay: WechatPayCredentials, over: Wire): WechatClient {
  const merchant: Merchant = {
    mchid: pay.mchid,
    serial: pay.merchantSerial.toUpperCase(),
    key: createPrivateKey(pay.merchantPrivateKey),
  }
  const keys = keyRing(pay.publicKeys, downloadCertificates)

  async function call(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    now: Date,
    by: Wire = over,
  ) {
    const reply = await exchange(by, (attempt) => outgoing(method, path, body, attempt, now), again)
    if (isSilent(reply)) return unknown('no_answer', reply.silence)
    if (reply.status !== 200 && reply.status !== 204) return readNo(reply)
    const header = (name: string) => reply.headers.get(name) ?? undefined
    const doubt = await disbelieve(header, reply.body, now)
    if (doubt)
      return unknown(doubt, `${path} answered ${reply.status}, but is not signed by WeChat`)
    const value = reply.status === 204 ? {} : jsonObject(reply.body)
    return value ? yes(value) : unknown('malformed', `${path} answered something other than JSON`)
  }

  async function download(address: string, now: Date): Promise<Answer<Buffer>> {
    const url = new URL(address)
    // What proves us to WeChat shall not travel open where it is otherwise sealed.
    if (url.protocol !== new URL(pay.baseUrl).protocol) {
      return unknown('malformed', `a file at ${url.protocol}//${url.host}`)
    }
    const file = { ...over, timeoutMs: DOWNLOAD_MS, maxBytes: PACKED_BYTES }
    const reply = await exchange(file, () => signed('GET', url, undefined, now), again)
    if (isSilent(reply)) return unknown(reply.tooLarge ? 'too_large' : 'no_answer', reply.silence)
    return reply.status === 200 ? yes(reply.body) : readNo(reply)
  }

  function outgoing(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    attempt: number,
    now: Date,
  ): Outgoing {
    return signed(method, new URL(hostOf(pay.baseUrl, attempt) + path), body, now)
  }

  function signed(method: 'GET' | 'POST', url: URL, body: string | undefined, now: Date): Outgoing {
    const timestamp = secondsOf(now)
    const request = {
      method,
      url: url.pathname + url.search,
      timestamp,
      nonce: freshNonce(),
      body: body ?? '',
    }
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'User-Agent': 'jiyue',
      Authorization: authorization(merchant, request),
    }
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    if (pay.publicKeyId) headers['Wechatpay-Serial'] = pay.publicKeyId
    return { url, method, headers, body }
  }

  async function disbelieve(
    header: (name: string) => string | undefined,
    body: Buffer,
    now: Date,
  ): Promise<Disbelief | null> {
    const signature = readSignature(header)
    if (!signature) return 'headers_missing'
    if (!isFresh(signature, now)) return 'stale'
    const key = await keys.find(signature.serial, now)
    if (!key) return 'unknown_serial'
    return verifies(key, signature, body) ? null : 'bad_signature'
  }

  /**
   * The answer may be signed by a certificate it brings along. That is sound: only who holds the
   * APIv3 key can seal a certificate, and the seal's tag is checked first.
   */
  async function downloadCertificates(now: Date): Promise<Record<string, string> | null> {
    const path = '/v3/certificates'
    const reply = await exchange(
      over,
      (attempt) => outgoing('GET', path, undefined, attempt, now),
      again,
    )
    if (isSilent(reply) || reply.status !== 200) return null
    const certificates = readCertificates(jsonObject(reply.body)?.data, (sealed) =>
      openSealed(pay.apiV3Key, sealed),
    )
    const signature = readSignature((name) => reply.headers.get(name) ?? undefined)
    if (!signature || !isFresh(signature, now)) return null
    const pem = certificates[signature.serial] ?? pay.publicKeys[signature.serial]
    return pem && verifies(createPublicKey(pem), signature, reply.body) ? certificates : null
  }

  return {
    get: (path, now) => call('GET', path, undefined, now),
    post: (path, body, now) => call('POST', path, JSON.stringify(body), now),
    postOnce: (path, body, now) =>
      call('POST', path, JSON.stringify(body), now, { ...over, attempts: 1 }),
    download,
    disbelieve,
    open: (sealed) => openSealed(pay.apiV3Key, sealed),
    openField: (sealed) => openField(merchant.key, sealed),
    signJsapi: (appId, packageText, now) =>
      jsapiParams(merchant.key, appId, packageText, secondsOf(now), freshNonce()),
  }
}

/** 202 asks for the identical request again; 5xx and silence are safe to repeat by v3's rules. */
function again(reply: Reply): boolean {
  return reply.status === 202 || reply.status >= 500
}

/**
 * Errors are not signed: nothing of them is used but the `code`, and only to say no. Without one it
 * is some proxy's answer.
 */
function readNo(reply: Reply): No {
  const body = jsonObject(reply.body)
  const code = typeof body?.code === 'string' && body.code !== '' ? body.code : null
  const message = typeof body?.message === 'string' ? body.message : `HTTP ${reply.status}`
  if (!code || reply.status < 400 || reply.status >= 500 || LATER.has(code)) {
    return unknown(code ?? `http_${reply.status}`, message)
  }
  return refused(code, message)
}

/** Says nothing about what was asked, whatever HTTP status it comes with. */
const LATER = new Set([
  'FREQUENCY_LIMITED',
  'RATELIMIT_EXCEEDED',
  'SYSTEM_ERROR',
  'SERVICE_UNAVAILABLE',
])

/** WeChat's own second host takes the last attempt. */
function hostOf(baseUrl: string, attempt: number): string {
  const host = baseUrl.replace(/\/$/, '')
  return attempt >= 2 && host === 'https://api.mch.weixin.qq.com'
    ? 'https://api2.mch.weixin.qq.com'
    : host
}

const certificateList = z.array(
  z.object({
    serial_no: z.string(),
    encrypt_certificate: z.object({
      algorithm: z.string(),
      ciphertext: z.string(),
      nonce: z.string(),
      associated_data: z.string().optional(),
    }),
  }),
)

/** PEM by serial of all that open and are what they claim; nothing of a list in another form. */
function readCertificates(
  data: unknown,
  open: (sealed: Sealed) => string | null,
): Record<string, string> {
  const found: Record<string, string> = {}
  const list = certificateList.safeParse(data)
  for (const { serial_no: serial, encrypt_certificate } of list.data ?? []) {
    const pem = open(encrypt_certificate)
    // A serial that is not the certificate's own would let one key speak under another's name.
    if (pem && serialOf(pem) === serial) found[serial] = pem
  }
  return found
}

function serialOf(pem: string): string | null {
  try {
    return new X509Certificate(pem).serialNumber
  } catch {
    return null // sealed by WeChat and yet no certificate: not one of ours to use
  }
}

function secondsOf(now: Date): string {
  return String(Math.floor(now.getTime() / 1000))
}
