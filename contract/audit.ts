/** The auditor 核对 (X1): what it can find, in words, and the rounds it makes. */
import type { Fen } from './money.ts'

/** About a slot's seats: its sale stops with the finding. */
export const seatKinds = ['seats', 'oversold', 'staff_twice', 'room_twice'] as const

/** Each with its words and what a person does about it. */
export const findingKinds = {
  seats: {
    zh: '名额计数与订单不符',
    action: '已停止售卖。核对该时段的订单后「按订单重算」，再恢复售卖',
  },
  oversold: {
    zh: '订单人数超过名额',
    action: '已停止售卖。调大名额或与客户协商改期，一致后恢复售卖',
  },
  staff_twice: {
    zh: '同一服务人员被重复预约',
    action: '已停止售卖。与其中一方客户协商改期，一致后恢复售卖',
  },
  room_twice: {
    zh: '同一场地被重复预约',
    action: '已停止售卖。与其中一方客户协商改期，一致后恢复售卖',
  },
  money_kept: {
    zh: '订单留存金额与状态不符',
    action: '在订单中查看款项凭据；多收的发起退款，少收的联系客户或支付平台',
  },
  payment_without_fact: {
    zh: '支付已成功，却没有收款凭据',
    action: '到商户平台按交易号核对是否真的到账',
  },
  fact_without_payment: {
    zh: '有收款凭据，支付却未成功',
    action: '到商户平台按交易号核对，款项到账而无订单时原路退回',
  },
  refund_beyond_payment: {
    zh: '退款超过实收金额',
    action: '立即到商户平台核对退款，必要时联系支付平台',
  },
  order_state: {
    zh: '订单状态与历史不符',
    action: '在订单中查看历史，确认真实状态后联系技术支持',
  },
  payment_state: {
    zh: '支付状态与凭据不符',
    action: '在订单中查看款项凭据，到商户平台核对交易状态',
  },
  refund_state: {
    zh: '退款状态与凭据不符',
    action: '在订单中查看款项凭据，到商户平台核对退款状态',
  },
} as const satisfies Record<string, { zh: string; action: string }>
export type FindingKind = keyof typeof findingKinds

/**
 * One side of a finding, in the unit its kind has: seats; fen kept, paid or given back, up to
 * `mostFen` where a range is right; a state; another slot that has the same person or room.
 */
export interface FindingSide {
  seats?: number | undefined
  fen?: Fen | undefined
  mostFen?: Fen | undefined
  state?: string | undefined
  slotId?: string | undefined
}

/** slots: all that can still be sold. orders, history: everything there is, slowly. */
export const auditRounds = {
  slots: '可售时段的名额',
  orders: '全部订单的款项与状态',
  history: '全部时段的名额（含已结束）',
} as const
export type AuditRound = keyof typeof auditRounds
