/** The queues of one process, in its memory. */
import {
  type Arrival,
  type Count,
  type Keeper,
  SETTLE_AGAIN,
  SETTLE_MS,
  type Standing,
  USING_MS,
} from './keeper.ts'

interface Waiting {
  number: number
  user: string
}

interface Line {
  /** By number. */
  waiting: Waiting[]
  numbers: Map<string, number>
  /** Until when, ms, by user. */
  passes: Map<string, number>
  /** Passes with a hold under way, until when at the latest, ms. */
  using: Map<string, number>
  /** The last number of a user that is over: let in, or given up. */
  over: Map<string, number>
  last: number
  admitted: number
  through: number
  busyAt: number
  settledAt: number
  usedAt: number
}

/** `settleMs` is for tests. */
export function processKeeper(settleMs = SETTLE_MS): Keeper {
  const lines = new Map<string, Line>()

  function lineOf(service: string, now: number, keepMs: number): Line {
    const known = lines.get(service)
    const line = known && known.usedAt + keepMs > now ? known : newLine()
    line.usedAt = now
    lines.set(service, line)
    return line
  }

  function arrive(arrival: Arrival): Standing {
    const { service, user, now, straight, most, number } = arrival
    const line = lineOf(service, now, arrival.keepMs)
    const until = line.passes.get(user) ?? 0
    if (until > now) return usePass(line, arrival, until)
    if (line.numbers.has(user)) return standing(line, user)
    const back = number > (line.over.get(user) ?? 0)
    if (back) settle(line, now)
    else {
      if (straight && line.waiting.length === 0 && now >= line.settledAt) return { state: 'free' }
      line.busyAt = now
      if (line.waiting.length >= most) return { state: 'full' }
    }
    const mine = back ? number : Math.max(line.last + 1, now * 1000)
    line.last = Math.max(line.last, mine)
    line.busyAt = now
    line.numbers.set(user, mine)
    line.waiting.splice(rank(line, mine), 0, { number: mine, user })
    return standing(line, user)
  }

  function usePass(line: Line, { user, now, holds }: Arrival, until: number): Standing {
    if (!holds) return { state: 'pass', until }
    if ((line.using.get(user) ?? 0) > now) return { state: 'busy' }
    line.using.set(user, now + USING_MS)
    return { state: 'pass', until }
  }

  function settle(line: Line, now: number): void {
    if (now > line.settledAt + SETTLE_AGAIN * settleMs) line.settledAt = now + settleMs
  }

  function leave(service: string, user: string): void {
    const line = lines.get(service)
    if (!line) return
    line.passes.delete(user)
    const number = line.numbers.get(user)
    if (number === undefined) return
    line.numbers.delete(user)
    line.waiting.splice(rank(line, number), 1)
    line.over.set(user, number)
  }

  return {
    arrive: async (arrival) => arrive(arrival),
    async admit({ service, now, count, passMs, keepMs }) {
      const line = lineOf(service, now, keepMs)
      for (const [user, until] of line.passes) if (until <= now) line.passes.delete(user)
      if (line.waiting.length > 0) line.busyAt = now
      const first = now < line.settledAt ? [] : line.waiting.splice(0, count)
      for (const { user, number } of first) {
        line.numbers.delete(user)
        line.over.set(user, number)
        line.passes.set(user, now + passMs)
        line.through = Math.max(line.through, number)
      }
      line.admitted += first.length
      return { users: first.map(({ user }) => user), count: countOf(line) }
    },
    async finish(service, user, spent) {
      lines.get(service)?.using.delete(user)
      if (spent) lines.get(service)?.passes.delete(user)
    },
    leave: async (service, user) => leave(service, user),
    count: async (service) => countOf(lines.get(service)),
    open: async () =>
      [...lines].filter(([, line]) => line.waiting.length > 0).map(([service]) => service),
  }
}

function newLine(): Line {
  return {
    waiting: [],
    numbers: new Map(),
    passes: new Map(),
    using: new Map(),
    over: new Map(),
    last: 0,
    admitted: 0,
    through: 0,
    busyAt: 0,
    settledAt: 0,
    usedAt: 0,
  }
}

function standing(line: Line, user: string): Standing {
  const number = line.numbers.get(user) as number
  const { admitted, through } = line
  return { state: 'waiting', number, ahead: rank(line, number), admitted, through }
}

/** How many have a smaller number. */
function rank({ waiting }: Line, number: number): number {
  let [low, high] = [0, waiting.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((waiting[middle] as Waiting).number < number) low = middle + 1
    else high = middle
  }
  return low
}

function countOf(line: Line | undefined): Count {
  if (!line) return { waiting: 0, admitted: 0, through: 0, busyAt: 0 }
  const { waiting, admitted, through, busyAt } = line
  return { waiting: waiting.length, admitted, through, busyAt }
}
