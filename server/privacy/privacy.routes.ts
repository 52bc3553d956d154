import type { FastifyInstance } from 'fastify'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { readOwnPicture } from '../picture/picture.ts'
import { readMyData } from './data.ts'
import { erasePerson } from './erase.ts'

export function privacyRoutes(app: FastifyInstance, parts: Parts): void {
  serve(app, parts, 'getMyData', ({ caller }) => readMyData(parts, caller.id))

  serve(app, parts, 'getMyPicture', async ({ params, caller }) => {
    return (await readOwnPicture(parts.db, params.id, caller.id)) ?? refuse('not_found')
  })

  serve(app, parts, 'deleteMe', ({ caller }) => erasePerson(parts, caller.id))
}
