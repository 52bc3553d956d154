/**
 * Registration 报名: the form is checked, the price is locked, the payment clock starts, in one
 * transaction. A repeated request (its answer was lost) is answered as the first one was.
 */

import { isDeepStrictEqual } from 'node:util'
import { reachOf } from '@jiyue/contract/area'
import type { Address } from '@jiyue/contract/fields/address'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { checkForm, normaliseForm } from '@jiyue/contract/fields/registry'
import { refusals } from '@jiyue/contract/refusals'
import type { Form } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import { coverageOf } from '../booking/area.ts'
import { readForm } from '../booking/catalogue.ts'
import { quoteOf, quoteToLock } from '../booking/quote.ts'
import { anyOf } from '../db/conditions.ts'
import { gathered } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { apply, type OrderRow, readOrder } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { digestOf } from '../people/agreements.ts'
import { mapAnswers, marksOf, openAnswer, sealAnswer } from './answers.ts'
import { type PlainRegistration, type Registrar, registerAlone, registerIn } from './batch.ts'
import { findForeignPictures, picturesOf } from './pictures.ts'

type Values = Readonly<Record<string, unknown>>
interface Submission {
  formVersion: number
  values: Values
  /** Privacy text that was shown and agreed to, and where (X11). */
  agreed?: { version: number; host: string } | undefined
}

/**
 * Submits the form of `order`. Refusals in order: form_changed, invalid_fields, outside_area,
 * hold_expired, order_state, already_registered. `registrar`: this process's batches.
 */
export async function submit(
  parts: Parts,
  order: OrderRow,
  submission: Submission,
  registrar: Registrar = (plain) => registerAlone(parts, plain),
): Promise<'ok' | Refused> {
  const form = await readForm(parts.db, order.service_id, order.form_version)
  if (submission.formVersion !== form.version) return refuse('form_changed')
  const now = parts.now()
  const problems = checkForm(form.fields, submission.values, now.getTime())
  if (problems.length > 0) return refuse('invalid_fields', problems)
  const values = normaliseForm(form.fields, submission.values)
  const fields = form.fields as FormField[]
  const foreign = await findForeignPictures(parts.db, order, fields, values)
  if (foreign) return foreign
  const outside = await outsideArea(parts, order, form, values)
  if (outside) return outside
  if (order.registered_at !== null) return repeated(parts, order, values)
  const plain = await plainOf(parts, order, form, values, submission.agreed, now)
  if (await registrar(plain)) return 'ok'
  const result = await tx(parts.db, (t) => decideAlone(t, parts, order, plain))
  if (result === 'ok' || result.refused !== 'order_state') return result
  // Two taps at once: the other one may have submitted these very answers.
  const { registered_at } = await readOrder(parts.db, order.id)
  return registered_at === null ? result : repeated(parts, order, values)
}

/** All that registering writes, read without a lock: whether it still holds is decided under it. */
async function plainOf(
  { db, seal }: Parts,
  order: OrderRow,
  form: Form,
  values: Values,
  agreed: Submission['agreed'],
  now: Date,
): Promise<PlainRegistration> {
  const [quote, rules, scope] = await Promise.all([
    quoteOf(db, order, now),
    readRules(db),
    scopeOf(db, order),
  ])
  const fields = form.fields as FormField[]
  const byId = new Map(fields.map((field) => [field.id, field]))
  return {
    order: order.id,
    user: order.user_id,
    slot: order.slot_id,
    quote,
    minutes: rules.paymentMinutes,
    closing: rules.closingSeconds,
    formVersion: form.version,
    answers: mapAnswers(values, (value, id) => sealAnswer(seal, byId.get(id), value)),
    scope,
    marks: marksOf(seal, fields, values),
    pictures: picturesOf(fields, values),
    agreed: agreed ? { ...agreed, digest: digestOf(agreed.version) } : null,
    at: now,
  }
}

