/** What moving an order to another slot costs (B9): pure. */
import type { Fen } from '@jiyue/contract/money'
import type { Quote } from '@jiyue/contract/pricing'
import type { Rules } from '@jiyue/contract/rules'
import { cancelling, paidOf } from './cancel.ts'
import type { Kept } from './kept.ts'

export interface Moving {
  /** By the rule of cancelling, counted to the old slot: else late movers would cancel for free. */
  feeFen: Fen
  /** New price less the old one. */
  differenceFen: Fen
  /** To pay before it happens. */
  dueFen: Fen
  /** Given back when it happens. */
  refundFen: Fen
}

/**
 * Guarantee: with K fen here, of which F are fees earned before, and a price of P, K = P + F before
 * means K' = P' + F' after; also where the merchant gave some back by hand, but then never more goes
 * back than is here. Null once the old slot has begun.
 */
export function moving(
  kept: Pick<Kept, 'keptFen' | 'feesFen' | 'byHandFen'>,
  { from, to }: { from: Quote; to: Quote },
  startsAt: Date,
  rules: Pick<Rules, 'cancelFreeHours' | 'cancelFeePercent'>,
  now: Date,
): Moving | null {
  const paid = paidOf(kept, { quote: from })
  const late = cancelling(paid, startsAt, rules, now)
  if (!late) return null
  const { feeFen } = late
  const differenceFen = to.payableFen - from.payableFen
  const netFen = differenceFen + feeFen
  return {
    feeFen,
    differenceFen,
    dueFen: Math.max(0, netFen),
    refundFen: Math.max(0, Math.min(-netFen, paid.paidFen - feeFen)),
  }
}
