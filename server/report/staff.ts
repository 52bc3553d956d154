/** Staff and what each of them does. */
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
    .orderBy('name')
    .execute()
  return rows.map(staffView)
}
