/**
 * Which page an order belongs on, and what the one button says that leads there. Pure; every state
 * has its row, so a page never decides by itself where people go.
 */
import { type OrderState, orderStateWords, stateAt } from '@jiyue/contract/order'
import { type RefundState, refundStateWords } from '@jiyue/contract/payment'

/** The page that takes an order on from where it is. */
export type Step = 'registration' | 'payment' | 'booking' | 'order'

/** How the tag of a state looks. */
export type Tone = 'busy' | 'good' | 'quiet'

interface Row {
  step: Step
  /** The words on the button; null where nothing is left to do. */
  button: string | null
  tone: Tone
}

const rows: Record<OrderState, Row> = {
  held: { step: 'registration', button: '继续报名', tone: 'busy' },
  registered: { step: 'payment', button: '去缴费', tone: 'busy' },
  confirmed: { step: 'order', button: null, tone: 'good' },
  completed: { step: 'booking', button: '再次预约', tone: 'quiet' },
  missed: { step: 'booking', button: '再次预约', tone: 'quiet' },
  cancelled: { step: 'booking', button: '重新预约', tone: 'quiet' },
  // The answers are kept: the picker hands them to the new order.
  expired: { step: 'booking', button: '重新选择时段', tone: 'quiet' },
}

export interface Going {
  state: OrderState
  heldUntil: string | null
}

/** The row of an order as time makes its state; `now` in ms on the server's clock. */
export function stepOf(order: Going, now: number): Row & { state: OrderState } {
  const state = stateAt(order, now)
  return { ...rows[state], state }
}

/** True while the person still has something to do before the order stands. */
export function isOpen(order: Going, now: number): boolean {
  const state = stateAt(order, now)
  return state === 'held' || state === 'registered'
}

/** The end of the clock that runs now (ISO), or null: the hold's, then the payment's. */
export function clockOf(order: Going & { payUntil: string | null }): string | null {
  if (order.state === 'held') return order.heldUntil
  return order.state === 'registered' ? (order.payUntil ?? order.heldUntil) : null
}

/** True from the second on at which the running clock is over: no page may take money after it. */
export function isTooLate(order: Going & { payUntil: string | null }, now: number): boolean {
  const until = clockOf(order)
  return stepOf(order, now).state === 'expired' || (until !== null && Date.parse(until) <= now)
}

/** The word on the tag, from the order and its refunds together: the one that is not done yet. */
export function tagOf(
  order: Going & { refunds?: readonly { state: RefundState }[] },
  now: number,
): { word: string; tone: Tone; state: OrderState } {
  const { state, tone } = stepOf(order, now)
  const isOver = state === 'cancelled' || state === 'expired'
  const word = isOver ? refundWord(order.refunds ?? []) : null
  return { word: word ?? orderStateWords[state], tone, state }
}

/** Where the money is that goes back; null when none does. A closed refund has a successor. */
function refundWord(refunds: readonly { state: RefundState }[]): string | null {
  const has = (state: RefundState) => refunds.some((one) => one.state === state)
  if (has('failed')) return '退款处理中'
  if (has('requested')) return refundStateWords.requested
  if (has('succeeded') || has('otherwise')) return refundStateWords.succeeded
  return has('closed') ? refundStateWords.requested : null
}
