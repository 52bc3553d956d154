import { sign, verify } from '../rsa.ts'

/** Alipay's form gateway on the wire (facts/PLATFORMS.md 2.1 and 2.3). */
export type Params = Record<string, string>

/** Raw values in ASCII order of their names, joined by `&`; empty ones and `drop` left out. */
export function signedText(params: Params, drop: string[]): string {
  return Object.keys(params)
    .filter((name) => !drop.includes(name) && params[name] !== '')
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&')
}

/** A request signs its sign_type too. */
export function isRequestSigned(params: Params, appPublicKey: string): boolean {
  return verify(signedText(params, ['sign']), params.sign ?? '', appPublicKey)
}

/** Notices and return addresses leave sign and sign_type out of the signed text. */
export function signNotice(params: Params, privateKey: string): Params {
  const text = signedText(params, ['sign', 'sign_type'])
  return { ...params, sign: sign(text, privateKey), sign_type: 'RSA2' }
}

/**
 * A node as the gateway writes it. The signature covers this very text; slashes come escaped, so a
 * client that parses and serialises the node again before it verifies will not match.
 */
export function nodeText(node: object): string {
  return JSON.stringify(node).replaceAll('/', '\\/')
}

/** The answer's body; without `signature` it is a gateway error. */
export function envelope(name: string, node: string, signature?: string): string {
  return signature ? `{"${name}":${node},"sign":"${signature}"}` : `{"${name}":${node}}`
}

/** Yuan text with at most two decimals → fen, or null. */
export function toFen(yuan: unknown): number | null {
  const text = typeof yuan === 'number' ? String(yuan) : yuan
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,8})(\.\d{1,2})?$/.test(text)) return null
  const [whole, part = ''] = text.split('.')
  return Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

/** Fen → yuan text with two decimals. */
export function toYuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
