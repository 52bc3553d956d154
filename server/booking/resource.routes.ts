import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sendRefusal } from '../http/errors.ts'
import { refuse } from '../http/refusal.ts'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { listServed, putArea } from './area.ts'
import { readPortrait } from './portraits.ts'
import {
  listKeptRooms,
  listKeptStaff,
  putBranch,
  putRoom,
  putStaff,
  readKeptRoom,
  readKeptStaff,
  retire,
} from './resources.ts'

export function resourceRoutes(app: FastifyInstance, parts: Parts): void {
  const { db } = parts
  serve(app, parts, 'listResources', async () => {
    const [staff, rooms, branches, services] = await Promise.all([
      listKeptStaff(db),
      listKeptRooms(db),
      db.selectFrom('branches').selectAll().orderBy('name').execute(),
      listServed(db),
    ])
    return { staff, rooms, branches, services }
  })

  serve(app, parts, 'putStaff', ({ params, body, caller }) =>
    putStaff(parts, params.id, body, caller.id),
  )
  serve(app, parts, 'putRoom', ({ params, body, caller }) =>
    putRoom(parts, params.id, body, caller.id),
  )
  serve(app, parts, 'putBranch', ({ params, body, caller }) =>
    putBranch(parts, params.id, body, caller.id),
  )

  serve(app, parts, 'putArea', ({ params, body, caller }) =>
    putArea(parts, params.id, body.area, caller.id),
  )

  serve(app, parts, 'putStaffRetirement', async ({ params: { id }, caller }) => {
    return (await retire(parts, 'staff', id, true, caller.id)) ?? readKeptStaff(db, id)
  })
  serve(app, parts, 'deleteStaffRetirement', async ({ params: { id }, caller }) => {
    return (await retire(parts, 'staff', id, false, caller.id)) ?? readKeptStaff(db, id)
  })
  serve(app, parts, 'putRoomRetirement', async ({ params: { id }, caller }) => {
    return (await retire(parts, 'room', id, true, caller.id)) ?? readKeptRoom(db, id)
  })
  serve(app, parts, 'deleteRoomRetirement', async ({ params: { id }, caller }) => {
    return (await retire(parts, 'room', id, false, caller.id)) ?? readKeptRoom(db, id)
  })

  // A file for <image>, beside those of the demo; another portrait has another address.
  app.get<{ Params: { file: string } }>(
    '/photos/staff/:file',
    { schema: { hide: true } },
    async ({ params }, reply) => {
      const id = z.uuid().safeParse(params.file.replace(/\.jpg$/, ''))
      const bytes = id.success ? await readPortrait(db, id.data) : null
      if (!bytes) return sendRefusal(reply.request, reply, refuse('not_found'))
      return reply
        .type('image/jpeg')
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('x-content-type-options', 'nosniff')
        .send(bytes)
    },
  )
}
