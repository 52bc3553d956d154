import {
  createCipheriv,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto'
import { HOUR, MINUTE, rfc3339, SECOND } from '../clock.ts'
import type { Dialect, Notice, Wire } from '../notices.ts'
import { nonce } from '../numbers.ts'
import { sign } from '../rsa.ts'
import type { World } from '../world.ts'
import { answerText, type SignatureFault, sealed, signatureHeaders } from './wire.ts'

/** 15 repeats over a day (facts 1.10). */
const RETRIES = [
  ...[15 * SECOND, 15 * SECOND, 30 * SECOND, 3 * MINUTE, 10 * MINUTE, 20 * MINUTE],
  ...[
    30 * MINUTE,
    30 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    3 * HOUR,
    3 * HOUR,
    6 * HOUR,
    6 * HOUR,
  ],
]

const SUMMARIES: Record<string, string> = {
  'TRANSACTION.SUCCESS': '支付成功',
  'REFUND.SUCCESS': '退款成功',
  'REFUND.ABNORMAL': '退款异常',
  'REFUND.CLOSED': '退款关闭',
  'COMPLAINT.CREATE': '产生新投诉',
  'COMPLAINT.STATE_CHANGE': '投诉单状态变化',
}

/** How WeChat Pay writes its notices: encrypted for the merchant and signed. */
export function wechatDialect(world: World): Dialect {
  return {
    call: 'wechat.notice',
    retryMs: RETRIES,
    accepts: (status) => status === 200 || status === 204,
    write(notice, variant) {
      if (variant === 'v2Xml') return oldXml(world, notice)
      const body = bodyOf(world, notice, variant)
      const headers = {
        'Content-Type': 'application/json',
        'User-Agent': 'Mozilla/4.0',
        ...signatureHeaders(world, body, variant as SignatureFault),
      }
      return variant === 'forged' ? forged(headers, body) : { headers, body }
    },
  }
}

function bodyOf(world: World, notice: Notice, variant: string): string {
  const wrong = variant === 'amountMismatch' || variant === 'forged'
  const plain = wrong ? withOtherAmount(notice.content) : notice.content
  const type = TYPES[notice.event.split('.')[0] ?? ''] ?? 'transaction'
  return JSON.stringify({
    id: variant === 'forged' ? randomUUID() : notice.id,
    create_time: rfc3339(world.clock.now()),
    resource_type: 'encrypt-resource',
    event_type: notice.event,
    summary: SUMMARIES[notice.event],
    resource: sealed(plain, world.keys.apiV3Key, type),
  })
}

const TYPES: Record<string, string> = { REFUND: 'refund', COMPLAINT: 'complaint' }

function withOtherAmount(content: string): string {
  const plain = JSON.parse(content) as { amount?: Record<string, unknown> }
  // A complaint's notice tells of no money.
  if (!plain.amount) return content
  const amounts = Object.entries(plain.amount)
  plain.amount = Object.fromEntries(
    amounts.map(([name, value]) => [name, typeof value === 'number' ? value + 1 : value]),
  )
  return JSON.stringify(plain)
}

/** Made when the first forged notice is asked for: making a key takes a while. */
let strangersKey: KeyObject | undefined

/** Everything right but the key: signed by somebody who is not WeChat Pay. */
function forged(headers: Record<string, string>, body: string): Wire {
  strangersKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const { 'Wechatpay-Timestamp': at, 'Wechatpay-Nonce': nonceText } = headers
  const signature = sign(answerText(at as string, nonceText as string, body), strangersKey)
  return { headers: { ...headers, 'Wechatpay-Signature': signature }, body }
}

/**
 * A notice of the old version: XML whose body is encrypted with AES-256-ECB under the MD5 of the
 * merchant's old API key. This merchant uses the same text for both keys.
 */
function oldXml({ keys }: World, notice: Notice): Wire {
  const plain = JSON.parse(notice.content) as Record<string, unknown>
  const { amount, ...rest } = plain as { amount: Record<string, number> }
  const fields = { ...rest, total_fee: amount.total, refund_fee: amount.refund }
  const key = createHash('md5').update(keys.apiV3Key).digest('hex')
  const cipher = createCipheriv('aes-256-ecb', key, null)
  const sealedText = Buffer.concat([cipher.update(xml('root', fields)), cipher.final()])
  const body = xml('xml', {
    return_code: 'SUCCESS',
    appid: keys.mini.appid,
    mch_id: keys.mchid,
    nonce_str: nonce(32),
    req_info: sealedText.toString('base64'),
  })
  return { headers: { 'Content-Type': 'text/xml' }, body }
}

function xml(root: string, fields: Record<string, unknown>): string {
  const given = Object.entries(fields).filter(([, one]) => one !== undefined)
  const lines = given.map(([name, one]) => `<${name}><![CDATA[${one}]]></${name}>`)
  return `<${root}>${lines.join('')}</${root}>`
}
