/** The receipt 支付凭证 (P9): what stands on it and what its verification page tells. */
import type { Fen } from './money.ts'
import type { MoneyMethod } from './payment.ts'

export interface Receipt {
  /** 16 characters of Crockford base32, printed in groups of four. */
  code: string
  orderNumber: string
  payee: string
  /** Who paid, shortened: 「林**」. */
  payer: string
  service: string
  slot: { startsAt: string; endsAt: string }
  lines: { label: string; amountFen: Fen }[]
  paidFen: Fen
  method: MoneyMethod
  paidAt: string
  transactionId: string | null
  issuedAt: string
}

/** `JY7K 2M9P …`: as it is printed and typed. */
export function spacedCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1 ')
}

/** What somebody typed → a code, or null. O, I and L are read as 0, 1 and 1. */
export function readCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(code) ? code : null
}
