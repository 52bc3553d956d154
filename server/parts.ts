/** What the server's modules are given, made once in main.ts (and in the tests). */
import type { Method } from '@jiyue/contract/payment'
import type { FastifyBaseLogger } from 'fastify'
import type { Kysely } from 'kysely'
import type { Redis } from './db/redis.ts'
import type { Database } from './db/schema.ts'
import type { Bus } from './live/bus.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Gateway } from './payment/gateways/gateway.ts'
import type { Seal } from './people/seal.ts'
import type { Platforms } from './platforms/platforms.ts'
import type { Queue } from './queue/queue.ts'

export interface Parts {
  db: Kysely<Database>
  /** Where several processes make a cluster. */
  redis?: Redis
  bus: Bus
  queue: Queue
  gateways: Record<Method, Gateway>
  platforms: Platforms
  seal: Seal
  log: FastifyBaseLogger
  /** What this process counts; the application makes its own where there is none. */
  metrics?: Metrics
  /** Our own H5's address, for coming back from a cashier. */
  publicUrl: string
  /** The clock of everything that is not decided inside the database. */
  now(): Date
}
