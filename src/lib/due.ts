/**
 * What a payment page is about: an order, or the difference of its move to another slot (B9). Pure:
 * from what was read, whether money may still come, or how it ended.
 */
import type { Fen } from '@jiyue/contract/money'
import type { Order } from '@jiyue/contract/schema/wire'
import { isTooLate, stepOf } from '../flow.ts'

export type OpenMove = NonNullable<Order['openMove']>

export interface Due {
  amountFen: Fen
  /** End of its clock (ISO); null where none runs. */
  until: string | null
  /**
   * `late`: its time is over, but money that is on its way may still arrive. `unknown`: a move this
   * phone never saw open; the order itself tells what became of it.
   */
  state: 'open' | 'late' | 'paid' | 'over' | 'unknown'
  /** The move, while it is known. */
  move: OpenMove | null
}

/** The order itself. */
export function orderDue(order: Order, now: number): Due {
  const { state } = stepOf(order, now)
  const due = { amountFen: order.quote.payableFen, until: order.payUntil, move: null }
  if (state === 'confirmed' || state === 'completed') return { ...due, state: 'paid' }
  if (state === 'cancelled') return { ...due, state: 'over' }
  return { ...due, state: isTooLate(order, now) ? 'late' : 'open' }
}

/**
 * The move `moveId` of the order. `known` is the move as it was read while it was open: when it is
 * open no more, the order's slot tells whether it happened.
 */
export function moveDue(order: Order, moveId: string, known: OpenMove | null, now: number): Due {
  const open = order.openMove?.id === moveId ? order.openMove : null
  const move = open ?? known
  const due = { amountFen: move?.dueFen ?? 0, until: move?.expiresAt ?? null, move }
  if (open) return { ...due, state: Date.parse(open.expiresAt) <= now ? 'late' : 'open' }
  if (!move) return { ...due, state: 'unknown' }
  // Out of sight once its time is over, though its money may still be on its way.
  if (order.slot.id !== move.slot.id && Date.parse(move.expiresAt) <= now) {
    return { ...due, state: hasGoneBack(order) ? 'over' : 'late' }
  }
  return { ...due, state: order.slot.id === move.slot.id ? 'paid' : 'over' }
}

/** Money of a move that did not happen is on its way back. */
function hasGoneBack(order: Order): boolean {
  return order.refunds.some((one) => one.reason === 'move_failed')
}
