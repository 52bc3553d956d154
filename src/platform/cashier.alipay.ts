import type { CashierReturn, Off } from './types.ts'

/** The host's own wallet answers; there is no page to come back from (cashier.ts). */
export const cashierReturn = (): CashierReturn | null => null

export const onCashierReturn = (_listener: () => void): Off => {
  return () => {}
}
