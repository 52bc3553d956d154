/**
 * A person of the merchant puts somebody's answers right (M7): checked by the code the phone runs, with
 * what was there before kept, and told to whom they are about. What is sealed is never shown for it: it
 * stays as it is, or is typed anew.
 */
import type { FormField } from '@jiyue/contract/fields/kinds'
import {
  checkForm,
  type FormValues,
  fieldKinds,
  normaliseForm,
  visibleFields,
} from '@jiyue/contract/fields/registry'
import type { OrderState } from '@jiyue/contract/order'
import type { Amendment } from '@jiyue/contract/schema/registrations'
import type { Reply } from '@jiyue/contract/schema/wire'
import type { Kysely } from 'kysely'
import { readForm } from '../booking/catalogue.ts'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import { findOrder, type OrderRow } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { doerName } from '../people/doer.ts'
import { maskAnswer } from '../people/mask.ts'
import { amend, type Change } from '../registration/amend.ts'
import { isSealed, mapAnswers, openAnswer } from '../registration/answers.ts'
import { isTaken, outsideArea } from '../registration/registration.ts'
import { remind } from '../reminder/reminder.ts'

export interface AmendmentWish {
  /** Named by the console. */
  id: string
  orderId: string
  /** The registration's revision that was seen. */
  revision: number
  /** The answers that change, raw; null takes one away. */
  values: FormValues
  reason: string
}

/** An order that stands, or stood until its end: what lapsed or was cancelled has no registration. */
const open: ReadonlySet<OrderState> = new Set(['registered', 'confirmed', 'completed', 'missed'])

/**
 * Changes answers. The same wish again changes nothing. Refuses: not_found, amendment_id_reused,
 * order_state, answers_changed (somebody else was quicker), invalid_fields, outside_area,
 * already_registered.
 */
export async function putAmendment(
  parts: Parts,
  wish: AmendmentWish,
  personId: string,
): Promise<'ok' | Refused> {
  const by = `merchant:${personId}`
  const order = await findOrder(parts.db, wish.orderId)
  if (!order) return refuse('not_found')
  const known = await answerAgain(parts.db, parts, order, wish, by)
  if (known) return known
  try {
    return await tx(parts.db, (t) => put(t, parts, wish, by))
  } catch (error) {
    if (isTaken(error)) return refuse('already_registered')
    throw error
  }
}

async function put(t: Tx, parts: Parts, wish: AmendmentWish, by: string): Promise<'ok' | Refused> {
  const { id, orderId, reason } = wish
  const order = await t
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const known = await answerAgain(t, parts, order, wish, by)
  if (known) return known
  const kept = await t
    .selectFrom('registrations')
    .select(['answers', 'revision'])
    .where('order_id', '=', orderId)
    .forUpdate()
    .executeTakeFirst()
  if (!open.has(order.state) || !kept) return refuse('order_state')
  if (kept.revision !== wish.revision) return refuse('answers_changed')
  const form = await readForm(t, order.service_id, order.form_version)
  const fields = form.fields as FormField[]
  const before = mapAnswers(kept.answers, (value) => openAnswer(parts.seal, value))
  const changes = changesOf(fields, before, wish.values, parts.now())
  if ('refused' in changes) return changes
  const addressed = changes.some(({ field }) => field.kind === 'address')
  const merged = { ...before, ...wish.values }
  const outside =
    addressed && (await outsideArea(parts, order, form, normaliseForm(fields, merged)))
  if (outside) return outside
  const changed = await amend(t, parts, order, changes)
  const now = parts.now()
  await t
    .insertInto('amendments')
    .values({ id, order_id: orderId, revision: kept.revision, by, reason, at: now })
    .execute()
  await t
    .insertInto('amended_answers')
    .values(
      changed.map(({ fieldId, ...values }) => ({
        amendment_id: id,
        field_id: fieldId,
        before: JSON.stringify(values.before),
        after: JSON.stringify(values.after),
      })),
    )
    .execute()
  await writeEvent(t, order, by, { amendment: id, reason }, now)
  const labels = changes.map(({ field }) => field.label).join('、')
  const note = `商家修改了报名信息（${labels}）：${reason}`
  await remind(t, { kind: 'by_hand', about: id, orderId, facts: { note }, now })
  after(t, () => parts.bus.changed({ topics: [`order:${orderId}`, 'console'] }))
  return 'ok'
}

/**
 * The answers that differ, with those whose question is not asked any more; or why not. Only what was
 * touched is checked, and what is asked because of it: an old answer that would not pass today stays.
 */
function changesOf(
  fields: readonly FormField[],
  before: FormValues,
  values: FormValues,
  now: Date,
): Change[] | Refused {
  const unknown = Object.keys(values).find((id) => !fields.some((field) => field.id === id))
  if (unknown !== undefined) return refuseField(unknown, '报名表没有此项')
  const picture = fields.find(({ id, kind }) => kind === 'file' && id in values)
  if (picture) return refuseField(picture.id, '图片由客户上传，请用「请客户补充」')
  const merged = { ...before, ...values }
  const asked = new Set(visibleFields(fields, before).map(({ id }) => id))
  const problems = checkForm(fields, merged, now.getTime()).filter(({ path }) => {
    const [id = ''] = path.split('.')
    return id in values || !asked.has(id)
  })
  if (problems.length > 0) return refuse('invalid_fields', problems)
  const next = normaliseForm(fields, merged)
  const shown = new Set(visibleFields(fields, merged).map(({ id }) => id))
  const changes = fields
    .filter(({ id }) => id in values || (id in before && !shown.has(id)))
    .filter(({ id }) => JSON.stringify(next[id] ?? null) !== JSON.stringify(before[id] ?? null))
    .map((field) => ({ field, value: next[field.id] ?? null }))
  return changes.length > 0 ? changes : refuseField(fields[0]?.id ?? '', '没有修改')
}

