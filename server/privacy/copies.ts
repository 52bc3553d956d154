/**
 * Words about somebody that stand in other places than their own rows (X11): what people of the merchant
 * wrote about their orders, the log's copies of it, and phones that somebody was looked for by.
 */
import { sql } from 'kysely'
import type { Tx } from '../db/tx.ts'

/**
 * Erases them, before marks and user row go: the phone is found by its blind index. The acts, events and
 * changes themselves stay: who did what, when.
 */
export async function eraseCopies(t: Tx, userId: string): Promise<void> {
  const orders = sql`(select id from orders where user_id = ${userId})`
  await sql`update amendments set reason = '' where order_id in ${orders}`.execute(t)
  await sql`update findings set note = null where order_id in ${orders}`.execute(t)
  await sql`update events set details = details - ${WORDS}::text[]
    where order_id in ${orders} and details ?| ${WORDS}::text[]`.execute(t)
  await eraseActs(t, userId)
  await eraseFilters(t, userId)
}

/** They were looked for by their phone (its blind index), or by a name as they wrote it. */
async function eraseFilters(t: Tx, userId: string): Promise<void> {
  const orders = sql`(select id from orders where user_id = ${userId})`
  const marks = sql`(select phone_index from users where id = ${userId}
    union select mark from registration_marks where order_id in ${orders}
    union select mark from lapsed_marks where order_id in ${orders})`
  const names = sql`(select name from users where id = ${userId}
    union select r.answers ->> (field ->> 'id')
      from registrations r join orders o on o.id = r.order_id
        join forms f on f.service_id = o.service_id and f.version = o.form_version,
        jsonb_array_elements(f.fields) field
      where o.user_id = ${userId} and field ->> 'kind' = 'text' and r.answers ? (field ->> 'id'))`
  for (const table of ['saved_views', 'exports'] as const)
    await sql`update ${sql.table(table)} set filter = filter - 'text' - 'mark'
      where filter ? 'text' and (filter ->> 'mark' in ${marks} or filter ->> 'text' in ${names})`.execute(
      t,
    )
}

/** Keys under which the log and the events keep words of people. */
const WORDS = ['reason', 'note', 'text', 'solution', 'evidence']

async function eraseActs(t: Tx, userId: string): Promise<void> {
  const orders = sql`(select id from orders where user_id = ${userId})`
  const theirs = sql`(
    select 'orders' as object, id::text as key from orders where user_id = ${userId}
    union all select 'nudges', id::text from nudges where order_id in ${orders}
    union all select 'amendments', id::text from amendments where order_id in ${orders}
    union all select 'negotiations', id::text from negotiations where user_id = ${userId}
    union all select 'feedback', id::text from feedback where user_id = ${userId}
    union all select 'findings', id::text from findings where order_id in ${orders})`
  const { rows } = await sql<{ act_id: string }>`
    update act_changes c set before = before - ${WORDS}::text[], after = after - ${WORDS}::text[]
    from ${theirs} theirs where c.object = theirs.object and c.object_key = theirs.key
    returning c.act_id`.execute(t)
  const acts = [...new Set(rows.map(({ act_id }) => act_id))]
  // Why many orders fell through at once is not about this one person.
  await sql`update acts set reason = null where id = any(${acts}::uuid[]) and not exists (
    select from act_changes c where c.act_id = acts.id
      and (c.object, c.object_key) not in (select object, key from ${theirs} theirs))`.execute(t)
}
