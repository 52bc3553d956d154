/**
 * A quote: what an order costs and why, line by line. Computed on the server only
 * (server/booking/price.ts); phones and console show it as it is.
 */
import type { Fen } from './money.ts'

export interface QuoteLine {
  kind: 'base' | 'discount' | 'deposit'
  /** What people read: 「家庭保洁 × 1」, 「新人立减」. */
  label: string
  /** Negative on discounts. */
  amountFen: Fen
  /** For deposits: when and how it goes back. */
  note?: string
}

export interface Quote {
  lines: QuoteLine[]
  /** Base lines before discounts. */
  listFen: Fen
  /** Sum of the discounts, ≤ 0. */
  discountFen: Fen
  depositFen: Fen
  /** `listFen + discountFen + depositFen`, never negative. */
  payableFen: Fen
  /** 「应付金额包含…」 */
  includes: string
}