/** One that was not plain, once more with the slot and the person locked, and priced under the locks. */
async function decideAlone(
  t: Tx,
  parts: Parts,
  order: OrderRow,
  plain: PlainRegistration,
): Promise<'ok' | Refused> {
  await expireFormer(t, order, plain)
  const quote = await quoteToLock(t, order, plain.at)
  if (await registerIn(t, parts, { ...plain, quote })) return 'ok'
  const { rows } = await sql<{ holds: boolean }>`
    select state = 'held' and lives(orders) as holds from orders where id = ${order.id}`.execute(t)
  // Its seat is there and its price is of this moment: only the marks are left to say no.
  if (rows[0]?.holds) return refuse('already_registered')
  const verdict = await apply(t, parts.bus, order.id, 'register', { by: 'user', quote })
  return refuse(verdict === 'hold_expired' ? 'hold_expired' : 'order_state')
}

/** A lapsed order must not keep its phone registered: expire it before comparing. */
async function expireFormer(
  t: Tx,
  order: OrderRow,
  { scope, marks }: PlainRegistration,
): Promise<void> {
  if (marks.length === 0) return
  const former = await t
    .selectFrom('registration_marks as m')
    .innerJoin('orders', 'orders.id', 'm.order_id')
    .select('orders.slot_id')
    .where('m.scope', '=', scope)
    .where('m.mark', 'in', marks)
    .where('orders.state', 'in', ['held', 'registered'])
    .where('orders.held_until', '<=', sql<Date>`clock_timestamp()`)
    .execute()
  if (former.length === 0) return
  const slots = [order.slot_id, ...former.map((row) => row.slot_id)]
  await sql`select expire_holds(lock_slots(${slots}::uuid[]), clock_timestamp())`.execute(t)
}

/** Where a phone or ID may be registered once: the slot or the service (R4). */
export async function scopeOf(
  db: Kysely<Database>,
  order: Pick<OrderRow, 'service_id' | 'slot_id'>,
): Promise<string> {
  const unique = await uniquePer(db, order.service_id)
  if (!unique) throw new Error(`there is no service ${order.service_id}`)
  return unique === 'slot' ? order.slot_id : order.service_id
}

const uniquePer = gathered(async (db, services: readonly string[]) => {
  const rows = await db
    .selectFrom('services')
    .select(['id', 'unique_per'])
    .where('id', '=', anyOf(services))
    .execute()
  return new Map(rows.map(({ id, unique_per }) => [id, unique_per]))
})

/** Refuses an address outside the service's area, beside its field. */
export async function outsideArea(
  { db }: Parts,
  order: OrderRow,
  form: Form,
  values: Values,
): Promise<Refused | null> {
  const field = form.fields.find((one) => one.kind === 'address')
  const coverage = field && (await coverageOf(db, order.service_id))
  if (!field || !coverage) return null
  const { region = [], spot = null } = (values[field.id] ?? {}) as Partial<Address>
  const { says } = reachOf(coverage, { region, point: spot })
  if (says === 'inside') return null
  const message =
    says === 'unknown' ? '请在地图上选择地址，确认是否在服务范围内' : refusals.outside_area.zh
  return refuse('outside_area', [{ path: `${field.id}.region`, code: 'outside_area', message }])
}

/** The same answers again are a repeated request; others are refused. */
async function repeated(parts: Parts, order: OrderRow, values: Values): Promise<'ok' | Refused> {
  const row = await parts.db
    .selectFrom('registrations')
    .select('answers')
    .where('order_id', '=', order.id)
    .executeTakeFirstOrThrow()
  const before = mapAnswers(row.answers, (value) => openAnswer(parts.seal, value))
  return sameAnswers(before, values) ? 'ok' : refuse('order_state')
}

/** jsonb keeps no order of keys, so they are compared without one. */
function sameAnswers(a: Values, b: Values): boolean {
  return isDeepStrictEqual({ ...a }, { ...b })
}

export function isTaken(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code === '23505' && constraint === 'registration_marks_pkey'
}
