/** What a template or a slot names must be there, in use, and belong together. */
import type { FieldRefusal } from '@jiyue/contract/refusals'
import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { type Refused, refuse } from '../../http/refusal.ts'

export interface Named {
  serviceId: string
  branchId: string | null
  staffId: string | null
  roomId: string | null
}

/** not_found for what is not there; invalid_fields for what does not fit the service. */
export async function findMissing(db: Kysely<Database>, named: Named): Promise<Refused | null> {
  const { serviceId, branchId, staffId, roomId } = named
  const [service, branch, staff, room] = await Promise.all([
    db.selectFrom('services').select('id').where('id', '=', serviceId).executeTakeFirst(),
    branchId &&
      db.selectFrom('branches').select('id').where('id', '=', branchId).executeTakeFirst(),
    staffId &&
      db
        .selectFrom('staff')
        .leftJoin('service_staff', (join) =>
          join
            .onRef('service_staff.staff_id', '=', 'staff.id')
            .on('service_staff.service_id', '=', serviceId),
        )
        .select(['staff.id', 'staff.retired_at', 'service_staff.service_id'])
        .where('staff.id', '=', staffId)
        .executeTakeFirst(),
    roomId &&
      db
        .selectFrom('rooms')
        .leftJoin('service_rooms', (join) =>
          join
            .onRef('service_rooms.room_id', '=', 'rooms.id')
            .on('service_rooms.service_id', '=', serviceId),
        )
        .select(['rooms.id', 'rooms.branch_id', 'rooms.retired_at', 'service_rooms.service_id'])
        .where('rooms.id', '=', roomId)
        .executeTakeFirst(),
  ])
  if (!service || branch === undefined || staff === undefined || room === undefined)
    return refuse('not_found')
  const problems: FieldRefusal[] = []
  const wrong = (path: string, message: string) => problems.push({ path, code: 'invalid', message })
  if (staff) {
    if (!staff.service_id) wrong('staffId', '该服务人员不提供此服务')
    else if (staff.retired_at) wrong('staffId', '该服务人员已停用')
  }
  if (room) {
    const { service_id, retired_at, branch_id } = room
    if (!service_id) wrong('roomId', '该场地不用于此服务')
    else if (retired_at) wrong('roomId', '该场地已停用')
    else if (branchId && branch_id !== branchId) wrong('roomId', '该场地不在所选门店')
  }
  return problems.length > 0 ? refuse('invalid_fields', problems) : null
}
