/** One service, and the choice that becomes a hold (B1 B4 B6 B7). */
import type { Point } from '@jiyue/contract/area'
import type { No, Result } from '@jiyue/contract/client'
import type { PartyPart } from '@jiyue/contract/group'
import type { Negotiation } from '@jiyue/contract/schema/negotiations'
import type { Input, Order, OrderCard, Service, Slot } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Errand } from '../lib/outbox.ts'
import { takeOverDraft } from '../lib/takeOver.ts'
import type { App } from './app.ts'
import { createNegotiations, type Negotiations } from './negotiations.ts'
import { createQueue, type GroupPart, type Queue, type Wish } from './queue.ts'
import { createSlotPicker, type SlotPicker } from './slotPicker.ts'
import { createWaits, type Waits } from './waits.ts'

export interface BookingState {
  service: Service | null
  party: number
  /** What was typed or tapped for the coverage check. */
  place: string
  /** Where that is on the map, when it was picked there. */
  point: Point | null
  /** What the person booked before, newest first; empty while nobody is signed in (G6). */
  orders: readonly OrderCard[]
  holding: boolean
  /** Reading the service failed. */
  problem: No | null
}

export interface Booking {
  store: StoreApi<BookingState>
  picker: SlotPicker
  queue: Queue
  waits: Waits
  negotiations: Negotiations
  load(): Promise<void>
  chooseParty(party: number): void
  choosePlace(place: string, point?: Point): void
  /** The confirm button: holds the seats. The order, or null with the picker's `refusal` set. */
  confirm(): Promise<Order | null>
  /** Holds the private slot that a request was answered with (B5). */
  confirmPrivate(one: Negotiation): Promise<Order | null>
  /** Holds all parts of a party that no single slot holds, or none (B6); true when they are held. */
  confirmGroup(parts: readonly PartyPart<Slot>[]): Promise<boolean>
}

