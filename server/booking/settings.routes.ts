import type { FastifyInstance } from 'fastify'
import { sendRefusal } from '../http/errors.ts'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { keepPicture } from '../picture/picture.ts'
import { readPhoto } from './servicePhotos.ts'
import { listServiceSettings, putService, putServiceSettings } from './serviceSettings.ts'
import { listPromotions, putPromotion, putRules } from './settings.ts'

/** `<id>.thumb.jpg`, `<id>.large.jpg` */
const PHOTO = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(thumb|large)\.jpg$/

export function settingRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'listServiceSettings', () => listServiceSettings(parts))
  serve(app, parts, 'putService', ({ params, body, caller }) =>
    putService(parts, params.id, body, caller.id),
  )
  serve(app, parts, 'putServiceSettings', ({ params, body: { note: _, ...body }, caller }) =>
    putServiceSettings(parts, params.id, body, caller.id),
  )
  serve(app, parts, 'putServicePhoto', ({ params, body, caller }) =>
    keepPicture(parts, {
      id: params.id,
      userId: caller.id,
      whose: 'person_id',
      base64: body.base64,
    }),
  )
  serve(app, parts, 'getRules', async () => ({ rules: await readRules(parts.db) }))
  serve(app, parts, 'putRules', ({ body }) => putRules(parts, body))
  serve(app, parts, 'listPromotions', () => listPromotions(parts))
  serve(app, parts, 'putPromotion', ({ params, body }) => putPromotion(parts, params.id, body))

  // Files for <image>, beside those that came with the product; another photo has another address.
  app.get<{ Params: { file: string } }>(
    '/photos/services/:file',
    { schema: { hide: true } },
    async ({ params }, reply) => {
      const [, id, size] = PHOTO.exec(params.file) ?? []
      const bytes = id && (await readPhoto(parts.db, id, size as 'thumb' | 'large'))
      if (!bytes) return sendRefusal(reply.request, reply, refuse('not_found'))
      return reply
        .type('image/jpeg')
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('x-content-type-options', 'nosniff')
        .send(bytes)
    },
  )
}
