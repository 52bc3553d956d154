/**
 * What slots take: staff and rooms, and the branches they are in (B3). Retiring is refused with its
 * reason while something is ahead; what is past keeps its names.
 */

import type { KeptRoom, KeptStaff } from '@jiyue/contract/schema/resource'
import type { Input } from '@jiyue/contract/schema/wire'
import { dateText } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { staffView } from './catalogue.ts'
import { drawnPortrait, putPortrait } from './portraits.ts'
import { resourceChanged } from './resourceChanged.ts'

type Kind = 'staff' | 'room'
const columns = { staff: 'staff_id', room: 'room_id' } as const
const tables = { staff: 'staff', room: 'rooms' } as const
const links = { staff: 'service_staff', room: 'service_rooms' } as const

interface Ahead {
  taken: number
  open: number
  schedules: number
}

/** Staff members, with what is ahead of each; one when `id` is given. */
export async function listKeptStaff(db: Kysely<Database>, id?: string): Promise<KeptStaff[]> {
  const rows = await db
    .selectFrom('staff')
    .selectAll()
    .select([servicesOf('staff'), aheadOf('staff')])
    .$if(id !== undefined, (q) => q.where('id', '=', id ?? ''))
    .orderBy('name')
    .execute()
  return rows.map(({ retired_at, ...row }) => ({ ...staffView(row), retired: retired_at !== null }))
}

/** Rooms, with what is ahead of each; one when `id` is given. */
export async function listKeptRooms(db: Kysely<Database>, id?: string): Promise<KeptRoom[]> {
  const rows = await db
    .selectFrom('rooms')
    .select(['id', 'name', 'branch_id as branchId', 'about', 'seats', 'retired_at'])
    .select([servicesOf('room'), aheadOf('room')])
    .$if(id !== undefined, (q) => q.where('id', '=', id ?? ''))
    .orderBy('name')
    .execute()
  return rows.map(({ retired_at, ...row }) => ({ ...row, retired: retired_at !== null }))
}

/** One that is known to be there. */
export const readKeptStaff = async (db: Kysely<Database>, id: string) =>
  one(await listKeptStaff(db, id))
export const readKeptRoom = async (db: Kysely<Database>, id: string) =>
  one(await listKeptRooms(db, id))

/**
 * Adds or changes a staff member. Refuses: invalid_fields (no such service), picture_invalid,
 * unavailable (too many pictures are being drawn).
 */
export async function putStaff(
  parts: Parts,
  id: string,
  { serviceIds, photo, ...given }: Input<'putStaff'>['body'],
  personId: string,
): Promise<KeptStaff | Refused> {
  const portrait = photo ? await drawnPortrait(parts, photo.base64, personId) : photo
  if (portrait && 'refused' in portrait) return portrait
  const refused = await tx(parts.db, async (t) => {
    const unknown = await unknownServices(t, serviceIds)
    if (unknown) return unknown
    await t
      .insertInto('staff')
      .values({ id, ...given, photo: null, rating: null })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(given))
      .execute()
    await link(t, 'staff', id, serviceIds)
    const changed = portrait === undefined ? {} : { photo: await putPortrait(t, id, portrait) }
    await resourceChanged(t, parts, personId, { staffId: id, ...given, ...changed })
    return null
  })
  return refused ?? readKeptStaff(parts.db, id)
}

/**
 * Adds or changes a room. Refuses: invalid_fields (its name twice in a branch, no such service),
 * not_found (no such branch), resource_taken (it goes to another branch while something is ahead).
 */
export async function putRoom(
  parts: Parts,
  id: string,
  { serviceIds, branchId, ...given }: Input<'putRoom'>['body'],
  personId: string,
): Promise<KeptRoom | Refused> {
  const refused = await tx(parts.db, async (t) => {
    const unknown = await unknownServices(t, serviceIds)
    if (unknown) return unknown
    const branch = await t
      .selectFrom('branches')
      .select('id')
      .where('id', '=', branchId)
      .executeTakeFirst()
    if (!branch) return refuse('not_found')
    const before = (await listKeptRooms(t, id))[0]
    const reason = before && before.branchId !== branchId ? await whyNot(t, 'room', id) : null
    if (reason) return taken(reason)
    const twin = await t
      .selectFrom('rooms')
      .select('id')
      .where('branch_id', '=', branchId)
      .where('name', '=', given.name)
      .where('id', '!=', id)
      .executeTakeFirst()
    if (twin) return refuseField('name', '该门店已有同名场地')
    const row = { ...given, branch_id: branchId }
    await t
      .insertInto('rooms')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
    await link(t, 'room', id, serviceIds)
    await resourceChanged(t, parts, personId, { roomId: id, ...row })
    return null
  })
  return refused ?? readKeptRoom(parts.db, id)
}

