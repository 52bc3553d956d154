/**
 * The sandbox's two times.
 *
 * `now()` is business time (expiry, retry schedules, bills): it can be moved, so that a test or a
 * demo need not wait a day. `wire()` is the time signatures are stamped and checked with: it is
 * never moved, because the merchant's own clock is not moved either and both sides refuse a
 * difference of five minutes.
 */
export type Clock = {
  /** Business time, milliseconds since the epoch. */
  now(): number
  /** Time of signatures, milliseconds since the epoch. */
  wire(): number
  /** Sets the distance of business time from real time (absolute, not added up). */
  shift(offsetMs: number): void
  readonly offsetMs: number
}

/** A clock over `base` (real time unless a test gives its own). */
export function makeClock(base: () => number = Date.now): Clock {
  let offset = 0
  return {
    now: () => base() + offset,
    wire: base,
    shift(offsetMs) {
      offset = offsetMs
    },
    get offsetMs() {
      return offset
    },
  }
}

const CHINA = 8 * 3_600_000
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** `2026-01-01T08:00:00+08:00`, as WeChat Pay writes times. */
export function rfc3339(ms: number): string {
  return `${new Date(ms + CHINA).toISOString().slice(0, 19)}+08:00`
}

/** `2026-01-01 08:00:00` in China time, as Alipay writes times. */
export function chinaTime(ms: number): string {
  return new Date(ms + CHINA).toISOString().slice(0, 19).replace('T', ' ')
}

/** `20260101080000` in China time, as the platforms' own numbers begin. */
export function chinaDigits(ms: number): string {
  return chinaTime(ms).replace(/\D/g, '')
}

/** Milliseconds of a China time `2026-01-01 08:00:00`, or null when it is none. */
export function fromChinaTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return null
  const ms = Date.parse(`${text.replace(' ', 'T')}+08:00`)
  // Date.parse rolls 31 February over to March: a time that does not read back is no time.
  return Number.isNaN(ms) || chinaTime(ms) !== text ? null : ms
}

/** First and last millisecond of a China day `2026-01-01`, or null when it is none. */
export function chinaDay(text: string): { from: number; until: number } | null {
  const from = fromChinaTime(`${text} 00:00:00`)
  return from === null ? null : { from, until: from + DAY - 1 }
}
