/**
 * Where requests are counted against their limits (@fastify/rate-limit): in this process, or for all
 * nodes together in the Redis they share.
 */
import { createHash } from 'node:crypto'
import type { FastifyRateLimitOptions, FastifyRateLimitStore } from '@fastify/rate-limit'
import { LRUCache } from 'lru-cache'
import type { Redis } from '../db/redis.ts'

interface Count {
  current: number
  /** Until it starts at nothing again, ms. */
  ttl: number
}
type Told = (error: Error | null, count?: Count) => void
type Route = Parameters<FastifyRateLimitStore['child']>[0]

/** Callers counted at once by one process, for one route. */
const MOST_CALLERS = 10_000
/** Redis did not answer: for so long each node counts by itself, instead of waiting at each request. */
const AWAY_MS = 5_000

/**
 * A fixed window, begun by its first request. The count and its end are one script: a process that
 * dies between two commands would leave a count without an end.
 */
const COUNT = `
  local current = redis.call('INCR', KEYS[1])
  if current == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return { current, redis.call('PTTL', KEYS[1]) }`

/**
 * Counts in Redis. While it is away every node counts what comes to it: limits are then as many times
 * as wide as there are nodes, but nobody is let in without one and nobody is shut out.
 */
export function sharedCounts(redis: Redis) {
  const line = { awayUntil: 0 }

  return class Shared implements FastifyRateLimitStore {
    /** Whose counts these are: one route's, or all the others' together. */
    route: string
    own = ownCounts()

    constructor(_options: FastifyRateLimitOptions, route = '') {
      this.route = route
    }

    incr(caller: string, told: Told, windowMs: number): void {
      this.count(caller, windowMs).then((count) => told(null, count), told)
    }

    child({ routeInfo }: Route & { routeInfo?: { method: unknown; url: string } }): Shared {
      return new Shared({}, routeInfo ? `${String(routeInfo.method)} ${routeInfo.url}` : '')
    }

    async count(caller: string, windowMs: number): Promise<Count> {
      if (Date.now() < line.awayUntil) return this.own(caller, windowMs)
      try {
        const key = `jiyue:limit:${this.route}:${hashOf(caller)}`
        const [current, ttl] = (await redis.eval(COUNT, 1, key, windowMs)) as [number, number]
        return { current, ttl }
      } catch {
        // The connection's own report has told it; here it only changes who counts.
        line.awayUntil = Date.now() + AWAY_MS
        return this.own(caller, windowMs)
      }
    }
  }
}

function ownCounts() {
  const counts = new LRUCache<string, { current: number; end: number }>({ max: MOST_CALLERS })
  return (caller: string, windowMs: number): Count => {
    const now = Date.now()
    const known = counts.get(caller)
    const count = known && known.end > now ? known : { current: 0, end: now + windowMs }
    count.current += 1
    counts.set(caller, count)
    return { current: count.current, ttl: count.end - now }
  }
}

/** A caller is known by a session's token or an address: neither is written down in Redis. */
const hashOf = (caller: string) =>
  createHash('sha256').update(caller).digest('base64url').slice(0, 22)
