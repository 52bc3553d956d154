/**
 * Erasing a person in one action (X11). What the law wants kept stays without them: orders, payments,
 * refunds and receipts stand under a user that is nobody.
 */
import { dayMs } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { lockContacts } from '../people/contacts.ts'
import { eraseCopies } from './copies.ts'

/** Erases `userId`. Refuses: orders_open (something is still to be delivered or paid back). */
export async function erasePerson(
  { db, now }: Parts,
  userId: string,
): Promise<Record<string, never> | Refused> {
  return tx(db, async (t) => {
    if (!(await lockAlone(t, userId))) return {}
    if (await hasOpenOrders(t, userId, now())) return refuse('orders_open')
    await eraseAll(t, userId, now())
    return {}
  })
}

/**
 * After a restore to an earlier time (docs/how-to/backup.md): erases `erased`, who are back, again,
 * whatever is open of theirs; their orders stand as they did. Answers how many were back.
 */
export async function eraseAgain(
  db: Kysely<Database>,
  erased: readonly { id: string; erased_at: Date }[],
): Promise<number> {
  let count = 0
  for (const { id, erased_at } of erased) {
    const isBack = await tx(db, async (t) => {
      if (!(await lockAlone(t, id))) return false
      await eraseAll(t, id, erased_at)
      return true
    })
    if (isBack) count++
  }
  return count
}

/** Who has erased themselves, and when. */
export async function readErased(db: Kysely<Database>): Promise<{ id: string; erased_at: Date }[]> {
  const rows = await db
    .selectFrom('users')
    .select(['id', 'erased_at'])
    .where('erased_at', 'is not', null)
    .orderBy('erased_at')
    .execute()
  return rows.map(({ id, erased_at }) => ({ id, erased_at: erased_at as Date }))
}

async function eraseAll(t: Tx, userId: string, at: Date): Promise<void> {
  await eraseCopies(t, userId)
  await eraseAnswers(t, userId)
  await eraseFeedback(t, userId, at)
  await erasePictures(t, userId)
  await eraseWishes(t, userId)
  await eraseMessages(t, userId)
  await keepPayers(t, userId)
  await eraseAccount(t, userId, at)
}

/**
 * What they write in this moment is written before, and then deleted, or refused (refuse_erased in SQL).
 * In the order of all locks: the slots they wait for, then the person. False: erased already, or not there.
 */
