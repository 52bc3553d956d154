/**
 * What goes back to WeChat about its complaints (M8): replies, and that all is done. WeChat takes every
 * reply as one more, so after a try whose answer was lost its history is read before the next.
 */

import { minuteMs } from '@jiyue/contract/time'
import type { Selectable } from 'kysely'
import type { FeedbackWordsTable } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import type { Complaints } from '../payment/gateways/gateway.ts'
import type { Answer } from '../platforms/answer.ts'
import { claimDue, eachDue } from '../sweep/claim.ts'
import { wechatComplaintsOf } from './complaints.ts'
import { answerBy, lockFeedback, writeWords } from './feedback.ts'

type WordsRow = Selectable<FeedbackWordsTable>

/** Tells what is due, oldest first; one that fails has its next turn later, ever longer. */
export async function tellWechatDue(parts: Parts): Promise<number> {
  const wechat = wechatComplaintsOf(parts)
  if (!wechat) return 0
  const now = parts.now()
  const duty = { table: 'feedback_words', due: 'tell_at', tries: 'tells', key: ['id'] } as const
  const due = await claimDue<WordsRow>(
    parts.db,
    duty,
    now,
    (_, tries) => new Date(now.getTime() + Math.min(60, 2 ** (tries - 1)) * minuteMs),
  )
  await eachDue(parts, due, (row) => tellOne(parts, wechat, row))
  return due.length
}

async function tellOne(parts: Parts, wechat: Complaints, row: WordsRow): Promise<void> {
  const { complaint_id } = await parts.db
    .selectFrom('complaints')
    .select('complaint_id')
    .where('feedback_id', '=', row.feedback_id)
    .executeTakeFirstOrThrow()
  const answer = await say(parts, wechat, row, complaint_id)
  if (!answer.ok && answer.kind === 'unknown') {
    parts.log.warn({ words: row.id, code: answer.code }, 'complaint: WeChat did not say')
    return
  }
  await tx(parts.db, async (t) => {
    if (!answer.ok) await openAgain(t, parts, row, answer.code)
    await t
      .updateTable('feedback_words')
      .set({
        tell_at: null,
        ...(answer.ok ? { told_at: parts.now() } : { tell_failure: answer.code }),
      })
      .where('id', '=', row.id)
      .execute()
    after(t, () => parts.bus.changed({ topics: ['console'] }))
  })
}

/** What WeChat does not take, its payer never reads: it is the team's again, with the reason. */
async function openAgain(t: Tx, parts: Parts, row: WordsRow, code: string): Promise<void> {
  const now = parts.now()
  const feedback = await lockFeedback(t, row.feedback_id)
  const over = row.tell === 'reply' ? 'answered' : 'closed'
  // An erased person's stays closed.
  if (feedback?.state !== over || feedback.text === '') return
  const { feedbackHours } = await readRules(t)
  await t
    .updateTable('feedback')
    .set({
      state: 'open',
      due_at: answerBy(now, feedbackHours),
      cause: null,
      solution: null,
      closed_at: null,
      changed_at: now,
    })
    .where('id', '=', row.feedback_id)
    .execute()
  const text =
    row.tell === 'reply'
      ? `微信支付未接受这条回复（${code}），请重新回复`
      : `微信支付未接受处理完成（${code}），请核对后重新办结`
  await writeWords(t, { feedbackId: row.feedback_id, by: 'wechat', kind: 'log', text, at: now })
}

async function say(
  parts: Parts,
  wechat: Complaints,
  { tell, tells, text, at }: WordsRow,
  complaintId: string,
): Promise<Answer<'told'>> {
  const now = parts.now()
  // The first try is in nobody's history yet.
  if (tells > 1) {
    const steps = await wechat.history(complaintId, now)
    if (!steps.ok) return steps
    const what = tell === 'reply' ? 'MERCHANT_RESPONSE' : 'MERCHANT_CONFIRM_COMPLETE'
    // WeChat's clock tells whole seconds.
    const since = at.getTime() - 5 * minuteMs
    const isThere = steps.value.some(
      (step) =>
        step.what === what &&
        step.at.getTime() >= since &&
        (tell === 'complete' || step.text === wechat.asSaid(text)),
    )
    if (isThere) return { ok: true, value: 'told' }
  }
  if (tell === 'reply') return wechat.reply(complaintId, text, now)
  const done = await wechat.complete(complaintId, now)
  if (done.ok || done.kind === 'unknown') return done
  // Completed already, by whomever: that is what was wanted.
  const fact = await wechat.find(complaintId, now)
  return fact.ok && fact.value.state === 'PROCESSED' ? { ok: true, value: 'told' } : done
}
