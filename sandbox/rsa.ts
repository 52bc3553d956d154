import { createSign, createVerify, type KeyLike } from 'node:crypto'

/** RSASSA-PKCS1-v1_5 with SHA-256 in base64: WeChat Pay's and Alipay's RSA2 signature alike. */
export function sign(text: string | Buffer, privateKey: KeyLike): string {
  return createSign('RSA-SHA256').update(text).sign(privateKey, 'base64')
}

/** Whether `signature` is this key's signature of `text`. A malformed one is simply not. */
export function verify(text: string | Buffer, signature: string, publicKey: KeyLike): boolean {
  return createVerify('RSA-SHA256').update(text).verify(publicKey, signature, 'base64')
}
