import type { FastifyInstance } from 'fastify'
import { serve } from '../http/serve.ts'
import type { Parts } from '../parts.ts'
import { listServed, putArea } from './area.ts'
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
}
