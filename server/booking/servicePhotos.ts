/**
 * Photos of services (B1, M11). One is sent like every picture of the merchant's, and drawn in its two
 * sizes when it is published. What is taken away is kept for some days: publishing may be undone.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { dayMs } from '@jiyue/contract/time'
import type { Kysely } from 'kysely'
import { anyOf } from '../db/conditions.ts'
import type { Database } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import { isRefused, type Refused, refuseField } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { drawPhoto, type ServicePhoto } from '../picture/draw.ts'
import { drawnFor } from '../picture/picture.ts'

/** Pictures that came with the product; the demo's services show them. */
export const SHIPPED = path.join(import.meta.dirname, '..', 'demo', 'photos')
/** Days a photo that is shown no more can be put back. */
const UNUSED_DAYS = 7
const UPLOADED = /^services\/([0-9a-f-]{36})$/

/** By the id in its name. */
export type DrawnPhotos = ReadonlyMap<string, ServicePhoto>

/**
 * Draws those of `names` that the service does not have yet: pictures the person sent before. Refuses:
 * invalid_fields (no such picture of theirs, or another service's), unavailable.
 */
export async function drawNew(
  parts: Parts,
  serviceId: string,
  names: readonly string[],
  personId: string,
): Promise<DrawnPhotos | Refused> {
  const drawn = new Map<string, ServicePhoto>()
  if (new Set(names).size < names.length) return refuseField('photos', '照片不能重复')
  for (const name of names) {
    const id = UPLOADED.exec(name)?.[1]
    if (id === undefined && isShipped(name)) continue
    const known = id !== undefined && (await ownerOf(parts.db, id))
    if (known === serviceId) continue
    const file = id !== undefined && !known && (await sentBy(parts.db, id, personId))
    if (!file) return refuseField('photos', '照片已过期，请重新上传')
    const photo = await drawnFor(parts, personId, () => drawPhoto(file))
    if (isRefused(photo)) return photo
    drawn.set(id, photo)
  }
  return drawn
}

/** From now on these are the service's photos; `services.photos` is written by the caller. */
export async function keepPhotos(
  t: Tx,
  serviceId: string,
  names: readonly string[],
  drawn: DrawnPhotos,
  now: Date,
): Promise<Refused | null> {
  const rows = [...drawn].map(([id, photo]) => ({ id, service_id: serviceId, ...photo }))
  if (rows.length > 0) {
    const kept = await t
      .insertInto('service_photos')
      .values(rows)
      // Another request published the same picture in this very moment.
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute()
    if (kept.length < rows.length) return refuseField('photos', '照片已用于其他服务，请重新上传')
  }
  const shown = names.flatMap((name) => UPLOADED.exec(name)?.[1] ?? [])
  const ofService = () => t.updateTable('service_photos').where('service_id', '=', serviceId)
  await ofService().set({ unused_at: null }).where('id', '=', anyOf(shown)).execute()
  await ofService()
    .set({ unused_at: now })
    .where(({ eb, not }) => not(eb('id', '=', anyOf(shown))))
    .where('unused_at', 'is', null)
    .execute()
  return null
}

/** The file of a photo, or null when there is none. */
export async function readPhoto(
  db: Kysely<Database>,
  id: string,
  size: keyof ServicePhoto,
): Promise<Buffer | null> {
  const row = await db
    .selectFrom('service_photos')
    .select(`${size} as bytes`)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.bytes ?? null
}

/** Forgets photos that nobody put back; answers how many. */
export async function forgetPhotos({ db, now }: Parts): Promise<number> {
  const gone = await db
    .deleteFrom('service_photos')
    .where('unused_at', '<', new Date(now().getTime() - UNUSED_DAYS * dayMs))
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}

const isShipped = (name: string) =>
  /^[\w-]+$/.test(name) && existsSync(path.join(SHIPPED, `${name}.thumb.jpg`))

async function ownerOf(db: Kysely<Database>, id: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('service_photos')
    .select('service_id')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.service_id
}

/** A picture this very person sent: what others sent, or users, is not to be published. */
async function sentBy(db: Kysely<Database>, id: string, personId: string): Promise<Buffer | null> {
  const row = await db
    .selectFrom('pictures')
    .select('bytes')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return row?.bytes ?? null
}
