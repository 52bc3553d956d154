/**
 * Seals personal data at rest (X11): AES-256-GCM under one key, and a blind index (HMAC-SHA-256)
 * under another, so that equal phones and ID numbers can be found without being readable.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

export interface Seal {
  /** Any JSON value → `v1:…`, different each time. */
  seal(value: unknown): string
  /** The value back. Throws when it was changed or sealed under another key. */
  open(sealed: string): unknown
  /** The same for the same text and purpose, and nothing else: 43 characters. */
  index(purpose: string, text: string): string
}

const VERSION = 'v1:'

/** `key`: 32 bytes. */
export function createSeal(key: Buffer): Seal {
  const sealing = derive(key, 'seal')
  const indexing = derive(key, 'index')
  return {
    seal(value) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce)
      const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
      return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')
    },
    open(sealed) {
      if (!sealed.startsWith(VERSION)) throw new Error('unknown seal')
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
      return JSON.parse(text.toString('utf8'))
    },
    index: (purpose, text) =>
      createHmac('sha256', indexing).update(`${purpose}\n${text}`).digest('base64url'),
  }
}

function derive(key: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `jiyue ${use}`, 32))
}
