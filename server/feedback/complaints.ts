/**
 * Complaints that payers make to WeChat Pay (M8): pulled into the list of feedback, by notices and by
 * asking, under WeChat's own numbers, so that any order and any repeat comes to the same rows.
 */
import { addDays, dayOf } from '@jiyue/contract/time'
import { after, type Tx, tx } from '../db/tx.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import type { ComplaintFact, ComplaintStep, Complaints } from '../payment/gateways/gateway.ts'
import { expectPictures } from './complaintPictures.ts'
import { answerBy, hear, lockFeedback, writeEvent } from './feedback.ts'
import { uuidOf } from './uuidOf.ts'

/** Days back that are asked for again and again: a complaint goes on for some weeks. */
const DAYS = 30
/** Pages of 50 in one round; the rest has its turn in the next. */
const PAGES = 40

/** WeChat's side, where the merchant has it. */
export const wechatComplaintsOf = (parts: Parts): Complaints | undefined =>
  parts.gateways.wechat.complaints

/** Reads every complaint of the last weeks; answers how many were new or had news. */
export async function pullComplaints(parts: Parts): Promise<number> {
  const wechat = wechatComplaintsOf(parts)
  if (!wechat) return 0
  const now = parts.now()
  const today = dayOf(now.getTime())
  let changed = 0
  for (let page = 0, seen = 0; page < PAGES; page++) {
    const answer = await wechat.list(addDays(today, -DAYS), today, seen, now)
    if (!answer.ok) {
      parts.log.warn({ code: answer.code, why: answer.message }, 'complaints: WeChat did not say')
      return changed
    }
    for (const fact of answer.value.complaints) {
      if (await takeComplaint(parts, wechat, fact)) changed += 1
    }
    seen += answer.value.complaints.length
    if (answer.value.complaints.length === 0 || seen >= answer.value.total) break
  }
  return changed
}

/** Something happened to one: reads it anew. False when WeChat did not say; it is asked again. */
export async function hearComplaint(parts: Parts, complaintId: string): Promise<boolean> {
  const wechat = wechatComplaintsOf(parts)
  if (!wechat) return false
  const fact = await wechat.find(complaintId, parts.now())
  if (!fact.ok) return false
  await takeComplaint(parts, wechat, fact.value, true)
  return true
}

/** True when there was anything new about it. Nothing is asked while a transaction is open. */
async function takeComplaint(
  parts: Parts,
  wechat: Complaints,
  fact: ComplaintFact,
  /** A notice said that something happened. */
  isTold = false,
): Promise<boolean> {
  const known = await parts.db
    .selectFrom('complaints')
    .innerJoin('feedback', 'feedback.id', 'complaints.feedback_id')
    .select(['complaints.state', 'feedback.state as ours'])
    .where('complaint_id', '=', fact.complaintId)
    .executeTakeFirst()
  // Nothing moved and nobody waits: the history is not asked for each minute. Who waits here and not
  // there was answered there.
  const isQuiet = known?.state === fact.state && !fact.waiting
  if (!isTold && isQuiet && !(known.ours === 'open' && fact.state === 'PROCESSING')) return false
  const steps = await wechat.history(fact.complaintId, parts.now())
  if (!steps.ok) return false
  return tx(parts.db, (t) => write(t, parts, fact, steps.value))
}

