/** News reach every process by either carrier, also what changed while nothing could be sent (T1, T6). */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Topic } from '@jiyue/contract/live'
import { ensureClusterPrograms, redisChild } from '../../deploy/cluster/programs.ts'
import { startChild } from '../../deploy/start/child.ts'
import { anyFreePort } from '../../server/db/embedded/port.ts'
import { openPool } from '../../server/db/pool.ts'
import { openRedis } from '../../server/db/redis.ts'
import { type Bus, openBus } from '../../server/live/bus.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import { until } from '../world.ts'
import { openRelay, type Relay } from './relay.ts'

/** Two processes: one whose way to the carrier can be cut, and another that keeps its own. */
interface Pair {
  one: Bus
  other: Bus
  way: Relay
  close(): Promise<void>
}

let database: FreshDatabase
/** What the one could not do. */
const reports: Error[] = []
const report = (error: Error) => reports.push(error)

async function byNotify(): Promise<Pair> {
  const way = await openRelay(new URL(database.url))
  const url = new URL(database.url)
  url.host = `127.0.0.1:${way.port}`
  const { db, close } = openPool(url.href, { name: 'bus', report })
  const one = await openBus({ url: url.href, db, report })
  const other = await openBus({ url: database.url, db: database.db, report: () => {} })
  return {
    one,
    other,
    way,
    async close() {
      await Promise.all([one.close(), other.close()])
      await close()
      await way.close()
    },
  }
}

async function byRedis(): Promise<Pair> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'jiyue-bus-'))
  const program = ensureClusterPrograms(() => {}).redis
  const { child, url } = redisChild(program, dir, await anyFreePort(), path.join(dir, 'log'))
  const server = await startChild(child)
  const way = await openRelay(new URL(url))
  const viaWay = new URL(url)
  viaWay.host = `127.0.0.1:${way.port}`
  const redises = [await openRedis(viaWay.href, report), await openRedis(url, () => {})]
  const [one, other] = await Promise.all(
    redises.map((redis) => openBus({ url: database.url, db: database.db, redis, report })),
  )
  return {
    one: one as Bus,
    other: other as Bus,
    way,
    async close() {
      await Promise.all([one?.close(), other?.close()])
      for (const redis of redises) redis.disconnect()
      await way.close()
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

beforeAll(async () => {
  database = await freshDatabase()
})

describe.each([
  ['NOTIFY', byNotify],
  ['Redis', byRedis],
])('by %s', (_, open) => {
  let pair: Pair
  beforeAll(async () => {
    pair = await open()
  })
  afterAll(() => pair?.close())

  const topic = (): Topic => `service:${randomUUID()}`

  /** Everything a process hears from now on. */
  function listen(bus: Bus) {
    const heard = { topics: new Set<Topic>(), gaps: 0 }
    bus.hear(({ topics }) => {
      for (const one of topics) heard.topics.add(one)
    })
    bus.onGap(() => {
      heard.gaps += 1
    })
    return heard
  }

  /** The one says it while nothing leaves it; its way is mended when it has noticed. */
  async function sayWhileCut(topics: Topic[]): Promise<void> {
    pair.way.cut()
    await until('lost', async () => !pair.one.stands())
    reports.length = 0
    pair.one.changed({ topics })
    await until('a failure to send', async () => reports.length > 0)
    pair.way.mend()
  }

  test('what one process says, every process hears, itself too', async () => {
    const ears = [listen(pair.one), listen(pair.other)]
    const said = topic()
    pair.one.changed({ topics: [said] })
    await until('both', async () => ears.every(({ topics }) => topics.has(said)))
  })

  test('who was cut off is told of a gap, and what they had to say is heard after all', async () => {
    const [own, heard] = [listen(pair.one), listen(pair.other)]
    const said = topic()
    await sayWhileCut([said])
    await until('what was said', async () => heard.topics.has(said))
    await until('the gap', async () => own.gaps > 0 && pair.one.stands())
    expect(heard.gaps).toBe(0)
  })

  test('more than is kept meanwhile is missed by nobody: everybody is told of a gap', async () => {
    const heard = listen(pair.other)
    const many = Array.from({ length: 6_000 }, topic)
    await sayWhileCut(many)
    // Where the way was mended before it was needed, everything has come.
    await until('the gap', async () => heard.gaps > 0 || many.every((one) => heard.topics.has(one)))
    const after = topic()
    pair.one.changed({ topics: [after] })
    await until('news again', async () => heard.topics.has(after))
  })
})