async function lockAlone(t: Tx, userId: string): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(4, hashtext(${userId}))`.execute(t)
  await sql`select lock_slots(array(
    select slot_id from waits where user_id = ${userId} and state = 'waiting'))`.execute(t)
  await sql`select lock_user(${userId}::uuid)`.execute(t)
  await lockContacts(t, userId)
  const user = await t
    .selectFrom('users')
    .select('erased_at')
    .where('id', '=', userId)
    .forUpdate()
    .executeTakeFirst()
  return user?.erased_at === null
}

/** Erasing looks back this far for holds, ms: far longer than a request takes. */
const HOLDS_SINCE_MS = dayMs

/** Lets the holds lapse that somebody's request took while they erased themselves; answers how many. */
export async function endErasedHolds({ db, now }: Parts): Promise<number> {
  const since = new Date(now().getTime() - HOLDS_SINCE_MS)
  const { rows } = await sql<{ ended: number }>`
    select end_erased_holds(${since}) as ended`.execute(db)
  return rows[0]?.ended ?? 0
}

/** WeChat takes delivery info within minutes; what it has not taken by then holds nobody up. */
const UPLOAD_MS = dayMs

/**
 * Held, registered or confirmed, or money on its way back; or WeChat is still to be told of the
 * delivery, which asks who paid. Holds go by the database's clock.
 */
async function hasOpenOrders(t: Tx, userId: string, now: Date): Promise<boolean> {
  const uploading = new Date(now.getTime() - UPLOAD_MS)
  const { rows } = await sql`
    select 1 from orders o where o.user_id = ${userId} and (
      o.state = 'confirmed'
      or (o.state in ('held', 'registered') and o.held_until > clock_timestamp())
      or exists (select from payments p where p.order_id = o.id and p.state in ('created', 'pending'))
      or exists (select from payments p join refunds r on r.payment_id = p.id
        where p.order_id = o.id and r.state in ('requested', 'failed'))
      or exists (select from payments p join deliveries d on d.payment_id = p.id
        where p.order_id = o.id and d.state = 'waiting' and d.since > ${uploading})
      or exists (select from proofs where proofs.order_id = o.id and proofs.state = 'submitted')
    ) limit 1`.execute(t)
  return rows.length > 0
}

async function eraseAnswers(t: Tx, userId: string): Promise<void> {
  const orders = sql`(select id from orders where user_id = ${userId})`
  await sql`delete from drafts where order_id in ${orders}`.execute(t)
  await sql`delete from registration_pictures where order_id in ${orders}`.execute(t)
  await sql`delete from registration_marks where order_id in ${orders}`.execute(t)
  await sql`delete from lapsed_marks where order_id in ${orders}`.execute(t)
  await sql`update registrations set answers = '{}', forget_at = null
    where order_id in ${orders}`.execute(t)
  await sql`update nudges set before = null, after = null, note = ''
    where order_id in ${orders}`.execute(t)
  await sql`update amended_answers set before = null, after = null
    where amendment_id in (select id from amendments where order_id in ${orders})`.execute(t)
  await sql`update payments set client_ip = '' where order_id in ${orders}`.execute(t)
  // That somebody visited stays; that it was for these orders, and what was touched of their forms, goes.
  await sql`delete from looks where order_id in ${orders}`.execute(t)
  await sql`delete from contacts where user_id = ${userId}`.execute(t)
}

/** Proofs are evidence of money: their pictures stay. */
async function erasePictures(t: Tx, userId: string): Promise<void> {
  await sql`delete from pictures where user_id = ${userId}
    and not exists (select from proofs where picture_id = pictures.id)`.execute(t)
  await sql`delete from picture_failures where user_id = ${userId}`.execute(t)
}

/** What they told goes; that something was told, and its cause, stays in the counts (M8). */
async function eraseFeedback(t: Tx, userId: string, now: Date): Promise<void> {
  const theirs = sql`(select id from feedback where user_id = ${userId})`
  await sql`delete from feedback_pictures where feedback_id in ${theirs}`.execute(t)
  // The rows stay, so that a complaint that is pulled again does not bring them back.
  await sql`update complaint_pictures set address = '', bytes = null, width = null, height = null,
      fetch_at = null where feedback_id in ${theirs}`.execute(t)
  await sql`update feedback_words set text = '' where feedback_id in ${theirs}`.execute(t)
  await sql`update feedback set text = '', phone_sealed = null, state = 'closed', due_at = null,
      cause = coalesce(cause, 'other'), solution = '用户已注销', closed_at = coalesce(closed_at, ${now})
    where user_id = ${userId}`.execute(t)
}

/** Places in lines are left first: whoever is behind moves up, and the slot's count stays true. */
async function eraseWishes(t: Tx, userId: string): Promise<void> {
  await sql`select leave_waits(id) from (
    select id from waits where user_id = ${userId} and state = 'waiting' order by slot_id) mine`.execute(
    t,
  )
  // What they asked for in their own words (B5); an offer made to them runs out by itself.
  await sql`update negotiations set note = '', reason = null,
      ended_at = case when state = 'asked' then clock_timestamp() else ended_at end,
      state = case when state = 'asked' then 'withdrawn' else state end
    where user_id = ${userId}`.execute(t)
  await sql`delete from coupons where user_id = ${userId}`.execute(t)
  await sql`delete from waits where user_id = ${userId}`.execute(t)
  await sql`delete from negotiations where user_id = ${userId}`.execute(t)
  await sql`update slots set closed_reason = '用户已注销'
    where private_for = ${userId} and closed_reason is null`.execute(t)
}

async function eraseMessages(t: Tx, userId: string): Promise<void> {
  await sql`delete from queue_reminders where user_id = ${userId}`.execute(t)
  await sql`delete from chases where reminder_id in
    (select id from reminders where user_id = ${userId})`.execute(t)
  await sql`delete from sends where reminder_id in
    (select id from reminders where user_id = ${userId})`.execute(t)
  await sql`delete from consents where user_id = ${userId}`.execute(t)
  await sql`delete from reminders where user_id = ${userId}`.execute(t)
}

/** Delivery info WeChat refused can be uploaded again by a person: until then it knows who paid. */
async function keepPayers(t: Tx, userId: string): Promise<void> {
  await sql`update deliveries d set payer = i.subject
    from payments p join orders o on o.id = p.order_id
      join identities i on i.user_id = o.user_id and i.host = 'weapp'
    where p.id = d.payment_id and o.user_id = ${userId} and d.state <> 'sent'`.execute(t)
}

/** The agreements stay with the nobody: that there was one is the merchant's to prove. */
async function eraseAccount(t: Tx, userId: string, now: Date): Promise<void> {
  await sql`delete from sign_in_codes where phone_index =
    (select phone_index from users where id = ${userId})`.execute(t)
  await sql`delete from identities where user_id = ${userId}`.execute(t)
  await sql`delete from sessions where user_id = ${userId}`.execute(t)
  await t
    .updateTable('users')
    .set({ name: '已注销用户', phone_sealed: null, phone_index: null, erased_at: now })
    .where('id', '=', userId)
    .execute()
}
