/** News by Redis, where nodes share one: the database has nothing to do with who listens. */
import type { Redis } from '../../db/redis.ts'
import type { Carrier, Ears } from './carrier.ts'

const CHANNEL = 'jiyue:news'
/** A connection whose other end fell silent says nothing by itself; asked this often, it must answer. */
const PING_MS = 5_000

/**
 * Listens on a connection of its own beside `redis`, which sends: who listens cannot ask for anything
 * else. ioredis makes a lost one again; what was said meanwhile is told as a gap.
 */
export async function openPublish(redis: Redis, ears: Ears): Promise<Carrier> {
  const listening = redis.duplicate({ autoResubscribe: false })
  let standing = false
  listening.on('message', (_channel: string, text: string) => ears.heard(text))
  listening.on('error', ears.report)
  listening.on('close', () => {
    standing = false
  })
  try {
    await listening.connect()
    await listening.subscribe(CHANNEL)
  } catch (error) {
    listening.disconnect()
    throw error
  }
  standing = true
  listening.on('ready', async () => {
    try {
      await listening.subscribe(CHANNEL)
      standing = true
      ears.gap()
    } catch (error) {
      startOver(error as Error)
    }
  })
  const pulse = setInterval(() => {
    if (standing) listening.ping().catch(startOver)
  }, PING_MS)
  pulse.unref()

  function startOver(error: Error): void {
    ears.report(error)
    standing = false
    if (listening.status === 'ready') listening.disconnect(true)
  }

  return {
    async send(texts) {
      for (const text of texts) await redis.publish(CHANNEL, text)
    },
    stands: () => standing,
    async close() {
      clearInterval(pulse)
      listening.disconnect()
    },
  }
}
