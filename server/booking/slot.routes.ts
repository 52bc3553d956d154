import type { FastifyInstance } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { readDays } from './calendar.ts'
import { putClosures } from './closures.ts'
import { addSlot, closeSlot, listConsoleSlots, resizeSlot } from './console.ts'
import { moveSlot, takeMoveBack } from './slotMove.ts'
import { isSpan } from './slots.ts'

/** The console's calendar (M1). */
export function slotRoutes(app: FastifyInstance, parts: Parts): void {
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

  serve(app, parts, 'putClosures', ({ body, caller }) => putClosures(parts, body, caller.id))

  serve(app, parts, 'putSlotMove', ({ params, body, caller }) =>
    moveSlot(parts, params.id, body, caller.id),
  )

  serve(app, parts, 'deleteSlotMove', ({ params, caller }) =>
    takeMoveBack(parts, params.id, caller.id),
  )
}
