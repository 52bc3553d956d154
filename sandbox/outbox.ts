import { randomUUID } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { Store } from './store.ts'

/** A message a person would have received. `to` is a phone number, an open id or an e-mail address. */
export type Message = {
  id: string
  at: string
  channel: 'sms' | 'wechat' | 'alipay' | 'mail'
  to: string
  person?: string
  template: string
  /** What the person reads. */
  text: string
  /** The values as they were sent. */
  data: unknown
}

export type Outbox = {
  add(message: Omit<Message, 'id' | 'at'>): Message
  /** Newest first; of one receiver (phone number, open id or person) when given. */
  list(receiver?: string): Message[]
}

export function makeOutbox(store: Store, clock: Clock): Outbox {
  const messages = store.table<Message>('outbox')
  return {
    add: (message) =>
      messages.put({ ...message, id: randomUUID(), at: new Date(clock.now()).toISOString() }),
    list: (receiver) =>
      messages
        .all()
        .reverse()
        .filter((one) => !receiver || one.to === receiver || one.person === receiver),
  }
}
