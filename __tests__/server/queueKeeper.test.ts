/** Who keeps the queues (T5): one list of cases for the process and for Redis. */
import { randomUUID } from 'node:crypto'
import { openRedis, type Redis } from '../../server/db/redis.ts'
import {
  type Arrival,
  type Keeper,
  SETTLE_AGAIN,
  SETTLE_MS,
  USING_MS,
} from '../../server/queue/keeper.ts'
import { processKeeper } from '../../server/queue/processKeeper.ts'
import { redisKeeper } from '../../server/queue/redisKeeper.ts'
import { startRedis, type TestRedis } from '../redis.ts'
import { until } from '../world.ts'

const INSTALL_MS = 120_000
const keepMs = 3_600_000
const passMs = 60_000
/** Some time; every case moves it by itself. */
const noon = Date.parse('2026-11-22T04:00:00Z')

let server: TestRedis
const connections: Redis[] = []
beforeAll(async () => {
  server = await startRedis()
}, INSTALL_MS)
afterAll(async () => {
  await Promise.allSettled(connections.map((redis) => redis.quit()))
  await server?.close()
})

/** A node's own connection. */
async function connected(): Promise<Redis> {
  const redis = await openRedis(server.url, () => {})
  connections.push(redis)
  return redis
}

/** One service's queue, asked with as few words as possible. */
function queueOf(keeper: Keeper, service: string = randomUUID()) {
  const arrive = (user: string, more: Partial<Arrival> = {}) =>
    keeper.arrive({
      service,
      user,
      now: noon,
      straight: false,
      holds: false,
      most: 100,
      number: 0,
      known: false,
      keepMs,
      ...more,
    })
  return {
    service,
    keeper,
    arrive,
    async place(user: string, more: Partial<Arrival> = {}) {
      const standing = await arrive(user, more)
      if (standing.state !== 'waiting') throw new Error(`${user} is ${standing.state}`)
      return standing
    },
    async admit(count: number, now = noon) {
      return (await keeper.admit({ service, now, count, passMs, keepMs })).users
    },
    count: () => keeper.count(service),
    leave: (user: string) => keeper.leave(service, user),
    finish: (user: string, spent: boolean) => keeper.finish(service, user, spent),
  }
}

const keepers: [string, () => Promise<Keeper>][] = [
  ['the process', async () => processKeeper()],
  ['Redis', async () => redisKeeper(await connected())],
]

