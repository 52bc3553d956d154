/**
 * Who keeps the queues (T5): the process itself, or Redis for all nodes of a cluster. One interface;
 * each call is one atomic step. Numbers grow with every arrival: its microsecond, at least one more
 * than the last, so that they go on growing when a keeper lost everything.
 */

export interface Arrival {
  service: string
  user: string
  /** ms. */
  now: number
  /** The node has room: who finds nobody waiting goes straight in. */
  straight: boolean
  /** Most people that may wait. */
  most: number
  /** Number of an honest slip; 0 for none. */
  number: number
  /** A hold comes with it: a pass serves one at a time (`finish` ends it). */
  holds: boolean
  /** This node saw people waiting a moment ago: a keeper that knows nothing has lost them. */
  known: boolean
  /** A queue that nobody touches is forgotten after this, ms. */
  keepMs: number
}

export type Standing =
  /** Nobody waits: go straight in. Nothing is written. */
  | { state: 'free' }
  /** Let in: may hold until then (ms). */
  | { state: 'pass'; until: number }
  /** Another hold of theirs is being decided on the same pass. */
  | { state: 'busy' }
  | { state: 'waiting'; number: number; ahead: number; admitted: number; through: number }
  | { state: 'full' }

export interface Count {
  waiting: number
  /** People let in so far. */
  admitted: number
  /** The largest number that was let in. */
  through: number
  /** When somebody last had to wait, ms; 0 for never. */
  busyAt: number
}

export interface Keeper {
  /** Takes a place at the end, keeps the one there is, or brings back the one of a slip. */
  arrive(arrival: Arrival): Promise<Standing>
  /** Lets the first `count` in, until `now + passMs`; answers who. */
  admit(of: {
    service: string
    now: number
    count: number
    passMs: number
    keepMs: number
  }): Promise<{ users: string[]; count: Count }>
  /** A hold on a pass was decided; `spent`: the pass is used up. */
  finish(service: string, user: string, spent: boolean): Promise<void>
  /** Gives place and pass up; the slip is worth nothing any more. */
  leave(service: string, user: string): Promise<void>
  count(service: string): Promise<Count>
  /** Services with people waiting. */
  open(): Promise<string[]>
}

/** A hold that is not finished by then, ms, died with its node: the pass may be used again. */
export const USING_MS = 10_000

/**
 * After a lost place came back nobody is let in for this long, ms, so that the others come back too,
 * each at their number. Longer than a phone takes to connect again (contract/live.ts backoffMs).
 */
export const SETTLE_MS = 4_000
/** Not again within so many times as long: coming back must not keep the door shut. */
export const SETTLE_AGAIN = 20
