/**
 * What a process counts of itself, for Prometheus (docs/how-to/watching.md). The parts that are
 * counted know functions only (`batch`, `cached` …), never this file; labels come from closed lists:
 * endpoints of the contract, statuses, sweeps.
 */
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type LabelValues,
  Registry,
} from 'prom-client'
import type { Parts } from '../parts.ts'
import { databaseGauges } from './database.ts'

export interface Metrics {
  registry: Registry
  /** Counts requests of one endpoint; made once a route, called once a request. */
  requestsOf(endpoint: string): (status: number, seconds: number) => void
  /** A decided batch of holds: how many, how many came meanwhile, how long it took. */
  batch(requests: number, waiting: number, ms: number): void
  /** Asked of the memory: there, or to be read. */
  cached(hit: boolean): void
  /** Live frames sent, and not sent to those too far behind. */
  frames(sent: number, dropped: number): void
  /** Says how many sockets are open, when asked. */
  socketsAre(count: () => number): void
  /** A hold came to the queue: straight in, by its turn, to its place, or turned away. */
  arrived(state: Arrived): void
  /** Holds inside and how many may be, when asked. */
  queueIs(now: () => { inside: number; limit: number }): void
  swept(name: string, seconds: number, failed: boolean): void
  busGap(): void
  /** Connections of the pool, when asked. */
  poolIs(pool: { totalCount: number; idleCount: number; waitingCount: number }): void
}

type Arrived = 'free' | 'pass' | 'busy' | 'waiting' | 'full'

/** Seconds: memory answers in one or two milliseconds, providers in some hundreds. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'jiyue_http_request_seconds',
    help: 'Requests by endpoint and status.',
    labelNames: ['endpoint', 'status'] as const,
    buckets: REQUEST_BUCKETS,
    registers,
  })
  const batches = new Histogram({
    name: 'jiyue_hold_batch_requests',
    help: 'Hold requests decided in one transaction.',
    buckets: BATCH_BUCKETS,
    registers,
  })
  const deciding = new Histogram({
    name: 'jiyue_hold_batch_seconds',
    help: 'Time one batch of holds took to be decided and committed.',
    buckets: REQUEST_BUCKETS,
    registers,
  })
  const waiting = new Gauge({
    name: 'jiyue_hold_queue',
    help: 'Hold requests that waited behind the last batch.',
    registers,
  })
  const cache = new Counter({
    name: 'jiyue_cache_asked_total',
    help: 'Replies asked of the memory, by whether they were there.',
    labelNames: ['result'] as const,
    registers,
  })
  const frames = new Counter({
    name: 'jiyue_live_frames_total',
    help: 'Live frames, sent or dropped for sockets that are too far behind.',
    labelNames: ['fate'] as const,
    registers,
  })
  const sweeping = new Histogram({
    name: 'jiyue_sweep_seconds',
    help: 'Time a turn of a sweep took.',
    labelNames: ['sweep'] as const,
    buckets: REQUEST_BUCKETS,
    registers,
  })
  const failures = new Counter({
    name: 'jiyue_sweep_failures_total',
    help: 'Turns of a sweep that failed; each runs again.',
    labelNames: ['sweep'] as const,
    registers,
  })
  const gaps = new Counter({
    name: 'jiyue_bus_gaps_total',
    help: 'Times the news between processes may have been missed.',
    registers,
  })
  const arrivals = new Counter({
    name: 'jiyue_queue_arrivals_total',
    help: 'Holds that came to the queue: free (nobody waits), pass (their turn), waiting, busy, full (turned away).',
    labelNames: ['state'] as const,
    registers,
  })
  const [hits, misses] = [cache.labels('hit'), cache.labels('miss')]
  const arrivedBy = {
    free: arrivals.labels('free'),
    pass: arrivals.labels('pass'),
    busy: arrivals.labels('busy'),
    waiting: arrivals.labels('waiting'),
    full: arrivals.labels('full'),
  }
  const [sent, dropped] = [frames.labels('sent'), frames.labels('dropped')]

  /** Of each label its child, made when it is first needed: none is made in a request's way again. */
  const sweptBy = new Map<string, ReturnType<typeof sweeping.labels>>()

  return {
    registry,
    requestsOf(endpoint) {
      const byStatus = new Map<number, ReturnType<typeof requests.labels>>()
      return (status, seconds) => {
        let child = byStatus.get(status)
        if (!child) {
          child = requests.labels(endpoint, String(status))
          byStatus.set(status, child)
        }
        child.observe(seconds)
      }
    },
    batch(count, behind, ms) {
      batches.observe(count)
      deciding.observe(ms / 1000)
      waiting.set(behind)
    },
    cached: (hit) => (hit ? hits : misses).inc(),
    frames(went, stayed) {
      sent.inc(went)
      if (stayed > 0) dropped.inc(stayed)
    },
    socketsAre(count) {
      asked(registry, 'jiyue_live_sockets', 'Open live sockets.', [], () => [{ value: count() }])
    },
    arrived: (state) => arrivedBy[state].inc(),
    queueIs(now) {
      const help = 'Holds inside this process, and how many it lets in at once.'
      asked(registry, 'jiyue_queue_inside', help, ['what'], () => {
        const { inside, limit } = now()
        return [
          { labels: { what: 'inside' }, value: inside },
          { labels: { what: 'limit' }, value: limit },
        ]
      })
    },
    swept(name, seconds, failed) {
      const child = sweptBy.get(name) ?? sweeping.labels(name)
      sweptBy.set(name, child)
      child.observe(seconds)
      if (failed) failures.labels(name).inc()
    },
    busGap: () => gaps.inc(),
    poolIs(pool) {
      const help = 'Database connections in use, idle, and requests that wait for one.'
      asked(registry, 'jiyue_pool', help, ['state'], () => [
        { labels: { state: 'used' }, value: pool.totalCount - pool.idleCount },
        { labels: { state: 'idle' }, value: pool.idleCount },
        { labels: { state: 'waiting' }, value: pool.waitingCount },
      ])
    },
  }
}

/** What is counted in the database when somebody asks: due work, findings, the auditor's rounds. */
export function watchDatabase({ registry }: Metrics, parts: Parts): void {
  for (const { name, help, labels, read } of databaseGauges) {
    asked(registry, name, help, labels, async () => {
      try {
        return await read(parts)
      } catch (error) {
        parts.log.warn({ err: error, gauge: name }, 'not counted')
        return []
      }
    })
  }
}

export interface Sample {
  labels?: LabelValues<string>
  value: number
}

/** A gauge that is read when it is asked for. */
function asked(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  read: () => Sample[] | Promise<Sample[]>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { labels = {}, value } of await read()) this.set(labels, value)
    },
  })
}
