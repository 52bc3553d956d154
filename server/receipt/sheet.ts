/** Everything that is printed on a receipt's PDF: plain values, so that they can go to the worker. */
import type { Fen } from '@jiyue/contract/money'
import { type RefundReason, type RefundState, refundReasons } from '@jiyue/contract/payment'
import type { Receipt } from '@jiyue/contract/receipt'

export interface SheetRefund {
  reason: RefundReason
  state: RefundState
  amountFen: Fen
  at: string
}

export interface Sheet {
  receipt: Receipt
  /** Name people know the merchant by. */
  merchant: string
  /** Refunds of its payment, oldest first, without those a provider closed. */
  refunds: SheetRefund[]
  /** What the QR code leads to, in full. */
  verifyUrl: string
  /** Refunds are as of then, ISO. */
  printedAt: string
}

/** Sum of refunds: given back, or on its way. */
export function refundedOf(refunds: readonly { amountFen: Fen }[]): Fen {
  return refunds.reduce((sum, { amountFen }) => sum + amountFen, 0)
}

/** The stamp across a receipt whose money went back; null when none did. */
export function stampOf({ receipt, refunds }: Pick<Sheet, 'receipt' | 'refunds'>): string | null {
  if (refunds.length === 0) return null
  const isDone = refunds.every(isOver)
  if (refundedOf(refunds) >= receipt.paidFen) return isDone ? '已全额退款' : '全额退款中'
  if (refunds.every(({ reason }) => reason === 'deposit')) return isDone ? '押金已退' : '押金退还中'
  return isDone ? '部分退款' : '部分退款中'
}

/** 「取消预约退款」, 「取消预约退款（退款中）」. */
export function refundLabel({ reason, state }: SheetRefund): string {
  return isOver({ state }) ? refundReasons[reason] : `${refundReasons[reason]}（退款中）`
}

const isOver = ({ state }: Pick<SheetRefund, 'state'>) =>
  state === 'succeeded' || state === 'otherwise'
