/** What news of a refund means (P11): pure. The state table is contract/payment.ts refundMoves. */
import type { Fen } from '@jiyue/contract/money'
import {
  type HeardBy,
  type RefundEvent,
  type RefundState,
  refundMoves,
} from '@jiyue/contract/payment'
import type { RefundFact } from '../gateways/gateway.ts'

/**
 * `known`: nothing new. `amount_differs`: the provider speaks of another amount than ours; nothing
 * it says with it is believed. `unknown_refund`: it names none of ours. `refunded_twice`: it paid what
 * a person has paid back otherwise.
 */
export type RefundVerdict =
  | RefundFact['state']
  | 'known'
  | 'amount_differs'
  | 'unknown_refund'
  | 'refunded_twice'

export interface RefundDecision {
  /** What happens to our refund; null for nothing. */
  event: RefundEvent | null
  verdict: RefundVerdict
}

/** Decides about one piece of news. Another amount fails the refund only when we asked ourselves. */
export function decideRefund(
  heard: Pick<RefundFact, 'state' | 'amountFen'>,
  refund: { state: RefundState; amountFen: Fen },
  heardBy: HeardBy,
): RefundDecision {
  if (refund.state === 'otherwise') {
    return { event: null, verdict: heard.state === 'succeeded' ? 'refunded_twice' : 'known' }
  }
  const allowed = (event: RefundEvent | null) =>
    event && refundMoves[refund.state][event] ? event : null
  if (differs(heard, refund.amountFen)) {
    const event = heardBy === 'notice' ? null : allowed('fail')
    return { event, verdict: 'amount_differs' }
  }
  const meant = eventOf(heard.state, refund.state, heardBy)
  const event = allowed(meant)
  const over = refund.state === 'succeeded' || refund.state === 'closed'
  return { event, verdict: (meant && !event) || over ? 'known' : heard.state }
}

/** 0 is "the provider did not say", which is enough for everything but success. */
function differs({ state, amountFen }: Pick<RefundFact, 'state' | 'amountFen'>, ours: Fen) {
  return amountFen === 0 ? state === 'succeeded' : amountFen !== ours
}

function eventOf(
  heard: RefundFact['state'],
  state: RefundState,
  heardBy: HeardBy,
): RefundEvent | null {
  switch (heard) {
    case 'succeeded':
      return 'succeed'
    case 'failed':
      return 'fail'
    case 'closed':
      return 'close'
    case 'processing':
      // Somebody set it going again at the provider, or our own request for that lost its answer.
      return state === 'failed' && heardBy !== 'notice' ? 'retry' : null
    case 'missing':
      return null
  }
}
