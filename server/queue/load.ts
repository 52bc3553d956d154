/** What a node sees of its own holds (T5), and what it makes of it. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { type Limits, type Load, nextLimit, roomOf } from './admit.ts'

export interface Meter {
  /** A hold comes in; the answer ends it: was it decided, or sent to the queue? */
  begin(): (wasDecided: boolean) => void
  /** May another go in now? */
  hasRoom(): boolean
  /** These were let in and are on their way. */
  expect(users: readonly string[]): void
  /** One of them is here. */
  met(user: string): void
  /** How many holds are inside, and how many may be. */
  now(): { inside: number; limit: number }
  /** Once a tick: moves the limit and answers how many more may go in. */
  look(): number
}

/** Milliseconds in which somebody let in is here, or is not coming for now. */
const ON_THE_WAY_MS = 3_000
/** How often the event loop is looked at, ms: what it is late beyond that is delay. */
const RESOLUTION_MS = 20

/** `limits` are read at each look, so that a test may move them. */
export function createMeter(limits: Limits): Meter {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  loop.enable()
  const fresh = new Map<string, number>()
  let limit = limits.most / 8
  let full = false
  let inside = 0
  let decided = { count: 0, ms: 0 }
  let asked = { second: 0, now: 0, before: 0 }
  let last: Pick<Load, 'holdMs' | 'loopMs'> = { holdMs: null, loopMs: 0 }

  function load(): Load {
    const oldest = performance.now() - ON_THE_WAY_MS
    for (const [user, at] of fresh) {
      if (at > oldest) break
      fresh.delete(user)
    }
    return { inside, fresh: fresh.size, asked: Math.max(asked.now, asked.before), ...last }
  }

  function room(): number {
    const answer = roomOf(Math.min(limit, limits.most), load(), full, limits)
    full = answer.full
    return answer.room
  }

  function count(at: number): void {
    const second = Math.floor(at / 1000)
    if (second !== asked.second)
      asked = { second, now: 0, before: second === asked.second + 1 ? asked.now : 0 }
    asked.now += 1
  }

  return {
    begin() {
      const began = performance.now()
      count(began)
      inside += 1
      return (wasDecided) => {
        inside -= 1
        if (!wasDecided) return
        decided = { count: decided.count + 1, ms: decided.ms + performance.now() - began }
      }
    },
    hasRoom: () => room() > 0,
    now: () => ({ inside, limit: Math.min(limit, limits.most) }),
    expect(users) {
      const at = performance.now()
      for (const user of users) fresh.set(user, at)
    },
    met: (user) => void fresh.delete(user),
    look() {
      const loopMs = Math.max(0, loop.mean / 1e6 - RESOLUTION_MS) || 0
      last = { holdMs: decided.count > 0 ? decided.ms / decided.count : null, loopMs }
      loop.reset()
      decided = { count: 0, ms: 0 }
      limit = nextLimit(limit, load(), limits)
      return room()
    },
  }
}
