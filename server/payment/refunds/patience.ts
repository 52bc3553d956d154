/**
 * Refunds: when to ask again, what is waited for, what a person may do (P11). Pure tables, read by the
 * one that follows, by the door and by the console.
 */
import type { MoneyMethod, RefundState } from '@jiyue/contract/payment'
import { minuteMs } from '@jiyue/contract/time'

const hourMs = 60 * minuteMs

/** Minutes until the next turn, by turns so far. Alipay wants ten seconds before the first query. */
const TURNS_MINUTES = [0.5, 1, 1, 2, 5, 10, 30, 60] as const
/** A failed refund waits for a person, who may also settle it at the provider: looked after slowly. */
const FAILED_HOURS = 6
/** Hours before a closed refund's follower is asked for, by how many were closed before it. */
const FOLLOWER_HOURS = [0, 0, 1, 6, 24] as const
/** So many closed refunds in a row are no accident: a person is called. */
export const CALL_AFTER = 3
/** A hint (a notice that does not say how much) is followed by a query after this time. */
const HINT_MS = 10_000

/** When a refund is due again after `tries` turns. */
export function nextRefundTry(refund: { state: RefundState }, tries: number, now: Date): Date {
  if (refund.state === 'failed') return new Date(now.getTime() + FAILED_HOURS * hourMs)
  return new Date(now.getTime() + at(TURNS_MINUTES, tries - 1) * minuteMs)
}

/** When the refund that follows `closed` closed ones is due. */
export function followerDue(closed: number, now: Date): Date {
  return new Date(now.getTime() + at(FOLLOWER_HOURS, closed) * hourMs)
}

/** When to ask after a hint, for a refund that was due at `due` anyhow. */
export function hintedDue(due: Date | null, now: Date): Date {
  const soon = now.getTime() + HINT_MS
  return new Date(Math.min(soon, due?.getTime() ?? soon))
}

/**
 * Refusals that say nothing final about the refund: no money at the merchant yet, an order WeChat
 * does not find (repeat unchanged, facts 1.9), a signature that is our own fault. All else is final.
 */
const PATIENT: ReadonlySet<string> = new Set([
  'NOT_ENOUGH',
  'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  'RESOURCE_NOT_EXISTS',
  'SIGN_ERROR',
])

/** True when a refused refund is asked for again by itself, for ever. */
export function isPatient(code: string): boolean {
  return PATIENT.has(code)
}

export type RefundWay = 'again' | 'merchant_account' | 'otherwise'

/**
 * What a person may do with a refund now. `again`: ask at once, under the same number.
 * `merchant_account`: WeChat cannot reach the payer's account (ABNORMAL); it pays the merchant, who
 * hands the money over otherwise. `otherwise`: a person has paid it back without the provider; not
 * where the provider still holds the money for the payer.
 */
export function waysOf(
  refund: { state: RefundState; failure: string | null },
  method: MoneyMethod | null,
): RefundWay[] {
  if (method === 'offline') return refund.state === 'requested' ? ['otherwise'] : []
  if (refund.failure === null) return []
  if (refund.state === 'requested') return ['again', 'otherwise']
  if (refund.state !== 'failed') return []
  const isHeld = method === 'wechat' && refund.failure === 'ABNORMAL'
  return isHeld ? ['merchant_account'] : ['again', 'otherwise']
}

function at(list: readonly number[], index: number): number {
  return list[Math.max(0, Math.min(index, list.length - 1))] ?? 0
}
