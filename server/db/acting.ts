/** Who of the merchant acts in this request: transactions tell the database, which writes the log (M10). */
import { AsyncLocalStorage } from 'node:async_hooks'

export interface Act {
  /** The request's. */
  id: string
  person: string
  /** The endpoint. */
  action: string
  reason: string | null
  address: string
}

export const acting = new AsyncLocalStorage<Act>()
