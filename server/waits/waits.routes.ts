import type { FastifyInstance } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { joinWaits, leaveWaits, listSlotWaits, listWaits } from './waits.ts'

export function waitRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listWaits', ({ caller }) => listWaits(parts, caller.id))

  serve(app, parts, 'putWait', ({ params, body, caller }) =>
    joinWaits(parts, { id: params.id, userId: caller.id, ...body }),
  )

  serve(app, parts, 'deleteWait', ({ params, caller }) => leaveWaits(parts, params.id, caller.id))

  serve(app, parts, 'listSlotWaits', async ({ params }) => {
    return (await listSlotWaits(parts, params.id)) ?? refuse('not_found')
  })
}
