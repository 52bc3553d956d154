/** Where on-site services come to (B3): districts of a city, and a distance around their branches. */
import type { Coverage } from '@jiyue/contract/area'
import type { Served } from '@jiyue/contract/schema/resource'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { resourceChanged } from './resourceChanged.ts'

/** What people and the check of their address go by; null when they come to a branch. */
export async function coverageOf(
  db: Kysely<Database>,
  serviceId: string,
): Promise<Coverage | null> {
  const [service, branches] = await Promise.all([
    areaRows(db).where('id', '=', serviceId).executeTakeFirst(),
    locatedBranches(db).where('service_id', '=', serviceId).orderBy('name').execute(),
  ])
  const area = service && areaOf(service)
  if (!area) return null
  const { radiusM, city, districts } = area
  const circles = branches.flatMap(({ name, latitude, longitude }) =>
    radiusM === null || latitude === null || longitude === null
      ? []
      : [{ name, latitude, longitude, radiusM }],
  )
  return { city, districts, circles }
}

/** All services with their areas, for the console. */
export async function listServed(db: Kysely<Database>, id?: string): Promise<Served[]> {
  const [rows, branches] = await Promise.all([
    areaRows(db)
      .$if(id !== undefined, (some) => some.where('id', '=', id as string))
      .orderBy('position')
      .execute(),
    locatedBranches(db).execute(),
  ])
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    area: areaOf(row),
    located: branches.filter(({ service_id }) => service_id === row.id).length,
  }))
}

/**
 * Says where a service comes to. Refuses: not_found, invalid_fields (nowhere at all, or around branches
 * that are not on the map).
 */
export async function putArea(
  parts: Parts,
  id: string,
  area: Served['area'],
  personId: string,
): Promise<Served | Refused> {
  const refused = await tx(parts.db, async (t) => {
    const [service] = await listServed(t, id)
    if (!service) return refuse('not_found')
    const wrong = area && wrongIn(area, service)
    if (wrong) return wrong
    await keep(t, id, area)
    await resourceChanged(t, parts, personId, { serviceId: id, area })
    return null
  })
  return refused ?? ((await listServed(parts.db, id))[0] as Served)
}

function wrongIn(
  { districts, radiusM }: NonNullable<Served['area']>,
  { located }: Served,
): Refused | null {
  if (districts.length === 0 && radiusM === null) {
    return refuseField('area.districts', '请至少选择一个区，或填写门店周边的距离')
  }
  if (radiusM !== null && located === 0) {
    return refuseField('area.radiusM', '该服务的门店还没有坐标，请先在「门店」里填写')
  }
  return null
}

async function keep(t: Tx, id: string, area: Served['area']): Promise<void> {
  const { city, districts, radiusM } = area ?? { city: null, districts: null, radiusM: null }
  await t
    .updateTable('services')
    .set({ city, districts, radius_m: radiusM })
    .where('id', '=', id)
    .execute()
}

function areaRows(db: Kysely<Database>) {
  return db.selectFrom('services').select(['id', 'name', 'city', 'districts', 'radius_m'])
}

function areaOf(row: { city: string | null; districts: string[] | null; radius_m: number | null }) {
  if (!row.city || !row.districts) return null
  return { city: row.city, districts: row.districts, radiusM: row.radius_m }
}

/** The branches of services that are on the map. */
function locatedBranches(db: Kysely<Database>) {
  return db
    .selectFrom('branches')
    .innerJoin('service_branches', 'service_branches.branch_id', 'branches.id')
    .select(['service_id', 'name', 'latitude', 'longitude'])
    .where('latitude', 'is not', null)
}
