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
  /** For the base line: units priced. Quotes of before B9 lack it. */
  units?: number
  /**
   * For discounts: what was promised, so that it can be kept at another price (B9): fen off, or
   * percent off. Quotes of before B9 lack both; their discounts are kept as so many fen.
   */
  offFen?: Fen
  offPercent?: number
  /** The discount of new customers 新人: a person has it on one order at a time. */
  firstOrder?: true
  /** The coupon of this person that it uses up (M9). */
  couponId?: string
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
