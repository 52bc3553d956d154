/**
 * What the platforms know this merchant by: ids, keys, addresses. One file, the same shape for the
 * sandbox and for real; going live changes the file and nothing else.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { templateFacts, templateNames } from '@jiyue/contract/reminder'
import { smsTextNames } from '@jiyue/contract/sms'
import { z } from 'zod'

const text = z.string().min(1)
const address = z.url({ protocol: /^https?$/ })
const privateKey = text.refine((pem) => parses(createPrivateKey, pem), 'is not a PEM private key')
const publicKey = text.refine(
  (pem) => parses(createPublicKey, pem) && !pem.includes('PRIVATE KEY'),
  'is not a PEM public key or certificate',
)

/** A registered template: its id, and what each of its keys shows (`thing1` → `service`). */
const template = z.object({ id: text, keys: z.record(text, z.enum(templateFacts)) })
const templates = z.partialRecord(z.enum(templateNames), template).optional()

const wechatPay = z.object({
  baseUrl: address,
  mchid: text,
  /** Serial of the merchant's own API certificate. */
  merchantSerial: z.string().regex(/^[0-9A-Fa-f]{40}$/, 'is not 40 hexadecimal digits'),
  merchantPrivateKey: privateKey,
  apiV3Key: z.string().regex(/^[\x21-\x7e]{32}$/, 'is not 32 ASCII characters'),
  /** WeChat's keys by `Wechatpay-Serial`: public keys, platform certificates, or both. */
  publicKeys: z.record(text, publicKey),
  /** The key WeChat shall sign its answers with; null for a merchant with certificates only. */
  publicKeyId: text.nullable().default(null),
})

const alipay = z.object({
  gateway: address,
  appId: text,
  privateKey,
  alipayPublicKey: publicKey,
  /** 2088…: notices to anyone else are not ours. */
  sellerId: text,
  aesKey: z.base64().refine((key) => Buffer.from(key, 'base64').length === 16, 'is not 16 bytes'),
  templates,
})

/** An account that sends e-mail (SMTP). */
const mail = z.object({
  host: text,
  port: z.int().min(1).max(65_535),
  /** TLS from the first byte (port 465); otherwise STARTTLS. */
  secure: z.boolean(),
  user: text,
  password: text,
  from: text,
})

const sms = z.object({
  baseUrl: address,
  accessKeyId: text,
  accessKeySecret: text,
  signName: text,
  /** Codes of the registered texts (contract/sms.ts); what has none is not sent by SMS. */
  templates: z.partialRecord(z.enum(smsTextNames), text),
})

export const credentials = z
  .object({
    sandbox: z.boolean().default(false),
    wechatPay,
    wechat: z.object({ baseUrl: address, appid: text, secret: text, templates }),
    /** Official account for WeChat's browser; null without one. */
    wechatWeb: z
      .object({
        appid: text,
        secret: text,
        /** The page that WeChat's browser is sent to; only the sandbox has another. */
        authorizeUrl: address.default('https://open.weixin.qq.com/connect/oauth2/authorize'),
      })
      .nullable()
      .default(null),
    alipay,
    sms: sms.nullable().default(null),
    mail: mail.nullable().default(null),
  })
  .refine(({ wechatPay: { publicKeyId, publicKeys } }) => !publicKeyId || publicKeys[publicKeyId], {
    path: ['wechatPay', 'publicKeyId'],
    message: 'is not among wechatPay.publicKeys',
  })

export type Credentials = z.output<typeof credentials>
export type WechatPayCredentials = Credentials['wechatPay']
export type AlipayCredentials = Credentials['alipay']
export type MailCredentials = NonNullable<Credentials['mail']>
export type TemplateCredentials = z.output<typeof template>
export type SmsCredentials = NonNullable<Credentials['sms']>

/** Reads the file. Throws at start-up, naming every wrong place and never showing a value. */
export async function readCredentials(file: string): Promise<Credentials> {
  const content = await readFile(file, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    // The parser's own message quotes the content, and the content is secret.
    throw new Error(`Credentials file ${file} is not JSON`)
  }
  const result = credentials.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`Credentials file ${file} is not complete:\n- ${problems.join('\n- ')}`)
}

/**
 * Why these credentials must not serve real people; `[]` when they may. Production refuses the
 * sandbox and any address on this machine or without TLS: money would look paid and not be.
 */
export function checkCredentials(
  { sandbox, wechatPay, wechat, wechatWeb, alipay, sms, mail }: Credentials,
  { production }: { production: boolean },
): string[] {
  if (!production) return []
  const problems = sandbox ? ['These are the sandbox’s credentials: no real money would move.'] : []
  const addresses = {
    'wechatPay.baseUrl': wechatPay.baseUrl,
    'wechat.baseUrl': wechat.baseUrl,
    ...(wechatWeb && { 'wechatWeb.authorizeUrl': wechatWeb.authorizeUrl }),
    'alipay.gateway': alipay.gateway,
    ...(sms && { 'sms.baseUrl': sms.baseUrl }),
  }
  for (const [name, value] of Object.entries(addresses)) {
    const { protocol, hostname } = new URL(value)
    if (LOCAL.test(hostname)) problems.push(`${name} points at this machine (${hostname}).`)
    else if (protocol !== 'https:') problems.push(`${name} is not https.`)
  }
  // Without TLS from the first byte STARTTLS is asked for, so the host is what is left to check.
  if (mail && LOCAL.test(mail.host)) problems.push(`mail.host is this machine (${mail.host}).`)
  return problems
}

const LOCAL = /^(localhost|.*\.localhost|127\..*|0\.0\.0\.0|\[::1?\]|\[::ffff:7f.*\])$/

function parses(read: (pem: string) => KeyObject, pem: string): boolean {
  try {
    return read(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false // the refinement's own sentence says what is wrong
  }
}
