/** Why a button is off, in words made from the contract's table alone. */
import {
  can,
  type OrderEvent,
  type OrderState,
  orderStates,
  orderStateWords,
} from '@jiyue/contract/order'

/** Null when `event` is allowed in `state`; else the sentence why `verb` (核销) is off. */
export function whyNot(state: OrderState, event: OrderEvent, verb: string): string | null {
  if (can(state, event)) return null
  const allowed = orderStates.filter((other) => can(other, event))
  const names = allowed.map((other) => `「${orderStateWords[other]}」`).join('、')
  return `仅${names}的订单可以${verb}，此订单${orderStateWords[state]}`
}
