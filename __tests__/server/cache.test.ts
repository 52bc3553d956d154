/** What everybody reads comes from memory as ready bytes, and is fresh within a second (T6). */
import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { dayOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { buildApp } from '../../server/app.ts'
import { lecture } from '../../server/demo/world.ts'
import { type Bus, type News, openBus } from '../../server/live/bus.ts'
import { createCache } from '../../server/live/cache.ts'
import { newSlot } from '../races/setting.ts'
import { caller, must, openWorld, signIn, until, type World } from '../world.ts'

let world: World
let other: { url: string; close(): Promise<unknown> }
beforeAll(async () => {
  world = await openWorld({ cache: { maxAgeMs: 60_000 } })
  other = await secondNode()
})
afterAll(async () => {
  await other.close()
  await world.close()
})

/** Another node on the same database, with a bus and a memory of its own. */
async function secondNode() {
  const report = () => {}
  const bus = await openBus({ url: world.database.url, db: world.parts.db, report })
  const app = await buildApp(
    { ...world.parts, bus },
    { log: world.parts.log, requestsPerMinute: 100_000, cache: { maxAgeMs: 60_000 } },
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => app.close().then(() => bus.close()) }
}

/** The bytes as they travel; fetch would unpack them. */
function raw(url: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
    (resolve, reject) => {
      request(url, { headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        )
      })
        .on('error', reject)
        .end()
    },
  )
}

async function aSlot() {
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
  const { starts_at } = await world.database.db
    .selectFrom('slots')
    .select('starts_at')
    .where('id', '=', slotId)
    .executeTakeFirstOrThrow()
  const day = dayOf(starts_at.getTime())
  world.parts.bus.changed({ slots: [slotId] })
  return { slotId, query: { from: day, to: day } }
}

const leftOf = async (url: string, slotId: string, query: { from: string; to: string }) => {
  const { slots } = await must(caller(url), 'listSlots', { params: { id: lecture }, query })
  return slots.find((slot) => slot.id === slotId)?.left
}

test('a hold on one node shows on every node, long before its memory is old', async () => {
  const { slotId, query } = await aSlot()
  await until('both know the slot', async () => {
    const seen = await Promise.all([world.url, other.url].map((url) => leftOf(url, slotId, query)))
    return seen.every((left) => left === 9)
  })
  const mei = await signIn(world)
  await must(mei.call, 'putOrder', { params: { id: randomUUID() }, body: { slotId, party: 2 } })
  const told = Date.now()
  await until('both show it', async () => {
    const seen = await Promise.all([world.url, other.url].map((url) => leftOf(url, slotId, query)))
    return seen.every((left) => left === 7)
  })
  expect(Date.now() - told).toBeLessThan(10_000) // not the sixty seconds of their memory
})

test('what nobody told is no older than its age', async () => {
  const young = await buildApp(world.parts, { log: world.parts.log, requestsPerMinute: 100_000 })
  const url = await young.listen({ host: '127.0.0.1', port: 0 })
  const name = async () => (await must(caller(url), 'getService', { params: { id: lecture } })).name
  const before = await name()
  await sql`update services set name = '亲子讲座（新）' where id = ${lecture}`.execute(
    world.database.db,
  )
  const changed = Date.now()
  await until('the new name', async () => {
    const asked = Date.now()
    if ((await name()) !== before) return true
    // The old name is said for a second and no longer, whatever an answer takes.
    expect(asked - changed).toBeLessThan(2_000)
    return false
  })
  await sql`update services set name = ${before} where id = ${lecture}`.execute(world.database.db)
  await young.close()
})

test('the same bytes in three encodings; who has them is told 304', async () => {
  const url = `${world.url}/v1/services`
  const [plain, gzip, br, refusing] = await Promise.all([
    raw(url),
    raw(url, { 'accept-encoding': 'gzip' }),
    raw(url, { 'accept-encoding': 'gzip, deflate, br' }),
    raw(url, { 'accept-encoding': 'br;q=0, gzip;q=0' }),
  ])
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(refusing.headers['content-encoding']).toBeUndefined()
  expect(gzip.headers['content-encoding']).toBe('gzip')
  expect(br.headers['content-encoding']).toBe('br')
  expect(gunzipSync(gzip.body)).toEqual(plain.body)
  expect(brotliDecompressSync(br.body)).toEqual(plain.body)
  expect(JSON.parse(plain.body.toString()).services.length).toBe(3)
  const etag = String(plain.headers.etag)
  const again = await raw(url, { 'if-none-match': etag })
  expect([again.status, again.body.length]).toEqual([304, 0])
  expect((await raw(url, { 'if-none-match': '"other"' })).status).toBe(200)
})

