import { createPublicKey, createSign, type KeyObject, randomBytes } from 'node:crypto'

/**
 * A self-signed X.509 certificate (RFC 5280, sha256WithRSAEncryption), written by hand because Node
 * can read certificates but not make them, and the sandbox should start on a machine without
 * openssl. `serial` is 40 upper-case hex digits, as WeChat Pay names its certificates.
 */
export function selfSign(of: { name: string; privateKey: KeyObject; from: Date; until: Date }): {
  serial: string
  pem: string
} {
  const serial = makeSerial()
  const subject = sequence(set(sequence(COMMON_NAME, tlv(0x0c, Buffer.from(of.name)))))
  const toBeSigned = sequence(
    tlv(0xa0, integer(Buffer.from([2]))), // version 3
    integer(serial),
    SHA256_WITH_RSA,
    subject, // issuer: itself
    sequence(time(of.from), time(of.until)),
    subject,
    createPublicKey(of.privateKey).export({ type: 'spki', format: 'der' }),
  )
  const signature = createSign('RSA-SHA256').update(toBeSigned).sign(of.privateKey)
  const bits = tlv(0x03, Buffer.concat([Buffer.from([0]), signature]))
  const base64 = sequence(toBeSigned, SHA256_WITH_RSA, bits).toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return {
    serial: serial.toString('hex').toUpperCase(),
    pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}

/** 20 bytes whose first one is 0x40–0x7F: positive, and always 40 hex digits. */
function makeSerial(): Buffer {
  const bytes = randomBytes(20)
  bytes[0] = 0x40 | ((bytes[0] as number) & 0x3f)
  return bytes
}

const SHA256_WITH_RSA = sequence(oid('2a864886f70d01010b'), tlv(0x05, Buffer.alloc(0)))
const COMMON_NAME = oid('550403')

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'))
}

function integer(bytes: Buffer): Buffer {
  return tlv(0x02, bytes)
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts))
}

function set(...parts: Buffer[]): Buffer {
  return tlv(0x31, Buffer.concat(parts))
}

/** UTCTime until 2049, GeneralizedTime after it (RFC 5280, 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, '').slice(0, 14)
  return date.getUTCFullYear() < 2050
    ? tlv(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : tlv(0x18, Buffer.from(`${digits}Z`))
}

/** Tag, length, value: the one shape of DER. */
function tlv(tag: number, value: Buffer): Buffer {
  const size = value.length
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), value])
  const hex = size.toString(16)
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, value])
}
