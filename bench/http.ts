/** The cases over HTTP: holds of one slot and of many, and the cached list of slots. */
import { addDays, dayOf } from '@jiyue/contract/time'
import { bareServer } from './bare.ts'
import { cpuSeconds } from './cpu.ts'
import { openFloor } from './floor.ts'
import { prepareReference, referenceHolds } from './pgbench.ts'
import { holdOnce } from './phone.ts'
import type { Round, Row } from './row.ts'
import type { Stage } from './stage.ts'
import { type Load, type Loaded, load } from './wrk.ts'

export interface Pace {
  rounds: number
  seconds: number
}

const SEATS = 10_000_000
/** As many as the issue of a limited offer brings at once, and four times that. */
const CONNECTIONS = [64, 256]
const REFERENCE_CLIENTS = 64
const MANY_SLOTS = 1000

/**
 * Holds of one hot slot against pgbench on one row, against the node's own echo, and against the floor:
 * what is left of a hold when nothing is decided (floor.ts).
 */
export async function hotSlot(stage: Stage, { rounds, seconds }: Pace): Promise<Row[]> {
  await prepareReference(stage.pool, 1)
  const slot = await stage.slot(SEATS)
  const bytes = await bytesOfHold(stage)
  const floor = await openFloor({ databaseUrl: stage.databaseUrl, slot, bytes })
  const rows = CONNECTIONS.flatMap((connections): Row[] => [
    {
      what: `hold of one hot slot, ${connections} connections`,
      reference: 'pgbench, one row',
      unit: 'holds/s',
      rounds: [],
      toReach: { least: 10 },
    },
    {
      what: `hold of one hot slot, ${connections} connections`,
      reference: 'echo',
      unit: 'holds/s',
      rounds: [],
      toReach: { least: 0.5 },
    },
    {
      what: `hold of one hot slot, ${connections} connections`,
      reference: 'its floor',
      unit: 'holds/s',
      rounds: [],
    },
  ])
  for (let round = 0; round < rounds; round++) {
    const clients = REFERENCE_CLIENTS
    const plain = await referenceHolds(stage, { slots: 1, clients, seconds })
    for (const [index, connections] of CONNECTIONS.entries()) {
      const of = { connections, seconds }
      const echo = await holds(stage, { ...of, slots: [slot], path: '/echo/' })
      const ours = await holds(stage, { ...of, slots: [slot], path: '/v1/orders/' })
      const least = await load(wish(stage, { ...of, slots: [slot], path: '/' }, floor.address))
      if (least.failed > 0) throw new Error(`${least.failed} requests failed at the floor`)
      for (const [nth, reference] of [plain, echo.ours, least.perSecond].entries())
        rows[3 * index + nth]?.rounds.push({ ...ours, reference })
    }
  }
  await floor.stop()
  return rows
}

/** Holds spread over many slots against the same statement spread over as many rows. */
export async function spreadSlots(stage: Stage, { rounds, seconds }: Pace): Promise<Row[]> {
  await prepareReference(stage.pool, MANY_SLOTS)
  const slots: string[] = []
  // Six of an hour each: slots of a day stand side by side.
  for (let i = 0; i < MANY_SLOTS; i++) slots.push(await stage.slot(SEATS, 72 + (i % 6)))
  const row: Row = {
    what: `hold spread over ${MANY_SLOTS} slots, 64 connections`,
    reference: `pgbench, ${MANY_SLOTS} rows`,
    unit: 'holds/s',
    rounds: [],
    toReach: { least: 2.5 },
  }
  for (let round = 0; round < rounds; round++) {
    const clients = REFERENCE_CLIENTS
    const plain = await referenceHolds(stage, { slots: MANY_SLOTS, clients, seconds })
    const ours = await holds(stage, { connections: 64, seconds, slots, path: '/v1/orders/' })
    row.rounds.push({ ...ours, reference: plain })
  }
  return [row]
}

/** The cached list of slots against node:http that sends the same bytes. */
export async function cachedSlots(stage: Stage, { rounds, seconds }: Pace): Promise<Row[]> {
  const today = dayOf(Date.now())
  const path = `/v1/services/${stage.service}/slots?from=${today}&to=${addDays(today, 6)}`
  const reply = await fetch(stage.node.address + path, { headers: { 'accept-encoding': 'gzip' } })
  const bytes = Number(reply.headers.get('content-length'))
  const bare = await bareServer(bytes, Object.fromEntries(reply.headers))
  const row: Row = {
    what: `cached slots, ${(bytes / 1024).toFixed(1)} KB sent`,
    reference: 'node:http, same bytes',
    unit: 'replies/s',
    rounds: [],
    toReach: { least: 0.7 },
  }
  try {
    for (let round = 0; round < rounds; round++) {
      const of = {
        script: 'get',
        connections: 64,
        seconds,
        env: { PATH_OF: path, ENCODING: 'gzip' },
      }
      const reference = await load({ ...of, url: bare.address })
      const ours = await measured(stage, () => load({ ...of, url: stage.node.address }))
      row.rounds.push({ ...ours, reference: reference.perSecond })
    }
  } finally {
    await bare.stop()
  }
  return [row]
}

interface Of {
  connections: number
  seconds: number
  slots: readonly string[]
  path: string
}

export function holds(stage: Stage, of: Of): Promise<Round> {
  return measured(stage, () => load(wish(stage, of, stage.node.address)))
}

let seed = Date.now() % 1_000_000_000

/** New orders of the crowd, sent to `url`. */
function wish({ tokens }: Stage, { connections, seconds, slots, path }: Of, url: string): Load {
  seed += 1
  const env = { TOKENS: tokens, SLOTS: slots.join(','), SEED: `${seed}`, PATH_OF: path }
  return { url, script: 'hold', connections, seconds, env }
}

/** Length of the answer to a granted hold. */
async function bytesOfHold(stage: Stage): Promise<number> {
  const order = await holdOnce(stage, await stage.slot(SEATS))
  return Buffer.byteLength(JSON.stringify(order))
}

/** Throws when anything failed: a fast refusal is no hold. */
export async function measured(stage: Stage, work: () => Promise<Loaded>): Promise<Round> {
  const pids = [stage.node.pid, stage.postmaster]
  const before = cpuSeconds(pids)
  const { perSecond, done, failed, p50Ms, p99Ms } = await work()
  if (failed > 0) throw new Error(`${failed} of ${done + failed} requests failed`)
  const cpuMicros = ((cpuSeconds(pids) - before) * 1e6) / done
  return { ours: perSecond, reference: Number.NaN, p50Ms, p99Ms, cpuMicros }
}
