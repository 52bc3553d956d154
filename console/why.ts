/** Why a button is off, in words made from the contract's table alone. */
import {
  can,
  type OrderEvent,
  type OrderState,
  orderStates,
  orderStateWords,
} from '@jiyue/contract/order'
import { may, type Right, type Role, roles, roleWords } from '@jiyue/contract/people'

/** Null when `event` is allowed in `state`; else the sentence why `verb` (核销) is off. */
export function whyNot(state: OrderState, event: OrderEvent, verb: string): string | null {
  if (can(state, event)) return null
  const allowed = orderStates.filter((other) => can(other, event))
  const names = allowed.map((other) => `「${orderStateWords[other]}」`).join('、')
  return `仅${names}的订单可以${verb}，此订单${orderStateWords[state]}`
}

const rightWords: Record<Right, string> = {
  money: '处理款项',
  audit: '处理核对异常',
  check_in: '核销',
  forms: '修改报名表',
  settings: '修改排班与资源',
  export: '导出报名',
}

/** Null when `role` may do what asks for `right`; else the sentence why not, and who may. */
export function whyNoRight(role: string, right: Right): string | null {
  if (may(role, right)) return null
  const who = roles.filter((other) => may(other, right)).map((other) => roleWords[other])
  const own = roleWords[role as Role] ?? role
  const them = [who.slice(0, -1).join('、'), who.at(-1)].filter(Boolean).join('或')
  return `${own}账号不能${rightWords[right]}，请由${them}操作`
}
