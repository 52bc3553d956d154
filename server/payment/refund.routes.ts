import type { FastifyInstance } from 'fastify'
import { isRefused } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { refundByHand, retryRefund } from './refunds/hand.ts'
import { listRefunds } from './refunds/list.ts'
import { payOtherwise } from './refunds/otherwise.ts'

/** Refunds in the console (P11). */
export function refundRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listRefunds', ({ query }) => listRefunds(parts, query))

  serve(app, parts, 'putRefund', async ({ params, body, caller }) => {
    const refunds = await refundByHand(parts, { ...body, id: params.id }, caller.id)
    return isRefused(refunds) ? refunds : { refunds }
  })

  serve(app, parts, 'retryRefund', ({ params, body, caller }) =>
    retryRefund(parts, params.id, body.way, caller.id),
  )

  serve(app, parts, 'putOtherwise', ({ params, body, caller }) =>
    payOtherwise(parts, params.id, body, caller.id),
  )
}
