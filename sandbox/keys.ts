import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { digits } from './numbers.ts'
import { selfSign } from './x509.ts'

/** Everything secret of one sandbox: its merchant's half and the platforms' half. All PEM PKCS#8/SPKI. */
export type Keys = {
  mchid: string
  merchantSerial: string
  merchantPrivateKey: string
  merchantPublicKey: string
  apiV3Key: string
  /** WeChat Pay's key in public-key mode. */
  wechatKeyId: string
  wechatPrivateKey: string
  wechatPublicKey: string
  /** WeChat Pay's key in certificate mode. */
  platformSerial: string
  platformCertificate: string
  platformPrivateKey: string
  platformPublicKey: string
  mini: { appid: string; secret: string }
  web: { appid: string; secret: string }
  alipayAppId: string
  alipaySellerId: string
  alipayAppPrivateKey: string
  alipayAppPublicKey: string
  alipayPrivateKey: string
  alipayPublicKey: string
  alipayAesKey: string
  sms: { accessKeyId: string; accessKeySecret: string }
  /** Makes people's open ids: the same person has another id in every app, as on the platforms. */
  openIdSeed: string
}

/** Reads the keys of an earlier start, or makes new ones (and keeps them when there is a file). */
export async function loadKeys(file: string | undefined, now: number): Promise<Keys> {
  if (file && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Keys
  const keys = await makeKeys(now)
  if (file) writePrivately(file, keys)
  return keys
}

/** Writes JSON in one step and readable by the owner only. */
export function writePrivately(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

async function makeKeys(now: number): Promise<Keys> {
  const [merchant, wechat, platform, alipayApp, alipay] = (await Promise.all(
    Array.from({ length: 5 }, makePair),
  )) as [Pair, Pair, Pair, Pair, Pair]
  const mchid = `19${digits(8)}`
  const life = { from: new Date(now - 86_400_000), until: new Date(now + 5 * 365 * 86_400_000) }
  const merchantCertificate = selfSign({ name: mchid, privateKey: merchant.key, ...life })
  const certificate = selfSign({ name: 'Jiyue sandbox', privateKey: platform.key, ...life })
  return {
    mchid,
    merchantSerial: merchantCertificate.serial,
    merchantPrivateKey: merchant.privatePem,
    merchantPublicKey: merchant.publicPem,
    apiV3Key: randomBytes(16).toString('hex'),
    wechatKeyId: `PUB_KEY_ID_0${mchid}${digits(20)}`,
    wechatPrivateKey: wechat.privatePem,
    wechatPublicKey: wechat.publicPem,
    platformSerial: certificate.serial,
    platformCertificate: certificate.pem,
    platformPrivateKey: platform.privatePem,
    platformPublicKey: platform.publicPem,
    mini: { appid: `wx${hex(8)}`, secret: hex(16) },
    web: { appid: `wx${hex(8)}`, secret: hex(16) },
    alipayAppId: `2021${digits(12)}`,
    alipaySellerId: `2088${digits(12)}`,
    alipayAppPrivateKey: alipayApp.privatePem,
    alipayAppPublicKey: alipayApp.publicPem,
    alipayPrivateKey: alipay.privatePem,
    alipayPublicKey: alipay.publicPem,
    alipayAesKey: randomBytes(16).toString('base64'),
    sms: {
      accessKeyId: `LTAI5t${hex(9)}`,
      accessKeySecret: hex(15),
    },
    openIdSeed: hex(16),
  }
}

type Pair = { key: KeyObject; privatePem: string; publicPem: string }

const generate = promisify(generateKeyPair)

async function makePair(): Promise<Pair> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2048 })
  return {
    key: privateKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  }
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}
