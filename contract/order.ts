/**
 * The order's states and what may happen in each: one table read by the server (which writes states
 * only through it), by the phone and by the console (which draw their buttons from it).
 * The database holds the same table (`order_moves`); a test compares the two.
 */

export const orderStates = [
  'held',
  'registered',
  'confirmed',
  'completed',
  'missed',
  'cancelled',
  'expired',
] as const
export type OrderState = (typeof orderStates)[number]

export const orderEvents = [
  'register',
  'confirm',
  'complete',
  'miss',
  'correct',
  'move',
  'cancel',
  'expire',
] as const
export type OrderEvent = (typeof orderEvents)[number]

/** state × event → next state. An absent cell is refused with `order_state`. */
export const orderMoves: Record<OrderState, Partial<Record<OrderEvent, OrderState>>> = {
  held: { register: 'registered', cancel: 'cancelled', expire: 'expired' },
  registered: { confirm: 'confirmed', cancel: 'cancelled', expire: 'expired' },
  // Moving changes the slot, never the state: move_order in SQL, not order_apply.
  confirmed: { complete: 'completed', miss: 'missed', move: 'confirmed', cancel: 'cancelled' },
  // By hand: who came was marked absent, or the other way round (M7).
  completed: { correct: 'missed' },
  missed: { correct: 'completed' },
  cancelled: {},
  // Late money: only if a seat is left, else the money goes back.
  expired: { confirm: 'confirmed' },
}

/** How long an order in a state takes its seats. */
export const takesSeat: Record<OrderState, 'until_held_until' | 'always' | 'never'> = {
  held: 'until_held_until',
  registered: 'until_held_until',
  confirmed: 'always',
  completed: 'always',
  missed: 'always',
  cancelled: 'never',
  expired: 'never',
}

export const orderStateWords: Record<OrderState, string> = {
  held: '已锁定',
  registered: '待缴费',
  confirmed: '已预约',
  completed: '已完成',
  missed: '已爽约',
  cancelled: '已取消',
  expired: '已过期',
}

/** True when `event` is allowed in `state`. */
export function can(state: OrderState, event: OrderEvent): boolean {
  return orderMoves[state][event] !== undefined
}

/**
 * The state as time makes it: a hold past its `heldUntil` is expired at that second, whether or not
 * a job has tidied the row yet. `now` in ms.
 */
export function stateAt(
  order: { state: OrderState; heldUntil: string | null },
  now: number,
): OrderState {
  const lapses = takesSeat[order.state] === 'until_held_until'
  return lapses && order.heldUntil !== null && Date.parse(order.heldUntil) <= now
    ? 'expired'
    : order.state
}
