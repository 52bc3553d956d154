import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { createTellLooks } from './visits.ts'

export function visitRoutes(app: FastifyInstance, parts: Parts): void {
  const tell = createTellLooks(parts)

  serve(app, parts, 'putLooks', ({ params, body }) =>
    tell({ visitId: params.id, looks: body.looks, at: parts.now() }),
  )
}
