/** Alipay's notices: a signed form, verified before a word of it is believed. */
import { noticeTexts } from '../../../platforms/alipaySignature.ts'
import { parseTime } from '../../../platforms/chinaTime.ts'
import type { AlipayCredentials } from '../../../platforms/credentials.ts'
import type { Notice, RefundFact } from '../gateway.ts'
import { tradeFact } from './facts.ts'

/**
 * Refuses with `sign_missing`, `bad_signature`, `wrong_merchant`, `other_event` or `malformed`.
 * Values are decoded once (the SDK's older check decodes them twice and fails on a `%`). A repeat
 * hours later is as good as the first: Alipay sets no time limit.
 */
export function readAlipayNotice(
  alipay: Pick<AlipayCredentials, 'appId' | 'sellerId'>,
  signed: (text: string, signature: string) => boolean,
  rawBody: Buffer,
): Notice {
  const form = new URLSearchParams(rawBody.toString('utf8'))
  const params = new Map(form)
  // A name given twice would be verified as one value and could be read as the other.
  if (params.size !== form.size) return { ok: false, reason: 'malformed' }
  const signature = params.get('sign')
  if (!signature || params.get('sign_type') !== 'RSA2') return { ok: false, reason: 'sign_missing' }
  if (!noticeTexts(params).some((text) => signed(text, signature))) {
    return { ok: false, reason: 'bad_signature' }
  }
  const { appId, sellerId } = alipay
  if (params.get('app_id') !== appId || params.get('seller_id') !== sellerId) {
    return { ok: false, reason: 'wrong_merchant' }
  }
  if (params.get('notify_type') !== 'trade_status_sync') return { ok: false, reason: 'other_event' }
  const reference = `notice ${params.get('notify_id')}`
  const refund = refundHint(params, reference)
  if (refund) return { ok: true, fact: refund }
  const fact = tradeFact(Object.fromEntries(params), reference)
  return fact.ok ? { ok: true, fact: fact.value } : { ok: false, reason: fact.code }
}

/**
 * A notice about a refund names it, but its `refund_fee` is the sum of all refunds so far: how much
 * this one gave back only the refund query says. So it is no more than a hint to ask.
 */
function refundHint(params: Map<string, string>, reference: string): RefundFact | null {
  const refundNo = params.get('out_biz_no')
  const tradeNo = params.get('out_trade_no')
  if (!refundNo || !tradeNo || !params.has('gmt_refund')) return null
  return {
    kind: 'refund',
    method: 'alipay',
    refundNo,
    tradeNo,
    state: 'processing',
    amountFen: 0,
    refundedAt: parseTime(params.get('gmt_refund')),
    reference,
  }
}
