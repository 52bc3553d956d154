import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import {
  listPromotions,
  listServiceSettings,
  putPromotion,
  putRules,
  putServiceSettings,
} from './settings.ts'

export function settingRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listServiceSettings', () => listServiceSettings(parts))
  serve(app, parts, 'putServiceSettings', ({ params, body }) =>
    putServiceSettings(parts, params.id, body),
  )
  serve(app, parts, 'getRules', async () => ({ rules: await readRules(parts.db) }))
  serve(app, parts, 'putRules', ({ body }) => putRules(parts, body))
  serve(app, parts, 'listPromotions', () => listPromotions(parts))
  serve(app, parts, 'putPromotion', ({ params, body }) => putPromotion(parts, params.id, body))
}
