/** Why a button is off, in words made from the contract's table alone. */
import {
  can,
  type OrderEvent,
  type OrderState,
  orderStates,
  orderStateWords,
} from '@jiyue/contract/order'
import {
  may,
  type Right,
  type Role,
  rightWords,
  roles,
  roleWords,
  whyMayNot,
} from '@jiyue/contract/people'

/** Null when `event` is allowed in `state`; else the sentence why `verb` (核销) is off. */
export function whyNot(state: OrderState, event: OrderEvent, verb: string): string | null {
  if (can(state, event)) return null
  const allowed = orderStates.filter((other) => can(other, event))
  const names = allowed.map((other) => `「${orderStateWords[other]}」`).join('、')
  return `仅${names}的订单可以${verb}，此订单${orderStateWords[state]}`
}

/**
 * Null when `role` may do what asks for `right`; else the sentence why not, and who may, or what to
 * do first. `proven`: they signed in with a second step.
 */
export function whyNoRight(role: string, right: Right, proven = true): string | null {
  const no = whyMayNot({ role, proven }, right)
  if (no === null) return null
  if (no === 'second_needed') return `${rightWords[right]}需要两步验证，请先在「我的账号」开启`
  const who = roles.filter((other) => may(other, right)).map((other) => roleWords[other])
  const own = roleWords[role as Role] ?? role
  const them = [who.slice(0, -1).join('、'), who.at(-1)].filter(Boolean).join('或')
  return `${own}账号不能${rightWords[right]}，请由${them}操作`
}
