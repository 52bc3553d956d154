/**
 * Tells every process what changed, after commit and coalesced: many changes of one slot within a
 * few milliseconds become one frame. Travels by PostgreSQL NOTIFY, so one process and many are the
 * same. Lost messages cost freshness only: screens read again after a gap.
 */
import type { Topic } from '@jiyue/contract/live'
import type { QueueNews } from '@jiyue/contract/queue'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { Database } from '../db/schema.ts'

/** What goes round: new seat numbers, and topics to read again. */
export interface News {
  slots: { serviceId: string; slotId: string; left: number; version: number }[]
  topics: Topic[]
  queues?: QueueNews[]
}

export interface Bus {
  /** Something changed, and is committed. */
  changed(what: {
    slots?: readonly string[]
    topics?: readonly Topic[]
    queues?: readonly QueueNews[]
  }): void
  /** Hears the news of all processes; answers how to stop hearing. */
  hear(listener: (news: News) => void): () => void
  /** Told when news may have been missed: read everything again. */
  onGap(listener: () => void): void
  close(): Promise<void>
}

const CHANNEL = 'jiyue_news'
const COALESCE_MS = 20
/** NOTIFY carries at most 8000 bytes; a slot frame is about 130. */
const SLOTS_PER_MESSAGE = 40

export interface BusOptions {
  url: string
  db: Kysely<Database>
  report: (error: Error) => void
}

/** Connects and keeps listening; a lost connection is made again and reported as a gap. */
export async function openBus({ url, db, report }: BusOptions): Promise<Bus> {
  const listeners = new Set<(news: News) => void>()
  const gapListeners = new Set<() => void>()
  const slots = new Set<string>()
  const topics = new Set<Topic>()
  const queues = new Map<string, QueueNews>()
  let timer: NodeJS.Timeout | null = null
  let flushing: Promise<void> = Promise.resolve()
  let reconnecting: Promise<void> = Promise.resolve()
  let closed = false
  let client = await listen()

  async function listen(): Promise<pg.Client> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'jiyue-bus',
      keepAlive: true,
    })
    fresh.on('notification', ({ payload }) => {
      const news = JSON.parse(payload ?? '{}') as News
      for (const listener of listeners) listener(news)
    })
    fresh.on('error', report)
    // A connection that never stood ends too: only one that did is made again, by one loop.
    let stood = false
    let ended = false
    fresh.once('end', () => {
      ended = true
      if (stood && !closed) reconnecting = reconnect()
    })
    try {
      await fresh.connect()
      await fresh.query(`listen ${CHANNEL}`)
      if (ended) throw new Error('the bus lost its connection at once')
    } catch (error) {
      await fresh.end().catch(report)
      throw error
    }
    stood = true
    return fresh
  }

  async function reconnect(): Promise<void> {
    while (!closed) {
      try {
        client = await listen()
        for (const listener of gapListeners) listener()
        return
      } catch (error) {
        report(error as Error)
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }

  async function flush(): Promise<void> {
    const ids = [...slots]
    const also = [...topics]
    const places = [...queues.values()]
    slots.clear()
    topics.clear()
    queues.clear()
    try {
      const news = await readSlots(db, ids)
      const all = { slots: news.slots, topics: [...also, ...news.topics], queues: places }
      for (const message of split(all)) {
        await sql`select pg_notify(${CHANNEL}, ${JSON.stringify(message)})`.execute(db)
      }
    } catch (error) {
      report(error as Error)
    }
  }

  return {
    changed(what) {
      for (const id of what.slots ?? []) slots.add(id)
      for (const topic of what.topics ?? []) topics.add(topic)
      for (const queue of what.queues ?? []) queues.set(queue.serviceId, queue)
      timer ??= setTimeout(() => {
        timer = null
        flushing = flushing.then(flush)
      }, COALESCE_MS)
    },
    hear(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onGap(listener) {
      gapListeners.add(listener)
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await flushing
      await reconnecting
      if (slots.size + topics.size + queues.size > 0) await flush()
      await client.end()
    },
  }
}

/** Seats left now, and the services whose staff are affected by these slots. */
async function readSlots(db: Kysely<Database>, ids: string[]): Promise<News> {
  if (ids.length === 0) return { slots: [], topics: [] }
  const { rows } = await sql<News['slots'][number]>`
    select service_id as "serviceId", id as "slotId", seats_left(slots) as "left", version
    from slots where id = any (${ids}::uuid[])`.execute(db)
  const near = await sql<{ service_id: string }>`
    select distinct near.service_id from slots s
    join slots near on near.staff_id = s.staff_id and near.during && s.during and near.id <> s.id
    where s.id = any (${ids}::uuid[])`.execute(db)
  return { slots: rows, topics: near.rows.map((row): Topic => `service:${row.service_id}`) }
}

function split({ slots, topics, queues = [] }: News): News[] {
  const messages: News[] = []
  const longest = Math.max(slots.length, topics.length, queues.length)
  for (let i = 0; i < longest; i += SLOTS_PER_MESSAGE) {
    messages.push({
      slots: slots.slice(i, i + SLOTS_PER_MESSAGE),
      topics: topics.slice(i, i + SLOTS_PER_MESSAGE),
      queues: queues.slice(i, i + SLOTS_PER_MESSAGE),
    })
  }
  return messages
}
