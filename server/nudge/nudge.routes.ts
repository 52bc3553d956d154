import type { FastifyInstance } from 'fastify'
import { isRefused } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { readOrderView } from '../report/orderView.ts'
import { answerNudge, nudge, withdraw } from './nudge.ts'

/** Nudges (R10): asked from the console, answered on the phone. */
export function nudgeRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'putNudge', ({ params, body, caller }) =>
    nudge(parts, params.id, body, caller.id),
  )

  serve(app, parts, 'deleteNudge', async ({ params }) => {
    const done = await withdraw(parts, params.id)
    return isRefused(done) ? done : {}
  })

  serve(app, parts, 'putNudgeAnswer', async ({ params, body, caller }) => {
    const done = await answerNudge(parts, params.id, caller.id, body.value)
    return isRefused(done) ? done : readOrderView(parts, done.orderId)
  })
}
