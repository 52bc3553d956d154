/**
 * Changing a registration after it was submitted: by its person's answer to a nudge (R10), or by a person
 * of the merchant (M7). What was there is handed back, sealed as it stood, for whoever keeps the history.
 */
import type { FormField } from '@jiyue/contract/fields/kinds'
import { dayMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import type { Tx } from '../db/tx.ts'
import type { OrderRow } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { marksOf, openAnswer, sealAnswer } from './answers.ts'
import { keepPictures, picturesOf } from './pictures.ts'
import { scopeOf } from './registration.ts'

/** One answer; null: the question is not answered any more. */
export interface Change {
  field: FormField
  value: unknown
}

/** What one answer was and is, sealed as in the registration; null: none. */
export interface Changed {
  fieldId: string
  before: unknown
  after: unknown
}

/**
 * Writes answers, their blind indexes and pictures, in the caller's transaction, which has locked the
 * order and the registration. Throws on a phone or ID that is registered already (`isTaken`).
 */
export async function amend(
  t: Tx,
  parts: Parts,
  order: OrderRow,
  changes: readonly Change[],
): Promise<Changed[]> {
  const { answers } = await t
    .selectFrom('registrations')
    .select('answers')
    .where('order_id', '=', order.id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const changed = changes.map(({ field, value }): Changed => {
    const after = value === null ? null : sealAnswer(parts.seal, field, value)
    return { fieldId: field.id, before: answers[field.id] ?? null, after }
  })
  const written = changed.filter(({ after }) => after !== null)
  const gone = changed.filter(({ after }) => after === null).map(({ fieldId }) => fieldId)
  const set = Object.fromEntries(written.map(({ fieldId, after }) => [fieldId, after]))
  const again = new Date(parts.now().getTime() + dayMs)
  await t
    .updateTable('registrations')
    .set({
      answers: sql`(answers - ${gone}::text[]) || ${JSON.stringify(set)}::jsonb` as never,
      // There is something to forget again, though everything else may be gone (X11).
      forget_at: sql<Date>`coalesce(forget_at, ${again}::timestamptz)`,
      revision: sql<number>`revision + 1`,
    })
    .where('order_id', '=', order.id)
    .execute()
  const values = Object.fromEntries(changes.map(({ field, value }) => [field.id, value]))
  const fields = changes.map(({ field }) => field)
  await keepPictures(t, order.id, picturesOf(fields, values))
  for (const [i, { field, value }] of changes.entries())
    await changeMarks(t, parts, order, field, changed[i]?.before ?? null, value)
  return changed
}

/** A phone or ID that changed is what must not be registered twice from now on (R4). */
async function changeMarks(
  t: Tx,
  { seal }: Parts,
  order: OrderRow,
  field: FormField,
  before: unknown,
  value: unknown,
): Promise<void> {
  const [old] = marksOf(seal, [field], { [field.id]: openAnswer(seal, before) })
  const [mark] = marksOf(seal, [field], { [field.id]: value })
  if (old === mark) return
  if (old !== undefined) {
    await t
      .deleteFrom('registration_marks')
      .where('order_id', '=', order.id)
      .where('mark', '=', old)
      .execute()
  }
  if (mark === undefined) return
  const scope = await scopeOf(t, order)
  await t.insertInto('registration_marks').values({ order_id: order.id, scope, mark }).execute()
}
