/** 推荐时段 (G6): free slots by what the person booked before and by how full they are. Pure. */
import { type DayInfo, slotStatus } from '@jiyue/contract/booking'
import type { OrderCard, Slot } from '@jiyue/contract/schema/wire'
import { clockText, dayOf, dayParts, wallClock, weekdayText } from '@jiyue/contract/time'
import { partOf } from './slots.ts'

export interface Recommended {
  slot: Slot
  /** Why, as it stands below the slot. */
  reason: string
}

/** Orders that show a habit; older ones may be another life. */
const looksBack = 20
/** Fewer in one part of the day are chance. */
const habit = 2
/** A slot this free, of at least so many seats, is a quiet one. */
const quietShare = 0.7
const quietSeats = 4

export const mostRecommended = 3

interface Given {
  /** Newest first. */
  orders: readonly OrderCard[]
  slots: readonly Slot[]
  days: readonly DayInfo[]
  /** Whom the service has. */
  staff: readonly { id: string; name: string }[]
  party: number
  now: number
}

/**
 * At most three, each for its own reason: who was there before, the weekday and hour of before, the
 * part of the day people keep to, the quietest. Only slots that hold the party and that the person
 * does not have already.
 */
export function recommendSlots(given: Given): Recommended[] {
  const past = given.orders.filter(({ state }) => state === 'confirmed' || state === 'completed')
  const free = freeSlots(given)
  const chosen: Recommended[] = []
  for (const one of [byStaff(given.staff), byWeekdayAndHour, byPart, byQuiet]) {
    const found = one(
      past.slice(0, looksBack),
      free.filter((slot) => chosen.every((other) => other.slot.id !== slot.id)),
    )
    if (found) chosen.push(found)
  }
  return chosen.slice(0, mostRecommended)
}

function freeSlots({ orders, slots, days, party, now }: Given): Slot[] {
  const had = orders.filter(({ state }) => state !== 'cancelled' && state !== 'expired')
  return slots
    .filter((slot) => {
      const day = days.filter((one) => one.day === dayOf(slot.startsAt))[0]
      return slotStatus(slot, day, now).colour === 'green' && slot.left >= party
    })
    .filter((slot) => had.every((order) => order.slot.id !== slot.id))
    .sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1))
}

type Rule = (past: readonly OrderCard[], free: readonly Slot[]) => Recommended | null

/**
 * 「您常约周敏」, whom most orders were with, of those who are free; of their slots the one at the
 * weekday and hour of before, or in the part of the day, or else the first.
 */
const byStaff =
  (staff: Given['staff']): Rule =>
  (past, free) => {
    let best: { name: string; id: string; times: number } | null = null
    for (const { id, name } of staff) {
      const times = past.filter((order) => order.slot.staffId === id).length
      if (times > (best?.times ?? 0) && free.some((slot) => slot.staffId === id))
        best = { id, name, times }
    }
    if (!best) return null
    const { id, name, times } = best
    const theirs = free.filter((slot) => slot.staffId === id)
    const slot = (byWeekdayAndHour(past, theirs) ?? byPart(past, theirs))?.slot ?? theirs[0]
    return slot ? { slot, reason: times < habit ? `上次由${name}服务` : `您常约${name}` } : null
  }

/** 「您常约周六 10:00」, the habit that most orders speak for. */
const byWeekdayAndHour: Rule = (past, free) => {
  let best: { slot: Slot; times: number } | null = null
  for (const slot of free) {
    const times = past.filter((order) => hourOf(order.slot) === hourOf(slot)).length
    if (times > (best?.times ?? 0)) best = { slot, times }
  }
  if (!best) return null
  const when = `${weekdayText(best.slot.startsAt)} ${clockText(best.slot.startsAt)}`
  return { slot: best.slot, reason: `${best.times < habit ? '您上次约了' : '您常约'}${when}` }
}

/** 「您常约上午」, when more than half of the orders were then. */
const byPart: Rule = (past, free) => {
  for (const { id, zh } of dayParts) {
    const times = past.filter((order) => partOf(order.slot) === id).length
    const slot = free.filter((one) => partOf(one) === id)[0]
    if (slot && times >= habit && times * 2 > past.length) return { slot, reason: `您常约${zh}` }
  }
  return null
}

/** 「预约的人少，更从容」, of slots for many people. */
const byQuiet: Rule = (_, free) => {
  const share = ({ left, capacity }: Slot) => left / capacity
  const quiet = free
    .filter((slot) => slot.capacity >= quietSeats && share(slot) >= quietShare)
    .reduce<Slot | null>((best, one) => (best && share(best) >= share(one) ? best : one), null)
  // Where all are as empty, none is a quiet one.
  if (!quiet || free.every((one) => share(one) >= share(quiet))) return null
  return { slot: quiet, reason: '预约的人少，更从容' }
}

function hourOf({ startsAt }: { startsAt: string }): number {
  const { weekday, hour } = wallClock(startsAt)
  return weekday * 24 + hour
}
