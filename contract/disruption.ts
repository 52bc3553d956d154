/**
 * The disruption desk 紧急通知 (M9 X5): slots that fall through, and what their people may choose. An
 * answer is the order's own move or cancel, so what became of an affected order is read from it.
 */
import { price } from './money.ts'
import type { OrderState } from './order.ts'
import { clockText, monthDayText } from './time.ts'

/** Slots of one act, and slots that it offers instead, at the most. */
export const disruptionMost = { slots: 100, choices: 30 }

/** What silence means, decided in the act and shown to its people. */
export const fallbacks = {
  refund: '截止后自动全额退款',
  keep: '保留到时段开始，届时自动全额退款',
} as const
export type Fallback = keyof typeof fallbacks

/** What became of an affected order. */
export const disruptionAnswers = {
  waiting: '未答复',
  moved: '已改期',
  refunded: '已退款',
  by_rule: '到期自动退款',
  unpaid: '未缴费，正在关闭',
  closed: '未缴费，已关闭',
  attended: '已照常服务',
} as const
export type DisruptionAnswer = keyof typeof disruptionAnswers

/** `state` as time makes it; `inSlot`: the order is still in the slot that falls through. */
export function disruptionAnswerOf(order: {
  state: OrderState
  inSlot: boolean
  wasConfirmed: boolean
  ruled: boolean
}): DisruptionAnswer {
  if (!order.inSlot) return 'moved'
  switch (order.state) {
    case 'confirmed':
      return 'waiting'
    case 'held':
    case 'registered':
      return 'unpaid'
    case 'expired':
      return 'closed'
    case 'cancelled':
      if (!order.wasConfirmed) return 'closed'
      return order.ruled ? 'by_rule' : 'refunded'
    case 'completed':
    case 'missed':
      return 'attended'
  }
}

/** `11月30日 14:00` */
export const momentText = (at: string | number): string => `${monthDayText(at)} ${clockText(at)}`

/** 「11月30日 14:00 前未选择，将自动全额退款」 */
export function fallbackText(of: { fallback: Fallback; deadlineAt: string; refundAt: string }) {
  return of.fallback === 'refund'
    ? `${momentText(of.deadlineAt)} 前未选择，将自动全额退款`
    : `请在 ${momentText(of.deadlineAt)} 前选择；未选择会为您保留，${momentText(of.refundAt)} 仍未选择则自动全额退款`
}

/** Shown before a move away from such a slot, in place of the rule of moves. */
export const disruptedMoveRule = '商家原因变更：改期不收费用；新时段价格不同时多退少补'
/** And in place of the rule of cancelling. */
export const disruptedCancelRule = '商家原因变更：取消不收费用，全额退款'

/** 「补偿优惠券 ¥20，下次报名自动抵扣，12月30日 24:00 前有效」 */
export function couponText({ offFen, until }: { offFen: number; until: string }): string {
  const day = monthDayText(Date.parse(until) - 1)
  return `补偿优惠券 ${price(offFen)}，下次报名自动抵扣，${day} 24:00 前有效`
}
