/** What a payment is for: the order, or the difference of an open move (B9); how much, until when. */
import type { Fen } from '@jiyue/contract/money'
import { can, type OrderState, stateAt } from '@jiyue/contract/order'
import type { RefusalCode } from '@jiyue/contract/refusals'
import type { Rules } from '@jiyue/contract/rules'
import { type Refused, refuse } from '../http/refusal.ts'
import type { OrderRow } from '../order/order.ts'
import type { MoveRow } from './moved.ts'

export interface Terms {
  amountFen: Fen
  /** The end of the payment clock; the provider takes no money after it. */
  expiresAt: Date
}

/** `move`: the one it pays for; null for the order itself. */
export function termsOf(
  order: OrderRow,
  move: MoveRow | null,
  rules: Rules,
  now: Date,
): Terms | Refused {
  const terms = move ? moveTerms(order, move) : orderTerms(order, rules, now)
  if ('refused' in terms) return terms
  return terms.expiresAt <= now ? refuse('payment_too_late') : terms
}

function orderTerms(order: OrderRow, { closingSeconds }: Rules, now: Date): Terms | Refused {
  const { held_until, payable_fen } = order
  const heldUntil = held_until?.toISOString() ?? null
  const refused = unpayable[stateAt({ state: order.state, heldUntil }, now.getTime())]
  if (refused) return refuse(refused)
  if (!held_until || payable_fen === null)
    throw new Error(`order ${order.id} is registered without a price`)
  // The seat outlives the payment clock by the closing time.
  const expiresAt = new Date(held_until.getTime() - closingSeconds * 1000)
  return { amountFen: payable_fen, expiresAt }
}

const unpayable: Record<OrderState, RefusalCode | null> = {
  held: 'not_registered',
  registered: null,
  confirmed: 'already_paid',
  completed: 'already_paid',
  missed: 'already_paid',
  cancelled: 'order_state',
  expired: 'hold_expired',
}

function moveTerms({ state }: OrderRow, move: MoveRow): Terms | Refused {
  if (move.state === 'done') return refuse('already_paid')
  if (move.state === 'void' || !can(state, 'move')) return refuse('order_state')
  return { amountFen: move.due_fen, expiresAt: move.expires_at }
}

/** A move outlives its payment clock as a seat does: providers may let a wallet finish a minute later. */
export function moveLapsed(
  { expires_at }: Pick<MoveRow, 'expires_at'>,
  { closingSeconds }: Pick<Rules, 'closingSeconds'>,
  paidAt: Date,
): boolean {
  return paidAt.getTime() > expires_at.getTime() + closingSeconds * 1000
}
