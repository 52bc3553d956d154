/**
 * Alipay's form gateway over `fetch`: signs by China's clock whatever zone the process runs in, and
 * believes only answers whose own text is signed. Why not alipay-sdk: docs/decisions/010.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { membersAsText, requestText, signText, verifies } from './alipaySignature.ts'
import { type Answer, type No, refused, unknown, yes } from './answer.ts'
import { wallText } from './chinaTime.ts'
import type { AlipayCredentials } from './credentials.ts'
import { exchange, isSilent, jsonObject, type Wire } from './exchange.ts'

export type AlipayNode = Record<string, unknown>

export interface AlipayOptions {
  noticeUrl?: string | undefined
  returnUrl?: string | undefined
  /** 1 where a repeat would do the thing twice (a message) or use up a code. */
  attempts?: number | undefined
}

export interface AlipayClient {
  /** A call with `biz_content`; undefined values are left out. */
  call(
    method: string,
    content: object,
    now: Date,
    options?: AlipayOptions,
  ): Promise<Answer<AlipayNode>>
  /** A call whose arguments are plain parameters (oauth). */
  callPlain(
    method: string,
    args: Record<string, string>,
    now: Date,
    options?: AlipayOptions,
  ): Promise<Answer<AlipayNode>>
  /** The signed address a browser opens for a page call; nothing is sent. */
  pageUrl(method: string, content: object, now: Date, options: AlipayOptions): string
  /** Whether Alipay signed this text. */
  signed(text: string, signature: string): boolean
}

export function alipayClient(alipay: AlipayCredentials, over: Wire): AlipayClient {
  const appKey = createPrivateKey(alipay.privateKey)
  const alipayKey = createPublicKey(alipay.alipayPublicKey)
  const signed = (text: string, signature: string) => verifies(alipayKey, text, signature)

  /** Everything but the arguments travels in the query, the arguments in the body; all is signed. */
  async function post(
    method: string,
    args: Record<string, string>,
    now: Date,
    options: AlipayOptions = {},
  ): Promise<Answer<AlipayNode>> {
    const envelope = envelopeOf(method, now, options)
    const limited = { ...over, attempts: options.attempts ?? over.attempts }
    const sign = signText(appKey, requestText({ ...envelope, ...args }))
    const reply = await exchange(limited, () => ({
      url: addressOf({ ...envelope, sign }),
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded;charset=utf-8' },
      body: new URLSearchParams(args).toString(),
    }))
    if (isSilent(reply)) return unknown('no_answer', reply.silence)
    if (reply.status !== 200) return unknown(`http_${reply.status}`, `${method} did not answer`)
    return readAnswer(method, reply.body.toString('utf8'), signed)
  }

  function envelopeOf(method: string, now: Date, { noticeUrl, returnUrl }: AlipayOptions) {
    return {
      app_id: alipay.appId,
      method,
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: wallText(now),
      version: '1.0',
      ...(noticeUrl && { notify_url: noticeUrl }),
      ...(returnUrl && { return_url: returnUrl }),
    }
  }

  function addressOf(params: Record<string, string>): URL {
    const url = new URL(alipay.gateway)
    url.search = new URLSearchParams(params).toString()
    return url
  }

  return {
    call: (method, content, now, options) =>
      post(method, { biz_content: JSON.stringify(content) }, now, options),
    callPlain: post,
    pageUrl(method, content, now, options) {
      const params = {
        ...envelopeOf(method, now, options),
        biz_content: JSON.stringify(content),
      }
      return addressOf({ ...params, sign: signText(appKey, requestText(params)) }).href
    },
    signed,
  }
}

/**
 * Verifies the node's raw text, then parses that very text. An unsigned answer is the gateway's own
 * error at best: it is told, under its code, but as `unknown`.
 */
function readAnswer(
  method: string,
  raw: string,
  signed: (text: string, signature: string) => boolean,
): Answer<AlipayNode> {
  const members = membersAsText(raw)
  const text =
    members.get(`${method.replaceAll('.', '_')}_response`) ?? members.get('error_response')
  const node = text === undefined ? null : jsonObject(text)
  if (text === undefined || !node) return unknown('malformed', `${method} answered no node`)
  const signature = jsonText(members.get('sign'))
  if (!signature) return { ...readNo(node), kind: 'unknown' }
  if (!signed(text, signature)) return unknown('bad_signature', `${method} is not signed by Alipay`)
  // Only oauth's successes come without a code.
  return node.code === '10000' || node.code === undefined ? yes(node) : readNo(node)
}

function readNo(node: AlipayNode): No {
  const code = String(node.code ?? '')
  const subCode = String(node.sub_code ?? code)
  const message = String(node.sub_msg ?? node.msg ?? '')
  const later = LATER_CODES.has(code) || subCode === 'ACQ.SYSTEM_ERROR'
  return later ? unknown(subCode, message) : refused(subCode, message)
}

/** 20000: Alipay does not know itself; 40005: called too often. Neither says what happened. */
const LATER_CODES = new Set(['20000', '40005'])

function jsonText(text: string | undefined): string | null {
  return text?.startsWith('"') ? String(JSON.parse(text)) : null
}
