/**
 * The environment of a history: what providers, wallets and the network do. Two kinds: a model in
 * memory (model.ts), fast enough for ten thousand histories, and the real sandbox over the real wire
 * (wire.ts). The product never knows which.
 */
import type { Method, PayParams } from '@jiyue/contract/payment'
import type { Parts } from '../../server/parts.ts'
import type { Plan } from './plan.ts'

/** How the next refund a provider accepts will end. */
export type Fate = 'success' | 'abnormal' | 'closed'

export interface RefundSeen {
  no: string
  fen: number
  state: 'processing' | 'succeeded' | 'abnormal' | 'closed'
}

/** A trade as its provider has it. */
export interface TradeSeen {
  tradeNo: string
  method: Method
  /** What really came in; null while nobody paid. */
  paidFen: number | null
  /** When, ms. */
  paidAt?: number | undefined
  /** Somebody who has its parameters can pay it at this very moment. */
  payable: boolean
  refunds: RefundSeen[]
}

/** A notice on its way: may be lost, late, delivered several times, overtaken. */
export interface Mail {
  about: 'payment' | 'refund'
  tradeNo: string
  delivered: number
  deliver(parts: Parts): Promise<string>
}

export interface Rails {
  /** Whether another amount can be taken than was asked for. */
  anyAmount: boolean
  /** The gateways one errand of the product sees, with what is planned to go wrong on it. */
  gateways(plan: Plan | undefined): Parts['gateways']
  /**
   * The payer confirms in the wallet; `moreFen`: the provider takes another amount than asked for,
   * where the rails can do that.
   */
  pay(params: PayParams, moreFen: number): Promise<boolean>
  /** Money that was under way while its trade was closed arrives after all. */
  payLate(method: Method, tradeNo: string): Promise<boolean>
  /** How refunds accepted from now on will end. */
  refundFate(fate: Fate): void
  /** What was under way at the providers and is due by now happens. */
  settle(): Promise<void>
  /** A person at the provider has an abnormal refund paid to another account. */
  rescueRefunds(): Promise<void>
  /** Undelivered and delivered notices of the history, oldest first. */
  mail(): Mail[]
  trade(method: Method, tradeNo: string): TradeSeen | undefined
  /** Forgets everything: the next history begins. */
  clear(): void
  stop?(): Promise<void>
}
