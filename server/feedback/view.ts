/** Feedback as the phone and the console see it. */

import { may } from '@jiyue/contract/people'
import type {
  ConsoleFeedback,
  ConsoleFeedbackCard,
  Feedback,
  FeedbackCard,
} from '@jiyue/contract/schema/feedback'
import { type Kysely, type Selectable, sql } from 'kysely'
import { holding } from '../db/conditions.ts'
import type { Database, FeedbackWordsTable } from '../db/schema.ts'
import { type Clue, says } from '../db/search.ts'
import { numberClues } from '../order/clues.ts'
import type { Parts } from '../parts.ts'
import { doerName } from '../people/doer.ts'
import { maskPhone } from '../people/mask.ts'
import { complaintPicturesOf } from './complaintPictures.ts'

export type FeedbackSeen = Awaited<ReturnType<ReturnType<typeof feedbackRows>['execute']>>[number]

export function feedbackRows(db: Kysely<Database>) {
  return db
    .selectFrom('feedback')
    .leftJoin('users', 'users.id', 'feedback.user_id')
    .leftJoin('orders', 'orders.id', 'feedback.order_id')
    .leftJoin('people', 'people.id', 'feedback.assignee_id')
    .selectAll('feedback')
    .select(['users.name as person', 'users.phone_sealed as account_phone'])
    .select(['orders.number', 'people.name as assignee'])
}

export function cardView(row: FeedbackSeen): FeedbackCard {
  return {
    id: row.id,
    kind: row.kind,
    text: row.text,
    state: row.state,
    order: row.order_id && row.number ? { id: row.order_id, number: row.number } : null,
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  }
}

/** The person's own, with what both sides said; notes and what was done inside stay inside. */
export async function readFeedbackView(parts: Parts, id: string): Promise<Feedback> {
  const { db, seal } = parts
  const row = await feedbackRows(db).where('feedback.id', '=', id).executeTakeFirstOrThrow()
  const words = await db
    .selectFrom('feedback_words')
    .selectAll()
    .where('feedback_id', '=', id)
    .where('kind', 'in', ['said', 'reply'])
    .orderBy('seq')
    .execute()
  const phone = opened(seal, row.phone_sealed)
  return {
    ...cardView(row),
    pictures: await picturesOf(db, id),
    phoneMasked: phone && maskPhone(phone),
    words: words.map((one) => ({
      id: one.id,
      mine: one.kind === 'said',
      text: one.text,
      at: one.at.toISOString(),
    })),
    solution: row.solution,
  }
}

export function consoleCard({ seal }: Parts, row: FeedbackSeen): ConsoleFeedbackCard {
  const phone = opened(seal, row.phone_sealed ?? row.account_phone)
  return {
    ...cardView(row),
    source: row.source,
    person: row.person ?? '微信用户',
    phoneMasked: phone && maskPhone(phone),
    assignee: row.assignee_id && row.assignee ? { id: row.assignee_id, name: row.assignee } : null,
    dueAt: row.due_at?.toISOString() ?? null,
    cause: row.cause,
  }
}

export async function readConsoleView(parts: Parts, id: string): Promise<ConsoleFeedback | null> {
  const { db, seal } = parts
  const row = await feedbackRows(db).where('feedback.id', '=', id).executeTakeFirst()
  if (!row) return null
  const words = await db
    .selectFrom('feedback_words')
    .selectAll()
    .select(doerName('feedback_words.by').as('byName'))
    .where('feedback_id', '=', id)
    .orderBy('seq')
    .execute()
  return {
    ...consoleCard(parts, row),
    pictures: [
      ...(await picturesOf(db, id)).map((id) => ({ id, wordsId: null, state: 'here' as const })),
      ...(await complaintPicturesOf(db, id)),
    ],
    phone: opened(seal, row.phone_sealed),
    page: row.page,
    solution: row.solution,
    words: words.map((one) => ({
      id: one.id,
      kind: one.kind,
      byName: one.byName ?? (one.by === 'wechat' ? '微信支付' : '用户'),
      text: one.text,
      at: one.at.toISOString(),
      told: toldOf(one),
    })),
    complaint: await complaintOf(db, id),
    handlers: await handlersOf(db),
  }
}

function toldOf(words: Selectable<FeedbackWordsTable>): 'due' | 'told' | 'refused' | null {
  if (words.tell === null) return null
  if (words.told_at !== null) return 'told'
  return words.tell_failure === null ? 'due' : 'refused'
}

async function complaintOf(
  db: Kysely<Database>,
  id: string,
): Promise<ConsoleFeedback['complaint']> {
  const row = await db
    .selectFrom('complaints')
    .selectAll()
    .where('feedback_id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.complaint_id,
    transactionId: row.transaction_id,
    amountFen: row.amount_fen,
    state: row.state,
    refundAsked: row.refund_asked,
  }
}

async function picturesOf(db: Kysely<Database>, id: string): Promise<string[]> {
  const rows = await db
    .selectFrom('feedback_pictures')
    .select('picture_id')
    .where('feedback_id', '=', id)
    .orderBy('place')
    .execute()
  return rows.map(({ picture_id }) => picture_id)
}

/** People whose role may look after feedback, and who still may sign in. */
export async function handlersOf(db: Kysely<Database>) {
  const people = await db
    .selectFrom('people')
    .select(['id', 'name', 'role'])
    .where('deactivated_at', 'is', null)
    .orderBy('name')
    .execute()
  return people.filter(({ role }) => may(role, 'care'))
}

const opened = (seal: Parts['seal'], sealed: string | null): string | null =>
  sealed === null ? null : String(seal.open(sealed))

/** By the text, the person's name or the order's number. */
export function feedbackClues(words: string): Clue[] {
  const like = holding(words)
  const ofOrders = numberClues(words).map(({ holds, found }) => ({
    holds: sql<boolean>`(select ${holds} from orders where orders.id = feedback.order_id)`,
    found: sql`select feedback.id from (${found}) one join feedback on feedback.order_id = one.id`,
  }))
  const text = {
    holds: sql<boolean>`feedback.text ilike ${like}`,
    found: sql`select feedback.id from feedback where ${says(sql`feedback.text`, words, 2)}`,
  }
  const person = {
    holds: sql<boolean>`(select name from users where users.id = feedback.user_id) ilike ${like}`,
    found: sql`select feedback.id from users join feedback on feedback.user_id = users.id
      where ${says(sql`users.name`, words, 2)}`,
  }
  return [text, person, ...ofOrders]
}
