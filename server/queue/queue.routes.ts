import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { leavePlace, takePlace } from './queue.ts'
import { askToBeTold } from './reminder.ts'

export function queueRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'putQueue', ({ params, body, caller }) =>
    takePlace(parts, {
      serviceId: params.id,
      userId: caller.id,
      slotId: body.slotId,
      party: body.party,
      slip: body.slip,
    }),
  )

  serve(app, parts, 'deleteQueue', ({ params, caller }) => leavePlace(parts, params.id, caller.id))

  serve(app, parts, 'putQueueReminder', ({ params, caller }) =>
    askToBeTold(parts, params.id, caller.id),
  )
}
