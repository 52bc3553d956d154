/** Pictures in a form's answers (R1): real, sent by the same person, kept as long as the answer. */
import type { UploadedFile } from '@jiyue/contract/fields/file'
import type { FormField } from '@jiyue/contract/fields/kinds'
import type { Reply } from '@jiyue/contract/schema/wire'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Database } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { OrderRow } from '../order/order.ts'
import { readPicture } from '../picture/picture.ts'

/** A picture that answers a field. */
export interface Shown {
  field: string
  picture: string
}

const isId = (text: string) => z.uuid().safeParse(text).success

/** invalid_fields when a picture of the answers is not there, or somebody else's. */
export async function findForeignPictures(
  db: Kysely<Database>,
  order: OrderRow,
  fields: readonly FormField[],
  values: Readonly<Record<string, unknown>>,
): Promise<Refused | null> {
  const shown = picturesOf(fields, values)
  if (shown.length === 0) return null
  const ids = shown.map(({ picture }) => picture).filter(isId)
  const own = await db
    .selectFrom('pictures')
    .select('id')
    .where('user_id', '=', order.user_id)
    .where('id', 'in', ids.length > 0 ? ids : [order.id])
    .execute()
  const wrong = shown.filter(({ picture }) => !own.some(({ id }) => id === picture))
  if (wrong.length === 0) return null
  return refuse(
    'invalid_fields',
    [...new Set(wrong.map(({ field }) => field))].map((path) => ({
      path,
      code: 'picture_gone',
      message: '图片已过期，请重新上传',
    })),
  )
}

/** From now on they are part of the registration. */
export async function keepPictures(t: Tx, orderId: string, shown: readonly Shown[]): Promise<void> {
  const rows = shown.map(({ field, picture }) => ({
    order_id: orderId,
    picture_id: picture,
    field_id: field,
  }))
  if (rows.length === 0) return
  await t
    .insertInto('registration_pictures')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** A picture of an order's registration, for the merchant; null when it shows none of that id. */
export async function readAnswerPicture(
  db: Kysely<Database>,
  orderId: string,
  pictureId: string,
): Promise<Reply<'getAnswerPicture'> | null> {
  const shown = await db
    .selectFrom('registration_pictures')
    .select('picture_id')
    .where('order_id', '=', orderId)
    .where('picture_id', '=', pictureId)
    .executeTakeFirst()
  return shown ? readPicture(db, shown.picture_id) : null
}

/** The pictures of a form's answers. */
export function picturesOf(
  fields: readonly FormField[],
  values: Readonly<Record<string, unknown>>,
): Shown[] {
  return fields
    .filter((field) => field.kind === 'file')
    .flatMap((field) =>
      ((values[field.id] ?? []) as UploadedFile[]).map(({ id }) => ({
        field: field.id,
        picture: id,
      })),
    )
}
