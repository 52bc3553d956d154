import type { FastifyInstance } from 'fastify'
import { isRefused } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { readOrderView } from '../report/orderView.ts'
import { sendProof } from './proof.ts'
import { listProofs, readConsoleProof } from './proofs/list.ts'
import { decideProof } from './proofs/review.ts'

/** Proofs of payments that were not recognised (P10). */
export function proofRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'putProof', async ({ params, body, caller }) => {
    const sent = await sendProof(parts, { ...body, id: params.id, userId: caller.id })
    return isRefused(sent) ? sent : readOrderView(parts, body.orderId)
  })

  serve(app, parts, 'listProofs', ({ query }) => listProofs(parts, query))

  serve(app, parts, 'putDecision', async ({ params, body, caller }) => {
    const decided = await decideProof(parts, params.id, caller.id, body)
    return isRefused(decided) ? decided : readConsoleProof(parts, params.id)
  })
}
