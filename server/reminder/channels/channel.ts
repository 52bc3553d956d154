import type { ChannelName, ReminderKindName, UnsentReason } from '@jiyue/contract/reminder'
import type { Tx } from '../../db/tx.ts'
import type { OrderRow } from '../../order/order.ts'
import type { Parts } from '../../parts.ts'
import type { ReminderFacts } from '../text.ts'

/** One message, ready to go. */
export interface Message {
  id: string
  kind: ReminderKindName
  userId: string
  /** Null when it is about no order. */
  order: OrderRow | null
  title: string
  /** As our own pages show it. */
  text: string
  /** As it stands where there is no button: with the links it needs. */
  linkedText: string
  /** The short line of platforms' templates. */
  hint: string
  /** Page of the phone it opens. */
  path: string
  facts: ReminderFacts
  now: Date
}

/** `delivered`: it is there already; `address`: where `send` goes; else why this way is closed. */
export type Opened<Address> = 'delivered' | { address: Address } | { unsent: UnsentReason }

export type Sent = 'sent' | { unsent: UnsentReason; code: string }

/**
 * A way a message travels. Plain functions; what is sent, when, and that it is once, is decided
 * elsewhere. `open` runs in the transaction that writes down the try; `send` asks outside of any.
 */
export interface Channel<Address = unknown> {
  name: ChannelName
  open(t: Tx, parts: Parts, message: Message): Promise<Opened<Address>>
  send(parts: Parts, address: Address, message: Message): Promise<Sent>
  /** The platform said no and sent nothing: what `open` used up is given back. */
  refused?(t: Tx, message: Message, code: string): Promise<void>
}

/** One channel of the registry, whatever its addresses are. */
export function channel<Address>(one: Channel<Address>): Channel {
  return one as Channel
}