async function write(
  t: Tx,
  parts: Parts,
  fact: ComplaintFact,
  steps: readonly ComplaintStep[],
): Promise<boolean> {
  const now = parts.now()
  const id = uuidOf(`complaint ${fact.complaintId}`)
  const isNew = await insert(t, parts, id, fact, now)
  const row = await lockFeedback(t, id)
  if (!row) throw new Error(`complaint ${fact.complaintId} has no row`)
  const said = steps.filter(({ by, what }) => by === 'payer' && what !== 'USER_CREATE_COMPLAINT')
  let newest: Date | null = null
  const filed = { feedbackId: id, wordsId: null, of: `complaint ${fact.complaintId}` }
  await expectPictures(t, { ...filed, addresses: fact.pictures }, now)
  for (const { stepId, text, what, at, pictures } of said) {
    const wordsId = uuidOf(`step ${stepId}`)
    const written = await t
      .insertInto('feedback_words')
      .values({
        id: wordsId,
        feedback_id: id,
        kind: 'said',
        by: 'wechat',
        text: text || (stepWords[what] ?? what),
        at,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    const told = { feedbackId: id, wordsId, of: `step ${stepId}` }
    await expectPictures(t, { ...told, addresses: pictures }, now)
    if (written) newest = at
  }
  const answered = await takeElsewhere(t, parts, id, steps)
  const moved = await t
    .updateTable('complaints')
    .set({ state: fact.state, heard_at: now })
    .where('feedback_id', '=', id)
    .where('state', '<>', fact.state)
    .returning('feedback_id')
    .executeTakeFirst()
  if (newest && fact.waiting) {
    const { feedbackHours } = await readRules(t)
    await t
      .updateTable('feedback')
      .set({
        state: 'open',
        due_at: row.due_at ?? answerBy(now, feedbackHours),
        cause: null,
        solution: null,
        closed_at: null,
        changed_at: newest,
      })
      .where('id', '=', id)
      .execute()
  }
  const isNews = isNew || newest !== null || moved !== undefined || answered !== null
  // Taken back, answered or completed over there: nobody waits here any more. What the team opened
  // again itself stays open until something happens.
  const isOver = fact.state !== 'PENDING' && !fact.waiting
  if (isOver && isNews && row.state === 'open') {
    await t
      .updateTable('feedback')
      .set({
        state: 'answered',
        due_at: null,
        late: row.late || (row.due_at !== null && row.due_at < (answered ?? now)),
        replied_at: row.replied_at ?? answered,
        changed_at: answered ?? newest ?? now,
      })
      .where('id', '=', id)
      .execute()
  }
  if (isNews) after(t, () => hear(parts, row))
  return isNews
}

/**
 * What a colleague wrote or completed in WeChat's own merchant pages, as the team's log: each once, and
 * not what went there from here. Answers when they last did something new; null without.
 */
async function takeElsewhere(
  t: Tx,
  parts: Parts,
  id: string,
  steps: readonly ComplaintStep[],
): Promise<Date | null> {
  const done = steps.filter(({ what }) => what in doneWords)
  if (done.length === 0) return null
  const own = await t
    .selectFrom('feedback_words')
    .select(['tell', 'text'])
    .where('feedback_id', '=', id)
    .where('tell', 'is not', null)
    .execute()
  // Of an erased person nothing is known of what was written from here.
  if (own.some(({ text }) => text === '')) return null
  const asSaid = wechatComplaintsOf(parts)?.asSaid ?? ((text: string) => text)
  const said = new Set(own.filter(({ tell }) => tell === 'reply').map(({ text }) => asSaid(text)))
  const isOwn = ({ what, text }: ComplaintStep) =>
    what === 'MERCHANT_RESPONSE' ? said.has(text) : own.some(({ tell }) => tell === 'complete')
  let last: Date | null = null
  for (const step of done.filter((one) => !isOwn(one))) {
    const written = await t
      .insertInto('feedback_words')
      .values({
        id: uuidOf(`step ${step.stepId}`),
        feedback_id: id,
        kind: 'log',
        by: 'wechat',
        text: doneWords[step.what]?.(step.text) ?? step.text,
        at: step.at,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (written) last = step.at
  }
  return last
}

/** The first time it is heard of: tied to the order that its payment is of. */
async function insert(
  t: Tx,
  parts: Parts,
  id: string,
  fact: ComplaintFact,
  now: Date,
): Promise<boolean> {
  const order = fact.tradeNo === null ? null : await orderOf(t, fact.tradeNo)
  const { feedbackHours } = await readRules(t)
  const written = await t
    .insertInto('feedback')
    .values({
      id,
      source: 'wechat',
      user_id: order?.user_id ?? null,
      order_id: order?.id ?? null,
      kind: 'complaint',
      text: `${fact.problem}：${fact.detail}`,
      phone_sealed: fact.phone === null ? null : parts.seal.seal(fact.phone),
      due_at: answerBy(now, feedbackHours),
      created_at: fact.at,
      changed_at: fact.at,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning(['id', 'order_id'])
    .executeTakeFirst()
  if (!written) return false
  await t
    .insertInto('complaints')
    .values({
      feedback_id: id,
      complaint_id: fact.complaintId,
      trade_no: fact.tradeNo,
      transaction_id: fact.transactionId,
      amount_fen: fact.amountFen,
      problem: fact.problem,
      refund_asked: fact.refundAsked,
      state: fact.state,
      heard_at: now,
    })
    .execute()
  const details = { kind: 'complaint', complaint: fact.complaintId }
  await writeEvent(t, written, 'feedback', 'wechat', details, now)
  return true
}

function orderOf(t: Tx, tradeNo: string) {
  return t
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .select(['orders.id', 'orders.user_id'])
    .where('payments.trade_no', '=', tradeNo)
    .where('payments.method', '=', 'wechat')
    .executeTakeFirst()
}

/** What payers do without words of their own. */
const stepWords: Record<string, string> = {
  USER_RESPONSE: '（图片）',
  USER_REVOKE_COMPLAINT: '用户撤销了投诉',
  USER_COMFIRM_COMPLAINT: '用户确认投诉已解决',
  USER_APPLY_PLATFORM_SERVICE: '用户申请平台协助',
  USER_CANCEL_PLATFORM_SERVICE: '用户取消平台协助',
  USER_CONTINUE_COMPLAINT: '用户继续投诉',
}

/** What the merchant does over there. */
const doneWords: Record<string, (text: string) => string> = {
  MERCHANT_RESPONSE: (text) => `在微信支付商户平台回复：${text}`,
  MERCHANT_CONFIRM_COMPLETE: () => '在微信支付商户平台处理完成',
}

/** Has WeChat call us: asked once a day, for the address is the merchant's to keep. */
export async function announceComplaints(parts: Parts): Promise<number> {
  const answer = await wechatComplaintsOf(parts)?.announce(parts.now())
  if (answer && !answer.ok) {
    parts.log.warn({ code: answer.code, why: answer.message }, 'complaints: no address for notices')
  }
  return 0
}
