/** One service, its days and slots, and the choice that becomes a hold (B1 B2 B4 B6 B7). */
import type { DayInfo } from '@jiyue/contract/booking'
import type { No } from '@jiyue/contract/client'
import type { Order, Service, Slot } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { countOpen, type DayPart, mergeSlots, slotsForParty, withSeats } from '../lib/slots.ts'
import { takeOverDraft } from '../lib/takeOver.ts'
import { type App, reactionOf } from './app.ts'

/** 今日, 明日, 未来 7 天, 自定义日期. */
export type DateTab = 'today' | 'tomorrow' | 'week' | 'custom'

export interface BookingState {
  service: Service | null
  days: DayInfo[]
  slots: Slot[]
  /** Days whose slots have not been read yet show bones. */
  readDays: Day[]
  tab: DateTab
  day: Day
  part: DayPart | null
  staffId: string | null
  party: number
  slotId: string | null
  /** What was typed or tapped for the coverage check. */
  place: string
  holding: boolean
  /** Reading the service or its slots failed. */
  problem: No | null
  /** The last hold was refused; stands until another choice is made. */
  refusal: No | null
}

export interface Booking {
  store: StoreApi<BookingState>
  load(): Promise<void>
  chooseTab(tab: DateTab): void
  chooseDay(day: Day): void
  choosePart(part: DayPart | null): void
  chooseStaff(staffId: string | null): void
  chooseParty(party: number): void
  chooseSlot(slotId: string | null): void
  choosePlace(place: string): void
  /** The confirm button: holds the seats. The order, or null with `refusal` set. */
  confirm(): Promise<Order | null>
  today(): Day
  /** Last day that may be booked. */
  lastDay(): Day
  /** Follows left seats until the answer is called. */
  follow(): () => void
}

/** Days of the first reading: today and 未来 7 天. */
const firstDays = 8

export function createBooking(app: App, serviceId: string, from: string | null): Booking {
  const today = () => dayOf(app.clock.now())
  const store = createStore<BookingState>(() => ({
    service: app.services.get(serviceId) ?? null,
    days: [],
    slots: [],
    readDays: [],
    tab: 'today',
    day: today(),
    part: null,
    staffId: null,
    party: 1,
    slotId: null,
    place: '',
    holding: false,
    problem: null,
    refusal: null,
  }))
  const { getState: get, setState: set } = store
  const lastDay = () => addDays(today(), get().service?.bookingDays ?? firstDays - 1)

  let untouched = true

  async function load() {
    await Promise.all([loadService(), loadSlots(today(), addDays(today(), firstDays - 1))])
    if (untouched) showFirstOpenDay()
    untouched = false
  }

  /** A day without a free slot is no place to start. */
  function showFirstOpenDay() {
    const { days, slots } = get()
    const now = app.clock.now()
    const open = days.filter((one) => countOpen(slots, one, now, null) > 0)[0]
    if (!open || open.day === today()) return
    set({ day: open.day, tab: open.day === addDays(today(), 1) ? 'tomorrow' : 'week' })
  }

  async function loadService() {
    const result = await app.call('getService', { params: { id: serviceId } })
    if (!result.ok) return set({ problem: result })
    const service = result.value
    set({ service, party: Math.max(get().party, service.party?.min ?? 1) })
  }

  async function loadSlots(first: Day, last: Day) {
    const result = await app.call('listSlots', {
      params: { id: serviceId },
      query: { from: first, to: last },
    })
    if (!result.ok) return set({ problem: result })
    const { days, slots } = result.value
    const read = days.map((one) => one.day)
    const others = get().days.filter((one) => read.indexOf(one.day) < 0)
    set({
      problem: null,
      days: others.concat(days).sort((a, b) => (a.day < b.day ? -1 : 1)),
      slots: mergeSlots(get().slots, slots, read),
      readDays: get()
        .readDays.filter((one) => read.indexOf(one) < 0)
        .concat(read),
    })
  }

  /** Everything on screen once more, also days read later than the first ones. */
  async function readAgain() {
    const read = get().readDays.slice().sort()
    const first = read[0] ?? today()
    await loadSlots(first, read[read.length - 1] ?? addDays(first, firstDays - 1))
  }

  function choose(change: Partial<BookingState>) {
    set({ slotId: null, refusal: null, ...change })
  }

  function chooseDay(day: Day) {
    choose({ day })
    if (get().readDays.indexOf(day) < 0) void loadSlots(day, day)
  }

  async function confirm(): Promise<Order | null> {
    const { slotId, party, holding } = get()
    if (!slotId || holding) return null
    set({ holding: true, refusal: null })
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
      set({ refusal: result })
      if (reactionOf(result) === 'choose_slot') await readAgain()
      return null
    }
    set({ slotId: null })
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
    load,
    chooseTab(tab) {
      untouched = false
      set({ tab })
      if (tab === 'today') chooseDay(today())
      if (tab === 'tomorrow') chooseDay(addDays(today(), 1))
      if (tab === 'week' && !isWithin(get().day, today(), addDays(today(), 7))) chooseDay(today())
    },
    chooseDay,
    choosePart: (part) => choose({ part }),
    chooseStaff: (staffId) => choose({ staffId }),
    // The slot stays: whether it holds the party is said beside it.
    chooseParty: (party) => set({ party, refusal: null }),
    chooseSlot: (slotId) => set({ slotId, refusal: null }),
    choosePlace: (place) => set({ place }),
    confirm,
    today,
    lastDay,
    follow: () =>
      app.live.follow(`service:${serviceId}`, {
        hint: () => void readAgain(),
        slot: ({ slotId, left, version }) =>
          set({
            slots: get().slots.map((one) =>
              one.id === slotId ? withSeats(one, left, version) : one,
            ),
          }),
      }),
  }
}

/** The slot a choice points at. */
export function chosenSlot(state: Pick<BookingState, 'slots' | 'slotId'>): Slot | null {
  return state.slots.filter((one) => one.id === state.slotId)[0] ?? null
}

/** Slots that together hold the party, when the chosen one does not (B6); null when it does. */
export function splitFor(state: BookingState, now: number): Slot[] | null {
  const slot = chosenSlot(state)
  if (!slot || slot.left >= state.party) return null
  return slotsForParty(state.slots, state.days, slot, state.party, now)
}

function holdKey(slotId: string, party: number): string {
  return `hold:${slotId}:${party}`
}

function isWithin(day: Day, first: Day, last: Day): boolean {
  return day >= first && day <= last
}
