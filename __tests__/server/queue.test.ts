/** The queue over real HTTP and sockets (T5, X8): who goes in, who waits, and what nobody can gain. */
import { randomUUID } from 'node:crypto'
import type { Topic } from '@jiyue/contract/live'
import { sql } from 'kysely'
import { buildApp } from '../../server/app.ts'
import { openRedis, type Redis } from '../../server/db/redis.ts'
import { lecture } from '../../server/demo/world.ts'
import { usualLimits } from '../../server/queue/admit.ts'
import { admitDue, openQueue } from '../../server/queue/queue.ts'
import { newSlot } from '../races/setting.ts'
import { startRedis, type TestRedis } from '../redis.ts'
import { caller, must, openWorld, type Person, signIn, until, type World } from '../world.ts'
import { type Ear, openEar } from './socket.ts'

const INSTALL_MS = 120_000

let world: World
let slot: string
const ears: Ear[] = []
beforeAll(async () => {
  world = await openWorld()
})
beforeEach(async () => {
  // The door is what is tested: not how late this busy machine's loop is (rules/queue has that).
  Object.assign(world.limits, usualLimits, { loopMs: Number.POSITIVE_INFINITY })
  world.parts.queue = openQueue(undefined, world.limits)
  slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 50 })
})
afterEach(() => Promise.all(ears.splice(0).map((ear) => ear.close())))
afterAll(() => world.close())

const db = () => world.database.db
const params = { id: lecture }
const tap = (person: Person, order: string = randomUUID(), call = person.call) =>
  call('putOrder', { params: { id: order }, body: { slotId: slot, party: 1 } })
const look = (person: Person, slip?: string) =>
  must(person.call, 'putQueue', {
    params,
    body: { slotId: slot, party: 1, ...(slip && { slip }) },
  })
const waiting = async () => (await world.parts.queue.keeper.count(lecture)).waiting

/** The door is shut: everybody waits. */
function shut(): void {
  world.limits.least = 0
  world.limits.most = 0
}

/** `most` at once go in from now on, those who wait first. */
async function letIn(most: number): Promise<number> {
  Object.assign(world.limits, { least: Math.min(most, usualLimits.least), most })
  return admitDue(world.parts)
}

async function people(count: number): Promise<Person[]> {
  const all: Person[] = []
  for (let i = 0; i < count; i++) all.push(await signIn(world))
  return all
}

