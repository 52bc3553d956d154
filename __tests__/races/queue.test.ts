/**
 * Ten thousand people tap for the seats of one slot (T5, X8), through the queue, Redis and the real
 * hold: seats go to the first ones in their order, none is skipped and none sold twice, also when
 * Redis is restarted in the middle. The control shows that without the line people overtake.
 */
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { type HoldRequest, type HoldVerdict, hold } from '../../server/booking/booking.ts'
import { groupCommit } from '../../server/db/groupCommit.ts'
import { openRedis, type Redis } from '../../server/db/redis.ts'
import { lecture } from '../../server/demo/world.ts'
import type { Parts } from '../../server/parts.ts'
import { createSeal } from '../../server/people/seal.ts'
import { usualLimits } from '../../server/queue/admit.ts'
import { admitDue, holdInTurn, openQueue } from '../../server/queue/queue.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import { startRedis, type TestRedis } from '../redis.ts'
import { until } from '../world.ts'
import { deafBus, newSlot, newUsers, seatsTaken, seedWorld } from './setting.ts'

const ALL = 10_000
const SEATS = 4_000
const LONG_MS = 240_000

let database: FreshDatabase
let server: TestRedis
let redis: Redis
let users: string[]
beforeAll(async () => {
  database = await freshDatabase()
  await seedWorld(database.db)
  users = await newUsers(database.db, ALL)
  server = await startRedis()
  redis = await openRedis(server.url, () => {})
}, LONG_MS)
afterAll(async () => {
  await redis?.quit().catch(() => {})
  await server?.close()
})

type Verdict = HoldVerdict | 'queued' | 'too_busy'

interface Crowd {
  parts: Parts
  slot: string
  /** Whose hold was granted, in the order of the grants. */
  granted: string[]
  /** One taps, with the same order id every time. */
  tap(user: string): Promise<Verdict>
  /** One tick, and everybody who was let in taps again; answers who. */
  tick(): Promise<string[]>
}

/** A node with a slot everybody wants. `line: false` removes the guard: a refused tap takes no place. */
async function crowd({ line = true } = {}): Promise<Crowd> {
  const slot = await newSlot(database.db, { serviceId: lecture, capacity: SEATS })
  const queue = openQueue(redis, { ...usualLimits })
  const { arrive, admit } = queue.keeper
  const inside: string[] = []
  queue.keeper.admit = async (of) => {
    const answer = await admit(of)
    inside.push(...answer.users)
    return answer
  }
  if (!line)
    queue.keeper.arrive = async (arrival) =>
      arrival.straight ? { state: 'free' } : { state: 'full' }
  else queue.keeper.arrive = arrive
  const parts = {
    db: database.db,
    bus: deafBus,
    queue,
    log: pino({ level: 'silent' }),
    seal: createSeal(Buffer.alloc(32, 7)),
    now: () => new Date(),
  } as unknown as Parts
  const holds = groupCommit((batch: readonly HoldRequest[]) => hold(parts.db, parts.bus, batch))
  const orders = new Map(users.map((user) => [user, randomUUID()]))
  const granted: string[] = []
  const tap = async (user: string): Promise<Verdict> => {
    const order = orders.get(user) as string
    const { verdict } = await holdInTurn(parts, { order, user, slot, party: 1 }, holds)
    if (verdict === 'granted') granted.push(user)
    return verdict
  }
  return {
    parts,
    slot,
    granted,
    tap,
    async tick() {
      await admitDue(parts)
      const now = inside.splice(0)
      const verdicts = await Promise.all(now.map(tap))
      expect(verdicts.filter((one) => one !== 'granted' && one !== 'slot_full')).toEqual([])
      return now
    },
  }
}

/** Everybody taps, as many at once as a node reads from its sockets; answers who has to wait. */
async function allTap({ tap }: Crowd, of: readonly string[]): Promise<string[]> {
  const waiting: string[] = []
  for (let from = 0; from < of.length; from += 500) {
    const some = of.slice(from, from + 500)
    const verdicts = await Promise.all(some.map(tap))
    waiting.push(...some.filter((_, at) => verdicts[at] === 'queued'))
  }
  return waiting
}

/** A small door, so that nearly everybody waits. */
function narrow({ parts }: Crowd): void {
  parts.queue.meter = openQueue(undefined, { ...usualLimits, least: 100, most: 800 }).meter
}

test(
  'ten thousand at once: the seats go to the first in their order, none skipped, none sold twice',
  async () => {
    const all = await begun()
    const waiting = await allTap(all, users)
    expect(waiting.length).toBeGreaterThan(ALL / 2)
    const order = [...users.filter((user) => !waiting.includes(user)), ...waiting]
    const seen: string[] = []
    while (seen.length < waiting.length) seen.push(...(await all.tick()))
    expect(seen).toEqual(waiting)
    expect(all.granted).toEqual(order.slice(0, SEATS))
    expect(await seatsTaken(database.db, all.slot)).toBe(SEATS)
  },
  LONG_MS,
)

test(
  'Redis restarted in the middle: nobody loses a place or a seat, and the order goes on',
  async () => {
    const all = await begun()
    const early = users.slice(0, ALL / 2)
    const waiting = await allTap(all, early)
    const seen: string[] = []
    while (seen.length < 1_000) seen.push(...(await all.tick()))
    await server.stop()
    // The node saw a line: while Redis is away its door stays shut, and people are told to wait.
    const late = users.slice(ALL / 2)
    expect(await Promise.all(late.slice(0, 200).map(all.tap))).toEqual(Array(200).fill('queued'))
    await expect(admitDue(all.parts)).rejects.toThrow()
    await server.start()
    await until('Redis again', () => redis.ping().then(Boolean, () => false))
    waiting.push(...(await allTap(all, late)))
    while (seen.length < waiting.length) seen.push(...(await all.tick()))
    expect(seen).toEqual(waiting)
    const order = [...early.filter((user) => !waiting.includes(user)), ...waiting]
    expect(all.granted).toEqual(order.slice(0, SEATS))
    expect(await seatsTaken(database.db, all.slot)).toBe(SEATS)
  },
  LONG_MS,
)

test(
  'the control: without the line, whoever taps at the right moment overtakes',
  async () => {
    const all = await crowd({ line: false })
    narrow(all)
    const verdicts = await Promise.all(users.slice(0, 2_000).map(all.tap))
    const sentAway = users.filter((_, at) => verdicts[at] === 'too_busy')
    expect(sentAway.length).toBeGreaterThan(0)
    await admitDue(all.parts)
    const last = users.at(-1) as string
    expect(await all.tap(last)).toBe('granted')
    expect(all.granted).not.toContain(sentAway[0])
  },
  LONG_MS,
)

/** A fresh crowd before a narrow door, with nothing left of an earlier one. */
async function begun(): Promise<Crowd> {
  await redis.flushall()
  const all = await crowd()
  narrow(all)
  return all
}
