/**
 * 投诉与建议 (G8), the person's half: telling the merchant something, with pictures and about an order,
 * and writing more. What is told is the merchant's duty from the same transaction on.
 */
import { randomUUID } from 'node:crypto'
import { type FeedbackKind, feedbackMoves } from '@jiyue/contract/feedback'
import { isPhone, normalisePhone } from '@jiyue/contract/fields/phone'
import type { Feedback } from '@jiyue/contract/schema/feedback'
import type { Reply } from '@jiyue/contract/schema/wire'
import { dayMs, minuteMs } from '@jiyue/contract/time'
import { type Selectable, sql } from 'kysely'
import type { FeedbackTable } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { cardView, feedbackRows, readFeedbackView } from './view.ts'

export type FeedbackRow = Selectable<FeedbackTable>

export interface Telling {
  id: string
  userId: string
  kind: FeedbackKind
  text: string
  pictureIds: readonly string[]
  orderId: string | null
  phone: string | null
  page: string
}

/**
 * Takes what a person tells; the same again is the same. Refuses: feedback_id_reused, not_found
 * (order or picture of somebody else), invalid_fields (the number), too_many_requests (a day's worth).
 */
export async function tell(parts: Parts, telling: Telling): Promise<Feedback | Refused> {
  const refused = await tx(parts.db, (t) => write(t, parts, telling))
  return refused ?? readFeedbackView(parts, telling.id)
}

