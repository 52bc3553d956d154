/** How a registration stands with its money, as the merchant's lists show it (M2). */

/** Nothing came; it came; all or a part of it went back or is on its way. */
export const paidStates = ['unpaid', 'paid', 'refunded'] as const
export type PaidState = (typeof paidStates)[number]

export const paidWords: Record<PaidState, string> = {
  unpaid: '未支付',
  paid: '已支付',
  refunded: '有退款',
}

/** By what came and what went back, fen. */
export function paidStateOf(paidFen: number, refundedFen: number): PaidState {
  if (paidFen === 0) return 'unpaid'
  return refundedFen > 0 ? 'refunded' : 'paid'
}
