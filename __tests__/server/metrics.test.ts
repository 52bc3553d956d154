/** What a process says of itself: Prometheus metrics, one log line a request, the request's id. */
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Writable } from 'node:stream'
import { endpoints } from '@jiyue/contract/api'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { pino } from 'pino'
import { buildApp } from '../../server/app.ts'
import { openPool } from '../../server/db/pool.ts'
import { openRedis } from '../../server/db/redis.ts'
import { lecture } from '../../server/demo/world.ts'
import { createMetrics, type Metrics } from '../../server/metrics/metrics.ts'
import type { Parts } from '../../server/parts.ts'
import { readArchives } from '../../server/report/archive.ts'
import { startSweeps, sweeps } from '../../server/sweep/sweep.ts'
import { newSlot } from '../races/setting.ts'
import { startRedis } from '../redis.ts'
import {
  caller,
  must,
  openWorld,
  type Person,
  registeredOrder,
  signIn,
  until,
  type World,
} from '../world.ts'
import { openEar } from './socket.ts'

let world: World
let app: FastifyInstance
let metrics: Metrics
let url: string
let end: () => Promise<void>
const lines: string[] = []
beforeAll(async () => {
  world = await openWorld()
  metrics = createMetrics()
  const { db, pool, close } = openPool(world.database.url, { name: 'counted' })
  metrics.poolIs(pool)
  end = close
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log = pino({ level: 'debug' }, stream)
  const parts = { ...world.parts, db, log, metrics }
  app = await buildApp(parts, { log, requestsPerMinute: 100_000 })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app.close()
  await end()
  await world.close()
})

const said = async () => (await fetch(`${url}/metrics`)).text()

