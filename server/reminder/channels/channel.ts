import type { OrderRow } from '../../order/order.ts'
import type { Parts } from '../../parts.ts'

/** `no_address`: this person cannot be reached this way; the next channel is tried. */
export type Sent = 'sent' | 'no_address' | 'channel_refused' | 'outcome_unknown'

/** A way a reminder travels. Plain functions; what is sent, and when, is decided elsewhere. */
export interface Channel {
  name: string
  send(parts: Parts, order: OrderRow, text: string, now: Date): Promise<Sent>
  /** To a person, about no order of theirs. */
  tell(parts: Parts, userId: string, text: string, now: Date): Promise<Sent>
}
