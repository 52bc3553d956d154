import type { FastifyInstance } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { putAmendment, readRegistration } from './amendment.ts'

/** Registrations put right by the merchant (M7). */
export function amendmentRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'getConsoleRegistration', async ({ params }) => {
    return (await readRegistration(parts, params.id)) ?? refuse('not_found')
  })

  serve(app, parts, 'putAmendment', async ({ params, body, caller }) => {
    const done = await putAmendment(parts, { ...body, id: params.id }, caller.id)
    return done === 'ok' ? {} : done
  })
}
