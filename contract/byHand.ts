/**
 * What a person of the merchant may do to an order by hand (M7): one table by event, read by the server
 * before it acts and by the console, which draws every state with the reason why it cannot be reached.
 */
import { can, type OrderState, orderMoves, orderStates, orderStateWords } from './order.ts'
import { dayMs, minuteMs } from './time.ts'

/** Events by hand; cancelling and paying have forms of their own, as they are about money. */
export const handEvents = ['confirm', 'complete', 'miss', 'correct'] as const
export type HandEvent = (typeof handEvents)[number]

/** An order as far as this goes; `state` as time makes it. */
export interface HandOrder {
  state: OrderState
  /** Submitted its registration. */
  registered: boolean
  payableFen: number
  slot: { startsAt: string; endsAt: string }
  /** Its slot falls through (M9). */
  disrupted: boolean
}

export interface HandRules {
  checkInEarlyMinutes: number
  correctDays: number
}

/** `event` leads from the order's state to `to`; null `reason`: it may happen now. */
export interface HandMove {
  to: OrderState
  event: HandEvent | null
  reason: string | null
}

/** Every other state, in the order of the state table, with how it is reached by hand or why not. */
export function handMoves(order: HandOrder, rules: HandRules, now: number): HandMove[] {
  return orderStates
    .filter((to) => to !== order.state)
    .map((to) => {
      const event = handEvents.find((one) => orderMoves[order.state][one] === to) ?? null
      const reason = event ? whyNotNow[event](order, rules, now) : elsewhere(order.state, to)
      return { to, event, reason }
    })
}

/** Why `event` may not happen by hand now; null when it may. */
export function whyNotByHand(
  event: HandEvent,
  order: HandOrder,
  rules: HandRules,
  now: number,
): string | null {
  if (!can(order.state, event)) return `订单${orderStateWords[order.state]}，不能这样修改`
  return whyNotNow[event](order, rules, now)
}

const whyNotNow: Record<
  HandEvent,
  (order: HandOrder, rules: HandRules, now: number) => string | null
> = {
  confirm: ({ payableFen, registered }) => {
    if (!registered) return '客户还没有提交报名'
    return payableFen > 0 ? '收到款项后用「登记收款」，订单随之生效' : null
  },
  complete: ({ slot }, { checkInEarlyMinutes }, now) =>
    now < Date.parse(slot.startsAt) - checkInEarlyMinutes * minuteMs ? '还未到核销时间' : null,
  miss: ({ slot, disrupted }, _, now) => {
    if (disrupted) return '时段已由商家取消，不能记为爽约'
    return now < Date.parse(slot.startsAt) ? '时段还没有开始' : null
  },
  correct: ({ slot }, { correctDays }, now) =>
    now > Date.parse(slot.endsAt) + correctDays * dayMs
      ? `时段结束已超过 ${correctDays} 天，不能再更正`
      : null,
}

/** Why no event by hand leads there. */
function elsewhere(from: OrderState, to: OrderState): string {
  if (to === 'cancelled' && can(from, 'cancel')) return '请用「取消订单」，退款一并处理'
  if (to === 'expired' && can(from, 'expire')) return '到时自动释放；要提前释放请取消订单'
  if (to === 'registered' && can(from, 'register')) return '由客户提交报名'
  return `${orderStateWords[from]}的订单不能改为${orderStateWords[to]}`
}