/** Adds or changes a branch. Refuses: invalid_fields (half a point). */
export async function putBranch(
  parts: Parts,
  id: string,
  given: Input<'putBranch'>['body'],
  personId: string,
) {
  if ((given.latitude === null) !== (given.longitude === null)) {
    const path = given.latitude === null ? 'latitude' : 'longitude'
    return refuseField(path, '经度和纬度请一起填写')
  }
  await tx(parts.db, async (t) => {
    await t
      .insertInto('branches')
      .values({ id, ...given })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(given))
      .execute()
    await resourceChanged(t, parts, personId, { branchId: id, ...given })
  })
  return { id, ...given }
}

/** Retires a resource, or takes it back. Refuses: not_found, resource_taken (with the reason). */
export async function retire(
  parts: Parts,
  kind: Kind,
  id: string,
  retired: boolean,
  personId: string,
): Promise<Refused | null> {
  return tx(parts.db, async (t) => {
    const known = await t
      .selectFrom(tables[kind])
      .select('retired_at')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!known) return refuse('not_found')
    if ((known.retired_at !== null) === retired) return null
    const reason = retired ? await whyNot(t, kind, id) : null
    if (reason) return taken(reason)
    await t
      .updateTable(tables[kind])
      .set({ retired_at: retired ? parts.now() : null })
      .where('id', '=', id)
      .execute()
    await resourceChanged(t, parts, personId, { [`${kind}Id`]: id, retired })
    return null
  })
}

const taken = (message: string) =>
  refuse('resource_taken', [{ path: 'retired', code: 'resource_taken', message }])

/** Why a resource cannot go: people have booked it, or slots of it are on sale or being made. */
async function whyNot(t: Tx, kind: Kind, id: string): Promise<string | null> {
  const { rows } = await sql<Ahead & { last: Date | null }>`
    select ${aheadParts(kind, sql`${id}::uuid`)},
      (select max(starts_at) from slots where ${sql.ref(columns[kind])} = ${id}
        and ends_at > now() and taken > 0) as last`.execute(t)
  const [row] = rows
  if (!row) return null
  if (row.taken > 0 && row.last)
    return `还有 ${row.taken} 个已预约的时段，最晚 ${dateText(row.last.getTime())}，请先改期或等服务结束`
  if (row.schedules > 0) return `还有 ${row.schedules} 个排班在使用，请先停用或更换`
  if (row.open > 0) return `还有 ${row.open} 个可约时段，请先关闭`
  return null
}

function aheadParts(kind: Kind, id: ReturnType<typeof sql>) {
  const column = sql.ref(columns[kind])
  return sql`
    (select count(*)::int from slots where ${column} = ${id} and ends_at > now()
      and taken > 0) as taken,
    (select count(*)::int from slots where ${column} = ${id} and starts_at > now()
      and taken = 0 and closed_reason is null) as open,
    (select count(*)::int from schedules where ${column} = ${id}
      and retired_at is null) as schedules`
}

function aheadOf(kind: Kind) {
  const id = sql.ref(`${tables[kind]}.id`)
  return sql<Ahead>`(select row_to_json(counted) from (select ${aheadParts(kind, id)}) counted)`.as(
    'ahead',
  )
}

function servicesOf(kind: Kind) {
  return sql<string[]>`coalesce((select array_agg(service_id::text order by service_id)
    from ${sql.table(links[kind])} where ${sql.ref(columns[kind])} = ${sql.ref(`${tables[kind]}.id`)}),
    '{}')`.as('serviceIds')
}

async function unknownServices(t: Tx, ids: readonly string[]): Promise<Refused | null> {
  if (ids.length === 0) return null
  const rows = await t.selectFrom('services').select('id').where('id', 'in', ids).execute()
  if (rows.length === new Set(ids).size) return null
  return refuseField('serviceIds', '所选服务不存在')
}

async function link(t: Tx, kind: Kind, id: string, serviceIds: readonly string[]): Promise<void> {
  const [table, column] = [sql.table(links[kind]), sql.ref(columns[kind])]
  await sql`delete from ${table} where ${column} = ${id}
    and not service_id = any (${serviceIds}::uuid[])`.execute(t)
  await sql`insert into ${table} (service_id, ${column})
    select unnest(${serviceIds}::uuid[]), ${id} on conflict do nothing`.execute(t)
}

function one<T>([row]: T[]): T {
  if (!row) throw new Error('what was just written is not there')
  return row
}