describe('in a quiet hour', () => {
  test('nobody ever sees a queue, and looking takes no place', async () => {
    const [person] = (await people(1)) as [Person]
    expect(await look(person)).toMatchObject({ state: 'admitted', number: 0, slip: null })
    expect((await tap(person)).ok).toBe(true)
    expect(await waiting()).toBe(0)
  })

  test('forty taps at once are no crowd', async () => {
    const all = await people(40)
    const answers = await Promise.all(all.map((person) => tap(person)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(40)
  })
})

describe('at a peak', () => {
  test('the tap itself takes the place; turns come in the order of the taps, with the same order id', async () => {
    const all = (await people(3)) as [Person, Person, Person]
    shut()
    const orders = all.map(() => randomUUID())
    for (const [i, person] of all.entries())
      expect(await tap(person, orders[i])).toMatchObject({ code: 'queued' })
    expect((await Promise.all(all.map((one) => look(one)))).map(({ ahead }) => ahead)).toEqual([
      0, 1, 2,
    ])
    for (const [i, person] of all.entries()) {
      expect(await letIn(1)).toBe(1)
      expect(await look(person)).toMatchObject({ state: 'admitted', until: expect.any(String) })
      expect(await tap(person, orders[i])).toMatchObject({ ok: true, value: { id: orders[i] } })
    }
  })

  test('while people wait, nobody goes in before them though there is room', async () => {
    const [first, second] = (await people(2)) as [Person, Person]
    shut()
    await tap(first)
    Object.assign(world.limits, usualLimits)
    expect(await tap(second)).toMatchObject({ code: 'queued' })
    expect(await look(second)).toMatchObject({ ahead: 1 })
  })

  test('the control: where a refused tap takes no place, who comes later goes in first', async () => {
    const [first, second] = (await people(2)) as [Person, Person]
    const { keeper } = world.parts.queue
    // The guard removed: whoever finds room goes in, whoever does not is sent away.
    world.parts.queue.keeper = {
      ...keeper,
      arrive: async ({ straight }) => ({ state: straight ? 'free' : 'full' }),
    }
    try {
      shut()
      expect((await tap(first)).ok).toBe(false)
      Object.assign(world.limits, usualLimits)
      expect((await tap(second)).ok).toBe(true)
    } finally {
      world.parts.queue.keeper = keeper
    }
  })

  test('a granted hold spends the pass; a refused one leaves it for another slot', async () => {
    const [person] = (await people(1)) as [Person]
    shut()
    await tap(person)
    await letIn(1)
    const full = await newSlot(db(), { serviceId: lecture, capacity: 1 })
    const other = await people(1)
    await letIn(usualLimits.most)
    await must((other[0] as Person).call, 'putOrder', {
      params: { id: randomUUID() },
      body: { slotId: full, party: 1 },
    })
    shut()
    await admitDue(world.parts)
    const body = { slotId: full, party: 1 }
    expect(await person.call('putOrder', { params: { id: randomUUID() }, body })).toMatchObject({
      code: 'slot_full',
    })
    expect((await tap(person)).ok).toBe(true)
    expect(await tap(person)).toMatchObject({ code: 'queued' })
  })

  test('a hold whose answer got lost is answered again, without a second turn', async () => {
    const [person] = (await people(1)) as [Person]
    const order = randomUUID()
    await tap(person, order)
    shut()
    expect(await tap(person, order)).toMatchObject({ ok: true, value: { id: order } })
    expect(await waiting()).toBe(0)
  })

  test('a bot with many sessions, sockets and taps has one place, and not an earlier one', async () => {
    const name = randomUUID()
    const first = await signIn(world)
    shut()
    await tap(first)
    const bots = await Promise.all(Array.from({ length: 8 }, () => signIn(world, name)))
    const last = await signIn(world)
    const listening = await Promise.all(bots.map((bot) => hearing(bot.token)))
    expect(listening).toHaveLength(8)
    await Promise.all(bots.flatMap((bot) => Array.from({ length: 12 }, () => tap(bot))))
    await Promise.all(bots.map((bot) => look(bot)))
    await tap(last)
    expect(await waiting()).toBe(3)
    expect(await look(bots[3] as Person)).toMatchObject({ ahead: 1 })
    expect(await look(last)).toMatchObject({ ahead: 2 })
    await letIn(2)
    const held = await Promise.all(bots.map((bot) => tap(bot)))
    expect(held.filter(({ ok }) => ok)).toHaveLength(1)
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from orders where user_id = ${bots[0]?.userId}`.execute(db())
    expect(rows[0]?.count).toBe(1)
    expect(await look(last)).toMatchObject({ state: 'waiting', ahead: 0 })
  })

  test('who leaves is gone, and a slip of a place that is over takes nobody forward', async () => {
    const [a, b, c] = (await people(3)) as [Person, Person, Person]
    shut()
    for (const person of [a, b, c]) await tap(person)
    const { slip } = await look(a)
    await must(a.call, 'deleteQueue', { params })
    expect(await look(c)).toMatchObject({ ahead: 1 })
    expect(await look(a, slip as string)).toMatchObject({ ahead: 2 })
    expect(await look(b, slip as string)).toMatchObject({ ahead: 0 })
  })

  test('a slip that is made up, another’s, or for another service is no slip', async () => {
    const [a, b] = (await people(2)) as [Person, Person]
    shut()
    await tap(a)
    const { slip, number } = await look(a)
    await must(a.call, 'deleteQueue', { params })
    await tap(await signIn(world))
    const early = `${number - 1_000_000}.${(slip as string).split('.')[1]}`
    for (const made of [early, slip as string, '1', 'x.y', `${'9'.repeat(16)}.x`])
      expect(await look(b, made)).toMatchObject({ ahead: 1 })
  })

  test('sold out: the queue hears it by the seats’ own frame, the place stays for another slot', async () => {
    const scarce = await newSlot(db(), { serviceId: lecture, capacity: 1 })
    const body = { slotId: scarce, party: 1 }
    const [quick, slow] = (await people(2)) as [Person, Person]
    await must(quick.call, 'putOrder', { params: { id: randomUUID() }, body })
    shut()
    await slow.call('putOrder', { params: { id: randomUUID() }, body })
    const ear = await hearing(slow.token, `service:${lecture}`)
    expect(await must(slow.call, 'putQueue', { params, body })).toMatchObject({
      state: 'sold_out',
      ahead: 0,
    })
    expect(await look(slow)).toMatchObject({ state: 'waiting', ahead: 0 })
    await must(quick.call, 'listOrders', {}).then(({ orders }) =>
      must(quick.call, 'cancelOrder', { params: { id: orders[0]?.id ?? '' } }),
    )
    await ear.hears((one) => one.type === 'slot' && one.slotId === scarce && one.left === 1)
    expect(await must(slow.call, 'putQueue', { params, body })).toMatchObject({ state: 'waiting' })
  })
})

/** A socket that follows. */
async function hearing(token: string | null, ...topics: Topic[]): Promise<Ear> {
  const ear = await openEar(world.url)
  ears.push(ear)
  ear.say({ type: 'sign_in', token })
  ear.say({ type: 'follow', topics: topics.length > 0 ? topics : [`queue:${lecture}`] })
  await ear.settled()
  return ear
}

describe('who waits', () => {
  test('asks nothing: one frame a tick tells everybody, however many went in', async () => {
    const all = await people(6)
    shut()
    for (const person of all) await tap(person)
    const numbers = (await Promise.all(all.map((one) => look(one)))).map(({ number }) => number)
    const ear = await hearing(null)
    expect(await letIn(5)).toBe(5)
    const frame = await ear.hears((one) => one.type === 'queue')
    expect(frame).toMatchObject({ serviceId: lecture, through: numbers[4] })
    await ear.settled()
    expect(ear.heard.filter((one) => one.type === 'queue')).toHaveLength(1)
    expect(await look(all[5] as Person)).toMatchObject({ state: 'waiting', ahead: 0 })
  })
})

describe('nodes of a cluster', () => {
  let server: TestRedis
  const closing: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    server = await startRedis()
  }, INSTALL_MS)
  afterAll(async () => {
    for (const close of closing.reverse()) await close()
    await server?.close()
  })

  async function node() {
    const redis: Redis = await openRedis(server.url, () => {})
    const limits = { ...usualLimits }
    const parts = { ...world.parts, redis, queue: openQueue(redis, limits) }
    const app = await buildApp(parts, { log: parts.log, requestsPerMinute: 100_000 })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    let isOpen = true
    const close = async () => {
      if (!isOpen) return
      isOpen = false
      await app.close()
      await redis.quit().catch(() => {})
    }
    closing.push(close)
    return { parts, limits, redis, close, call: (person: Person) => caller(url, person.token) }
  }

  test('a place is the same on every node, and outlives the one it was taken on', async () => {
    const [one, two] = [await node(), await node()]
    for (const { limits } of [one, two]) Object.assign(limits, { least: 0, most: 0 })
    const [a, b] = (await people(2)) as [Person, Person]
    const [orderA, orderB] = [randomUUID(), randomUUID()]
    expect(await tap(a, orderA, one.call(a))).toMatchObject({ code: 'queued' })
    expect(await tap(b, orderB, two.call(b))).toMatchObject({ code: 'queued' })
    const body = { slotId: slot, party: 1 }
    expect(await must(one.call(b), 'putQueue', { params, body })).toMatchObject({ ahead: 1 })
    await one.close()
    expect(await must(two.call(a), 'putQueue', { params, body })).toMatchObject({ ahead: 0 })
    Object.assign(two.limits, { least: 1, most: 1 })
    expect(await admitDue(two.parts)).toBe(1)
    expect(await tap(b, orderB, two.call(b))).toMatchObject({ code: 'queued' })
    expect(await tap(a, orderA, two.call(a))).toMatchObject({ ok: true })
    await admitDue(two.parts)
    expect(await tap(b, orderB, two.call(b))).toMatchObject({ ok: true })
  })

  test('while Redis is away a line stays a line, and a quiet service is served', async () => {
    const one = await node()
    Object.assign(one.limits, { least: 0, most: 0 })
    const [a, b] = (await people(2)) as [Person, Person]
    await tap(a, randomUUID(), one.call(a))
    const body = { slotId: slot, party: 1 }
    const before = await must(one.call(a), 'putQueue', { params, body })
    await server.stop()
    Object.assign(one.limits, usualLimits)
    expect(await tap(b, randomUUID(), one.call(b))).toMatchObject({ code: 'queued' })
    expect(await one.call(a)('putQueue', { params, body })).toMatchObject({ code: 'unavailable' })
    const quiet = openQueue(one.redis, usualLimits)
    const calm = await buildApp(
      { ...one.parts, queue: quiet },
      {
        log: world.parts.log,
        requestsPerMinute: 100_000,
      },
    )
    closing.push(() => calm.close())
    const url = await calm.listen({ host: '127.0.0.1', port: 0 })
    expect(await tap(b, randomUUID(), caller(url, b.token))).toMatchObject({ ok: true })
    await server.start()
    await until('the place again', async () => {
      const seen = await one.call(a)('putQueue', { params, body })
      return seen.ok && seen.value.number === before.number
    })
    await admitDue(one.parts)
  })
})
