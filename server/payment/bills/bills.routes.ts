import type { FastifyInstance } from 'fastify'
import { isSpan } from '../../booking/slots.ts'
import { refuse } from '../../http/refusal.ts'
import { serve } from '../../http/serve.ts'
import type { Parts } from '../../parts.ts'
import { longestReconciledDays, reconcile } from '../../report/reconciliation.ts'
import { isAskable, matchBill, planBills } from './bills.ts'
import { listBills, listDifferences, readBill, resolveDifference } from './list.ts'

/** Contract: at most 92 days at once. */
const LONGEST_DAYS = 92

/** Bills, differences and reconciliation for the console (M3). */
export function billRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'getReconciliation', async ({ query }) => {
    if (!isSpan(query.from, query.to, longestReconciledDays)) return refuse('malformed')
    return reconcile(parts, query)
  })

  serve(app, parts, 'listBills', async ({ query: { from, to } }) => {
    if (!isSpan(from, to, LONGEST_DAYS)) return refuse('malformed')
    return { bills: await listBills(parts.db, { from, to }), now: parts.now().toISOString() }
  })

  serve(app, parts, 'putBill', async ({ params }) => {
    const now = parts.now()
    const askable = isAskable(params.day, now)
    if (askable === 'too_old') return refuse('malformed')
    if (askable === 'too_early') return refuse('bill_not_ready')
    await planBills(parts, now)
    const verdict = await matchBill(parts, params)
    if (verdict === 'not_ready') return refuse('bill_not_ready')
    return verdict === 'failed' ? refuse('gateway_refused') : readBill(parts.db, params)
  })

  serve(app, parts, 'listDifferences', ({ query }) => listDifferences(parts, query))

  serve(app, parts, 'putResolution', async ({ params, body, caller }) => {
    const resolved = await resolveDifference(parts, params.id, body.note, caller.id)
    if (resolved === null) return refuse('not_found')
    return resolved === 'resolved' ? refuse('difference_resolved') : resolved
  })
}
