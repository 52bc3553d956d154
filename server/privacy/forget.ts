/**
 * Answers go when their time is over (X11): each field of a form says for how many days after the
 * order's end. With the answer go its blind index, its pictures, and what it was before a change.
 * `dueAnswers` decides, purely.
 */
import type { FormField } from '@jiyue/contract/fields/kinds'
import { dayMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { readForm } from '../booking/catalogue.ts'
import { type Tx, tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'
import { marksOf, openAnswer } from '../registration/answers.ts'

/** Registrations looked at in one turn. */
export const FORGET_AT_ONCE = 100

/** Ends of an order; before them nothing is forgotten. */
const ENDS = ['completed', 'missed', 'cancelled', 'expired'] as const

export interface Forgetting {
  /** Ids of the fields whose time is over. */
  over: string[]
  /** When to look again; null when nothing is left. */
  next: Date | null
}

/**
 * Which of `kept` (ids of answers) are to go at `now`, and when the next one is. `endedAt` null: the
 * order has not ended, look again tomorrow. An answer no field of the form asks for goes at once.
 */
export function dueAnswers(
  fields: readonly Pick<FormField, 'id' | 'retentionDays'>[],
  kept: readonly string[],
  endedAt: Date | null,
  now: Date,
): Forgetting {
  if (kept.length === 0) return { over: [], next: null }
  if (!endedAt) return { over: [], next: new Date(now.getTime() + dayMs) }
  const over: string[] = []
  let next: number | null = null
  for (const id of kept) {
    const days = fields.find((field) => field.id === id)?.retentionDays ?? 0
    const due = endedAt.getTime() + days * dayMs
    if (due <= now.getTime()) over.push(id)
    else next = Math.min(due, next ?? due)
  }
  return { over, next: next === null ? null : new Date(next) }
}

/** Looks at registrations that are due, and at drafts nobody submitted; answers how many it looked at. */
export async function forgetDue(parts: Parts): Promise<number> {
  const looked = await tx(parts.db, async (t) => {
    const due = await t
      .selectFrom('registrations as r')
      .innerJoin('orders', 'orders.id', 'r.order_id')
      .select(['r.order_id', 'r.answers', 'orders.service_id', 'orders.form_version'])
      .select(['orders.state', 'orders.ended_at'])
      .where('r.forget_at', '<=', parts.now())
      .orderBy('r.forget_at')
      .limit(FORGET_AT_ONCE)
      .forUpdate('r')
      .skipLocked()
      .execute()
    for (const row of due) await forgetAnswers(t, parts, row)
    return due.length
  })
  return looked + (await forgetDrafts(parts))
}

interface Due {
  order_id: string
  answers: Record<string, unknown>
  service_id: string
  form_version: number
  state: string
  ended_at: Date | null
}

async function forgetAnswers(t: Tx, parts: Parts, row: Due): Promise<void> {
  const { fields } = await readForm(t, row.service_id, row.form_version)
  const ended = (ENDS as readonly string[]).includes(row.state) ? row.ended_at : null
  const { over, next } = dueAnswers(fields, await keptOf(t, row), ended, parts.now())
  const left = Object.entries(row.answers).filter(([id]) => !over.includes(id))
  await t
    .updateTable('registrations')
    .set({ answers: JSON.stringify(Object.fromEntries(left)), forget_at: next })
    .where('order_id', '=', row.order_id)
    .execute()
  if (over.length === 0) return
  const gone = fields.filter(({ id }) => over.includes(id)) as FormField[]
  const opened = Object.fromEntries(over.map((id) => [id, openAnswer(parts.seal, row.answers[id])]))
  await forgetMarks(t, row.order_id, marksOf(parts.seal, gone, opened))
  await forgetPictures(t, row.order_id, over)
  // What was there before a nudge, and what came with it (R10).
  await t
    .updateTable('nudges')
    .set({ before: null, after: null })
    .where('order_id', '=', row.order_id)
    .where('field_id', 'in', over)
    .execute()
  // And before a person of the merchant put it right (M7).
  await sql`update amended_answers set before = null, after = null
    where field_id = any(${over}::text[])
      and amendment_id in (select id from amendments where order_id = ${row.order_id})`.execute(t)
  // The draft it was submitted from says the same.
  await t.deleteFrom('drafts').where('order_id', '=', row.order_id).execute()
}

/** Ids of the fields of which anything is kept: an answer, one that a change took away, or a picture. */
async function keptOf(t: Tx, { order_id, answers }: Due): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select field_id as id from registration_pictures where order_id = ${order_id}
    union select field_id from nudges where order_id = ${order_id}
      and (before <> 'null' or after <> 'null')
    union select a.field_id from amended_answers a join amendments m on m.id = a.amendment_id
      where m.order_id = ${order_id} and (a.before <> 'null' or a.after <> 'null')`.execute(t)
  return [...new Set([...Object.keys(answers), ...rows.map(({ id }) => id)])]
}

async function forgetMarks(t: Tx, orderId: string, marks: string[]): Promise<void> {
  if (marks.length === 0) return
  for (const table of ['registration_marks', 'lapsed_marks'] as const) {
    await t.deleteFrom(table).where('order_id', '=', orderId).where('mark', 'in', marks).execute()
  }
}

/** Pictures that answered fields now gone, unless something else shows them. */
async function forgetPictures(t: Tx, orderId: string, fieldIds: string[]): Promise<void> {
  await sql`
    with gone as (
      delete from registration_pictures
      where order_id = ${orderId} and field_id = any(${fieldIds}::text[]) returning picture_id
    )
    delete from pictures p using gone
    where p.id = gone.picture_id
      and not exists (select from proofs where picture_id = p.id)
      and not exists (select from registration_pictures o
        where o.picture_id = p.id and o.order_id <> ${orderId})`.execute(t)
}

/** A draft whose order ended unregistered has its shortest field's time, and goes as a whole. */
async function forgetDrafts({ db, now }: Parts): Promise<number> {
  const gone = await sql`
    delete from drafts d using orders o
    where o.id = d.order_id and d.saved_at < ${new Date(now().getTime() - dayMs)}
      and o.state = any(${[...ENDS]}::text[])
      and o.ended_at + make_interval(days => coalesce((
        select min((field ->> 'retentionDays')::int) from forms f, jsonb_array_elements(f.fields) field
        where f.service_id = o.service_id and f.version = o.form_version), 0)) <= ${now()}`.execute(
    db,
  )
  return Number(gone.numAffectedRows ?? 0)
}
