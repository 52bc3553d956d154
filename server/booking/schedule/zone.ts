/**
 * A clock on a wall, as instants. The merchant's has no summer time (contract/time.ts), others have:
 * an hour that comes twice means its first, one that never comes means the moment it is skipped.
 */
import { type Day, dayMs, instantOf, minuteMs } from '@jiyue/contract/time'

export interface Zone {
  /** The instant (ms) at which the clock of `day` shows `minutes` from midnight. Never goes back. */
  instantOf(day: Day, minutes: number): number
}

/** The merchant's, in the one place that says it (contract/time.ts). */
export const merchantClock: Zone = { instantOf }

/** A zone by its IANA name: `Asia/Shanghai`, `Europe/Berlin`. Throws RangeError for an unknown one. */
export function zoneOf(name: string): Zone {
  const offsetAt = offsets(name)
  return {
    instantOf(day, minutes) {
      const wall = Date.parse(`${day}T00:00:00Z`) + minutes * minuteMs
      const [before, after] = [offsetAt(wall - dayMs), offsetAt(wall + dayMs)]
      if (offsetAt(wall - before) === before) return wall - before
      if (offsetAt(wall - after) === after) return wall - after
      return skipped(offsetAt, wall - after, wall - before)
    },
  }
}

/** The first instant in (from, to] with the later offset: the clock jumps there. */
function skipped(offsetAt: (at: number) => number, from: number, to: number): number {
  const later = offsetAt(to)
  let [low, high] = [from, to]
  while (high - low > minuteMs) {
    const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs
    if (offsetAt(middle) === later) high = middle
    else low = middle
  }
  return high
}

/** Milliseconds east of UTC at an instant. */
function offsets(name: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return (at) => {
    const part = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, value]),
    )
    const wall = Date.parse(
      `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`,
    )
    return wall - Math.floor(at / 1000) * 1000
  }
}
