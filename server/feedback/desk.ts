/**
 * 投诉与建议 in the console (M8): who looks after it and until when, replies, notes, closing with cause
 * and solution, opening again. Every act leaves a line that says who did it.
 */
import { randomUUID } from 'node:crypto'
import {
  type FeedbackCause,
  type FeedbackEvent,
  feedbackCauseWords,
  feedbackMoves,
  wechatReplyLength,
} from '@jiyue/contract/feedback'
import type { ConsoleFeedback, FeedbackFilter } from '@jiyue/contract/schema/feedback'
import type { Reply } from '@jiyue/contract/schema/wire'
import { clockText, dateText } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { anyOf } from '../db/conditions.ts'
import { idsOfPage, type Newest } from '../db/search.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { readPicture } from '../picture/picture.ts'
import { remind } from '../reminder/reminder.ts'
import { readComplaintPicture } from './complaintPictures.ts'
import {
  answerBy,
  type FeedbackRow,
  hear,
  lockFeedback,
  wordsKnown,
  writeEvent,
  writeWords,
} from './feedback.ts'
import { consoleCard, feedbackClues, feedbackRows, handlersOf, readConsoleView } from './view.ts'

const PAGE = 50
const NEWEST: Newest = { table: 'feedback', time: 'created_at', id: 'id' }

/** A page, newest first; `next` continues it. */
export async function listConsoleFeedback(
  parts: Parts,
  { after: from, ...filter }: FeedbackFilter & { after?: string | undefined },
): Promise<Reply<'listConsoleFeedback'>> {
  const { db } = parts
  const now = parts.now()
  const clues = filter.text ? feedbackClues(filter.text) : null
  const narrow = narrowed(parts, filter)
  const asked = { list: NEWEST, from: narrow, clues, after: from, limit: PAGE + 1 }
  const rows = await feedbackRows(db)
    .where('feedback.id', '=', anyOf(await idsOfPage(db, asked)))
    .orderBy('feedback.created_at', 'desc')
    .orderBy('feedback.id', 'desc')
    .execute()
  const counts = await db
    .selectFrom('feedback')
    .select(sql<number>`count(*)::int`.as('open'))
    .select(sql<number>`(count(*) filter (where due_at < ${now}))::int`.as('overdue'))
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  const page = rows.slice(0, PAGE)
  const last = rows.length > PAGE ? page.at(-1) : undefined
  return {
    feedback: page.map((row) => consoleCard(parts, row)),
    ...counts,
    handlers: (await handlersOf(db)).map(({ id, name }) => ({ id, name })),
    next: last ? `${last.created_at.toISOString()},${last.id}` : null,
    now: now.toISOString(),
  }
}

/** Narrowed to all but words. */
function narrowed({ db, now }: Parts, filter: FeedbackFilter) {
  const { state, kind, source, cause, assignee, overdue } = filter
  return db
    .selectFrom('feedback')
    .$if(state !== undefined, (q) => q.where('feedback.state', '=', state ?? 'open'))
    .$if(kind !== undefined, (q) => q.where('feedback.kind', '=', kind ?? 'complaint'))
    .$if(source !== undefined, (q) => q.where('feedback.source', '=', source ?? 'app'))
    .$if(cause !== undefined, (q) => q.where('feedback.cause', '=', cause ?? 'other'))
    .$if(assignee !== undefined, (q) =>
      assignee === 'nobody'
        ? q.where('feedback.assignee_id', 'is', null)
        : q.where('feedback.assignee_id', '=', assignee ?? ''),
    )
    .$if(overdue !== undefined, (q) => q.where('feedback.due_at', '<', now()))
}

export async function readConsoleFeedback(
  parts: Parts,
  id: string,
): Promise<ConsoleFeedback | Refused> {
  return (await readConsoleView(parts, id)) ?? refuse('not_found')
}

/** A picture that came with it; any other is not_found. */
export async function readFeedbackPicture(parts: Parts, id: string, pictureId: string) {
  const row = await parts.db
    .selectFrom('feedback_pictures')
    .select('picture_id')
    .where('feedback_id', '=', id)
    .where('picture_id', '=', pictureId)
    .executeTakeFirst()
  const picture = row
    ? await readPicture(parts.db, pictureId)
    : await readComplaintPicture(parts.db, id, pictureId)
  return picture ?? refuse('not_found')
}

/** Who looks after it, until when. The same again writes nothing. */
export function handle(
  parts: Parts,
  id: string,
  { assigneeId, dueAt }: { assigneeId: string | null; dueAt: string },
  personId: string,
): Promise<ConsoleFeedback | Refused> {
  return act(parts, id, async (t, row) => {
    if (row.state !== 'open') return refuse('feedback_state')
    const due = new Date(dueAt)
    const isNew = row.due_at?.getTime() !== due.getTime()
    if (row.assignee_id === assigneeId && !isNew) return null
    const people = await handlersOf(t)
    const name = people.find((one) => one.id === assigneeId)?.name
    if (assigneeId !== null && !name) return refuseField('assigneeId', '该账号不能处理反馈')
    if (isNew && due <= parts.now()) return refuseField('dueAt', '请选择以后的时间')
    await t
      .updateTable('feedback')
      // A later time does not undo that the first one was missed.
      .set({ assignee_id: assigneeId, due_at: due, late: row.late || isLate(row, parts.now()) })
      .where('id', '=', id)
      .execute()
    const text = [
      row.assignee_id !== assigneeId && (name ? `指派给${name}` : '取消指派'),
      isNew && `回复期限改为${dateText(due.toISOString())} ${clockText(due.toISOString())}`,
    ]
    await log(t, parts, id, personId, text.filter(Boolean).join('，'))
    return null
  })
}

