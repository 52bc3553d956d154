/**
 * Instants travel as ISO UTC and are compared as milliseconds. People read them on the merchant's
 * clock. Mini-programs have no trustworthy `Intl`, so the offset is a number, in this one place.
 */

/** The merchant's clock by its name; `merchantOffsetMinutes` must agree (a test compares them). */
export const merchantZone = 'Asia/Shanghai'

/** Minutes east of UTC of the merchant's clock. Mainland China has one zone and no summer time. */
export const merchantOffsetMinutes = 480

export const minuteMs = 60_000
export const dayMs = 1440 * minuteMs

/** A calendar day on the merchant's clock, `YYYY-MM-DD`. */
export type Day = string

/** The parts of an instant as a wall clock of the merchant shows them. */
export interface WallClock {
  year: number
  month: number
  date: number
  hour: number
  minute: number
  /** 0 is Sunday. */
  weekday: number
}

/** Reads an instant (ms or ISO) on the merchant's clock. */
export function wallClock(instant: number | string): WallClock {
  const shifted = new Date(toMs(instant) + merchantOffsetMinutes * minuteMs)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    date: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    weekday: shifted.getUTCDay(),
  }
}

/** The merchant's day of an instant. */
export function dayOf(instant: number | string): Day {
  const at = wallClock(instant)
  return `${at.year}-${two(at.month)}-${two(at.date)}`
}

/** The instant (ms) at which a merchant's day begins, plus `minutes` on its wall clock. */
export function instantOf(day: Day, minutes = 0): number {
  return Date.parse(`${day}T00:00:00Z`) - merchantOffsetMinutes * minuteMs + minutes * minuteMs
}

/** The day `count` days after `day`. */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10)
}

/** `14:05` on the merchant's clock. */
export function clockText(instant: number | string): string {
  const at = wallClock(instant)
  return `${two(at.hour)}:${two(at.minute)}`
}

/** `11月23日`. */
export function monthDayText(instant: number | string): string {
  const at = wallClock(instant)
  return `${at.month}月${at.date}日`
}

/** `11月23日 周一`. */
export function dateText(instant: number | string): string {
  const at = wallClock(instant)
  return `${at.month}月${at.date}日 ${weekdays[at.weekday]}`
}

/** `周一`. */
export function weekdayText(instant: number | string): string {
  return weekdays[wallClock(instant).weekday] as string
}

/** `11月23日 周一 14:00–16:00`. */
export function spanText(startsAt: number | string, endsAt: number | string): string {
  return `${dateText(startsAt)} ${clockText(startsAt)}–${clockText(endsAt)}`
}

/** `14:59`, or `1:05:00` from an hour on; never negative. For countdowns. */
export function countdownText(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${two(minutes)}:${two(seconds % 60)}`
}

/** `120` → `2 小时`, `90` → `1 小时 30 分钟`. */
export function durationText(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} 分钟`
  return rest === 0 ? `${hours} 小时` : `${hours} 小时 ${rest} 分钟`
}

/** The parts of a day by which slots are grouped, as [from, to) hours of the merchant's clock. */
export const dayParts = [
  { id: 'morning', zh: '上午', from: 0, to: 12 },
  { id: 'afternoon', zh: '下午', from: 12, to: 18 },
  { id: 'evening', zh: '晚上', from: 18, to: 24 },
] as const

const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

function toMs(instant: number | string): number {
  return typeof instant === 'number' ? instant : Date.parse(instant)
}
