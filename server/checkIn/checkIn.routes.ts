import type { FastifyInstance } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import { ownOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { checkIn } from '../payment/complete.ts'
import { findByCode, giveCode } from './checkIn.ts'

/** Check-in 核销 (B10): the code on the phone, and the desk. */
export function checkInRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'putCheckInCode', async ({ params, caller }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    return order ? giveCode(parts, order) : refuse('not_found')
  })

  serve(app, parts, 'findCheckIn', ({ params }) => findByCode(parts, params.code))

  serve(app, parts, 'checkIn', async ({ params, body, caller }) => {
    const verdict = await checkIn(parts, params.id, caller.id, body)
    if (verdict === 'ok') return {}
    if (verdict === 'not_found' || verdict === 'check_in_early') return refuse(verdict)
    return refuse('order_state')
  })
}
