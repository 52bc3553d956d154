import type { Reply } from '@jiyue/contract/schema/wire'
import type { Day } from '@jiyue/contract/time'
import type { FastifyInstance } from 'fastify'
import { groupCommit } from '../db/groupCommit.ts'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import { type CacheOptions, createCache, everyService } from '../live/cache.ts'
import type { Parts } from '../parts.ts'
import { holdInTurn } from '../queue/queue.ts'
import { heldOrderView, readOrderView } from '../report/orderView.ts'
import { type HoldRequest, hold, holdGroup, ofOneService } from './booking.ts'
import { readDays } from './calendar.ts'
import { listServices, readMerchant, readService } from './catalogue.ts'
import { readOffer } from './offer.ts'
import { isSpan, readSlots, slotView } from './slots.ts'

/** Slots that may be hot at once. */
const MOST_OFFERS = 5_000

/** `cacheOptions` are for tests. */
export function bookingRoutes(
  app: FastifyInstance,
  parts: Parts,
  cacheOptions: CacheOptions = {},
): void {
  const { metrics } = parts
  const cache = createCache(parts.bus, {
    ...(metrics && { seen: metrics.cached }),
    ...cacheOptions,
  })
  const offers = createCache(parts.bus, { most: MOST_OFFERS, ...cacheOptions })
  const holds = groupCommit(
    (batch: readonly HoldRequest[]) => hold(parts.db, parts.bus, batch),
    metrics && { seen: metrics.batch },
  )

  serve(app, parts, 'listServices', async () => {
    return (
      (await cache.get('services', [everyService], () => readServices(parts))) ?? refuse('internal')
    )
  })

  serve(app, parts, 'getService', async ({ params: { id } }) => {
    const read = () => readService(parts.db, id, parts.now())
    return (await cache.get(`service ${id}`, [id], read)) ?? refuse('not_found')
  })

  serve(app, parts, 'listSlots', async ({ params: { id }, query: { from, to } }) => {
    if (!isSpan(from, to)) return refuse('malformed')
    const read = () => readSlotsOf(parts, id, from, to)
    return (await cache.get(`slots ${id} ${from} ${to}`, [id], read)) ?? refuse('not_found')
  })

  serve(app, parts, 'putOrder', async ({ params, body, caller }) => {
    const { slotId, party } = body
    const request = { order: params.id, user: caller.id, slot: slotId, party }
    const offer = readOffer(parts, offers, slotId)
    // Awaited below where it is needed; a refused hold does not hear of its failure.
    offer.catch(() => {})
    const held = await holdInTurn(parts, request, holds)
    if (held.verdict === 'granted') return heldOrderView(parts, request, held, await offer)
    return held.verdict === 'same' ? readOrderView(parts, params.id) : refuse(held.verdict)
  })

  serve(app, parts, 'putOrders', async ({ body, caller }) => {
    const requests = body.orders.map(({ id, slotId, party }) => ({
      order: id,
      user: caller.id,
      slot: slotId,
      party,
    }))
    const [first] = requests
    const slots = requests.map(({ slot }) => slot)
    if (!first || !(await ofOneService(parts.db, slots))) return refuse('malformed')
    const all = () => holdGroup(parts.db, parts.bus, requests)
    const { verdict } = await holdInTurn(parts, first, all)
    if (verdict !== 'granted' && verdict !== 'same') return refuse(verdict)
    const orders = await Promise.all(requests.map(({ order }) => readOrderView(parts, order)))
    return { orders, now: parts.now().toISOString() }
  })
}

async function readServices({ db, now }: Parts): Promise<Reply<'listServices'>> {
  const at = now()
  const [{ name }, services] = await Promise.all([readMerchant(db), listServices(db, at)])
  return { merchant: { name }, services, now: at.toISOString() }
}

/** Days and slots of a listed service, or null. */
async function readSlotsOf(
  { db, now }: Parts,
  serviceId: string,
  from: Day,
  to: Day,
): Promise<Reply<'listSlots'> | null> {
  const service = await db
    .selectFrom('services')
    .select('id')
    .where('id', '=', serviceId)
    .where('listed', '=', true)
    .executeTakeFirst()
  if (!service) return null
  const [days, slots] = await Promise.all([
    readDays(db, from, to),
    readSlots(db, { serviceId, forAll: true, days: { from, to } }),
  ])
  return { days, slots: slots.map(slotView), now: now().toISOString() }
}
