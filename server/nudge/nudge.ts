/**
 * Nudges (R10): the merchant asks for one answer of a registration again; the person's answer changes
 * the registration, and the nudge keeps what was there before.
 */

import type { FormField } from '@jiyue/contract/fields/kinds'
import { checkForm, fieldKinds, normaliseForm } from '@jiyue/contract/fields/registry'
import type { ConsoleNudge, Form } from '@jiyue/contract/schema/wire'
import type { Selectable } from 'kysely'
import { readForm } from '../booking/catalogue.ts'
import { anyOf } from '../db/conditions.ts'
import { gathered, listsBy } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { type OrderRow, readOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { doerName } from '../people/doer.ts'
import { maskAnswer } from '../people/mask.ts'
import { amend } from '../registration/amend.ts'
import { openAnswer } from '../registration/answers.ts'
import { findForeignPictures } from '../registration/pictures.ts'
import { isTaken, outsideArea } from '../registration/registration.ts'
import { remind } from '../reminder/reminder.ts'

type NudgeRow = Selectable<Database['nudges']>

export interface Nudging {
  orderId: string
  fieldId: string
  note: string
}

/** Asks. The same again is the same nudge. Refuses: nudge_id_reused, not_found, order_state, nudge_open. */
export async function nudge(
  parts: Parts,
  id: string,
  { orderId, fieldId, note }: Nudging,
  personId: string,
): Promise<ConsoleNudge | Refused> {
  const by = `merchant:${personId}`
  const known = await readNudge(parts, id)
  if (known) {
    const isSame = known.order_id === orderId && known.field_id === fieldId && known.note === note
    return isSame && known.by === by ? viewOf(parts, known) : refuse('nudge_id_reused')
  }
  const order = await parts.db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', orderId)
    .executeTakeFirst()
  const field = order && (await fieldOf(parts, order, fieldId))
  if (!order || !field) return refuse('not_found')
  const now = parts.now()
  const asked = await tx(parts.db, async (t) => {
    const { state } = await lockOrder(t, orderId)
    if (!mayChange(state)) return refuse('order_state')
    const row = await t
      .insertInto('nudges')
      .values({ id, order_id: orderId, field_id: fieldId, note, by, asked_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) return refuse('nudge_open')
    await writeEvent(t, order, 'nudge', by, { nudge: id, field: fieldId }, now)
    await remind(t, {
      kind: 'nudge',
      about: id,
      orderId,
      facts: { note, path: `/pages/registration/nudge?id=${orderId}&nudge=${id}` },
      now,
    })
    after(t, () => tell(parts, orderId))
    return 'ok' as const
  })
  if (asked !== 'ok') return asked
  return viewOf(parts, (await readNudge(parts, id)) as NudgeRow)
}

/** Takes an unanswered nudge back. Refuses: not_found, nudge_over. */
export async function withdraw(parts: Parts, id: string): Promise<'ok' | Refused> {
  const known = await readNudge(parts, id)
  if (!known) return refuse('not_found')
  if (known.state === 'withdrawn') return 'ok'
  const row = await tx(parts.db, (t) =>
    t
      .updateTable('nudges')
      .set({ state: 'withdrawn', ended_at: parts.now() })
      .where('id', '=', id)
      .where('state', '=', 'open')
      .returning('order_id')
      .executeTakeFirst(),
  )
  if (!row) return refuse('nudge_over')
  tell(parts, row.order_id)
  return 'ok'
}

/**
 * Answers a nudge of the caller's own order; the same answer again is the same. Refusals in order:
 * not_found, nudge_over, order_state, invalid_fields, outside_area, already_registered.
 */
export async function answerNudge(
  parts: Parts,
  id: string,
  userId: string,
  raw: unknown,
): Promise<{ orderId: string } | Refused> {
  const known = await readNudge(parts, id)
  const order = known && (await readOrder(parts.db, known.order_id))
  if (!known || order?.user_id !== userId) return refuse('not_found')
  const form = await readForm(parts.db, order.service_id, order.form_version)
  const field = form.fields.find((one) => one.id === known.field_id) as FormField | undefined
  if (!field) return refuse('not_found')
  const asked = [{ ...field, required: true, visibleIf: undefined } as FormField]
  const values = { [field.id]: raw }
  if (known.state !== 'open') return again(parts, known, asked, values)
  if (!mayChange(order.state)) return refuse('order_state')
  const problems = checkForm(asked, values, parts.now().getTime())
  if (problems.length > 0) return refuse('invalid_fields', problems)
  const kept = normaliseForm(asked, values)
  const outside = await outsideArea(parts, order, form, kept)
  if (field.kind === 'address' && outside) return outside
  const foreign = await findForeignPictures(parts.db, order, asked, kept)
  if (foreign) return foreign
  try {
    return await tx(parts.db, (t) => write(t, parts, known, order, field, kept[field.id]))
  } catch (error) {
    if (isTaken(error)) return refuse('already_registered')
    throw error
  }
}

async function write(
  t: Tx,
  parts: Parts,
  { id, order_id: orderId }: NudgeRow,
  order: OrderRow,
  field: FormField,
  value: unknown,
): Promise<{ orderId: string } | Refused> {
  const current = await lockOrder(t, orderId)
  if (!mayChange(current.state)) return refuse('order_state')
  const open = await t
    .selectFrom('nudges')
    .select('id')
    .where('id', '=', id)
    .where('state', '=', 'open')
    .forUpdate()
    .executeTakeFirst()
  if (!open) return refuse('nudge_over')
  const now = parts.now()
  const changed = await amend(t, parts, { ...order, ...current }, [{ field, value }])
  await t
    .updateTable('nudges')
    .set({
      state: 'answered',
      ended_at: now,
      before: JSON.stringify(changed[0]?.before ?? null),
      after: JSON.stringify(changed[0]?.after ?? null),
    })
    .where('id', '=', id)
    .execute()
  await writeEvent(t, order, 'amend', 'user', { nudge: id, field: field.id }, now)
  after(t, () => tell(parts, orderId))
  return { orderId }
}

/** Answered already: the same words are the same answer, others come too late. */
async function again(
  { seal }: Parts,
  row: NudgeRow,
  asked: readonly FormField[],
  values: Record<string, unknown>,
): Promise<{ orderId: string } | Refused> {
  const given = normaliseForm(asked, values)[row.field_id]
  const isSame =
    row.state === 'answered' &&
    JSON.stringify(openAnswer(seal, row.after)) === JSON.stringify(given ?? null)
  return isSame ? { orderId: row.order_id } : refuse('nudge_over')
}

/** What people are asked for, by order; one question per field. */
export const openNudgesOf = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('nudges')
    .select(['id', 'order_id', 'field_id', 'note'])
    .where('order_id', '=', anyOf(orderIds))
    .where('state', '=', 'open')
    .orderBy('asked_at')
    .execute()
  return new Map(
    [...listsBy(rows, (row) => row.order_id)].map(([orderId, list]) => [
      orderId,
      list.map(({ id, field_id, note }) => ({ id, fieldId: field_id, note })),
    ]),
  )
})

