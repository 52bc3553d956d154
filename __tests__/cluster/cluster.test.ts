/**
 * Several nodes are one shop (T4): behind the real nginx, on the real Redis and PostgreSQL, with
 * nodes that come, go and die.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Call, Result } from '@jiyue/contract/client'
import type { Order } from '@jiyue/contract/schema/wire'
import { dayMs, dayOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { newSlot, seatsTaken } from '../races/setting.ts'
import { openEar } from '../server/socket.ts'
import { caller, must, until } from '../world.ts'
import { type Cluster, crowd, inLanes, openCluster, type Program } from './setting.ts'

jest.setTimeout(300_000)

let cluster: Cluster
let as: (url: string) => Call
let nodes: [Program, Program, Program]
beforeAll(async () => {
  cluster = await openCluster({ nodes: 3, drainMs: 5_000 })
  nodes = cluster.nodes as typeof nodes
  await sql`insert into rules values ('ordersPerUser', 100000)`.execute(cluster.database.db)
  as = await crowd(cluster, 60)
})
afterAll(() => cluster?.close())

/** What runs beside a test ends with it, also when it fails. */
const beside = new Set<() => void>()
afterEach(() => {
  for (const end of beside) end()
  beside.clear()
  cluster.toDatabase.mend()
})

const aSlot = (capacity: number) =>
  newSlot(cluster.database.db, { serviceId: lecture, capacity, startsIn: 72 })

const hold = (call: Call, slotId: string, id: string = randomUUID()) =>
  call('putOrder', { params: { id }, body: { slotId, party: 1 } })

async function ordersOf(slotId: string): Promise<string[]> {
  const query = cluster.database.db.selectFrom('orders').select('id')
  return (await query.where('slot_id', '=', slotId).execute()).map((row) => row.id)
}

const readiness = async ({ url }: Program) => {
  const response = await fetch(`${url}/readyz`)
  const { not = [] } = (await response.json()) as { not?: string[] }
  return { status: response.status, not }
}

const allReady = () =>
  until('every node ready', async () => {
    const all = await Promise.all(nodes.map(readiness))
    return all.every(({ status }) => status === 200)
  })

interface Heard {
  call: Call
  result: Result<Order>
}

/** Holds seat after seat through nginx until told to stop; what was heard, by order. */
function holdSteadily(slotId: string, lanes: number) {
  const heard = new Map<string, Heard>()
  let on = true
  beside.add(() => {
    on = false
  })
  const lane = async () => {
    while (on) {
      const id = randomUUID()
      const call = as(cluster.url)
      heard.set(id, { call, result: await hold(call, slotId, id) })
    }
  }
  const running = Promise.all(Array.from({ length: lanes }, lane))
  const reach = (count: number) => until(`${count} holds`, async () => heard.size >= count)
  const stop = async () => {
    on = false
    await running
    return heard
  }
  return { reach, stop }
}

/** Signs people in through nginx, one after the other: a POST that nothing repeats. */
function signInSteadily() {
  const heard: Result<unknown>[] = []
  let on = true
  beside.add(() => {
    on = false
  })
  const running = (async () => {
    while (on) {
      const code = cluster.sandbox.admin.code('weapp', `person ${heard.length}`)
      heard.push(await caller(cluster.url)('createSession', { body: { host: 'weapp', code } }))
      await pause(20)
    }
  })()
  return {
    async stop() {
      on = false
      await running
      return heard
    },
  }
}

describe('one shop', () => {
  test('a hold through one node is heard on a socket of another, and its memory is fresh', async () => {
    const slotId = await aSlot(9)
    const day = dayOf(Date.now() + 3 * dayMs)
    const query = { from: day, to: day }
    const [one, , other] = nodes
    const ear = await openEar(other.url)
    ear.say({ type: 'sign_in', token: null })
    ear.say({ type: 'follow', topics: [`service:${lecture}`] })
    await ear.settled()
    const left = async () => {
      const input = { params: { id: lecture }, query }
      const { slots } = await must(caller(other.url), 'listSlots', input)
      return slots.find((slot) => slot.id === slotId)?.left
    }
    expect(await left()).toBe(9)
    expect(await hold(as(one.url), slotId)).toMatchObject({ ok: true })
    await ear.hears((frame) => frame.type === 'slot' && frame.slotId === slotId && frame.left === 8)
    expect(await left()).toBe(8)
    await ear.close()
  })

  test('who signed in at one node is signed in at every other, until they sign out at a third', async () => {
    const code = cluster.sandbox.admin.code('weapp', '小梅')
    const [one, two, three] = nodes
    const body = { host: 'weapp' as const, code }
    const { token, user } = await must(caller(one.url), 'createSession', { body })
    expect((await must(caller(two.url, token), 'getMe', {})).id).toBe(user.id)
    await must(caller(three.url, token), 'deleteSession', {})
    expect(await caller(one.url, token)('getMe', {})).toMatchObject({ code: 'unauthenticated' })
  })

  const seats = process.env.TEST_HEAVY ? [1, 10, 1_000, 5_000] : [1, 10, 1_000]
  test.each(seats)('%d seats raced for at three nodes are granted exactly once each', async (n) => {
    const slotId = await aSlot(n)
    const wanted = Math.ceil(n * 1.1) + 20
    const results = await inLanes(wanted, 60, async (i) => {
      const [call, id] = [as((nodes[i % 3] as Program).url), randomUUID()]
      // Who is asked to wait, for a node has too much to do, taps again.
      for (;;) {
        const result = await hold(call, slotId, id)
        if (result.ok || result.code !== 'queued') return result
      }
    })
    expect(results.filter((one) => one.ok)).toHaveLength(n)
    const refused = results.flatMap((one) => (one.ok ? [] : [one.code]))
    expect(new Set(refused)).toEqual(new Set(['slot_full']))
    expect(await seatsTaken(cluster.database.db, slotId)).toBe(n)
    expect(await ordersOf(slotId)).toHaveLength(n)
  })
})

