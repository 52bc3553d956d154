/** News by PostgreSQL NOTIFY: one process and many are the same, and nothing else is needed. */
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { Database } from '../../db/schema.ts'
import type { Carrier, Ears } from './carrier.ts'

const CHANNEL = 'jiyue_news'
const AGAIN_MS = 500

/** Connects and keeps listening; a lost connection is made again, by one loop. */
export async function openNotify(
  { url, db }: { url: string; db: Kysely<Database> },
  ears: Ears,
): Promise<Carrier> {
  let reconnecting: Promise<void> = Promise.resolve()
  let closed = false
  let standing = true
  let client = await listen()

  async function listen(): Promise<pg.Client> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'jiyue-bus',
      keepAlive: true,
    })
    fresh.on('notification', ({ payload }) => ears.heard(payload ?? '{}'))
    fresh.on('error', ears.report)
    // A connection that never stood ends too: only one that did is made again.
    let stood = false
    let ended = false
    fresh.once('end', () => {
      ended = true
      if (!stood || closed) return
      standing = false
      reconnecting = reconnect()
    })
    try {
      await fresh.connect()
      await fresh.query(`listen ${CHANNEL}`)
      if (ended) throw new Error('the bus lost its connection at once')
    } catch (error) {
      await fresh.end().catch(ears.report)
      throw error
    }
    stood = true
    return fresh
  }

  async function reconnect(): Promise<void> {
    while (!closed) {
      try {
        client = await listen()
        standing = true
        ears.gap()
        return
      } catch (error) {
        ears.report(error as Error)
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      }
    }
  }

  return {
    async send(texts) {
      await sql`select pg_notify(${CHANNEL}, text) from unnest(${texts}::text[]) text`.execute(db)
    },
    stands: () => standing,
    async close() {
      closed = true
      await reconnecting
      await client.end()
    },
  }
}
