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
import { sql } from 'kysely'
import { coverageOf } from '../booking/area.ts'
import { readForm } from '../booking/catalogue.ts'
import { useCoupon } from '../booking/coupon.ts'
import { quoteToLock } from '../booking/quote.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { apply, type OrderRow, readOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { agree } from '../people/agreements.ts'
import { mapAnswers, marksOf, openAnswer, sealAnswer } from './answers.ts'
import { findForeignPictures, keepPictures } from './pictures.ts'

type Values = Readonly<Record<string, unknown>>
interface Submission {
  formVersion: number
  values: Values
  /** Privacy text that was shown and agreed to, and where (X11). */
  agreed?: { version: number; host: string } | undefined
}

/**
 * Submits the form of `order`. Refusals in order: form_changed, invalid_fields, outside_area,
 * hold_expired, order_state, already_registered.
 */
export async function submit(
  parts: Parts,
  order: OrderRow,
  submission: Submission,
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
  try {
    const result = await tx(parts.db, (t) =>
      write(t, parts, order, form, values, submission.agreed, now),
    )
    if (result === 'ok' || result.refused !== 'order_state') return result
    // Two taps at once: the other one may have submitted these very answers.
    const { registered_at } = await readOrder(parts.db, order.id)
    return registered_at === null ? result : repeated(parts, order, values)
  } catch (error) {
    if (isTaken(error)) return refuse('already_registered')
    throw error
  }
}

async function write(
  t: Tx,
  parts: Parts,
  order: OrderRow,
  form: Form,
  values: Values,
  agreed: Submission['agreed'],
  now: Date,
): Promise<'ok' | Refused> {
  const marks = marksOf(parts.seal, form.fields as FormField[], values)
  const scope = await scopeOf(t, order)
  await expireFormer(t, order, scope, marks)
  const quote = await quoteToLock(t, order, now)
  const verdict = await apply(t, parts.bus, order.id, 'register', { by: 'user', quote })
  if (verdict === 'hold_expired') return refuse('hold_expired')
  if (verdict !== 'ok') return refuse('order_state')
  await useCoupon(t, order.id, quote)
  const fields = new Map(form.fields.map((field) => [field.id, field as FormField]))
  const answers = mapAnswers(values, (value, id) => sealAnswer(parts.seal, fields.get(id), value))
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
  await keepPictures(t, order.id, form.fields as FormField[], values)
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
  t: Tx,
  order: Pick<OrderRow, 'service_id' | 'slot_id'>,
): Promise<string> {
  const { unique_per } = await t
    .selectFrom('services')
    .select('unique_per')
    .where('id', '=', order.service_id)
    .executeTakeFirstOrThrow()
  return unique_per === 'slot' ? order.slot_id : order.service_id
}

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
