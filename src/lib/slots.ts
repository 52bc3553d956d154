/** What the slot picker shows, from what was read. Pure. */
import { type DayInfo, type SlotStatus, slotStatus } from '@jiyue/contract/booking'
import { type PartyPart, splitParty } from '@jiyue/contract/group'
import type { Service, Slot } from '@jiyue/contract/schema/wire'
import { type Day, dayOf, dayParts, wallClock } from '@jiyue/contract/time'

export type DayPart = (typeof dayParts)[number]['id']

export interface SlotWish {
  day: Day
  /** null: the whole day. */
  part: DayPart | null
  /** null: whoever. */
  staffId: string | null
}

export interface SeenSlot {
  slot: Slot
  status: SlotStatus
}

/** Slots of a day under their parts; parts without a slot are left out. */
export function slotsByPart(
  slots: readonly Slot[],
  wish: SlotWish,
  day: DayInfo | undefined,
  now: number,
): { id: DayPart; zh: string; slots: SeenSlot[] }[] {
  const seen = slots
    .filter((slot) => dayOf(slot.startsAt) === wish.day)
    .filter((slot) => wish.staffId === null || slot.staffId === wish.staffId)
    .sort(earlierFirst)
    .map((slot) => ({ slot, status: slotStatus(slot, day, now) }))
  return dayParts
    .filter((part) => wish.part === null || part.id === wish.part)
    .map(({ id, zh }) => ({ id, zh, slots: seen.filter(({ slot }) => partOf(slot) === id) }))
    .filter((group) => group.slots.length > 0)
}

export function partOf(slot: Pick<Slot, 'startsAt'>): DayPart {
  const { hour } = wallClock(slot.startsAt)
  for (const part of dayParts) if (hour >= part.from && hour < part.to) return part.id
  return 'evening'
}

/** How many slots of a day can be taken now: the number under the date. */
export function countOpen(
  slots: readonly Slot[],
  day: DayInfo,
  now: number,
  staffId: string | null,
): number {
  return slots.filter(
    (slot) =>
      dayOf(slot.startsAt) === day.day &&
      (staffId === null || slot.staffId === staffId) &&
      slotStatus(slot, day, now).colour === 'green',
  ).length
}

/**
 * Slots that together hold the party, when `wanted` alone does not (B6); [] when none do. `service`
 * says how small and large a part may be, and how many orders one may have.
 */
export function slotsForParty(
  slots: readonly Slot[],
  days: readonly DayInfo[],
  wanted: Slot,
  party: number,
  service: Pick<Service, 'party' | 'ordersPerUser'>,
  now: number,
): PartyPart<Slot>[] {
  const free = slots.filter(
    (slot) => slotStatus(slot, dayInfoOf(days, slot), now).colour === 'green',
  )
  const { min, max } = service.party ?? { min: 1, max: 1 }
  return splitParty(free, wanted.startsAt, party, { min, max, most: service.ordersPerUser })
}

/** Slots that hold the whole party, nearest to `wanted` in time first; at most `most`. */
export function slotsInstead(
  slots: readonly Slot[],
  days: readonly DayInfo[],
  wanted: Slot,
  party: number,
  now: number,
  most = 3,
): Slot[] {
  const distance = (slot: Slot) => Math.abs(Date.parse(slot.startsAt) - Date.parse(wanted.startsAt))
  return slots
    .filter((slot) => slot.id !== wanted.id && slot.left >= party)
    .filter((slot) => slotStatus(slot, dayInfoOf(days, slot), now).colour === 'green')
    .sort((a, b) => distance(a) - distance(b) || earlierFirst(a, b))
    .slice(0, most)
    .sort(earlierFirst)
}

/** The newer of two readings of one slot. */
export function withSeats(slot: Slot, left: number, version: number): Slot {
  return version > slot.version ? { ...slot, left, version } : slot
}

/** New readings over old ones; a reading older than what the wire told is not believed. */
export function mergeSlots(old: readonly Slot[], read: readonly Slot[], days: readonly Day[]) {
  const known = new Map(old.map((slot) => [slot.id, slot]))
  const elsewhere = old.filter((slot) => days.indexOf(dayOf(slot.startsAt)) < 0)
  const fresh = read.map((slot) => {
    const before = known.get(slot.id)
    return before ? withSeats(slot, before.left, before.version) : slot
  })
  return elsewhere.concat(fresh)
}

export function dayInfoOf(days: readonly DayInfo[], slot: Slot): DayInfo | undefined {
  const day = dayOf(slot.startsAt)
  return days.filter((one) => one.day === day)[0]
}

function earlierFirst(a: Slot, b: Slot): number {
  return Date.parse(a.startsAt) - Date.parse(b.startsAt)
}
