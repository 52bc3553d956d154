/**
 * The server's clock on the phone. Countdowns run on it, so a wrong device clock, a pause in the
 * background or another device cannot bend them.
 */

export interface Clock {
  /** The server's now, ms. */
  now(): number
  /** A reply stamped `serverNow` (ISO) to a question asked at `askedAt`, heard at `heardAt` (device ms). */
  heard(serverNow: string, askedAt: number, heardAt: number): void
  /** A stamp that may have lain in a cache for a while: it can only show that we are behind. */
  heardLate(serverNow: string, heardAt: number): void
}

/** A sample older than this gives way to any new one: devices drift and are set by hand. */
const freshMs = 60_000

export function createClock(deviceNow: () => number): Clock {
  let offset = 0
  let best = { tripMs: Number.POSITIVE_INFINITY, at: Number.NEGATIVE_INFINITY }
  return {
    now: () => deviceNow() + offset,
    heard(serverNow, askedAt, heardAt) {
      const server = Date.parse(serverNow)
      const tripMs = Math.max(0, heardAt - askedAt)
      if (Number.isNaN(server)) return
      if (tripMs > best.tripMs && heardAt - best.at < freshMs) return
      best = { tripMs, at: heardAt }
      offset = server - (askedAt + heardAt) / 2
    },
    heardLate(serverNow, heardAt) {
      const behind = Date.parse(serverNow) - heardAt
      if (behind > offset || best.at === Number.NEGATIVE_INFINITY) {
        if (!Number.isNaN(behind)) offset = behind
      }
    },
  }
}