describe.each(keepers)('kept by %s', (_, make) => {
  let keeper: Keeper
  beforeAll(async () => {
    keeper = await make()
  })

  test('who finds nobody waiting and the node with room goes straight in, and leaves no trace', async () => {
    const queue = queueOf(keeper)
    expect(await queue.arrive('a', { straight: true })).toEqual({ state: 'free' })
    expect(await queue.count()).toEqual({ waiting: 0, admitted: 0, through: 0, busyAt: 0 })
    expect(await keeper.open()).not.toContain(queue.service)
  })

  test('nobody overtakes who waits, room or not', async () => {
    const queue = queueOf(keeper)
    await queue.place('a')
    expect(await queue.arrive('b', { straight: true })).toMatchObject({
      state: 'waiting',
      ahead: 1,
    })
    expect(await keeper.open()).toContain(queue.service)
  })

  test('first come first served, also within one millisecond and when a clock goes back', async () => {
    const queue = queueOf(keeper)
    const numbers = []
    for (const [user, now] of [
      ['a', noon],
      ['b', noon],
      ['c', noon - 5_000],
      ['d', noon + 1],
    ] as const)
      numbers.push((await queue.place(user, { now })).number)
    expect(numbers).toEqual([...numbers].sort((x, y) => x - y))
    expect(new Set(numbers).size).toBe(4)
    expect(await queue.admit(3)).toEqual(['a', 'b', 'c'])
    expect(await queue.admit(3)).toEqual(['d'])
    expect(await queue.admit(3)).toEqual([])
  })

  test('one place per person: asking a hundred times moves nothing', async () => {
    const queue = queueOf(keeper)
    await queue.place('a')
    const first = await queue.place('b')
    for (let i = 0; i < 100; i++) expect(await queue.place('b', { now: noon + i })).toEqual(first)
    expect(await queue.count()).toMatchObject({ waiting: 2 })
  })

  test('beyond the most it is full; a place that is there stays', async () => {
    const queue = queueOf(keeper)
    await queue.place('a', { most: 1 })
    expect(await queue.arrive('b', { most: 1, now: noon + 7 })).toEqual({ state: 'full' })
    expect(await queue.place('a', { most: 1 })).toMatchObject({ ahead: 0 })
    expect(await queue.count()).toMatchObject({ waiting: 1, busyAt: noon + 7 })
  })

  test('who is let in has a pass until it is spent or over; then they are at the end', async () => {
    const queue = queueOf(keeper)
    await queue.place('a')
    await queue.place('b')
    expect(await queue.admit(1)).toEqual(['a'])
    expect(await queue.arrive('a')).toEqual({ state: 'pass', until: noon + passMs })
    expect(await queue.arrive('a', { now: noon + passMs - 1 })).toMatchObject({ state: 'pass' })
    expect(await queue.place('a', { now: noon + passMs })).toMatchObject({ ahead: 1 })
    expect(await queue.admit(1)).toEqual(['b'])
    await queue.finish('b', true)
    expect(await queue.place('b')).toMatchObject({ ahead: 1 })
  })

  test('a pass serves one hold at a time; a refused one leaves it, a granted one ends it', async () => {
    const queue = queueOf(keeper)
    const hold = (now = noon) => queue.arrive('a', { holds: true, now })
    await queue.place('a')
    await queue.admit(1)
    expect(await hold()).toMatchObject({ state: 'pass' })
    expect(await hold()).toEqual({ state: 'busy' })
    expect(await queue.arrive('a')).toMatchObject({ state: 'pass' })
    await queue.finish('a', false)
    expect(await hold()).toMatchObject({ state: 'pass' })
    // A node that died with a hold keeps nobody out.
    expect(await hold(noon + USING_MS)).toMatchObject({ state: 'pass' })
    await queue.finish('a', true)
    expect(await hold()).toMatchObject({ state: 'waiting' })
  })

  test('who leaves gives the place up, and everybody behind moves up', async () => {
    const queue = queueOf(keeper)
    for (const user of ['a', 'b', 'c']) await queue.place(user)
    await queue.leave('b')
    await queue.leave('nobody')
    expect(await queue.place('c')).toMatchObject({ ahead: 1 })
    expect(await queue.place('b')).toMatchObject({ ahead: 2 })
    for (const user of ['a', 'b', 'c']) await queue.leave(user)
    expect(await keeper.open()).not.toContain(queue.service)
  })

  test('counts who went in, and up to which number', async () => {
    const queue = queueOf(keeper)
    const a = await queue.place('a')
    const b = await queue.place('b')
    await queue.place('c')
    expect(a).toMatchObject({ admitted: 0, through: 0 })
    await queue.admit(2)
    expect(await queue.count()).toEqual({
      waiting: 1,
      admitted: 2,
      through: b.number,
      busyAt: noon,
    })
    expect(await queue.place('c')).toMatchObject({ ahead: 0, admitted: 2, through: b.number })
  })

  test('a lost place comes back at its number, before who came later', async () => {
    const old = queueOf(keeper)
    const [a, b] = [await old.place('a'), await old.place('b')]
    const queue = queueOf(keeper)
    const later = { now: noon + 10_000 }
    await queue.place('new', later)
    await queue.place('b', { ...later, number: b.number })
    await queue.place('a', { ...later, number: a.number })
    const settled = noon + 10_000 + SETTLE_MS
    expect(await queue.admit(9, settled - 1)).toEqual([])
    expect(await queue.admit(9, settled)).toEqual(['a', 'b', 'new'])
  })

  test('while places come back nobody slips in before them', async () => {
    const queue = queueOf(keeper)
    await queue.place('a', { number: (noon - 5_000) * 1000 })
    await queue.leave('a')
    expect(await queue.arrive('b', { straight: true, now: noon + 1 })).toMatchObject({
      state: 'waiting',
    })
    await queue.leave('b')
    const settled = noon + SETTLE_MS
    expect(await queue.arrive('c', { straight: true, now: settled })).toEqual({ state: 'free' })
  })

  test('coming back again and again does not keep the door shut', async () => {
    const queue = queueOf(keeper)
    const number = (noon - 5_000) * 1000
    await queue.place('a', { number })
    await queue.place('b', { number: number + 1, now: noon + SETTLE_MS - 1 })
    expect(await queue.admit(2, noon + SETTLE_MS)).toEqual(['a', 'b'])
    expect(SETTLE_AGAIN).toBeGreaterThan(1)
  })

  test('a slip whose place is over is worth nothing: spent, missed or left', async () => {
    const queue = queueOf(keeper)
    const a = await queue.place('a')
    const b = await queue.place('b')
    await queue.place('c')
    await queue.admit(1)
    await queue.finish('a', true)
    await queue.leave('b')
    const late = { now: noon + passMs * 2 }
    expect(await queue.place('a', { ...late, number: a.number })).toMatchObject({ ahead: 1 })
    expect(await queue.place('b', { ...late, number: b.number })).toMatchObject({ ahead: 2 })
  })

  test('ten thousand arrivals: each in the order they came, none twice, none left out', async () => {
    const queue = queueOf(keeper)
    const people = Array.from({ length: 10_000 }, (_, i) => `u${i}`)
    // As many at once as a node reads from its sockets.
    for (let from = 0; from < people.length; from += 500) {
      const crowd = people.slice(from, from + 500)
      const at = { now: noon + (from >> 4), most: 10_000 }
      const standings = await Promise.all(crowd.map((user) => queue.place(user, at)))
      expect(standings.map(({ ahead }) => ahead)).toEqual(crowd.map((_, i) => from + i))
    }
    const seen: string[] = []
    while (seen.length < people.length) {
      const users = await queue.admit(1 + (seen.length % 97))
      expect(users.length).toBeGreaterThan(0)
      seen.push(...users)
    }
    expect(seen).toEqual(people)
    expect(await queue.count()).toMatchObject({ waiting: 0, admitted: 10_000 })
  })
})

