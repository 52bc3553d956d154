import type { FastifyInstance } from 'fastify'
import { isRefused, refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { act } from './act.ts'
import { askChases } from './chase.ts'
import { preview } from './preview.ts'
import { listDisruptions, readDisruption } from './view.ts'

export function disruptionRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'previewDisruption', ({ body }) => preview(parts, body.slotIds))

  serve(app, parts, 'putDisruption', async ({ params, body, caller }) => {
    const refused = await act(parts, params.id, body, caller.id)
    if (isRefused(refused)) return refused
    return (await readDisruption(parts, params.id)) ?? refuse('not_found')
  })

  serve(app, parts, 'listDisruptions', ({ query }) => listDisruptions(parts, query.after))

  serve(app, parts, 'getDisruption', async ({ params }) => {
    return (await readDisruption(parts, params.id)) ?? refuse('not_found')
  })

  serve(app, parts, 'putChase', ({ params, caller }) =>
    askChases(parts, params.id, params.channel, caller.id),
  )
}
