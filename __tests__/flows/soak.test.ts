/**
 * Memory stays flat (T4): rounds of the same work, and after each the heap as the collector leaves it.
 * What a rush leaves behind would grow with every round. A short form here; minutes with TEST_HEAVY=1.
 */
import { randomUUID } from 'node:crypto'
import type { Call } from '@jiyue/contract/client'
import { addDays, dayOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import WebSocket from 'ws'
import { lecture } from '../../server/demo/world.ts'
import { openSession } from '../../server/people/sessions.ts'
import { inLanes } from '../cluster/setting.ts'
import { newSlot, newUsers } from '../races/setting.ts'
import { openEar } from '../server/socket.ts'
import { caller, must } from '../world.ts'
import { type Programs, startPrograms } from './programs.ts'

const ROUNDS = process.env.TEST_HEAVY ? 40 : 8
/** The long form goes on for as long as this, however quick the machine is. */
const LAST_MS = process.env.TEST_HEAVY ? 5 * 60_000 : 0
/** Rounds in which caches and compiled code still grow to their size. */
const WARM = 2
/** Four times as much in the long form. */
const TIMES = process.env.TEST_HEAVY ? 4 : 1
const ORDERS_A_ROUND = 80 * TIMES
const SOCKETS_A_ROUND = 20 * TIMES
const PEOPLE = 50
/** Growth of the heap from the first warm third to the last that is noise. */
const MOST_GROWTH = 1.12

jest.setTimeout(120_000 + ROUNDS * 30_000 + LAST_MS)

let programs: Programs
let inspector: Inspector
let calls: Call[]
beforeAll(async () => {
  programs = await startPrograms({
    nodeOptions: '--inspect=127.0.0.1:0',
    requestsPerMinute: 1_000_000, // fifty people stand for many
  })
  inspector = await openInspector(await programs.inspectorUrl())
  const { db } = programs.db
  await sql`insert into rules values ('ordersPerUser', 100000), ('holdsPerSlot', 100000)`.execute(
    db,
  )
  const users = await newUsers(db, PEOPLE)
  const sessions = await Promise.all(
    users.map((userId) => openSession(db, { userId, host: 'weapp' }, new Date())),
  )
  calls = sessions.map(({ token }) => caller(programs.url, token))
})
afterAll(async () => {
  inspector?.close()
  await programs?.close()
})

interface Inspector {
  /** Bytes of the heap after a full collection. */
  heap(): Promise<number>
  close(): void
}

/** Node's own inspector: nothing in the product is there for this test. */
async function openInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  let last = 0
  const ask = <T>(method: string): Promise<T> =>
    new Promise((resolve) => {
      const id = ++last
      const hear = (data: WebSocket.RawData) => {
        const answer = JSON.parse(String(data)) as { id?: number; result: T }
        if (answer.id !== id) return
        socket.off('message', hear)
        resolve(answer.result)
      }
      socket.on('message', hear)
      socket.send(JSON.stringify({ id, method }))
    })
  return {
    async heap() {
      await ask('HeapProfiler.collectGarbage')
      return (await ask<{ usedSize: number }>('Runtime.getHeapUsage')).usedSize
    },
    close: () => socket.close(),
  }
}

/** Holds that are given up, lists that change, sockets that come and go: new ids each time. */
async function round(): Promise<void> {
  const slotId = await newSlot(programs.db.db, { serviceId: lecture, capacity: ORDERS_A_ROUND })
  const sockets = inLanes(SOCKETS_A_ROUND, 10, async () => {
    const ear = await openEar(programs.url)
    ear.say({ type: 'sign_in', token: null })
    ear.say({ type: 'follow', topics: [`service:${lecture}`] })
    await ear.settled()
    await ear.close()
  })
  const today = dayOf(Date.now())
  const orders = inLanes(ORDERS_A_ROUND, 25, async (i) => {
    const call = calls[i % PEOPLE] as Call
    const params = { id: randomUUID() }
    await must(call, 'putOrder', { params, body: { slotId, party: 1 } })
    const query = { from: today, to: addDays(today, i % 7) }
    await must(call, 'listSlots', { params: { id: lecture }, query })
    await must(call, 'cancelOrder', { params })
  })
  await Promise.all([sockets, orders])
}

test(`the heap is after ${ROUNDS} rounds and more what it was after ${WARM}`, async () => {
  const heaps: number[] = []
  const end = Date.now() + LAST_MS
  while (heaps.length < ROUNDS || Date.now() < end) {
    await round()
    heaps.push(await inspector.heap())
  }
  if (process.env.TEST_HEAVY) console.log(told(heaps))
  expect({ grown: growthOf(heaps) > MOST_GROWTH, heaps }).toEqual({ grown: false, heaps })
})

test('control: a heap that keeps a little of each round is found', () => {
  const leaking = Array.from({ length: ROUNDS }, (_, i) => 40e6 * (1 + 0.04 * i))
  expect(growthOf(leaking)).toBeGreaterThan(MOST_GROWTH)
})

const told = (heaps: readonly number[]) =>
  `${heaps.length} rounds of ${ORDERS_A_ROUND} orders and ${SOCKETS_A_ROUND} sockets: ` +
  `${Math.round((heaps[WARM] ?? 0) / 1e5) / 10} MB → ${Math.round((heaps.at(-1) ?? 0) / 1e5) / 10} MB, ` +
  `last third to first ${growthOf(heaps).toFixed(3)}`

/** The last warm third against the first. */
function growthOf(heaps: readonly number[]): number {
  const third = Math.floor((heaps.length - WARM) / 3)
  const middle = (list: number[]) => list.toSorted((a, b) => a - b)[list.length >> 1] as number
  return middle(heaps.slice(-third)) / middle(heaps.slice(WARM, WARM + third))
}
