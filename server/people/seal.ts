/**
 * Seals personal data at rest (X11): AES-256-GCM, and a blind index (HMAC-SHA-256) under a key of its
 * own, so that equal phones and ID numbers can be found without being readable.
 *
 * Keys rotate: the newest seals, all open. What an old key sealed is sealed anew by a sweep
 * (privacy/reseal.ts); then the old key may go, but for the first one, whose index stays.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto'

export interface Seal {
  /** Any JSON value → `v1:…`, or `v2:<key>:…` under a newer key; different each time. */
  seal(value: unknown): string
  /** The value back. Throws when it was changed or sealed under another key. */
  open(sealed: string): unknown
  /** The same for the same text and purpose, and nothing else: 43 characters. */
  index(purpose: string, text: string): string
  /** How everything begins that the newest key sealed. */
  newest: string
}

interface Key {
  prefix: string
  bytes: Buffer
}

/** `first`: 32 bytes; `newer`: keys it was followed by, the newest first. */
export function createSeal(first: Buffer, newer: readonly Buffer[] = []): Seal {
  const keys: Key[] = [
    ...newer.map((key) => ({ prefix: `v2:${nameOf(key)}:`, bytes: derive(key, 'seal') })),
    { prefix: 'v1:', bytes: derive(first, 'seal') },
  ]
  const sealing = keys[0] as Key
  const indexing = derive(first, 'index')
  return {
    newest: sealing.prefix,
    seal(value) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealing.bytes, nonce)
      const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
      const bytes = Buffer.concat([nonce, cipher.getAuthTag(), text])
      return sealing.prefix + bytes.toString('base64url')
    },
    open(sealed) {
      const key = keys.find(({ prefix }) => sealed.startsWith(prefix))
      if (!key) throw new Error('unknown seal')
      const bytes = Buffer.from(sealed.slice(key.prefix.length), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
      return JSON.parse(text.toString('utf8'))
    },
    index: (purpose, text) =>
      createHmac('sha256', indexing).update(`${purpose}\n${text}`).digest('base64url'),
  }
}

/** A key's name tells nothing of it: the hash of what is derived for nothing else. */
function nameOf(key: Buffer): string {
  return createHash('sha256').update(derive(key, 'name')).digest('hex').slice(0, 8)
}

function derive(key: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `jiyue ${use}`, 32))
}
