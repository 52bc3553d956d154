/** Redis: what several processes of a cluster share besides the database. Nothing in it is the truth. */
import { Redis } from 'ioredis'

export type { Redis } from 'ioredis'

/** A command that is not answered by then has failed: what waits for Redis must not wait for long. */
const COMMAND_MS = 2_000
const MOST_PAUSE_MS = 1_000

/**
 * Connects to `url` (`redis://…`), and again whenever the connection is lost. While it is away
 * commands fail at once instead of queueing up; each caller says what it does then.
 */
export async function openRedis(url: string, report: (error: Error) => void): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
    retryStrategy: (times) => Math.min(times * 50, MOST_PAUSE_MS),
  })
  redis.on('error', report)
  await redis.connect()
  return redis
}