/** A reply reaches the person, a note the team. */
export function write(
  parts: Parts,
  id: string,
  given: { wordsId: string; kind: 'reply' | 'note'; text: string },
  personId: string,
): Promise<ConsoleFeedback | Refused> {
  return act(parts, id, async (t, row) => {
    const { wordsId, kind, text } = given
    const by = `merchant:${personId}`
    const known = await wordsKnown(t, { id: wordsId, feedbackId: id, by, kind, text })
    if (known !== 'new') return known === 'same' ? null : refuse('feedback_id_reused')
    const now = parts.now()
    if (kind === 'note') {
      await writeWords(t, { id: wordsId, feedbackId: id, by, kind, text, at: now })
      return null
    }
    const next = feedbackMoves[row.state].reply
    if (!next) return refuse('feedback_state')
    if (row.source === 'wechat' && text.length > wechatReplyLength) {
      return refuseField('text', `微信支付的回复最多 ${wechatReplyLength} 字`)
    }
    const toWechat = row.source === 'wechat' ? ({ tell: 'reply' } as const) : {}
    await writeWords(t, { id: wordsId, feedbackId: id, by, kind, text, at: now, ...toWechat })
    await t
      .updateTable('feedback')
      .set({
        state: next,
        due_at: null,
        late: row.late || isLate(row, now),
        replied_at: row.replied_at ?? now,
        changed_at: now,
      })
      .where('id', '=', id)
      .execute()
    await tellPerson(t, row, { about: wordsId, note: short(text), now })
    return null
  })
}

/** Closes it. The same again is the same. */
export function close(
  parts: Parts,
  id: string,
  { cause, solution }: { cause: FeedbackCause; solution: string },
  personId: string,
): Promise<ConsoleFeedback | Refused> {
  return act(parts, id, async (t, row) => {
    if (row.state === 'closed' && row.cause === cause && row.solution === solution) return null
    const now = parts.now()
    const no = await move(t, row, 'close', {
      due_at: null,
      late: row.late || isLate(row, now),
      cause,
      solution,
      closed_at: now,
      changed_at: now,
    })
    if (no) return no
    const text = `办结：${feedbackCauseWords[cause]}；${solution}`
    await log(t, parts, id, personId, text, row.source === 'wechat' ? 'complete' : undefined)
    await writeEvent(t, row, 'feedback_close', `merchant:${personId}`, { cause }, now)
    const about = randomUUID()
    await tellPerson(t, row, { about, note: `处理结果：${short(solution)}`, now })
    return null
  })
}

/** Opens what was closed; its time runs anew. */
export function reopen(
  parts: Parts,
  id: string,
  reason: string,
  personId: string,
): Promise<ConsoleFeedback | Refused> {
  return act(parts, id, async (t, row) => {
    const now = parts.now()
    const { feedbackHours } = await readRules(t)
    const no = await move(t, row, 'reopen', {
      due_at: answerBy(now, feedbackHours),
      cause: null,
      solution: null,
      closed_at: null,
      changed_at: now,
    })
    if (no) return no
    await log(t, parts, id, personId, `重新打开：${reason}`)
    await writeEvent(t, row, 'feedback_reopen', `merchant:${personId}`, { reason }, now)
    return null
  })
}

/** One act on a locked row, then what it looks like. */
async function act(
  parts: Parts,
  id: string,
  work: (t: Tx, row: FeedbackRow) => Promise<Refused | null>,
): Promise<ConsoleFeedback | Refused> {
  const refused = await tx(parts.db, async (t) => {
    const row = await lockFeedback(t, id)
    if (!row) return refuse('not_found')
    const no = await work(t, row)
    if (no === null) after(t, () => hear(parts, row))
    return no
  })
  return refused ?? readConsoleFeedback(parts, id)
}

/** Writes the next state, by the table. */
async function move(
  t: Tx,
  row: FeedbackRow,
  event: FeedbackEvent,
  set: Partial<Omit<FeedbackRow, 'id' | 'state'>>,
): Promise<Refused | null> {
  const next = feedbackMoves[row.state][event]
  if (!next) return refuse('feedback_state')
  await t
    .updateTable('feedback')
    .set({ ...set, state: next })
    .where('id', '=', row.id)
    .execute()
  return null
}

const isLate = (row: FeedbackRow, now: Date): boolean => row.due_at !== null && row.due_at < now

function log(
  t: Tx,
  { now }: Parts,
  feedbackId: string,
  personId: string,
  text: string,
  tell?: 'complete',
) {
  const by = `merchant:${personId}`
  return writeWords(t, { feedbackId, by, kind: 'log', text, at: now(), ...(tell && { tell }) })
}

/** By every way they allow; WeChat Pay tells its own people of its complaints. */
async function tellPerson(
  t: Tx,
  { id, source, user_id }: FeedbackRow,
  { about, note, now }: { about: string; note: string; now: Date },
): Promise<void> {
  if (source !== 'app' || user_id === null) return
  const path = `/pages/feedback/talk?id=${id}`
  const facts = { service: '意见反馈', note, path }
  await remind(t, { kind: 'feedback', about, userId: user_id, facts, now })
}

/** Text messages cost by their length; the whole stands on the page it opens. */
const short = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text)
