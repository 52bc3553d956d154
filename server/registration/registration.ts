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
import { dayMs } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import { coverageOf } from '../booking/area.ts'
import { readForm } from '../booking/catalogue.ts'
import { useCoupon } from '../booking/coupon.ts'
import { quoteOf, quoteToLock } from '../booking/quote.ts'
import { anyOf } from '../db/conditions.ts'
import { gathered } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { apply, type OrderRow, readOrder } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { agree, digestOf } from '../people/agreements.ts'
import { mapAnswers, marksOf, openAnswer, sealAnswer } from './answers.ts'
import { type PlainRegistration, type Registrar, registerAlone } from './batch.ts'
import { findForeignPictures, keepPictures, picturesOf, type Shown } from './pictures.ts'

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
  const given = givenOf(parts, form, values)
  const { agreed } = submission
  if (await registrar(await plainOf(parts, order, form, given, agreed, now))) return 'ok'
  try {
    const result = await tx(parts.db, (t) => write(t, parts, order, form, given, agreed, now))
    if (result === 'ok' || result.refused !== 'order_state') return result
    // Two taps at once: the other one may have submitted these very answers.
    const { registered_at } = await readOrder(parts.db, order.id)
    return registered_at === null ? result : repeated(parts, order, values)
  } catch (error) {
    if (isTaken(error)) return refuse('already_registered')
    throw error
  }
}

/** What a form says, as it is kept. */
interface Given {
  /** Field id → value, sealed where the field is sensitive. */
  answers: Record<string, unknown>
  /** Phones and IDs as blind indexes (R4). */
  marks: string[]
  pictures: Shown[]
}

function givenOf({ seal }: Parts, form: Form, values: Values): Given {
  const fields = new Map(form.fields.map((field) => [field.id, field as FormField]))
  return {
    answers: mapAnswers(values, (value, id) => sealAnswer(seal, fields.get(id), value)),
    marks: marksOf(seal, [...fields.values()], values),
    pictures: picturesOf([...fields.values()], values),
  }
}

/** All that registering writes, read without a lock: whether it still holds is decided under it. */
async function plainOf(
  { db }: Parts,
  order: OrderRow,
  form: Form,
  given: Given,
  agreed: Submission['agreed'],
  now: Date,
): Promise<PlainRegistration> {
  const [quote, rules, scope] = await Promise.all([
    quoteOf(db, order, now),
    readRules(db),
    scopeOf(db, order),
  ])
  return {
    ...given,
    order: order.id,
    user: order.user_id,
    slot: order.slot_id,
    quote,
    scope,
    minutes: rules.paymentMinutes,
    closing: rules.closingSeconds,
    formVersion: form.version,
    agreed: agreed ? { ...agreed, digest: digestOf(agreed.version) } : null,
    at: now,
  }
}

/** Decides one that is not plain, with the slot's lock and all that may be found under it. */
async function write(
  t: Tx,
  parts: Parts,
  order: OrderRow,
  form: Form,
  { answers, marks, pictures }: Given,
  agreed: Submission['agreed'],
  now: Date,
): Promise<'ok' | Refused> {
  const scope = await scopeOf(t, order)
  await expireFormer(t, order, scope, marks)
  const quote = await quoteToLock(t, order, now)
  const verdict = await apply(t, parts.bus, order.id, 'register', { by: 'user', quote })
  if (verdict === 'hold_expired') return refuse('hold_expired')
  if (verdict !== 'ok') return refuse('order_state')
  await useCoupon(t, order.id, quote)
  await t
    .insertInto('registrations')
    .values({
      order_id: order.id,
      form_version: form.version,
      answers: JSON.stringify(answers),
      scope,
      submitted_at: now,
      forget_at: new Date(now.getTime() + dayMs),
    })
    .execute()
  if (agreed)
    await agree(
      t,
      { userId: order.user_id, orderId: order.id, formVersion: form.version, ...agreed },
      now,
    )
  await keepPictures(t, order.id, pictures)
  // The primary key (scope, mark) decides races: the later one is refused as a whole.
  if (marks.length > 0) {
    await t
      .insertInto('registration_marks')
      .values(marks.map((mark) => ({ order_id: order.id, scope, mark })))
      .execute()
  }
  return 'ok'
}

/** A lapsed order must not keep its phone registered: expire it before comparing. */
async function expireFormer(t: Tx, order: OrderRow, scope: string, marks: string[]): Promise<void> {
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
