/**
 * Slots from a weekly template: pure. Each day is made alone, from the template, its exception and
 * the calendar, so that making a day again, or with more days around it, gives the same slots.
 *
 * Guarantee: slots of a template never overlap, not even with their buffers; none touches a break,
 * none leaves its span; buffers never leave the day. A slot lasts its minutes also where the clock
 * changes within it.
 */
import type { DayInfo } from '@jiyue/contract/booking'
import type { Span, Template } from '@jiyue/contract/schedule'
import { addDays, type Day, minuteMs } from '@jiyue/contract/time'
import type { Zone } from './zone.ts'

/** A slot the template wants; instants in ms. */
export interface Wanted {
  day: Day
  startsAt: number
  endsAt: number
  /** From when and until when its staff and room are kept. */
  keptFrom: number
  keptUntil: number
  bookableUntil: number
}

/** Slots of `days`, in order, by `zone`'s clock. */
export function generate(template: Template, days: readonly DayInfo[], zone: Zone): Wanted[] {
  return days.flatMap((info) => ofDay(template, info, zone))
}

function ofDay(template: Template, info: DayInfo, zone: Zone): Wanted[] {
  const { day } = info
  const { startsOn, endsOn, onClosedDays } = template
  if (day < startsOn || (endsOn !== null && day > endsOn)) return []
  if (!info.open && onClosedDays === 'skip') return []
  const exception = template.exceptions.find((one) => one.day === day)
  if (exception?.kind === 'off') return []

  const at = (minutes: number) => zone.instantOf(day, minutes)
  const instants = ({ from, to }: Span): Between => [at(from), at(to)]
  const weekday = weekdayOf(template, info)
  const slots: Between[] = []
  const kept: Between[] = []
  const fill = (spans: readonly Span[], breaks: readonly Between[]) => {
    for (const span of [...spans].sort((a, b) => a.from - b.from))
      for (const slot of fit(template, instants(span), [...breaks, ...kept], instants(wholeDay))) {
        slots.push(slot)
        kept.push(withBuffers(template, slot))
      }
  }
  if (exception?.kind !== 'instead')
    fill(
      template.weekly.filter((span) => span.weekday === weekday),
      template.breaks
        .filter((one) => one.weekday === null || one.weekday === weekday)
        .map(instants),
    )
  if (exception) fill(exception.spans, [])
  return slots
    .sort(([a], [b]) => a - b)
    .map(([startsAt, endsAt]) => {
      const [keptFrom, keptUntil] = withBuffers(template, [startsAt, endsAt])
      const bookableUntil = bookableUntilOf(template, day, startsAt, zone)
      return { day, startsAt, endsAt, keptFrom, keptUntil, bookableUntil }
    })
}

type Between = readonly [from: number, to: number]
const wholeDay: Span = { from: 0, to: 1440 }

/** A make-up workday goes by the weekday the merchant says, others by their own. */
function weekdayOf({ makeupWeekday }: Template, { day, kind }: DayInfo): number {
  if (kind === 'makeup' && makeupWeekday !== null) return makeupWeekday
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

/** One slot after another within `span`, each as early as the blocked times let it be. */
function fit(
  template: Template,
  [from, to]: Between,
  blocked: readonly Between[],
  [dayStart, dayEnd]: Between,
): Between[] {
  const [length, before, after] = [
    template.slotMinutes * minuteMs,
    template.bufferBefore * minuteMs,
    template.bufferAfter * minuteMs,
  ]
  const found: Between[] = []
  let start = Math.max(from, dayStart + before)
  while (start + length <= to && start + length + after <= dayEnd) {
    const end = start + length
    const hit = blocked.find(([b, e]) => b < e && start - before < e && end + after > b)
    if (hit) {
      start = hit[1] + before
      continue
    }
    found.push([start, end])
    start = end + after + before
  }
  return found
}

function withBuffers({ bufferBefore, bufferAfter }: Template, [from, to]: Between): Between {
  return [from - bufferBefore * minuteMs, to + bufferAfter * minuteMs]
}

/** When booking of a slot that starts then ends. */
export function bookableUntilOf(
  template: Pick<Template, 'leadMinutes' | 'cutoff'>,
  day: Day,
  startsAt: number,
  zone: Zone,
): number {
  const lead = startsAt - template.leadMinutes * minuteMs
  const { cutoff } = template
  if (!cutoff) return lead
  return Math.min(lead, zone.instantOf(addDays(day, -cutoff.daysBefore), cutoff.minute))
}