/** The value of one sample; 0 where there is none. */
async function sample(name: string, labels: Record<string, string> = {}): Promise<number> {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`)
  const line = (await said())
    .split('\n')
    .find(
      (one) =>
        one.startsWith(name) &&
        /[{ ]/.test(one[name.length] ?? '') &&
        wanted.every((part) => one.includes(part)),
    )
  return line ? Number(line.split(' ').at(-1)) : 0
}

const person = async (): Promise<Person> => {
  const { token, userId } = await signIn(world)
  return { token, userId, call: caller(url, token) }
}

test('every request is counted by endpoint and status, and what is not there by none of its own', async () => {
  const labels = { endpoint: 'listServices', status: '200' }
  const before = await sample('jiyue_http_request_seconds_count', labels)
  await must(caller(url), 'listServices', {})
  await must(caller(url), 'listServices', {})
  expect((await sample('jiyue_http_request_seconds_count', labels)) - before).toBe(2)
  await caller(url)('getService', { params: { id: randomUUID() } })
  expect(
    await sample('jiyue_http_request_seconds_count', { endpoint: 'getService', status: '404' }),
  ).toBe(1)
  for (let n = 0; n < 3; n++) await fetch(`${url}/v1/${randomUUID()}?token=${randomUUID()}`)
  const names = new Set(
    [...(await said()).matchAll(/endpoint="([^"]+)"/g)].map(([, name]) => name as string),
  )
  const closed = new Set<string>([
    ...Object.keys(endpoints),
    'nowhere',
    'files',
    '/metrics',
    '/healthz',
    '/readyz',
  ])
  expect([...names].filter((name) => !closed.has(name))).toEqual([])
  expect(
    await sample('jiyue_http_request_seconds_count', { endpoint: 'nowhere', status: '404' }),
  ).toBe(3)
})

test('holds: batches, how long they took; the memory: hits and misses', async () => {
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 60 })
  const people = await Promise.all(Array.from({ length: 8 }, person))
  await Promise.all(
    people.map(({ call }) =>
      must(call, 'putOrder', { params: { id: randomUUID() }, body: { slotId, party: 1 } }),
    ),
  )
  expect(await sample('jiyue_hold_batch_requests_sum')).toBe(8)
  const batches = await sample('jiyue_hold_batch_requests_count')
  expect(batches).toBeGreaterThan(0)
  expect(await sample('jiyue_hold_batch_seconds_count')).toBe(batches)
  await must(caller(url), 'listServices', {})
  await must(caller(url), 'listServices', {})
  expect(await sample('jiyue_cache_asked_total', { result: 'hit' })).toBeGreaterThan(0)
  expect(await sample('jiyue_cache_asked_total', { result: 'miss' })).toBeGreaterThan(0)
})

test('sockets that are open, and frames they got', async () => {
  const ear = await openEar(url)
  ear.say({ type: 'sign_in', token: null })
  ear.say({ type: 'follow', topics: [`service:${lecture}`] })
  await ear.settled()
  expect(await sample('jiyue_live_sockets')).toBe(1)
  world.parts.bus.changed({ topics: [`service:${lecture}`] })
  await ear.hears((frame) => frame.type === 'hint')
  expect(await sample('jiyue_live_frames_total', { fate: 'sent' })).toBeGreaterThan(0)
  await ear.close()
  await until('no socket', async () => (await sample('jiyue_live_sockets')) === 0)
})

test('late work has its age; sweeps their turns and their failures', async () => {
  const mei = await person()
  const order = await registeredOrder(
    mei,
    await newSlot(world.database.db, { serviceId: lecture, capacity: 9 }),
  )
  await world.database.db
    .updateTable('orders')
    .set({ held_until: new Date(Date.now() - 100_000) })
    .where('id', '=', order.id)
    .execute()
  const age = await sample('jiyue_due_age_seconds', { duty: 'expire holds' })
  expect(age).toBeGreaterThan(99)
  const expire = sweeps.find(({ name }) => name === 'expire holds')
  const broken = { name: 'broken', everyMs: 5, run: () => Promise.reject(new Error('planted')) }
  const running = startSweeps({ ...world.parts, metrics }, expire ? [expire, broken] : [])
  await until(
    'expired',
    async () => (await sample('jiyue_due_age_seconds', { duty: 'expire holds' })) === 0,
  )
  await until(
    'failures',
    async () => (await sample('jiyue_sweep_failures_total', { sweep: 'broken' })) > 1,
  )
  await running.stop()
  expect(await sample('jiyue_sweep_seconds_count', { sweep: 'expire holds' })).toBeGreaterThan(0)
})

test('the archive: whether it follows, its silence, and how old its newest base backup is', async () => {
  const { db } = world.database
  const state = async () =>
    (await readArchives({ db })).map(({ name, state, reason }) => [name, state, reason])
  expect(await state()).toEqual([])
  expect(await said()).not.toMatch(/^jiyue_archive_away/m)
  const says = (set: Record<string, unknown>) =>
    sql`insert into archives ${sql.raw(`(${Object.keys(set).join()})`)} values
      (${sql.join(Object.values(set))}) on conflict (name) do update set
      ${sql.raw(
        Object.keys(set)
          .map((key) => `${key} = excluded.${key}`)
          .join(),
      )}`.execute(db)
  const now = new Date()
  const word = { name: 'log', state: 'following', reason: null, since: now, heard_at: now }
  await says({ ...word, base_at: new Date(now.getTime() - 7_200_000), base_reason: null })
  expect(await state()).toEqual([['log', 'following', null]])
  expect(await sample('jiyue_archive_away', { archive: 'log' })).toBe(0)
  expect(await sample('jiyue_base_age_seconds')).toBeGreaterThanOrEqual(7_200)
  await says({ ...word, base_reason: '备份磁盘已满' })
  expect(await state()).toEqual([['log', 'late', '备份磁盘已满']])
  await says({ ...word, state: 'away', reason: '备份磁盘已满', base_reason: null })
  expect(await state()).toEqual([['log', 'away', '备份磁盘已满']])
  expect(await sample('jiyue_archive_away', { archive: 'log' })).toBe(1)
  await says({ ...word, heard_at: new Date(now.getTime() - 61_000) })
  expect(await state()).toEqual([['log', 'silent', null]])
  expect(await sample('jiyue_archive_away', { archive: 'log' })).toBe(1)
  // Trade does not wait for it, so it is nothing that a balancer should know.
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ok: true })
})

test('ready is who can serve: not on a database that only reads, not on a Redis that takes nothing', async () => {
  const readOnly = openPool(`${world.database.url}?options=-c%20default_transaction_read_only%3Don`)
  const redis = await startRedis()
  const line = await openRedis(redis.url, () => {})
  const readyOf = async (more: Partial<Parts>) => {
    const node = await buildApp(
      { ...world.parts, ...more, metrics: createMetrics() },
      { log: world.parts.log, requestsPerMinute: 100 },
    )
    try {
      const reply = await fetch(`${await node.listen({ host: '127.0.0.1', port: 0 })}/readyz`)
      return [reply.status, await reply.json()]
    } finally {
      await node.close()
    }
  }
  try {
    expect(await readyOf({ redis: line })).toEqual([200, { ok: true }])
    expect(await readyOf({ db: readOnly.db })).toEqual([503, { ok: false, not: ['database'] }])
    await line.config('SET', 'min-replicas-to-write', '1')
    expect(await line.ping()).toBe('PONG') // control: it answers all the same
    expect(await readyOf({ redis: line })).toEqual([503, { ok: false, not: ['redis'] }])
  } finally {
    line.disconnect()
    await redis.close()
    await readOnly.close()
  }
}, 60_000)

test('the queue: how many wait, what became of who came, how many are let in at once', async () => {
  expect(await sample('jiyue_queue_waiting')).toBe(0)
  const free = await sample('jiyue_queue_arrivals_total', { state: 'free' })
  expect(free).toBeGreaterThanOrEqual(8) // the holds above
  expect(await sample('jiyue_queue_inside', { what: 'limit' })).toBeGreaterThanOrEqual(128)
  const { keeper } = world.parts.queue
  const arrival = { service: lecture, straight: false, most: 9, number: 0, holds: false }
  const at = { now: Date.now(), known: false, keepMs: 60_000 }
  for (const user of ['a', 'b']) await keeper.arrive({ ...arrival, ...at, user })
  expect(await sample('jiyue_queue_waiting')).toBe(2)
  for (const user of ['a', 'b']) await keeper.leave(lecture, user)
})

test('the reply carries the id that the refusal names and the log has', async () => {
  const reply = await fetch(`${url}/v1/services/${randomUUID()}`)
  const id = reply.headers.get('x-request-id')
  expect(((await reply.json()) as { error: { requestId: string } }).error.requestId).toBe(id)
  const line = await until('the line', async () => lines.find((one) => one.includes(id ?? '?')))
  expect(JSON.parse(line)).toMatchObject({
    endpoint: 'getService',
    method: 'GET',
    status: 404,
    reqId: id,
    level: 20,
  })
})

test('one line a request, and none of them knows a token, a phone or an ID number', async () => {
  const from = lines.length
  const mei = await person()
  const phone = '13987654321'
  const secret = '110101199003070134'
  const owner = await must(caller(url), 'createConsoleSession', {
    body: { name: 'owner', password: 'jiyue-demo' },
  })
  await caller(url)('createSession', { body: { host: 'h5', phone, code: '123456' } })
  await caller(url)('sendSignInCode', { body: { phone } })
  await mei.call('putDraft', {
    params: { id: randomUUID() },
    body: { values: { idCard: { value: secret, at: new Date().toISOString() } }, step: 0 },
  })
  await caller(url, owner.token)('listConsoleOrders', { query: { text: phone } })
  await fetch(`${url}/v1/orders?token=${mei.token}&phone=${phone}`, {
    headers: { authorization: `Bearer ${mei.token}` },
  })
  const told = () => lines.slice(from).filter((line) => JSON.parse(line).msg === 'request')
  await until('six lines', async () => told().length >= 6)
  expect(told().length).toBe(6)
  const text = lines.join('')
  for (const one of [mei.token, owner.token, phone, secret, 'jiyue-demo', '123456'])
    expect(text).not.toContain(one)
})

test('every metric that the dashboard or an alert names is in /metrics', async () => {
  const text = await said()
  const names = new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name, type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name as string],
    ),
  )
  const file = (name: string) => readFileSync(path.resolve(__dirname, '../../deploy', name), 'utf8')
  const { panels } = JSON.parse(file('grafana/jiyue.json')) as {
    panels: { targets?: { expr: string }[] }[]
  }
  const dashboard = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const alerts = [...file('prometheus/alerts.yml').matchAll(/expr: (.+)/g)].map(
    ([, expr]) => expr as string,
  )
  expect([dashboard.length > 20, alerts.length > 10]).toEqual([true, true])
  const named = new Set(
    [...dashboard, ...alerts].flatMap((expr) =>
      [...expr.matchAll(/\b(?:jiyue|nodejs|process)_\w+/g)].map(([name]) => name),
    ),
  )
  expect([...named].filter((name) => !names.has(name))).toEqual([])
  // And the other way: nothing of ours is counted that nobody can see.
  const ours = [...text.matchAll(/^# TYPE (jiyue_\w+)/gm)].map(([, name]) => name as string)
  expect(ours.filter((name) => ![...named].some((one) => one.startsWith(name)))).toEqual([])
  const duties = [...file('prometheus/alerts.yml').matchAll(/duty!="([^"]+)"/g)].map(
    ([, duty]) => duty,
  )
  for (const duty of duties) expect(text).toContain(`duty="${duty}"`)
})

test('counting costs a request less than the hash of its token, which it computes anyhow', () => {
  const count = createMetrics().requestsOf('listServices')
  const token = 't'.repeat(43)
  const ratios: number[] = []
  // In turns, so that whatever else the machine does meets both.
  for (let round = 0; round < 21; round++) {
    const hashing = timeOf(() => createHash('sha256').update(token).digest())
    ratios.push(timeOf(() => count(200, 0.002)) / hashing)
  }
  expect(ratios.sort((a, b) => a - b)[10]).toBeLessThan(1)
})

/** How long two thousand times take. */
function timeOf(act: () => unknown): number {
  const since = performance.now()
  for (let n = 0; n < 2_000; n++) act()
  return performance.now() - since
}