/** The nudges of an order with what they changed, oldest first, for the console. */
export async function nudgesOf(parts: Parts, orderId: string): Promise<ConsoleNudge[]> {
  const rows = await parts.db
    .selectFrom('nudges')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('asked_at')
    .execute()
  return Promise.all(rows.map((row) => viewOf(parts, row)))
}

async function viewOf(parts: Parts, row: NudgeRow): Promise<ConsoleNudge> {
  const order = await readOrder(parts.db, row.order_id)
  const field = await fieldOf(parts, order, row.field_id)
  const { byName } = await parts.db
    .selectFrom('nudges')
    .select(doerName('nudges.by').as('byName'))
    .where('id', '=', row.id)
    .executeTakeFirstOrThrow()
  return {
    id: row.id,
    fieldId: row.field_id,
    label: field?.label ?? row.field_id,
    note: row.note,
    state: row.state,
    byName,
    at: row.asked_at.toISOString(),
    answeredAt: row.state === 'answered' ? (row.ended_at?.toISOString() ?? null) : null,
    before: shown(parts, field, row.before),
    after: shown(parts, field, row.after),
  }
}

function shown({ seal }: Parts, field: FormField | undefined, stored: unknown): string | null {
  if (stored === null || stored === undefined || !field) return null
  return maskAnswer(field, fieldKinds[field.kind].show(openAnswer(seal, stored), field))
}

async function fieldOf(
  { db }: Parts,
  order: Pick<OrderRow, 'service_id' | 'form_version'>,
  fieldId: string,
): Promise<FormField | undefined> {
  const form: Form = await readForm(db, order.service_id, order.form_version)
  return form.fields.find(({ id }) => id === fieldId) as FormField | undefined
}

const mayChange = (state: string) => state === 'registered' || state === 'confirmed'

function readNudge({ db }: Parts, id: string): Promise<NudgeRow | undefined> {
  return db.selectFrom('nudges').selectAll().where('id', '=', id).executeTakeFirst()
}

function lockOrder(t: Tx, orderId: string) {
  return t
    .selectFrom('orders')
    .select(['state', 'slot_id'])
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

async function writeEvent(
  t: Tx,
  order: OrderRow,
  what: 'nudge' | 'amend',
  by: string,
  details: Record<string, unknown>,
  at: Date,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id: order.id,
      slot_id: order.slot_id,
      what,
      by,
      details: JSON.stringify(details),
      at,
    })
    .execute()
}

function tell({ bus }: Parts, orderId: string): void {
  bus.changed({ topics: [`order:${orderId}`, 'console'] })
}