/** The form with what may be shown of its answers, to be edited; null where there is none. */
export async function readRegistration(
  { db, seal }: Parts,
  orderId: string,
): Promise<Reply<'getConsoleRegistration'> | null> {
  const row = await db
    .selectFrom('registrations')
    .innerJoin('orders', 'orders.id', 'registrations.order_id')
    .select(['answers', 'revision', 'orders.service_id', 'orders.form_version'])
    .where('order_id', '=', orderId)
    .executeTakeFirst()
  if (!row) return null
  const form = await readForm(db, row.service_id, row.form_version)
  const values: Record<string, unknown> = {}
  const masked: Record<string, string> = {}
  for (const field of form.fields as FormField[]) {
    if (!(field.id in row.answers)) continue
    const value = openAnswer(seal, row.answers[field.id])
    if (isSealed(field))
      masked[field.id] = maskAnswer(field, fieldKinds[field.kind].show(value, field))
    else values[field.id] = value
  }
  return { form, revision: row.revision, values, masked }
}

/** What people of the merchant changed of a registration, oldest first, masked. */
export async function amendmentsOf(
  { db, seal }: Parts,
  order: Pick<OrderRow, 'id' | 'service_id' | 'form_version'>,
): Promise<Amendment[]> {
  const rows = await db
    .selectFrom('amendments')
    .innerJoin('amended_answers', 'amended_answers.amendment_id', 'amendments.id')
    .selectAll('amendments')
    .select(['field_id', 'before', 'after', doerName('amendments.by').as('by_name')])
    .where('order_id', '=', order.id)
    .orderBy('amendments.at')
    .execute()
  if (rows.length === 0) return []
  const form = await readForm(db, order.service_id, order.form_version)
  const show = (fieldId: string, stored: unknown): string | null => {
    const field = form.fields.find(({ id }) => id === fieldId) as FormField | undefined
    if (!field || stored === null) return null
    return maskAnswer(field, fieldKinds[field.kind].show(openAnswer(seal, stored), field))
  }
  const place = new Map(form.fields.map(({ id }, at) => [id, at]))
  const inOrder = rows.toSorted(
    (a, b) => (place.get(a.field_id) ?? 0) - (place.get(b.field_id) ?? 0),
  )
  const byAmendment = Map.groupBy(inOrder, ({ id }) => id)
  // As they were made, each with its answers as the form asks them.
  return [...new Set(rows.map(({ id }) => id))].map((one) => {
    const changes = byAmendment.get(one) ?? []
    const [{ id, at, reason, by_name }] = changes as [(typeof changes)[number]]
    return {
      id,
      at: at.toISOString(),
      reason,
      byName: by_name,
      changes: changes.map(({ field_id, before, after }) => ({
        label: form.fields.find((field) => field.id === field_id)?.label ?? field_id,
        before: show(field_id, before),
        after: show(field_id, after),
      })),
    }
  })
}

/** What a repeated wish is answered; null for a new one. */
async function answerAgain(
  db: Kysely<Database>,
  { seal }: Parts,
  order: OrderRow,
  { id, orderId, revision, reason, values }: AmendmentWish,
  by: string,
): Promise<'ok' | Refused | null> {
  const known = await db
    .selectFrom('amendments')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!known) return null
  const isIt =
    known.order_id === orderId &&
    known.revision === revision &&
    known.reason === reason &&
    known.by === by
  if (!isIt) return refuse('amendment_id_reused')
  const stands = new Map(Object.entries(await answersOf(db, orderId)))
  const changed = await db
    .selectFrom('amended_answers')
    .select(['field_id', 'after'])
    .where('amendment_id', '=', id)
    .execute()
  for (const { field_id, after } of changed) stands.set(field_id, after)
  const { fields } = await readForm(db, order.service_id, order.form_version)
  const wished = normaliseForm(fields as FormField[], values)
  const differs = Object.keys(values).some((field) => {
    const sealed = stands.get(field) ?? null
    const answer = sealed === null ? null : openAnswer(seal, sealed)
    return JSON.stringify(answer) !== JSON.stringify(wished[field] ?? null)
  })
  return differs ? refuse('amendment_id_reused') : 'ok'
}

async function answersOf(db: Kysely<Database>, orderId: string) {
  const { answers } = await db
    .selectFrom('registrations')
    .select('answers')
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow()
  return answers
}

async function writeEvent(
  t: Tx,
  order: OrderRow,
  by: string,
  details: Record<string, unknown>,
  at: Date,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id: order.id,
      slot_id: order.slot_id,
      what: 'amend_by_hand',
      by,
      details: JSON.stringify(details),
      at,
    })
    .execute()
}
