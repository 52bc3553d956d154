/**
 * Where slots stand in the calendar, and where a dragged one would: pure. Minutes are of the
 * merchant's clock, from the midnight its day begins with.
 */
import { type Day, instantOf, minuteMs } from '@jiyue/contract/time'

/** Slots are dragged from quarter to quarter; the form takes any minute. */
export const stepMinutes = 15
const dayMinutes = 1440

/** ISO UTC. */
export interface Timed {
  startsAt: string
  endsAt: string
}

export interface Span {
  from: number
  to: number
}

/** The part of a slot that lies in the day. */
export function spanIn(day: Day, slot: Timed): Span {
  const { from, to } = lengthIn(day, slot)
  return { from: Math.max(0, from), to: Math.min(dayMinutes, to) }
}

/** All of a slot that begins in the day: past 24:00 where it goes on over midnight. */
export function lengthIn(day: Day, { startsAt, endsAt }: Timed): Span {
  const midnight = instantOf(day)
  const minutes = (at: string) => (Date.parse(at) - midnight) / minuteMs
  return { from: minutes(startsAt), to: minutes(endsAt) }
}

/** Which hours are shown: the usual ones of a shop, and all that slots need. */
export function hoursOf(spans: readonly Span[]): Span {
  const from = Math.min(9 * 60, ...spans.map((span) => span.from))
  const to = Math.max(18 * 60, ...spans.map((span) => span.to))
  return { from: Math.floor(from / 60) * 60, to: Math.ceil(to / 60) * 60 }
}

export interface Placed<T> {
  item: T
  span: Span
  /** Which of so many lanes side by side. */
  lane: number
  lanes: number
}

/**
 * Puts what overlaps side by side: each as far left as it can be, and all that hang together have
 * lanes of one width. Items come in order of their start.
 */
export function place<T extends Timed>(day: Day, items: readonly T[]): Placed<T>[] {
  const placed: Placed<T>[] = []
  let together: Placed<T>[] = []
  let ends: number[] = []
  const close = () => {
    for (const one of together) one.lanes = ends.length
    placed.push(...together)
    together = []
    ends = []
  }
  for (const item of items) {
    const span = spanIn(day, item)
    if (ends.every((end) => end <= span.from)) close()
    const free = ends.findIndex((end) => end <= span.from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = span.to
    together.push({ item, span, lane, lanes: 0 })
  }
  close()
  return placed
}

/** How a slot is dragged: as a whole, or by its end. */
export type Grip = 'whole' | 'end'

/**
 * Where a slot of `span` is after its grip went `byMinutes` down. It stays within the day (one that goes
 * on over midnight begins in it), keeps its length as a whole, and is one step long at least. One that begins between quarters keeps doing so
 * until it is moved: what is not touched does not jump.
 */
export function dragged(span: Span, grip: Grip, byMinutes: number): Span {
  const by = Math.round(byMinutes / stepMinutes) * stepMinutes
  if (grip === 'end')
    return { ...span, to: Math.min(dayMinutes, Math.max(span.from + stepMinutes, span.to + by)) }
  const length = span.to - span.from
  const latest = span.to > dayMinutes ? dayMinutes - stepMinutes : dayMinutes - length
  const from = Math.min(latest, Math.max(0, span.from + by))
  return { from, to: from + length }
}

/** The span as instants of a day. */
export function timesAt(day: Day, { from, to }: Span): Timed {
  return {
    startsAt: new Date(instantOf(day, from)).toISOString(),
    endsAt: new Date(instantOf(day, to)).toISOString(),
  }
}
