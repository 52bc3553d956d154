/**
 * The queue 排队 (T5): at a peak people go in first come first served. Only the hold is gated. Who
 * finds nobody waiting and the node with room goes straight in; else the refused tap itself takes
 * the place. Every tick each node lets in the first ones of the one shared line, as many as it has
 * room for. Stock is not decided here: whatever becomes of a queue, no seat is sold twice.
 */
import { estimateSeconds } from '@jiyue/contract/queue'
import type { Rules } from '@jiyue/contract/rules'
import type { Reply } from '@jiyue/contract/schema/wire'
import { minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import type { HoldRequest, HoldVerdict } from '../booking/booking.ts'
import type { Redis } from '../db/redis.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { isTaken } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { type Limits, perMinute, type Sample, usualLimits, withSample } from './admit.ts'
import type { Count, Keeper, Standing } from './keeper.ts'
import { createMeter, type Meter } from './load.ts'
import { processKeeper } from './processKeeper.ts'
import { redisKeeper } from './redisKeeper.ts'
import { numberOf, slipOf } from './slip.ts'

/** What a node knows of the queues. */
export interface Queue {
  keeper: Keeper
  meter: Meter
  /** Services with people waiting, at the last tick, with how fast they go in. */
  waiting: Map<string, Sample[]>
  /** Slot → service: neither ever changes. */
  services: Map<string, Promise<string | null>>
  rules: { reading: Promise<Rules>; readAt: number } | null
  turn: number
}

/** Kept by `redis` where several processes make a cluster. `limits` are for tests. */
export function openQueue(redis?: Redis, limits: Limits = usualLimits): Queue {
  return {
    keeper: redis ? redisKeeper(redis) : processKeeper(),
    meter: createMeter(limits),
    waiting: new Map(),
    services: new Map(),
    rules: null,
    turn: 0,
  }
}

/** Lets a hold through to `decide` when it is its person's turn, else sends them to the queue. */
export async function holdInTurn<Decided extends { verdict: HoldVerdict }>(
  parts: Parts,
  request: HoldRequest,
  decide: (request: HoldRequest) => Promise<Decided>,
): Promise<Decided | { verdict: 'queued' | 'too_busy' }> {
  const { keeper, meter } = parts.queue
  const service = await serviceOf(parts, request.slot)
  if (service === null) return decide(request)
  const straight = meter.hasRoom()
  const end = meter.begin()
  let decided = false
  try {
    const who = { service, user: request.user }
    const { state } = await arrive(parts, { ...who, straight, number: 0, holds: true })
    parts.metrics?.arrived(state)
    if (state !== 'free' && state !== 'pass') {
      // The answer to an earlier try of this very hold got lost: it needs no second turn.
      if (!(await isTaken(parts.db, request.order)))
        return { verdict: state === 'full' ? 'too_busy' : 'queued' }
      if (state === 'waiting') await keeper.leave(service, request.user)
    }
    decided = true
    if (state !== 'pass') return await decide(request)
    meter.met(request.user)
    return await onPass(parts, service, request, decide)
  } finally {
    end(decided)
  }
}

/** A granted hold uses the pass up; after a refused one another slot may be tried. */
async function onPass<Decided extends { verdict: HoldVerdict }>(
  { queue, log }: Parts,
  service: string,
  request: HoldRequest,
  decide: (request: HoldRequest) => Promise<Decided>,
): Promise<Decided> {
  let held: Decided | null = null
  try {
    held = await decide(request)
    return held
  } finally {
    // What Redis does not hear ends by itself: the hold in seconds, the pass in minutes.
    await queue.keeper
      .finish(service, request.user, held?.verdict === 'granted')
      .catch((error) => log.warn({ err: error }, 'queue: a pass is not taken back'))
  }
}

interface Arriving {
  service: string
  user: string
  straight: boolean
  /** Of an honest slip; 0 for none. */
  number: number
  holds: boolean
}

/** While Redis is away, a node that saw a line keeps its door shut; where nobody waited it serves. */
async function arrive(parts: Parts, arriving: Arriving): Promise<Standing> {
  const { queue, log } = parts
  const known = queue.waiting.has(arriving.service)
  const { queueMost: most, queueKeepMinutes } = await rulesOf(parts)
  const keepMs = queueKeepMinutes * minuteMs
  try {
    const now = parts.now().getTime()
    const standing = await queue.keeper.arrive({ ...arriving, now, most, known, keepMs })
    if (standing.state === 'waiting' && !known) queue.waiting.set(arriving.service, [])
    return standing
  } catch (error) {
    log.warn({ err: error }, 'queue: its keeper is away')
    if (!known && arriving.straight) return { state: 'free' }
    return { state: 'waiting', number: 0, ahead: 0, admitted: 0, through: 0 }
  }
}

export interface Looking {
  serviceId: string
  userId: string
  slotId: string
  party: number
  slip: string | undefined
}

/** Takes a place or looks at it. Refuses `not_found`, `too_busy`; `unavailable` with Redis away. */
export async function takePlace(
  parts: Parts,
  { serviceId, userId, slotId, party, slip }: Looking,
): Promise<Reply<'putQueue'> | Refused> {
  const left = await seatsLeft(parts, serviceId, slotId)
  if (left === null) return refuse('not_found')
  const rules = await rulesOf(parts)
  const now = parts.now()
  const whose = { service: serviceId, user: userId }
  const life = { now: now.getTime(), keepMs: rules.queueKeepMinutes * minuteMs }
  const number = slip ? numberOf(parts.seal, slip, { ...whose, ...life }) : 0
  const straight = parts.queue.meter.hasRoom()
  const standing = await arrive(parts, { ...whose, straight, number, holds: false })
  if (standing.state === 'full') return refuse('too_busy')
  const place = { number: 0, ahead: 0, admitted: 0, perMinute: null, estimateSeconds: null }
  const soldOut = left < party
  const shown = { ...place, slip: null, until: null, now: now.toISOString() }
  if (standing.state !== 'waiting') {
    const until = standing.state === 'pass' ? new Date(standing.until).toISOString() : null
    return { ...shown, state: soldOut ? 'sold_out' : 'admitted', until }
  }
  if (standing.number === 0) return refuse('unavailable')
  const rate = perMinute(parts.queue.waiting.get(serviceId) ?? [])
  return {
    ...shown,
    state: soldOut ? 'sold_out' : 'waiting',
    number: standing.number,
    ahead: standing.ahead,
    admitted: standing.admitted,
    perMinute: rate,
    estimateSeconds: estimateSeconds(standing.ahead, rate),
    slip: slipOf(parts.seal, { ...whose, number: standing.number }),
  }
}

/** Gives the caller's place up. Refuses `not_found` where there is no such service. */
export async function leavePlace(
  parts: Parts,
  serviceId: string,
  userId: string,
): Promise<Record<string, never> | Refused> {
  if (!(await isListed(parts, serviceId))) return refuse('not_found')
  await parts.queue.keeper.leave(serviceId, userId)
  return {}
}

/** One tick: lets in as many as this node has room for, services in turn; answers how many. */
export async function admitDue(parts: Parts): Promise<number> {
  const { queue } = parts
  const open = await queue.keeper.open()
  let room = queue.meter.look()
  for (const service of queue.waiting.keys())
    if (!open.includes(service)) queue.waiting.delete(service)
  if (open.length === 0) return 0
  const rules = await rulesOf(parts)
  queue.turn += 1
  let admitted = 0
  for (const [index] of open.entries()) {
    const service = open[(index + queue.turn) % open.length] as string
    const share = Math.ceil(room / (open.length - index))
    const users = await admit(parts, service, share, rules)
    queue.meter.expect(users)
    room -= users.length
    admitted += users.length
  }
  return admitted
}

async function admit(parts: Parts, service: string, count: number, rules: Rules) {
  const { queue, bus } = parts
  const now = parts.now().getTime()
  const answer = await queue.keeper.admit({
    service,
    now,
    count,
    passMs: rules.queuePassMinutes * minuteMs,
    keepMs: rules.queueKeepMinutes * minuteMs,
  })
  const { admitted, through } = answer.count
  const samples = withSample(queue.waiting.get(service) ?? [], { at: now, admitted })
  queue.waiting.set(service, samples)
  if (answer.users.length > 0) {
    const rate = perMinute(samples)
    bus.changed({ queues: [{ serviceId: service, admitted, through, perMinute: rate }] })
  }
  return answer.users
}

/** True when nobody has had to wait for `minutes`. */
export function isCalm(count: Count, now: Date, minutes: number): boolean {
  return count.waiting === 0 && now.getTime() - count.busyAt >= minutes * minuteMs
}

const RULES_MS = 1_000

/** The rules as they were within the last second: with every hold somebody asks, one reads. */
function rulesOf({ queue, db, now }: Parts): Promise<Rules> {
  const at = now().getTime()
  if (queue.rules && Math.abs(at - queue.rules.readAt) < RULES_MS) return queue.rules.reading
  const rules = { reading: readRules(db), readAt: at }
  queue.rules = rules
  rules.reading.catch(() => {
    if (queue.rules === rules) queue.rules = null
  })
  return rules.reading
}

/** Slots whose service is remembered; then all are asked for again. */
const MOST_SLOTS = 10_000

function serviceOf({ queue, db }: Parts, slotId: string): Promise<string | null> {
  const known = queue.services.get(slotId)
  if (known) return known
  const reading = readService(db, slotId)
  const forget = () => void queue.services.delete(slotId)
  // A slot that is not there may be added later.
  reading.then((service) => service ?? forget(), forget)
  if (queue.services.size >= MOST_SLOTS) queue.services.clear()
  queue.services.set(slotId, reading)
  return reading
}

async function readService(db: Parts['db'], slotId: string): Promise<string | null> {
  const slot = await db
    .selectFrom('slots')
    .select('service_id')
    .where('id', '=', slotId)
    .executeTakeFirst()
  return slot?.service_id ?? null
}

/** Seats left of a slot of a listed service; null where there is none. */
async function seatsLeft({ db }: Parts, serviceId: string, slotId: string) {
  const { rows } = await sql<{ left: number }>`
    select seats_left(slots) as left from slots join services on services.id = slots.service_id
    where slots.id = ${slotId} and services.id = ${serviceId} and services.listed`.execute(db)
  return rows[0]?.left ?? null
}

export async function isListed({ db }: Parts, serviceId: string): Promise<boolean> {
  const service = await db
    .selectFrom('services')
    .select('id')
    .where('id', '=', serviceId)
    .where('listed', '=', true)
    .execute()
  return service.length > 0
}
