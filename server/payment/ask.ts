/** Asking providers (P10): what is the state of this trade? On a schedule, and when a phone wonders. */
import { hasGateway } from '@jiyue/contract/payment'
import { minuteMs } from '@jiyue/contract/time'
import { LRUCache } from 'lru-cache'
import type { Parts } from '../parts.ts'
import { type SettleVerdict, settle } from './settle.ts'
import type { PaymentRow } from './view.ts'

/** Minutes after opening at which the provider is asked; from then on every five (P10: within ten). */
const SCHEDULE_MINUTES = [5 / 60, 0.5, 1, 3, 5] as const
const EVERY_MINUTES = 5

/**
 * When to ask next, after `asks` times: by the schedule, but at the payment's end at the latest, so
 * that the trade is closed before its seat is free; afterwards each minute until it is closed.
 */
export function nextAsk(
  payment: { created_at: Date; expires_at: Date },
  asks: number,
  now: Date,
): Date {
  const end = payment.expires_at.getTime()
  if (now.getTime() >= end) return new Date(now.getTime() + minuteMs)
  const after = SCHEDULE_MINUTES[asks] ?? EVERY_MINUTES * (asks - SCHEDULE_MINUTES.length + 2)
  const due = payment.created_at.getTime() + after * minuteMs
  return new Date(Math.min(end, Math.max(due, now.getTime() + 5_000)))
}

/**
 * Asks about one payment; closes the trade when its time is over. `returnQuery`: asked because the
 * person came back from the cashier with it; it is noted with the answer and proves nothing.
 */
export async function ask(
  parts: Parts,
  payment: PaymentRow,
  returnQuery?: string,
): Promise<SettleVerdict | 'unknown'> {
  if (!hasGateway(payment.method)) return 'known'
  const now = parts.now()
  const gateway = parts.gateways[payment.method]
  const answer = await gateway.query(payment.trade_no, now)
  if (!answer.ok) {
    parts.log.warn(
      { payment: payment.id, code: answer.code },
      'provider did not answer about a payment',
    )
    return 'unknown'
  }
  const { state } = answer.value
  const over = now >= payment.expires_at && (state === 'unpaid' || state === 'missing')
  // Opened at the provider only after we had closed it: close the door again, now that there is one.
  const reopened = payment.state === 'closed' && state === 'unpaid'
  if (over || reopened) return closeTrade(parts, payment)
  if (returnQuery === undefined) return settle(parts, answer.value, 'query')
  return settle(parts, { ...answer.value, reference: noted(returnQuery) }, 'return')
}

/** Milliseconds between two questions that a phone causes, by how many there were: the last repeats. */
const PATIENCE_MS = [0, 800, 800, 1_800, 2_800, 4_500]
const asked = new LRUCache<string, { at: number; times: number }>({ max: 10_000 })

/**
 * Asks because a phone wants to know, but not at every tap: providers limit all of a merchant's
 * questions together, and one impatient person must not use them up. In between the books answer.
 */
export async function askSparingly(
  parts: Parts,
  payment: PaymentRow,
  returnQuery?: string,
): Promise<void> {
  const now = parts.now().getTime()
  const { at, times } = asked.get(payment.id) ?? { at: 0, times: 0 }
  const wait = PATIENCE_MS[Math.min(times, PATIENCE_MS.length - 1)] ?? 0
  if (Math.abs(now - at) < wait) return
  asked.set(payment.id, { at: now, times: times + 1 })
  await ask(parts, payment, returnQuery)
}

/** A cashier's query as the evidence keeps it: without the signature, which is most of its length. */
function noted(query: string): string {
  const fields = new URLSearchParams(query)
  for (const name of ['sign', 'sign_type']) fields.delete(name)
  return fields.toString().slice(0, 500)
}

/**
 * Closes a trade at the provider. `closed`: nobody can pay it any more. Money that came first is
 * settled and wins. `unknown`: the provider did not say; ask again later.
 */
export async function closeTrade(
  parts: Parts,
  payment: PaymentRow,
): Promise<SettleVerdict | 'unknown'> {
  if (!hasGateway(payment.method)) return 'known'
  const gateway = parts.gateways[payment.method]
  const now = parts.now()
  const answer = await gateway.close(payment.trade_no, now)
  if (!answer.ok) return 'unknown'
  if (answer.value === 'paid') {
    const truth = await gateway.query(payment.trade_no, now)
    return truth.ok ? settle(parts, truth.value, 'query') : 'unknown'
  }
  const fact = {
    kind: 'trade' as const,
    method: payment.method,
    tradeNo: payment.trade_no,
    state: 'closed' as const,
    amountFen: 0,
    askedAt: now,
    askedIn: payment.state,
  }
  const verdict = await settle(parts, fact, 'close')
  // It was opened meanwhile: now there is a trade to close.
  return verdict === 'waiting' ? closeTrade(parts, { ...payment, state: 'pending' }) : verdict
}
