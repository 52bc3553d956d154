/**
 * Tells every process what changed, after commit and coalesced: many changes of one slot within a
 * few milliseconds become one frame. Travels by PostgreSQL NOTIFY, so one process and many are the
 * same, or by the Redis that a cluster shares. Lost messages cost freshness only: screens read again
 * after a gap.
 */
import type { Topic } from '@jiyue/contract/live'
import type { QueueNews } from '@jiyue/contract/queue'
import { type Kysely, sql } from 'kysely'
import type { Redis } from '../db/redis.ts'
import type { Database } from '../db/schema.ts'
import type { Ears } from './carriers/carrier.ts'
import { openNotify } from './carriers/notify.ts'
import { openPublish } from './carriers/redis.ts'

/** What goes round: new seat numbers, and topics to read again. */
export interface News {
  slots: { serviceId: string; slotId: string; left: number; version: number }[]
  topics: Topic[]
  queues?: QueueNews[]
  /** Sessions of the merchant's people ended: their sockets hear nothing private any more. */
  signedOut?: boolean
  /** More changed than was kept while nothing could be sent: read everything again. */
  missed?: true
}

export interface Bus {
  /** Something changed, and is committed. */
  changed(what: {
    slots?: readonly string[]
    topics?: readonly Topic[]
    queues?: readonly QueueNews[]
    signedOut?: true
  }): void
  /** Hears the news of all processes; answers how to stop hearing. */
  hear(listener: (news: News) => void): () => void
  /** Told when news may have been missed: read everything again. */
  onGap(listener: () => void): void
  /** Does it hear the other processes now? */
  stands(): boolean
  close(): Promise<void>
}

const COALESCE_MS = 20
/** Pause before news that could not be sent are tried again. */
const AGAIN_MS = 500
/** NOTIFY carries at most 8000 bytes; a slot frame is about 130. */
const SLOTS_PER_MESSAGE = 40
/** More waiting news than this are not kept one by one. */
const MOST_WAITING = 5_000

export interface BusOptions {
  url: string
  db: Kysely<Database>
  /** News travel by it, where it is given. */
  redis?: Redis | undefined
  report: (error: Error) => void
}

/** Connects and keeps listening; a lost connection is made again and reported as a gap. */
export async function openBus({ url, db, redis, report }: BusOptions): Promise<Bus> {
  const listeners = new Set<(news: News) => void>()
  const gapListeners = new Set<() => void>()
  const slots = new Set<string>()
  const topics = new Set<Topic>()
  const queues = new Map<string, QueueNews>()
  let missed = false
  let signedOut = false
  let timer: NodeJS.Timeout | null = null
  let flushing: Promise<void> = Promise.resolve()
  let flushedAt = Number.NEGATIVE_INFINITY
  let closed = false
  const gap = () => {
    for (const listener of gapListeners) listener()
  }
  const ears: Ears = {
    heard(text) {
      const news = JSON.parse(text) as News
      if (news.missed) return gap()
      for (const listener of listeners) listener(news)
    },
    gap,
    report,
  }
  const carrier = redis ? await openPublish(redis, ears) : await openNotify({ url, db }, ears)

  function wake(ms: number): void {
    timer ??= setTimeout(() => {
      timer = null
      flushing = flushing.then(flush)
    }, ms)
  }

  async function flush(): Promise<void> {
    flushedAt = performance.now()
    const ids = [...slots]
    const also = [...topics]
    const places = [...queues.values()]
    const everything = missed
    const ended = signedOut
    signedOut = false
    slots.clear()
    topics.clear()
    queues.clear()
    missed = false
    try {
      const news = await readSlots(db, ids)
      const all = { slots: news.slots, topics: [...also, ...news.topics], queues: places }
      const messages = split(all)
      if (ended) messages.unshift({ slots: [], topics: [], signedOut: true })
      if (everything) messages.unshift({ slots: [], topics: [], missed: true })
      await carrier.send(messages.map((message) => JSON.stringify(message)))
    } catch (error) {
      report(error as Error)
      signedOut ||= ended
      if (!closed) keep(ids, also, everything)
    }
  }

  /** Nobody has heard these: who listens again before we can speak again would never know. */
  function keep(ids: string[], also: Topic[], everything: boolean): void {
    missed = everything || ids.length + also.length + slots.size + topics.size > MOST_WAITING
    if (missed) {
      slots.clear()
      topics.clear()
    } else {
      for (const id of ids) slots.add(id)
      for (const topic of also) topics.add(topic)
    }
    wake(AGAIN_MS)
  }

  return {
    changed(what) {
      for (const id of what.slots ?? []) slots.add(id)
      for (const topic of what.topics ?? []) topics.add(topic)
      for (const queue of what.queues ?? []) queues.set(queue.serviceId, queue)
      signedOut ||= what.signedOut ?? false
      // The first news after a quiet moment go at once; in a rush they gather.
      wake(Math.max(0, flushedAt + COALESCE_MS - performance.now()))
    },
    hear(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onGap(listener) {
      gapListeners.add(listener)
    },
    stands: () => carrier.stands(),
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await flushing
      if (missed || slots.size + topics.size + queues.size > 0) await flush()
      await carrier.close()
    },
  }
}

/** Seats left now, and the services whose staff or rooms are affected by these slots. */
async function readSlots(db: Kysely<Database>, ids: string[]): Promise<News> {
  if (ids.length === 0) return { slots: [], topics: [] }
  const { rows } = await sql<News['slots'][number] & { near: string[] }>`
    select service_id as "serviceId", id as "slotId", seats_left(slots) as "left", version,
      array(select near.service_id from slots near
          where near.staff_id = slots.staff_id and near.during && slots.during and near.id <> slots.id
        union select near.service_id from slots near
          where near.room_id = slots.room_id and near.during && slots.during and near.id <> slots.id
      ) as near
    from slots where id = any (${ids}::uuid[])`.execute(db)
  const services = new Set(rows.flatMap(({ near }) => near))
  return {
    slots: rows.map(({ near: _, ...slot }) => slot),
    topics: [...services].map((id): Topic => `service:${id}`),
  }
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
