/**
 * What is signed on Alipay's form gateway, and where in an answer it stands. RSA2 is PKCS#1 v1.5 with
 * SHA-256 and base64. Pure over its inputs.
 */
import { type KeyObject, sign, verify } from 'node:crypto'

/** Raw values in ASCII order of their names; empty ones and `sign` are left out of requests. */
export function requestText(params: Record<string, string>): string {
  return joined(Object.entries(params).filter(([name, value]) => name !== 'sign' && value !== ''))
}

/**
 * Notices leave out sign and sign_type. Alipay's pages disagree on empty values: its own Node and
 * Java SDKs keep them, so that is tried first.
 */
export function noticeTexts(params: Iterable<[string, string]>): [string, string] {
  const signed = [...params].filter(([name]) => name !== 'sign' && name !== 'sign_type')
  return [joined(signed), joined(signed.filter(([, value]) => value !== ''))]
}

export function signText(key: KeyObject, text: string): string {
  return sign('RSA-SHA256', Buffer.from(text), key).toString('base64')
}

export function verifies(key: KeyObject, text: string, signature: string): boolean {
  return verify('RSA-SHA256', Buffer.from(text), key, Buffer.from(signature, 'base64'))
}

/**
 * The members of a JSON object as the very text they came in. An answer's signature is over the text
 * of its node, escapes and blanks included: parsing and writing it again would be another text.
 * Of a repeated name the first counts.
 */
export function membersAsText(raw: string): Map<string, string> {
  const members = new Map<string, string>()
  let depth = 0
  let name: string | null = null
  let start = 0
  for (const { 0: token, index } of raw.matchAll(TOKENS)) {
    if (depth === 1 && name === null && token.startsWith('"')) name = token.slice(1, -1)
    else if (depth === 1 && token === ':') start = index + 1
    else if (depth === 1 && (token === ',' || token === '}')) {
      if (name !== null && !members.has(name)) members.set(name, raw.slice(start, index).trim())
      name = null
    }
    if (token === '{' || token === '[') depth++
    if (token === '}' || token === ']') depth--
  }
  return members
}

/** Strings whole, so that brackets inside them do not count. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

function joined(entries: [string, string][]): string {
  return entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}
