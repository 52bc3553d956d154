/** What all pages share: one caller, one clock, one session, one socket, one outbox. */
import { type Call, createCall, type No } from '@jiyue/contract/client'
import { type RefusalCode, refusals } from '@jiyue/contract/refusals'
import type { Order, Service } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type Clock, createClock } from '../lib/clock.ts'
import { createLooks, type Looks } from '../lib/looks.ts'
import { createOutbox, type Outbox } from '../lib/outbox.ts'
import type { Phone } from '../lib/phone.ts'
import { type Consents, createConsents } from './consents.ts'
import { type Contacts, createContacts } from './contacts.ts'
import { createLive, type Live } from './live.ts'
import { createSession, type Session } from './session.ts'

export interface App {
  phone: Phone
  clock: Clock
  session: Session
  outbox: Outbox
  live: Live
  consents: Consents
  contacts: Contacts
  /** What was seen and touched on this visit, without who (M4). */
  looks: Looks
  /** Reads quietly: never asks anybody to sign in. */
  call: Call
  /** For taps: asks who the person is when the server wants to know, then repeats once. */
  ask: Call
  /** True while the network is weak: the banner. */
  net: StoreApi<{ weak: boolean }>
  /** What the next page that is shown says, and the page it does not concern, for it is leaving. */
  saying: StoreApi<{ next: { sentence: string; from: string | null } | null }>
  /** Orders as last read, so that the next page starts with what the last one knew. */
  orders: Map<string, Order>
  /** Services as last read. */
  services: Map<string, Service>
  /** The app came to the front, or the network is back. */
  wake(): Promise<void>
}

/** Endpoints whose `now` is stamped for this very answer; lists may come from a cache. */
const freshlyStamped = ['putOrder', 'getOrder', 'cancelOrder', 'putRegistration', 'putProof']

export function createApp(phone: Phone): App {
  const clock = createClock(phone.now)
  const net = createStore(() => ({ weak: false }))
  const saying: App['saying'] = createStore(() => ({ next: null }))
  const orders = new Map<string, Order>()
  const services = new Map<string, Service>()
  const looks = createLooks(phone)
  const bare = createCall(phone.send, () => session.token())

  const call: Call = async (name, input) => {
    const askedAt = phone.now()
    const result = await bare(name, input)
    const heardAt = phone.now()
    if (!result.ok) {
      if (result.unheard) net.setState({ weak: true })
      return result
    }
    if (net.getState().weak) net.setState({ weak: false })
    const { now, number, order } = result.value as {
      now?: unknown
      number?: unknown
      order?: Order
    }
    if (typeof now === 'string') {
      if (freshlyStamped.indexOf(name) >= 0) clock.heard(now, askedAt, heardAt)
      else clock.heardLate(now, heardAt)
    }
    if (typeof number === 'string') remember(result.value as unknown as Order)
    if (order && typeof order.number === 'string') remember(order)
    if (name === 'putOrder') hold(result.value as unknown as Order)
    if (name === 'putOrders')
      for (const one of (result.value as { orders: Order[] }).orders) hold(one)
    if (name === 'getService') {
      const service = result.value as unknown as Service
      services.set(service.id, service)
    }
    return result
  }

  /** A reading that overtook a newer one on the way is not kept. */
  function remember(order: Order) {
    const known = orders.get(order.id)
    if (!known || known.now <= order.now) orders.set(order.id, order)
  }

  function hold({ id, service }: Order) {
    looks.see({ kind: 'hold', serviceId: service.id, orderId: id })
  }

  const ask: Call = async (name, input) => {
    const result = await call(name, input)
    if (result.ok || result.code !== 'unauthenticated') return result
    session.forget()
    return (await session.ensure()) ? call(name, input) : result
  }

  const session = createSession(call, phone, (sentence) =>
    saying.setState({ next: { sentence, from: null } }),
  )
  const live = createLive(phone, clock, session.token)
  const outbox = createOutbox(ask, phone)
  const contacts = createContacts({ call, ask, phone, clock })
  outbox.onTrying((trying) => {
    if (trying) net.setState({ weak: true })
  })
  const consents = createConsents(call, outbox, phone)
  session.onChange(() => {
    orders.clear()
    consents.forget()
    contacts.store.setState({ contacts: null, problem: null })
    live.signAgain()
  })

  return {
    phone,
    clock,
    session,
    outbox,
    live,
    consents,
    contacts,
    looks,
    call,
    ask,
    net,
    saying,
    orders,
    services,
    async wake() {
      outbox.hurry()
      live.wake()
      looks.hurry()
      await outbox.repeat()
    },
  }
}

/** What a page does after a "no". */
export function reactionOf(no: No | { code: RefusalCode }) {
  return refusals[no.code].reaction
}
