import type { FastifyInstance } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { keepPicture, readMoneyPicture } from './picture.ts'

export function pictureRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'putPicture', ({ params, body, caller }) =>
    keepPicture(parts, { id: params.id, userId: caller.id, base64: body.base64 }),
  )
  serve(app, parts, 'putConsolePicture', ({ params, body, caller }) =>
    keepPicture(parts, {
      id: params.id,
      userId: caller.id,
      whose: 'person_id',
      base64: body.base64,
    }),
  )
  serve(app, parts, 'getPicture', async ({ params, caller }) => {
    return (await readMoneyPicture(parts.db, params.id, caller.id)) ?? refuse('not_found')
  })
}