describe('nginx', () => {
  test('asks every node', async () => {
    await inLanes(30, 10, () => as(cluster.url)('getMe', {}))
    const log = path.join(cluster.dir, 'access.log')
    await until('every node in the log', async () => {
      const text = readFileSync(log, 'utf8')
      return nodes.every(({ url }) => text.includes(` ${new URL(url).host} 200`))
    })
  })

  test('takes a picture’s megabytes where pictures go, and elsewhere refuses in the envelope', async () => {
    const size = 3 * 1024 * 1024
    const put = (where: string) =>
      fetch(cluster.url + where, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ base64: 'A'.repeat(size) }),
      })
    expect((await put(`/v1/pictures/${randomUUID()}`)).status).toBe(401)
    const refused = await put(`/v1/orders/${randomUUID()}`)
    expect(refused.status).toBe(413)
    expect(await refused.json()).toMatchObject({ error: { code: 'too_large' } })
  })

  test('keeps what is about one node to itself', async () => {
    for (const where of ['/metrics', '/readyz']) {
      const response = await fetch(cluster.url + where)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ error: { code: 'not_found' } })
    }
    expect((await fetch(`${cluster.url}/healthz`)).status).toBe(200)
  })
})

describe('a node goes', () => {
  test('killed under load: nothing acknowledged is lost, and who asks again gets their answer elsewhere', async () => {
    const slotId = await aSlot(100_000)
    const load = holdSteadily(slotId, 20)
    await load.reach(40)
    await nodes[1].kill()
    await load.reach(120)
    const heard = await load.stop()
    const acknowledged = [...heard].filter(([, { result }]) => result.ok).map(([id]) => id)
    expect(await ordersOf(slotId)).toEqual(expect.arrayContaining(acknowledged))
    const again = await inLanes(heard.size, 20, async (i) => {
      const [id, { call, result }] = [...heard][i] as [
        string,
        { call: Call; result: Result<Order> },
      ]
      const second = await hold(call, slotId, id)
      // The same order, by its number.
      return second.ok && (!result.ok || result.value.number === second.value.number)
    })
    expect(again.every(Boolean)).toBe(true)
    expect((await ordersOf(slotId)).sort()).toEqual([...heard.keys()].sort())
    await nodes[1].start()
    await allReady()
  })

  test('told to end under load: not one request fails, sockets are sent elsewhere, and it ends well', async () => {
    const slotId = await aSlot(100_000)
    const ear = await openEar(nodes[2].url)
    const load = holdSteadily(slotId, 6)
    const signIns = signInSteadily()
    await load.reach(20)
    const ending = nodes[2].end()
    await until('it says that it leaves', async () => {
      const { status, not } = await readiness(nodes[2])
      return status === 503 && not.includes('staying')
    })
    expect(await hold(as(nodes[2].url), slotId)).toMatchObject({ ok: true })
    expect(await ending).toContain('意外退出（0）')
    expect(await ear.closed).toBe(1001)
    const signedIn = await signIns.stop()
    const heard = await load.stop()
    const failed = [...heard.values()].filter(({ result }) => !result.ok)
    expect(failed.map(({ result }) => result)).toEqual([])
    expect(signedIn.filter((one) => !one.ok)).toEqual([])
    expect(signedIn.length).toBeGreaterThan(5)
    await nodes[2].start()
    await allReady()
  })
})

describe('ready means ready', () => {
  test('not while the database is away; again when it is back', async () => {
    cluster.toDatabase.cut()
    await until('told', async () => {
      const { status, not } = await readiness(nodes[0])
      return status === 503 && not.includes('database')
    })
    expect((await fetch(`${nodes[0].url}/healthz`)).status).toBe(200)
    cluster.toDatabase.mend()
    await allReady()
  })

  test('not on a database that lacks a migration; on one that has more', async () => {
    const { db } = cluster.database
    const { rows } = await sql<{ number: number; name: string; sha256: string }>`
      delete from migrations where number = (select max(number) from migrations)
      returning number, name, sha256`.execute(db)
    const [last] = rows as [(typeof rows)[number]]
    expect(await readiness(nodes[0])).toEqual({ status: 503, not: ['migrations'] })
    await sql`insert into migrations (number, name, sha256) values
      (${last.number}, ${last.name}, ${last.sha256}),
      (999, '999-later.sql', 'of a newer program')`.execute(db)
    expect(await readiness(nodes[0])).toEqual({ status: 200, not: [] })
  })

  test('not while Redis is away: holds go on, nobody is signed out, and live news come again', async () => {
    const slotId = await aSlot(50)
    const ear = await openEar(nodes[0].url)
    const me = as(cluster.url)
    await cluster.redis.stop()
    await until('told', async () => {
      const { status, not } = await readiness(nodes[0])
      return status === 503 && not.includes('redis') && not.includes('bus')
    })
    expect(await hold(me, slotId)).toMatchObject({ ok: true })
    expect(await me('getMe', {})).toMatchObject({ ok: true })
    await cluster.redis.start()
    // Something may have been missed: phones are sent to read again.
    expect(await ear.closed).toBe(1012)
    await allReady()
    const later = await openEar(nodes[0].url)
    later.say({ type: 'sign_in', token: null })
    later.say({ type: 'follow', topics: [`service:${lecture}`] })
    await later.settled()
    expect(await hold(as(nodes[1].url), slotId)).toMatchObject({ ok: true })
    await later.hears((frame) => frame.type === 'slot' && frame.slotId === slotId)
    await later.close()
  })
})
