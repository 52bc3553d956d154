import { randomBytes, randomInt } from 'node:crypto'

/** `count` random decimal digits. */
export function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('')
}

/** `length` random characters of 0-9A-Z: the platforms' nonces. */
export function nonce(length: number): string {
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('')
}