async function write(t: Tx, parts: Parts, telling: Telling): Promise<Refused | null> {
  const { id, userId, kind, text, pictureIds, orderId, page } = telling
  // Two taps of one person wait for each other: the second sees the first, and counts it.
  await sql`select lock_user(${userId}::uuid)`.execute(t)
  const known = await t.selectFrom('feedback').selectAll().where('id', '=', id).executeTakeFirst()
  if (known) return (await isSame(t, parts, known, telling)) ? null : refuse('feedback_id_reused')
  if (!(await areOwn(t, telling))) return refuse('not_found')
  const phone = telling.phone === null ? null : normalisePhone(telling.phone)
  if (phone !== null && !isPhone(phone)) {
    return refuseField('phone', '请输入 11 位有效手机号')
  }
  const now = parts.now()
  const rules = await readRules(t)
  if ((await toldToday(t, userId, now)) >= rules.feedbackPerDay) return refuse('too_many_requests')
  const written = await t
    .insertInto('feedback')
    .values({
      id,
      source: 'app',
      user_id: userId,
      order_id: orderId,
      kind,
      text,
      phone_sealed: phone === null ? null : parts.seal.seal(phone),
      page,
      due_at: answerBy(now, rules.feedbackHours),
      created_at: now,
      changed_at: now,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  // Named in this very moment by somebody else.
  if (!written) return refuse('feedback_id_reused')
  for (const [place, picture_id] of pictureIds.entries()) {
    await t.insertInto('feedback_pictures').values({ feedback_id: id, place, picture_id }).execute()
  }
  await writeEvent(t, { id, order_id: orderId }, 'feedback', 'user', { kind }, now)
  after(t, () => hear(parts, { user_id: userId, order_id: orderId }))
  return null
}

async function isSame(
  t: Tx,
  { seal }: Parts,
  row: FeedbackRow,
  telling: Telling,
): Promise<boolean> {
  const pictures = await t
    .selectFrom('feedback_pictures')
    .select('picture_id')
    .where('feedback_id', '=', row.id)
    .orderBy('place')
    .execute()
  const phone = row.phone_sealed === null ? null : String(seal.open(row.phone_sealed))
  return (
    row.user_id === telling.userId &&
    row.kind === telling.kind &&
    row.text === telling.text &&
    row.order_id === telling.orderId &&
    phone === (telling.phone === null ? null : normalisePhone(telling.phone)) &&
    pictures.map(({ picture_id }) => picture_id).join() === telling.pictureIds.join()
  )
}

/** The order and every picture are the caller's. */
async function areOwn(t: Tx, { userId, orderId, pictureIds }: Telling): Promise<boolean> {
  if (orderId !== null) {
    const order = await t
      .selectFrom('orders')
      .select('id')
      .where('id', '=', orderId)
      .where('user_id', '=', userId)
      .executeTakeFirst()
    if (!order) return false
  }
  if (pictureIds.length === 0) return true
  const pictures = await t
    .selectFrom('pictures')
    .select('id')
    .where('id', 'in', [...pictureIds])
    .where('user_id', '=', userId)
    // Kept until then: the sweep of unused pictures waits for this row or does not find it.
    .forShare()
    .execute()
  return pictures.length === new Set(pictureIds).size
}

/** What one person told within 24 hours, words added later included. */
async function toldToday(t: Tx, userId: string, now: Date): Promise<number> {
  const since = new Date(now.getTime() - dayMs)
  const { rows } = await sql<{ count: number }>`
    select ((select count(*) from feedback where user_id = ${userId} and created_at > ${since})
      + (select count(*) from feedback_words w join feedback f on f.id = w.feedback_id
        where f.user_id = ${userId} and w.kind = 'said' and w.at > ${since}))::int as count`.execute(
    t,
  )
  return rows[0]?.count ?? 0
}

export interface Saying {
  id: string
  feedbackId: string
  userId: string
  text: string
}

/** Writes more. Refuses: not_found, feedback_id_reused, too_many_requests. */
export async function sayMore(parts: Parts, saying: Saying): Promise<Feedback | Refused> {
  const { id, feedbackId, userId, text } = saying
  const refused = await tx(parts.db, async (t) => {
    await sql`select lock_user(${userId}::uuid)`.execute(t)
    const row = await lockFeedback(t, feedbackId)
    // What goes on at WeChat is said there.
    if (row?.user_id !== userId || row.source !== 'app') return refuse('not_found')
    if (await isErased(t, userId)) return refuse('unauthenticated')
    const known = await wordsKnown(t, { id, feedbackId, by: 'user', kind: 'said', text })
    if (known !== 'new') return known === 'same' ? null : refuse('feedback_id_reused')
    const now = parts.now()
    const { feedbackHours, feedbackPerDay } = await readRules(t)
    if ((await toldToday(t, userId, now)) >= feedbackPerDay) return refuse('too_many_requests')
    await writeWords(t, { id, feedbackId, by: 'user', kind: 'said', text, at: now })
    await t
      .updateTable('feedback')
      .set({
        state: feedbackMoves[row.state].say ?? 'open',
        // Who waits already waits by the promise that was made first.
        due_at: row.due_at ?? answerBy(now, feedbackHours),
        cause: null,
        solution: null,
        closed_at: null,
        changed_at: now,
      })
      .where('id', '=', feedbackId)
      .execute()
    after(t, () => hear(parts, row))
    return null
  })
  return refused ?? readFeedbackView(parts, feedbackId)
}

/** Somebody erased themselves while this was under way. */
async function isErased(t: Tx, userId: string): Promise<boolean> {
  const row = await t
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId)
    .where('erased_at', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

/** The caller's own, newest first. */
export async function listFeedback(parts: Parts, userId: string): Promise<Reply<'listFeedback'>> {
  const rows = await feedbackRows(parts.db)
    .where('feedback.user_id', '=', userId)
    .where('feedback.source', '=', 'app')
    .orderBy('feedback.created_at', 'desc')
    .limit(100)
    .execute()
  return { feedback: rows.map(cardView), now: parts.now().toISOString() }
}

/** Until when it is to be answered that is told, or opened again, at `now`; `hours` of the rules. */
export const answerBy = (now: Date, hours: number): Date =>
  new Date(now.getTime() + hours * 60 * minuteMs)

/** One of the caller's own, or not_found. */
export async function readFeedback(
  parts: Parts,
  id: string,
  userId: string,
): Promise<Feedback | Refused> {
  const row = await parts.db
    .selectFrom('feedback')
    .select('user_id')
    .where('id', '=', id)
    .where('source', '=', 'app')
    .executeTakeFirst()
  return row?.user_id === userId ? readFeedbackView(parts, id) : refuse('not_found')
}

export function lockFeedback(t: Tx, id: string): Promise<FeedbackRow | undefined> {
  return t.selectFrom('feedback').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export interface Words {
  id: string
  feedbackId: string
  by: string
  kind: 'said' | 'reply' | 'note' | 'log'
  text: string
  at: Date
  /** What WeChat is to be told by it, at once. */
  tell?: 'reply' | 'complete'
}

/** Are these words there already, or is their id another's? */
export async function wordsKnown(
  t: Tx,
  { id, feedbackId, by, kind, text }: Omit<Words, 'at'>,
): Promise<'new' | 'same' | 'other'> {
  const row = await t
    .selectFrom('feedback_words')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return 'new'
  const isSame =
    row.feedback_id === feedbackId && row.by === by && row.kind === kind && row.text === text
  return isSame ? 'same' : 'other'
}

/** One more line, in the transaction of what it tells. */
export async function writeWords(
  t: Tx,
  { id = randomUUID(), feedbackId, tell, ...words }: Omit<Words, 'id'> & { id?: string },
): Promise<void> {
  await t
    .insertInto('feedback_words')
    .values({
      id,
      feedback_id: feedbackId,
      ...words,
      ...(tell && { tell, tell_at: words.at }),
    })
    .execute()
}

/** Its row in the log of everything that happens. */
export async function writeEvent(
  t: Tx,
  { id, order_id }: Pick<FeedbackRow, 'id' | 'order_id'>,
  what: 'feedback' | 'feedback_close' | 'feedback_reopen',
  by: string,
  details: Record<string, unknown>,
  at: Date,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id,
      slot_id: null,
      what,
      by,
      details: JSON.stringify({ feedback: id, ...details }),
      at,
    })
    .execute()
}

/** Screens that show it read again. */
export function hear(
  { bus }: Parts,
  { user_id, order_id }: Pick<FeedbackRow, 'user_id' | 'order_id'>,
) {
  bus.changed({
    topics: [
      'console',
      ...(user_id ? ([`inbox:${user_id}`] as const) : []),
      ...(order_id ? ([`order:${order_id}`] as const) : []),
    ],
  })
}
