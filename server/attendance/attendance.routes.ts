import type { FastifyInstance } from 'fastify'
import { isRefused, refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import { ownOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { readOrderView } from '../report/orderView.ts'
import { answerByKey, confirmAttendance, readAsked } from './attendance.ts'

/** 「是否确认参与」: by the link of the message, or by who is signed in. */
export function attendanceRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'getAnswer', async ({ params }) => {
    return (await readAsked(parts, params.key)) ?? refuse('not_found')
  })

  serve(app, parts, 'putAnswer', async ({ params, body }) => {
    const done = await answerByKey(parts, params.key, body)
    if (isRefused(done)) return done
    return (await readAsked(parts, params.key)) ?? refuse('not_found')
  })

  serve(app, parts, 'putAttendance', async ({ params, caller }) => {
    const order = await ownOrder(parts.db, params.id, caller.id)
    if (!order) return refuse('not_found')
    const done = await confirmAttendance(parts, order)
    return isRefused(done) ? done : readOrderView(parts, order.id)
  })
}
