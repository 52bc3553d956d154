/** Days and slots of one service, and which one is chosen: for booking and for moving (B2 B9). */
import { type DayInfo, slotStatus } from '@jiyue/contract/booking'
import type { No } from '@jiyue/contract/client'
import type { PartyPart } from '@jiyue/contract/group'
import type { Service, Slot } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf, instantOf } from '@jiyue/contract/time'
import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  countOpen,
  type DayPart,
  dayInfoOf,
  mergeSlots,
  slotsForParty,
  slotsInstead,
  withSeats,
} from '../lib/slots.ts'
import { type App, reactionOf } from './app.ts'

/** 今日, 明日, 未来 7 天, 自定义日期. */
export type DateTab = 'today' | 'tomorrow' | 'week' | 'custom'

export interface PickerState {
  days: DayInfo[]
  slots: Slot[]
  /** Days whose slots have not been read yet show bones. */
  readDays: Day[]
  tab: DateTab
  day: Day
  part: DayPart | null
  staffId: string | null
  slotId: string | null
  /** Reading the slots failed. */
  problem: No | null
  /** The chosen slot was refused; stands until another choice is made. */
  refusal: No | null
}

export interface SlotPicker {
  store: StoreApi<PickerState>
  load(): Promise<void>
  chooseTab(tab: DateTab): void
  chooseDay(day: Day): void
  choosePart(part: DayPart | null): void
  chooseStaff(staffId: string | null): void
  chooseSlot(slotId: string | null): void
  /** Chooses a slot of another day, and shows it there. */
  show(slot: Slot): void
  /** Shows why the chosen slot cannot be had; reads again where the slots must have changed. */
  refuse(no: No): Promise<void>
  /** Takes the sentence away. */
  forgive(): void
  today(): Day
  /** Last day that may be booked. */
  lastDay(): Day
  /** Follows left seats until the answer is called. */
  follow(): () => void
}

/** Days of the first reading: today and 未来 7 天. */
const firstDays = 8

export interface PickerOf {
  /** null while it is not known; `load` comes after. */
  serviceId(): string | null
  /** Days ahead that may be booked; null while it is not known. */
  bookingDays(): number | null
}

export function createSlotPicker(app: App, { serviceId, bookingDays }: PickerOf): SlotPicker {
  const today = () => dayOf(app.clock.now())
  const store = createStore<PickerState>(() => ({
    days: [],
    slots: [],
    readDays: [],
    tab: 'today',
    day: today(),
    part: null,
    staffId: null,
    slotId: null,
    problem: null,
    refusal: null,
  }))
  const { getState: get, setState: set } = store
  let untouched = true
  /** The day on which 今日 and 明日 were last given out. */
  let sawDay = today()

  async function load() {
    do {
      turnDay()
      await loadSlots(today(), addDays(today(), firstDays - 1))
      // The first answer may set a phone right whose calendar is wrong.
    } while (sawDay !== today())
    if (untouched) showFirstOpenDay()
    untouched = false
  }

  /**
   * The day is another one: midnight went by on an open page, or the phone's calendar was wrong. The
   * chosen day stays chosen, under the word it has now; a day that is over, and a 今日 that was none,
   * give way to the first one with a free slot.
   */
  function turnDay() {
    if (sawDay === today()) return
    sawDay = today()
    const { days, readDays, day, tab } = get()
    set({
      days: days.filter((one) => one.day >= sawDay),
      readDays: readDays.filter((one) => one >= sawDay),
    })
    if (day < sawDay || tab === 'today') {
      untouched = true
      choose({ tab: 'today', day: sawDay })
    } else if (tab === 'tomorrow') set({ tab: tabOf(day) })
  }

  /** The word a day stands under. */
  function tabOf(day: Day): DateTab {
    const ahead = [today(), addDays(today(), 1)].indexOf(day)
    return (['today', 'tomorrow'] as const)[ahead] ?? 'week'
  }

  /** A day without a free slot is no place to start. */
  function showFirstOpenDay() {
    const { days, slots } = get()
    const now = app.clock.now()
    const open = days.filter((one) => countOpen(slots, one, now, null) > 0)[0]
    if (!open || open.day === today()) return
    set({ day: open.day, tab: tabOf(open.day) })
  }

  async function loadSlots(first: Day, last: Day) {
    const id = serviceId()
    if (id === null) return
    const query = { from: first, to: last }
    const result = await app.call('listSlots', { params: { id }, query })
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

  /** Reads anew when the day turns, a second late so that it has turned for the server too. */
  function everyMidnight(): () => void {
    const left = instantOf(addDays(today(), 1)) - app.clock.now()
    let stop = app.phone.later(left + 1000, () => {
      void load()
      stop = everyMidnight()
    })
    return () => stop()
  }

  function choose(change: Partial<PickerState>) {
    set({ slotId: null, refusal: null, ...change })
  }

  function chooseDay(day: Day) {
    choose({ day })
    if (get().readDays.indexOf(day) < 0) void loadSlots(day, day)
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
    chooseSlot: (slotId) => set({ slotId, refusal: null }),
    show({ id, startsAt }) {
      untouched = false
      const day = dayOf(startsAt)
      set({ tab: tabOf(day), part: null, staffId: null })
      chooseDay(day)
      set({ slotId: id })
    },
    async refuse(no) {
      set({ refusal: no })
      if (reactionOf(no) === 'choose_slot') await readAgain()
    },
    forgive: () => set({ refusal: null }),
    today,
    lastDay: () => addDays(today(), bookingDays() ?? firstDays - 1),
    follow() {
      const id = serviceId()
      if (id === null) return () => {}
      const unfollow = app.live.follow(`service:${id}`, {
        hint: () => void readAgain(),
        slot: ({ slotId, left, version }) =>
          set({
            slots: get().slots.map((one) =>
              one.id === slotId ? withSeats(one, left, version) : one,
            ),
          }),
      })
      const stopDays = everyMidnight()
      return () => {
        unfollow()
        stopDays()
      }
    },
  }
}

/** The slot a choice points at. */
export function chosenSlot(state: Pick<PickerState, 'slots' | 'slotId'>): Slot | null {
  return state.slots.filter((one) => one.id === state.slotId)[0] ?? null
}

/** Does the chosen slot still take a party? `full`: somebody was faster. */
export function fitOf(
  state: Pick<PickerState, 'slots' | 'slotId' | 'days'>,
  party: number,
  now: number,
): 'none' | 'fits' | 'too_few' | 'full' {
  const slot = chosenSlot(state)
  if (!slot) return 'none'
  if (slotStatus(slot, dayInfoOf(state.days, slot), now).colour !== 'green') return 'full'
  return slot.left >= party ? 'fits' : 'too_few'
}

/** What to do when the chosen slot does not hold the party (B6); null when it does. */
export interface Split {
  wanted: Slot
  /** Slots that together hold it, booked by one tap; [] when none do. */
  parts: PartyPart<Slot>[]
  /** Other slots that hold all of it. */
  instead: Slot[]
}

export function splitFor(
  state: Pick<PickerState, 'slots' | 'slotId' | 'days'>,
  party: number,
  service: Service | null,
  now: number,
): Split | null {
  const wanted = chosenSlot(state)
  if (!wanted || !service || wanted.left >= party) return null
  const { slots, days } = state
  return {
    wanted,
    parts: slotsForParty(slots, days, wanted, party, service, now),
    instead: slotsInstead(slots, days, wanted, party, now, 2),
  }
}

function isWithin(day: Day, first: Day, last: Day): boolean {
  return day >= first && day <= last
}
