import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { retryDelivery } from './delivery.ts'
import { listDeliveries } from './deliveryList.ts'

/** Delivery info in the console. */
export function deliveryRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listDeliveries', () => listDeliveries(parts))
  serve(app, parts, 'retryDelivery', ({ params }) => retryDelivery(parts, params.id))
}