export function createBooking(app: App, serviceId: string, from: string | null): Booking {
  const store = createStore<BookingState>(() => ({
    service: app.services.get(serviceId) ?? null,
    party: 1,
    place: '',
    point: null,
    orders: [],
    holding: false,
    problem: null,
  }))
  const { getState: get, setState: set } = store
  const picker = createSlotPicker(app, {
    serviceId: () => serviceId,
    bookingDays: () => get().service?.bookingDays ?? null,
  })

  const queue = createQueue(app, serviceId, send)
  const waits = createWaits(app)
  const negotiations = createNegotiations(app)

  async function load() {
    // WeChat's browser leaves the page for signing in: before anything is chosen, not after.
    if (app.phone.webSignIn) void app.session.greet()
    await Promise.all([loadService(), loadSlots(), waits.load(), negotiations.load(), loadOrders()])
  }

  /** Only for recommending: without them the page is whole. */
  async function loadOrders() {
    if (app.session.token() === null) return set({ orders: [] })
    const result = await app.call('listOrders', {})
    if (result.ok) set({ orders: result.value.orders })
  }

  async function loadService() {
    const result = await app.call('getService', { params: { id: serviceId } })
    if (!result.ok) return set({ problem: result })
    const service = result.value
    app.looks.see({ kind: 'service', serviceId })
    set({ service, problem: null, party: Math.max(get().party, service.party?.min ?? 1) })
  }

  async function loadSlots() {
    await picker.load()
    if (!picker.store.getState().problem) app.looks.see({ kind: 'slots', serviceId })
  }

  picker.store.subscribe(({ slotId }) => {
    if (slotId) app.looks.see({ kind: 'slot', serviceId })
  })

  async function confirm(): Promise<Order | null> {
    const { slotId } = picker.store.getState()
    const { party } = get()
    if (!slotId) return null
    const key = holdKey(slotId, party)
    return holding(key, () => ({ orderId: idOf(key) ?? app.phone.newId(), slotId, party }))
  }

  async function confirmPrivate({ offer, party }: Negotiation): Promise<Order | null> {
    if (!offer) return null
    const { slotId } = offer
    const key = holdKey(slotId, party)
    const order = await holding(key, () => ({
      orderId: idOf(key) ?? app.phone.newId(),
      slotId,
      party,
    }))
    // What stood against it may have ended the offer.
    if (!order) await negotiations.load()
    return order
  }

  async function confirmGroup(parts: readonly PartyPart<Slot>[]): Promise<boolean> {
    const key = groupKey(parts.map(({ slot, party }) => ({ slotId: slot.id, party })))
    const held = await holding(key, () => {
      const group =
        groupOf(key) ??
        parts.map(({ slot, party }) => ({ id: app.phone.newId(), slotId: slot.id, party }))
      const [first] = group as [GroupPart]
      return { orderId: first.id, slotId: first.slotId, party: first.party, group }
    })
    return held !== null
  }

  /** One hold at a time, by somebody we know. */
  async function holding(key: string, wish: () => Wish): Promise<Order | null> {
    if (get().holding) return null
    set({ holding: true })
    picker.forgive()
    try {
      if (!(await app.session.ensure())) return null
      giveUpOtherHolds(key)
      return await hold(wish())
    } finally {
      set({ holding: false })
    }
  }

  async function hold(wish: Wish): Promise<Order | null> {
    const result = await send(wish)
    if (result.ok) return result.value
    if (result.code === 'queued') await queue.enter(wish)
    else if (result.code === 'too_busy') queue.turnAway()
    else await picker.refuse(result)
    return null
  }

  /** Holds under the wish's own id: at the tap, and again when its turn in the queue has come. */
  async function send({ orderId, slotId, party, group }: Wish): Promise<Result<Order>> {
    if (group) return sendGroup(group)
    const result = await app.outbox.send(holdKey(slotId, party), 'putOrder', () => ({
      params: { id: orderId },
      body: { slotId, party },
    }))
    if (!result.ok) return result
    picker.chooseSlot(null)
    if (from) await takeOverDraft(app, from, result.value.id)
    return result
  }

  async function sendGroup(group: GroupPart[]): Promise<Result<Order>> {
    const result = await app.outbox.send(groupKey(group), 'putOrders', () => ({
      body: { orders: group },
    }))
    if (!result.ok) return result
    picker.chooseSlot(null)
    const [first] = result.value.orders as [Order]
    if (from) await takeOverDraft(app, from, first.id)
    return { ok: true, value: first }
  }

  function groupOf(key: string): GroupPart[] | null {
    const errand = app.outbox.waiting().filter((one) => one.key === key)[0]
    return errand ? (errand.input as Input<'putOrders'>).body.orders : null
  }

  /** The id of a hold whose answer is still waited for. */
  function idOf(key: string): string | null {
    const errand = app.outbox.waiting().filter((one) => one.key === key)[0]
    return errand ? (errand.input as { params: { id: string } }).params.id : null
  }

  /** A hold whose answer never came and that nobody wants any more must not keep a seat. */
  function giveUpOtherHolds(wanted: string) {
    for (const errand of app.outbox.waiting()) {
      if (errand.key === wanted) continue
      const ids = heldBy(errand)
      if (ids.length > 0) app.outbox.drop(errand.key)
      for (const id of ids) void app.call('cancelOrder', { params: { id } })
    }
  }

  return {
    store,
    picker,
    queue,
    waits,
    negotiations,
    load,
    // The slot stays: whether it holds the party is said beside it.
    chooseParty(party) {
      set({ party })
      picker.forgive()
    },
    choosePlace: (place, point) => set({ place, point: point ?? null }),
    confirm,
    confirmGroup,
    confirmPrivate,
  }
}

/** Orders that an errand may have made. */
function heldBy({ name, input }: Errand): string[] {
  if (name === 'putOrder') return [(input as Input<'putOrder'>).params.id]
  if (name === 'putOrders') return (input as Input<'putOrders'>).body.orders.map(({ id }) => id)
  return []
}

function groupKey(parts: readonly { slotId: string; party: number }[]): string {
  return `group:${parts.map(({ slotId, party }) => `${slotId}:${party}`).join(',')}`
}

function holdKey(slotId: string, party: number): string {
  return `hold:${slotId}:${party}`
}
