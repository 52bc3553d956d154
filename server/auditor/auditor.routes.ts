import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { acknowledge, listFindings, readAudit, recount, reopen } from './desk.ts'

/** The auditor in the console (X1). */
export function auditorRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'getAudit', () => readAudit(parts))

  serve(app, parts, 'listFindings', ({ query }) => listFindings(parts, query))

  serve(app, parts, 'putAcknowledgement', ({ params, body, caller }) =>
    acknowledge(parts, params.id, body.note, caller.id),
  )

  serve(app, parts, 'putRecount', ({ params, caller }) => recount(parts, params.id, caller.id))

  serve(app, parts, 'deleteStop', ({ params, caller }) => reopen(parts, params.id, caller.id))
}
