/** Staff and rooms, and the services of each. */
import { type Kysely, sql } from 'kysely'
import { staffView } from '../booking/catalogue.ts'
import type { Database } from '../db/schema.ts'

export async function listStaff(db: Kysely<Database>) {
  const rows = await db
    .selectFrom('staff')
    .selectAll()
    .select(
      sql<
        string[]
      >`coalesce((select array_agg(service_id::text) from service_staff where staff_id = staff.id), '{}')`.as(
        'serviceIds',
      ),
    )
    .where('retired_at', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map(({ retired_at: _, ...row }) => staffView(row))
}

/** Rooms in use. */
export async function listRooms(db: Kysely<Database>) {
  return db
    .selectFrom('rooms')
    .select(['id', 'name', 'branch_id as branchId', 'seats'])
    .select(
      sql<
        string[]
      >`coalesce((select array_agg(service_id::text) from service_rooms where room_id = rooms.id), '{}')`.as(
        'serviceIds',
      ),
    )
    .where('retired_at', 'is', null)
    .orderBy('name')
    .execute()
}
