/** One service, and the choice that becomes a hold (B1 B4 B6 B7). */
import type { No } from '@jiyue/contract/client'
import type { Order, Service } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { takeOverDraft } from '../lib/takeOver.ts'
import type { App } from './app.ts'
import { createSlotPicker, type SlotPicker } from './slotPicker.ts'

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

  async function load() {
    // WeChat's browser leaves the page for signing in: before anything is chosen, not after.
    if (app.phone.webSignIn) void app.session.greet()
    await Promise.all([loadService(), picker.load()])
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
    giveUpOtherHolds(holdKey(slotId, party))
    const result = await app.outbox.send(holdKey(slotId, party), 'putOrder', () => ({
      params: { id: app.phone.newId() },
      body: { slotId, party },
    }))
    if (!result.ok) {
      await picker.refuse(result)
      return null
    }
    picker.chooseSlot(null)
    if (from) await takeOverDraft(app, from, result.value.id)
    return result.value
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
