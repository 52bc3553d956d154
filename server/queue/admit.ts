/**
 * How many may go in (T5): pure. The number of holds that a node has inside at once follows what it
 * serves: down when they take too long, up when they are quick and the number was what held people
 * up. (Waiting inside costs the same as waiting outside, but only outside has an order.)
 */

export interface Limits {
  /** Always let in so many: fewer are no crowd, whatever the clock says. */
  least: number
  most: number
  /** A hold that takes longer, ms, waits for the ones before it. */
  holdMs: number
  /** An event loop that is later than this, ms, has too much to do. */
  loopMs: number
}

/** A batch of the hold at the least; a second is as long as a tap may seem to do nothing. */
export const usualLimits: Limits = { least: 128, most: 4096, holdMs: 1_000, loopMs: 200 }

/** What a node sees of itself. */
export interface Load {
  /** Holds that are being decided or wait for it. */
  inside: number
  /** Let in a moment ago, and not yet seen: they are on their way. */
  fresh: number
  /** Holds asked for within the last second. */
  asked: number
  /** Mean of those decided since the last look, ms; null for none. */
  holdMs: number | null
  loopMs: number
}

const SHRINK = 0.9
const GROW = 1.1
/** A full node is free again below this share: the door must not flutter. */
const LOW = 0.75

/** The number let in at once, from one look to the next. */
export function nextLimit(limit: number, load: Load, { least, most, ...goal }: Limits): number {
  const slow = (load.holdMs ?? 0) > goal.holdMs || load.loopMs > goal.loopMs
  if (slow) return clamp(Math.floor(limit * SHRINK), least, most)
  const held = load.inside + load.fresh >= limit * LOW
  return clamp(held ? Math.ceil(limit * GROW) : limit, least, most)
}

/** How many more may go in now. `wasFull` is the last answer's `full`. */
export function roomOf(
  limit: number,
  load: Load,
  wasFull: boolean,
  { least, loopMs }: Limits,
): { room: number; full: boolean } {
  const used = load.inside + load.fresh
  // A late loop alone is no crowd: the machine may have had something else to do.
  const late = load.loopMs > loopMs && load.asked >= least
  const full = late || used >= limit || (wasFull && used > limit * LOW)
  return { room: full ? 0 : limit - used, full }
}

/** People let in so far, as seen at a time (ms). */
export interface Sample {
  at: number
  admitted: number
}

const WINDOW_MS = 30_000
/** Less than this says nothing yet. */
const SHORTEST_MS = 2_000

/** Samples with a new one; what is too old to matter is gone. A queue begun anew begins anew here. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1)
  if (last && last.admitted > sample.admitted) return [sample]
  return [...samples.filter(({ at }) => sample.at - at <= WINDOW_MS), sample]
}

/** People let in per minute over the samples; null while it is too early to say. */
export function perMinute(samples: readonly Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || last.at - first.at < SHORTEST_MS) return null
  return Math.round(((last.admitted - first.admitted) * 60_000) / (last.at - first.at))
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))
