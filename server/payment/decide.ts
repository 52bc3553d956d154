/**
 * What a fact about a trade means (P10): pure, a table to read top to bottom. Money that arrives is
 * taken as a fact first; only then is decided whether it has a seat or goes back.
 */
import type { Fen } from '@jiyue/contract/money'
import type { OrderState } from '@jiyue/contract/order'
import type { PaymentState, RefundReason } from '@jiyue/contract/payment'

export interface TradeHeard {
  state: 'unpaid' | 'paid' | 'closed' | 'missing'
  amountFen: Fen
  /** What our payment was when we asked, where that was not now. */
  askedIn?: PaymentState | undefined
}

export interface PaymentKnown {
  state: PaymentState
  amountFen: Fen
}

/** The move that a payment is for; `lapsed`: the money came after its time. */
export interface MoveKnown {
  state: 'open' | 'done' | 'void'
  lapsed: boolean
}

/**
 * `confirm`: take the money and try to confirm the order; when that fails it goes back, `slot_gone`.
 * `move`: take the money and try to move the order; when that fails it goes back, `move_failed`.
 * `refund`: take the money and give all of it back for the reason. `close`: nobody can pay any more.
 * `wait`, `known`: nothing to do.
 */
export type Decision =
  | { do: 'confirm' }
  | { do: 'move' }
  | { do: 'refund'; reason: RefundReason }
  | { do: 'close' }
  | { do: 'wait' }
  | { do: 'known' }

export function decide(
  heard: TradeHeard,
  payment: PaymentKnown,
  order: OrderState,
  move: MoveKnown | null = null,
): Decision {
  if (heard.state === 'unpaid' || heard.state === 'missing') return { do: 'wait' }
  if (heard.state === 'closed') {
    // Opened since: the word is from when there was nothing to close.
    if (heard.askedIn === 'created' && payment.state === 'pending') return { do: 'wait' }
    const open = payment.state === 'created' || payment.state === 'pending'
    return open ? { do: 'close' } : { do: 'known' }
  }
  if (payment.state === 'succeeded') return { do: 'known' }
  // A bill may list a trade at 0.00: nothing came, nothing can go back. What is listed so, and what is
  // not paid here, is a difference for a person.
  if (heard.amountFen === 0) return { do: 'wait' }
  if (heard.amountFen !== payment.amountFen) return { do: 'refund', reason: 'wrong_amount' }
  if (move) return paidForMove[move.state === 'open' && move.lapsed ? 'void' : move.state]
  return paidFor[order]
}

/** Money of the right amount arrives while the order is … */
const paidFor: Record<OrderState, Decision> = {
  held: { do: 'refund', reason: 'slot_gone' },
  registered: { do: 'confirm' },
  expired: { do: 'confirm' },
  confirmed: { do: 'refund', reason: 'paid_twice' },
  completed: { do: 'refund', reason: 'paid_twice' },
  missed: { do: 'refund', reason: 'paid_twice' },
  cancelled: { do: 'refund', reason: 'slot_gone' },
}

/** Money of the right amount arrives for a move that is … */
const paidForMove: Record<MoveKnown['state'], Decision> = {
  open: { do: 'move' },
  done: { do: 'refund', reason: 'paid_twice' },
  void: { do: 'refund', reason: 'move_failed' },
}
