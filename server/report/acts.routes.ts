import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { listActs } from './acts.ts'

export function actRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listActs', ({ query }) => listActs(parts, query))
}
