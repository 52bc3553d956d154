/**
 * Killed again and again under load (T4, X1): in turn kill -9 of the server and of PostgreSQL while a
 * crowd taps without a pause. Every hold that was ever answered is there at the end, once. Two rounds
 * here; ten with TEST_HEAVY=1.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Call, Result } from '@jiyue/contract/client'
import type { Order } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { openSession } from '../../server/people/sessions.ts'
import { newSlot, newUsers, seatsTaken } from '../races/setting.ts'
import { caller, until } from '../world.ts'
import { type Programs, startPrograms } from './programs.ts'

const ROUNDS = process.env.TEST_HEAVY ? 10 : 2
const LANES = 24
const PEOPLE = 48
const SEATS = 5_000
/** Answered holds between two kills. */
const BETWEEN = 150

jest.setTimeout(60_000 + ROUNDS * 60_000)

let programs: Programs
let calls: Call[]
beforeAll(async () => {
  programs = await startPrograms()
  const { db } = programs.db
  await sql`insert into rules values ('ordersPerUser', 100000)`.execute(db)
  const users = await newUsers(db, PEOPLE)
  const sessions = await Promise.all(
    users.map((userId) => openSession(db, { userId, host: 'weapp' }, new Date())),
  )
  calls = sessions.map(({ token }) => caller(programs.url, token))
})
afterAll(() => programs?.close())

interface Tap {
  id: string
  call: Call
  /** Number of the order, once it was answered. */
  number?: string
}

/** Taps without a pause; what was not heard is asked again under its id, as a phone does. */
function tapWithoutPause(slotId: string) {
  const taps: Tap[] = []
  const wrong: Result<Order>[] = []
  let on = true
  const silent = (result: Result<Order>) =>
    !result.ok && (result.unheard || result.code === 'unavailable')

  async function tap(one: Tap): Promise<void> {
    while (on || one.number === undefined) {
      const result = await one.call('putOrder', {
        params: { id: one.id },
        body: { slotId, party: 1 },
      })
      if (result.ok) one.number = result.value.number
      else if (!silent(result)) wrong.push(result)
      if (!silent(result)) return
      await pause(20)
    }
  }
  async function lane(i: number): Promise<void> {
    for (let n = i; on; n += LANES) {
      const one: Tap = { id: randomUUID(), call: calls[n % PEOPLE] as Call }
      taps.push(one)
      await tap(one)
    }
  }
  const running = Promise.all(Array.from({ length: LANES }, (_, i) => lane(i)))
  const answered = () => taps.filter(({ number }) => number !== undefined)
  return {
    answered,
    wrong,
    more: (count: number, since = answered().length) =>
      until(`${count} more holds`, async () => answered().length >= since + count),
    async stop() {
      on = false
      await running
      return taps
    },
  }
}

async function killServer(): Promise<void> {
  await programs.kill()
  await programs.start()
}

async function killPostgres(): Promise<void> {
  const before = programs.postgres.pid
  process.kill(before, 'SIGKILL')
  await until('PostgreSQL is back', async () => programs.postgres.pid !== before)
}

const numbersIn = async (slotId: string) =>
  new Map(
    (
      await programs.db.db
        .selectFrom('orders')
        .select(['id', 'number'])
        .where('slot_id', '=', slotId)
        .execute()
    ).map(({ id, number }) => [id, number]),
  )

test(`after ${ROUNDS} kills every answered hold is there, once, under the number that was answered`, async () => {
  const slotId = await newSlot(programs.db.db, { serviceId: lecture, capacity: SEATS })
  const crowd = tapWithoutPause(slotId)
  for (let round = 0; round < ROUNDS; round++) {
    await crowd.more(BETWEEN)
    const acknowledged = crowd.answered().map(({ id, number }) => [id, number])
    await (round % 2 === 0 ? killServer() : killPostgres())
    await crowd.more(1)
    const kept = await numbersIn(slotId)
    for (const [id, number] of acknowledged) expect(kept.get(id as string)).toBe(number)
  }
  await crowd.more(BETWEEN)
  const taps = await crowd.stop()
  expect(crowd.wrong).toEqual([])
  const kept = await numbersIn(slotId)
  expect(new Map(taps.map(({ id, number }) => [id, number]))).toEqual(kept)
  expect(await seatsTaken(programs.db.db, slotId)).toBe(taps.length)
  const { rows } = await sql<{ taken: number }>`
    select taken from slots where id = ${slotId}`.execute(programs.db.db)
  expect(rows).toEqual([{ taken: taps.length }])
})