describe('Redis, for several nodes', () => {
  test('two nodes pull from one line: in order, each person once; a node that is gone takes nothing along', async () => {
    const service = randomUUID()
    const [one, two] = [redisKeeper(await connected()), redisKeeper(await connected())]
    const [a, b] = [queueOf(one, service), queueOf(two, service)]
    const people = Array.from({ length: 300 }, (_, i) => `u${i}`)
    for (const [i, user] of people.entries()) await (i % 2 ? a : b).place(user, { most: 1_000 })
    const groups = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? a : b).admit(20)),
    )
    expect(groups.flat().sort()).toEqual(people.slice(0, 200).sort())
    for (const group of groups)
      expect(group).toEqual(people.slice(people.indexOf(group[0] as string)).slice(0, 20))
    connections[connections.length - 1]?.disconnect()
    expect(await a.admit(1_000)).toEqual(people.slice(200))
    expect(await a.arrive('u0')).toMatchObject({ state: 'pass' })
  })

  test('a restart in the middle: everybody is where they were, and the order goes on', async () => {
    const redis = await connected()
    const queue = queueOf(redisKeeper(redis))
    const people = Array.from({ length: 500 }, (_, i) => `u${i}`)
    const before = await Promise.all(people.map((user) => queue.place(user, { most: 1_000 })))
    expect(await queue.admit(100)).toEqual(people.slice(0, 100))
    await server.stop()
    await expect(queue.place('u200')).rejects.toThrow()
    await server.start()
    await back(redis)
    for (const at of [100, 300, 499]) {
      const { number, ahead } = await queue.place(`u${at}`)
      expect([number, ahead]).toEqual([before[at]?.number, at - 100])
    }
    expect(await queue.arrive('u99')).toMatchObject({ state: 'pass' })
    expect(await queue.admit(1_000)).toEqual(people.slice(100))
  })

  test('all lost: whoever comes back with a slip has the old place, and no stranger goes before', async () => {
    const redis = await connected()
    const queue = queueOf(redisKeeper(redis))
    const people = Array.from({ length: 50 }, (_, i) => `u${i}`)
    const before = await Promise.all(people.map((user) => queue.place(user)))
    await server.stop('SIGKILL')
    await server.start('wiped')
    await back(redis)
    // The node saw a line a moment ago: it lets nobody straight in, not even the very first.
    const after = { now: noon + 2_000, known: true }
    expect(await queue.arrive('stranger', { ...after, straight: true })).toMatchObject({
      state: 'waiting',
    })
    for (const at of [...people.keys()].reverse())
      await queue.place(`u${at}`, { ...after, number: before[at]?.number ?? 0 })
    expect(await queue.admit(99, noon + 2_000 + SETTLE_MS)).toEqual([...people, 'stranger'])
  })

  test('what nobody touches is forgotten by itself', async () => {
    const redis = await connected()
    const queue = queueOf(redisKeeper(redis))
    await queue.place('a')
    await queue.admit(1)
    await queue.place('b')
    await queue.leave('b')
    const keys = await redis.keys(`jiyue:{queue}:${queue.service}:*`)
    expect(keys.length).toBeGreaterThanOrEqual(3)
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0)
  })
})

/** The connection stands again. */
const back = (redis: Redis) =>
  until('Redis again', () =>
    redis.ping().then(
      () => true,
      () => false,
    ),
  )
