/**
 * Portraits of staff (B3): drawn anew like every picture somebody sends, one for each person. A new
 * one has a new address, so whoever keeps the old one never shows it for the new.
 */
import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import type { Refused } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { drawPortrait } from '../picture/draw.ts'
import { drawnFor } from '../picture/picture.ts'

interface Portrait {
  bytes: Buffer
}

/** Draws what a person of the merchant sent. Refuses: picture_invalid, unavailable. */
export function drawnPortrait(
  parts: Parts,
  base64: string,
  personId: string,
): Promise<Portrait | Refused> {
  return drawnFor(parts, personId, async () => ({
    bytes: await drawPortrait(Buffer.from(base64, 'base64')),
  }))
}

/** Puts a portrait in the place of the one before, or none; answers what `staff.photo` says now. */
export async function putPortrait(
  t: Tx,
  staffId: string,
  portrait: Portrait | null,
): Promise<string | null> {
  await t.deleteFrom('staff_photos').where('staff_id', '=', staffId).execute()
  const id = randomUUID()
  if (portrait) {
    await t
      .insertInto('staff_photos')
      .values({ id, staff_id: staffId, bytes: portrait.bytes })
      .execute()
  }
  const photo = portrait && `staff/${id}`
  await t.updateTable('staff').set({ photo }).where('id', '=', staffId).execute()
  return photo
}

/** The file of a portrait, or null when it was replaced. */
export async function readPortrait(db: Kysely<Database>, id: string): Promise<Buffer | null> {
  const row = await db
    .selectFrom('staff_photos')
    .select('bytes')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.bytes ?? null
}