describe('what lies ready', () => {
  const address = () => `${world.url}/v1/services/${lecture}`
  const counted = async () => {
    const text = (await raw(`${world.url}/metrics`)).body.toString()
    const line = /jiyue_http_request_seconds_count\{endpoint="getService",status="200"\} (\d+)/
    return Number(line.exec(text)?.[1] ?? 0)
  }

  test('the second who asks gets the same bytes and headers without the framework, and is counted like the first', async () => {
    world.parts.bus.changed({ topics: [`service:${lecture}`] })
    const before = await counted()
    const [first, second] = [await raw(address()), await raw(address())]
    const { 'x-request-id': one, date: _, ...headers } = first.headers
    const { 'x-request-id': two, date: __, ...same } = second.headers
    expect(same).toEqual(headers)
    expect(second.body).toEqual(first.body)
    expect(one).not.toBe(two)
    expect(await counted()).toBe(before + 2)
  })

  test('it is not counted against a limit; what a page of another origin asks for goes the long way and is', async () => {
    const strict = await buildApp(world.parts, { log: world.parts.log, requestsPerMinute: 3 })
    const url = `${await strict.listen({ host: '127.0.0.1', port: 0 })}/v1/services`
    const statuses = async (headers: Record<string, string>) => {
      const all: number[] = []
      for (let i = 0; i < 5; i++) all.push((await raw(url, headers)).status)
      return all
    }
    expect(await statuses({})).toEqual([200, 200, 200, 200, 200])
    const origin = 'https://elsewhere.example'
    expect(await statuses({ origin })).toEqual([200, 200, 429, 429, 429])
    expect((await raw(url)).headers['access-control-allow-origin']).toBeUndefined()
    await strict.close()
  })

  test('a node that is leaving answers by the long way, which tells callers to go elsewhere', async () => {
    const leaving = await buildApp(world.parts, {
      log: world.parts.log,
      requestsPerMinute: 100_000,
      cache: { maxAgeMs: 60_000 },
    })
    const url = `${await leaving.listen({ host: '127.0.0.1', port: 0 })}/v1/services`
    const keeping = { connection: 'keep-alive' }
    await raw(url, keeping)
    expect((await raw(url, keeping)).headers.connection).toBe('keep-alive')
    const left = leaving.drain(2_000)
    expect((await raw(url, keeping)).headers.connection).toBe('close')
    await left
    await leaving.close()
  })
})

describe('the memory itself', () => {
  function open(options = {}) {
    const hearers = new Set<(news: News) => void>()
    const gaps = new Set<() => void>()
    const bus: Bus = {
      changed() {},
      hear: (listener) => {
        hearers.add(listener)
        return () => hearers.delete(listener)
      },
      onGap: (listener) => gaps.add(listener),
      stands: () => true,
      close: async () => {},
    }
    const tell = (id: string) => {
      for (const hear of hearers) hear({ slots: [], topics: [`service:${id}`] })
    }
    const cache = createCache(bus, { maxAgeMs: 60_000, ...options })
    return { cache, tell, gap: () => [...gaps].map((one) => one()) }
  }
  const said = (packed: { body: Buffer } | null) => packed && JSON.parse(packed.body.toString())

  test('many who ask at once are answered by one reading', async () => {
    const { cache } = open()
    let readings = 0
    const read = async () => ({ reading: ++readings })
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.get('k', ['s'], read)))
    expect(readings).toBe(1)
    expect(new Set(answers).size).toBe(1)
    await cache.get('k', ['s'], read)
    expect(readings).toBe(1)
  })

  test('what was being read when the change came is not kept: who asks afterwards reads anew', async () => {
    const { cache, tell } = open()
    let value = 'old'
    let go = () => {}
    const slow = async () => {
      const seen = value
      await new Promise<void>((resolve) => {
        go = resolve
      })
      return { seen }
    }
    const early = cache.get('k', ['s'], slow)
    value = 'new'
    tell('s')
    const later = cache.get('k', ['s'], async () => ({ seen: value }))
    go()
    expect(said(await early)).toEqual({ seen: 'old' })
    expect(said(await later)).toEqual({ seen: 'new' })
    expect(said(await cache.get('k', ['s'], async () => ({ seen: 'read again' })))).toEqual({
      seen: 'new',
    })
  })

  test('a change of one service leaves the others; after a gap everything is read again', async () => {
    const { cache, tell, gap } = open()
    const reads: string[] = []
    const read = (key: string) => () => {
      reads.push(key)
      return Promise.resolve({ key })
    }
    for (const key of ['a', 'b']) await cache.get(key, [key], read(key))
    tell('a')
    for (const key of ['a', 'b']) await cache.get(key, [key], read(key))
    expect(reads).toEqual(['a', 'b', 'a'])
    gap()
    for (const key of ['a', 'b']) await cache.get(key, [key], read(key))
    expect(reads).toEqual(['a', 'b', 'a', 'a', 'b'])
  })

  test('what is not there is not kept, and a failed reading is tried again', async () => {
    const { cache } = open()
    expect(await cache.get('k', ['s'], async () => null)).toBeNull()
    await expect(
      cache.get('k', ['s'], async () => {
        throw new Error('away')
      }),
    ).rejects.toThrow('away')
    expect(said(await cache.get('k', ['s'], async () => ({ here: true })))).toEqual({ here: true })
  })

  test('it never grows beyond its bounds', async () => {
    const { cache } = open({ most: 10 })
    let readings = 0
    const read = async () => ({ reading: ++readings })
    for (let i = 0; i < 100; i++) await cache.get(`k${i}`, [`s${i}`], read)
    await cache.get('k99', ['s99'], read)
    expect(readings).toBe(100)
    await cache.get('k0', ['s0'], read)
    expect(readings).toBe(101)
  })
})
