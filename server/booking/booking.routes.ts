import type { FastifyInstance } from 'fastify'
import { groupCommit } from '../db/groupCommit.ts'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { readOrderView } from '../report/orderView.ts'
import { type HoldRequest, hold } from './booking.ts'
import { readDays } from './calendar.ts'
import { listServices, readMerchant, readService } from './catalogue.ts'
import { addSlot, closeSlot, listConsoleSlots, resizeSlot } from './console.ts'
import { isSpan, readSlots, slotView } from './slots.ts'

export function bookingRoutes(app: FastifyInstance, parts: Parts): void {
  const holds = groupCommit((batch: readonly HoldRequest[]) => hold(parts.db, parts.bus, batch))

  serve(app, parts, 'listServices', async () => {
    const now = parts.now()
    const [{ name }, services] = await Promise.all([
      readMerchant(parts.db),
      listServices(parts.db, now),
    ])
    return { merchant: { name }, services, now: now.toISOString() }
  })

  serve(app, parts, 'getService', async ({ params }) => {
    return (await readService(parts.db, params.id, parts.now())) ?? refuse('not_found')
  })

  serve(app, parts, 'listSlots', async ({ params, query: { from, to } }) => {
    if (!isSpan(from, to)) return refuse('malformed')
    const service = await parts.db
      .selectFrom('services')
      .select('id')
      .where('id', '=', params.id)
      .where('listed', '=', true)
      .executeTakeFirst()
    if (!service) return refuse('not_found')
    const [days, slots] = await Promise.all([
      readDays(parts.db, from, to),
      readSlots(parts.db, { serviceId: params.id, days: { from, to } }),
    ])
    return { days, slots: slots.map(slotView), now: parts.now().toISOString() }
  })

  serve(app, parts, 'putOrder', async ({ params, body, caller }) => {
    const { slotId, party } = body
    const verdict = await holds({ order: params.id, user: caller.id, slot: slotId, party })
    if (verdict !== 'granted' && verdict !== 'same') return refuse(verdict)
    return readOrderView(parts, params.id)
  })

  serve(app, parts, 'listConsoleSlots', async ({ query: { from, to, serviceId } }) => {
    if (!isSpan(from, to)) return refuse('malformed')
    const [days, slots] = await Promise.all([
      readDays(parts.db, from, to),
      listConsoleSlots(parts, { days: { from, to }, ...(serviceId && { serviceId }) }),
    ])
    return { days, slots, now: parts.now().toISOString() }
  })

  serve(app, parts, 'putSlot', ({ params, body, caller }) =>
    addSlot(parts, params.id, body, caller.id),
  )

  serve(app, parts, 'putCapacity', ({ params, body, caller }) =>
    resizeSlot(parts, params.id, body.capacity, caller.id),
  )

  serve(app, parts, 'putClosure', ({ params, body, caller }) =>
    closeSlot(parts, params.id, body.reason, caller.id),
  )

  serve(app, parts, 'deleteClosure', ({ params, caller }) =>
    closeSlot(parts, params.id, null, caller.id),
  )
}
