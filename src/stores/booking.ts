/** One service, and the choice that becomes a hold (B1 B4 B6 B7). */
import type { No, Result } from '@jiyue/contract/client'
import type { Order, Service } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { takeOverDraft } from '../lib/takeOver.ts'
import type { App } from './app.ts'
import { createQueue, type Queue, type Wish } from './queue.ts'
import { createSlotPicker, type SlotPicker } from './slotPicker.ts'
import { createWaits, type Waits } from './waits.ts'

export interface BookingState {
  service: Service | null
  party: number
  /** What was typed or tapped for the coverage check. */
  place: string
  holding: boolean
  /** Reading the service failed. */
  problem: No | null
}

export interface Booking {
  store: StoreApi<BookingState>
  picker: SlotPicker
  queue: Queue
  waits: Waits
  load(): Promise<void>
  chooseParty(party: number): void
  choosePlace(place: string): void
  /** The confirm button: holds the seats. The order, or null with the picker's `refusal` set. */
  confirm(): Promise<Order | null>
}

export function createBooking(app: App, serviceId: string, from: string | null): Booking {
  const store = createStore<BookingState>(() => ({
    service: app.services.get(serviceId) ?? null,
    party: 1,
    place: '',
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

  async function load() {
    // WeChat's browser leaves the page for signing in: before anything is chosen, not after.
    if (app.phone.webSignIn) void app.session.greet()
    await Promise.all([loadService(), picker.load(), waits.load()])
  }

  async function loadService() {
    const result = await app.call('getService', { params: { id: serviceId } })
    if (!result.ok) return set({ problem: result })
    const service = result.value
    set({ service, problem: null, party: Math.max(get().party, service.party?.min ?? 1) })
  }

  async function confirm(): Promise<Order | null> {
    const { slotId } = picker.store.getState()
    const { party, holding } = get()
    if (!slotId || holding) return null
    set({ holding: true })
    picker.forgive()
    try {
      if (!(await app.session.ensure())) return null
      return await hold(slotId, party)
    } finally {
      set({ holding: false })
    }
  }

  async function hold(slotId: string, party: number): Promise<Order | null> {
    const key = holdKey(slotId, party)
    giveUpOtherHolds(key)
    const wish = { orderId: idOf(key) ?? app.phone.newId(), slotId, party }
    const result = await send(wish)
    if (result.ok) return result.value
    if (result.code === 'queued') await queue.enter(wish)
    else if (result.code === 'too_busy') queue.turnAway()
    else await picker.refuse(result)
    return null
  }

  /** Holds under the wish's own id: at the tap, and again when its turn in the queue has come. */
  async function send({ orderId, slotId, party }: Wish): Promise<Result<Order>> {
    const result = await app.outbox.send(holdKey(slotId, party), 'putOrder', () => ({
      params: { id: orderId },
      body: { slotId, party },
    }))
    if (!result.ok) return result
    picker.chooseSlot(null)
    if (from) await takeOverDraft(app, from, result.value.id)
    return result
  }

  /** The id of a hold whose answer is still waited for. */
  function idOf(key: string): string | null {
    const errand = app.outbox.waiting().filter((one) => one.key === key)[0]
    return errand ? (errand.input as { params: { id: string } }).params.id : null
  }

  /** A hold whose answer never came and that nobody wants any more must not keep a seat. */
  function giveUpOtherHolds(wanted: string) {
    for (const errand of app.outbox.waiting()) {
      if (errand.name !== 'putOrder' || errand.key === wanted) continue
      app.outbox.drop(errand.key)
      const { params } = errand.input as { params: { id: string } }
      void app.call('cancelOrder', { params })
    }
  }

  return {
    store,
    picker,
    queue,
    waits,
    load,
    // The slot stays: whether it holds the party is said beside it.
    chooseParty(party) {
      set({ party })
      picker.forgive()
    },
    choosePlace: (place) => set({ place }),
    confirm,
  }
}

function holdKey(slotId: string, party: number): string {
  return `hold:${slotId}:${party}`
}
