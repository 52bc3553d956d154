import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { listCoupons, previewCoupons, putCoupons, revokeCoupons } from './coupons.ts'

export function couponRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listCoupons', () => listCoupons(parts))
  serve(app, parts, 'previewCoupons', ({ body }) => previewCoupons(parts, body))
  serve(app, parts, 'putCoupons', ({ params, body, caller }) =>
    putCoupons(parts, params.id, body, caller.id),
  )
  serve(app, parts, 'deleteCoupons', ({ params }) => revokeCoupons(parts, params.id))
}
