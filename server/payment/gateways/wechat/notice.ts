/** WeChat's notices: verified on the raw bytes, opened, read, and only then believed. */
import { z } from 'zod'
import { jsonObject } from '../../../platforms/exchange.ts'
import type { Notice, NoticeHeaders } from '../gateway.ts'
import type { WechatClient } from './client.ts'
import { refundFact, type Self, tradeFact } from './facts.ts'

export const envelope = z.object({
  id: z.string(),
  event_type: z.string(),
  resource: z.object({
    algorithm: z.string(),
    ciphertext: z.string(),
    nonce: z.string(),
    associated_data: z.string().optional(),
    original_type: z.string().optional(),
  }),
})

/**
 * Refuses with `headers_missing`, `stale`, `unknown_serial`, `bad_signature`, `malformed`,
 * `bad_seal`, `wrong_merchant` or `other_event`. Old-style XML (refunds made in WeChat's console)
 * carries no signature of this kind and ends at the first.
 */
export async function readWechatNotice(
  client: WechatClient,
  self: Self,
  headers: NoticeHeaders,
  rawBody: Buffer,
  now: Date,
): Promise<Notice> {
  const doubt = await client.disbelieve((name) => single(headers, name), rawBody, now)
  if (doubt) return { ok: false, reason: doubt }
  const read = envelope.safeParse(jsonObject(rawBody))
  if (!read.success) return { ok: false, reason: 'malformed' }
  const { id, event_type, resource } = read.data
  const toFact = FACTS[event_type.split('.')[0] ?? '']
  if (!toFact) return { ok: false, reason: 'other_event' }
  const plain = client.open(resource)
  if (plain === null) return { ok: false, reason: 'bad_seal' }
  const fact = toFact(jsonObject(plain), self, `notice ${id}`)
  return fact.ok ? { ok: true, fact: fact.value } : { ok: false, reason: fact.code }
}

const FACTS: Record<string, typeof tradeFact | typeof refundFact> = {
  TRANSACTION: tradeFact,
  REFUND: refundFact,
}

/** A header sent twice has two truths, so none. */
export function single(headers: NoticeHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? undefined : value
}
