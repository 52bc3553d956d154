/** Pure: a rush served by one database or several, each deciding a batch at a time as the product does. */
import { makeRandom } from '../sandbox/random.ts'

/** What deciding a batch takes: `fixedMs` for its commit and round trips, `eachMs` more for each hold. */
export interface Costs {
  fixedMs: number
  eachMs: number
}

export interface Rush {
  /** Holds asked for a second, all services together. */
  perSecond: number
  seconds: number
  services: number
  /** Zipf's exponent of how demand spreads over services: 0 evenly, 1 as in most shops. */
  skew: number
  /** Most holds of one batch (db/groupCommit.ts). */
  most: number
}

export interface Outcome {
  /** Holds answered a second. */
  served: number
  p50Ms: number
  p99Ms: number
  /** Share of the busiest database's time that it worked. */
  busiest: number
}

/**
 * Serves a rush from `shards` databases, each with one batch in flight as the product has. A service
 * lives on one of them (hash of its id), so every hold is decided by one database, exactly.
 */
export function simulate(costs: Costs, rush: Rush, shards: number, seed = 1): Outcome {
  const next = makeRandom(seed)
  const lines = Array.from({ length: shards }, (): number[] => [])
  const choose = drawService(rush, next)
  for (
    let at = 0;
    at < rush.seconds * 1000;
    at += (-Math.log(1 - next()) * 1000) / rush.perSecond
  ) {
    lines[choose() % shards]?.push(at)
  }
  const waits: number[] = []
  let busiest = 0
  let end = rush.seconds * 1000
  for (const line of lines) {
    const { worked, last } = serve(line, costs, rush.most, waits)
    busiest = Math.max(busiest, worked / Math.max(last, rush.seconds * 1000))
    end = Math.max(end, last)
  }
  waits.sort((a, b) => a - b)
  const at = (share: number) => waits[Math.floor(share * (waits.length - 1))] ?? 0
  return { served: waits.length / (end / 1000), p50Ms: at(0.5), p99Ms: at(0.99), busiest }
}

/** One database: who arrives while a batch is in flight forms the next one. */
function serve(line: readonly number[], costs: Costs, most: number, waits: number[]) {
  let clock = 0
  let worked = 0
  for (let first = 0; first < line.length; ) {
    clock = Math.max(clock, line[first] as number)
    let after = first
    while (after < line.length && after - first < most && (line[after] as number) <= clock) after++
    const takes = costs.fixedMs + costs.eachMs * (after - first)
    clock += takes
    worked += takes
    for (; first < after; first++) waits.push(clock - (line[first] as number))
  }
  return { worked, last: clock }
}

/** Draws services by Zipf; their number is their hash. */
function drawService({ services, skew }: Rush, next: () => number): () => number {
  const sums: number[] = []
  let sum = 0
  for (let rank = 1; rank <= services; rank++) {
    sum += rank ** -skew
    sums.push(sum)
  }
  const shuffled = Array.from({ length: services }, (_, i) => i).sort(() => next() - 0.5)
  return () => {
    const drawn = next() * sum
    let [low, high] = [0, services - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] as number) < drawn) low = middle + 1
      else high = middle
    }
    return shuffled[low] as number
  }
}
