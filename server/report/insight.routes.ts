import type { FastifyInstance } from 'fastify'
import { isSpan } from '../booking/slots.ts'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { readFunnel } from './funnel/funnel.ts'
import { longestInsightDays, readInsight } from './insight.ts'

export function insightRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'getFunnel', async ({ query }) => {
    if (!isSpan(query.from, query.to, longestInsightDays)) return refuse('malformed')
    return readFunnel(parts, query)
  })

  serve(app, parts, 'getInsight', async ({ query }) => {
    if (!isSpan(query.from, query.to, longestInsightDays)) return refuse('malformed')
    return readInsight(parts, query)
  })
}
