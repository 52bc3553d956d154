/** Differences as they are kept: each once, gone by themselves when they are gone. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../db/tx.ts'
import type { BillOf, Found } from './match.ts'

const CHUNK = 1000
const VANISHED = '账单与系统已一致，自动核销'

/**
 * Keeps what was found on a bill and resolves what is no longer there. The same again changes
 * nothing; what a person resolved stays resolved, as long as its amounts are the same. Answers how
 * many are new, changed or back.
 */
export async function keepDifferences(
  t: Tx,
  bill: BillOf,
  found: readonly Found[],
  now: Date,
): Promise<number> {
  await resolveVanished(t, bill, found, now)
  let news = 0
  for (let at = 0; at < found.length; at += CHUNK) {
    news += await keepSome(t, bill, found.slice(at, at + CHUNK), now)
  }
  return news
}

async function keepSome(
  t: Tx,
  { method }: BillOf,
  found: readonly Found[],
  now: Date,
): Promise<number> {
  const rows = found.map((one) => ({
    id: randomUUID(),
    method,
    day: one.day,
    kind: one.kind,
    about: one.about,
    trade_no: one.tradeNo,
    refund_no: one.refundNo,
    payment_id: one.paymentId,
    refund_id: one.refundId,
    ours_fen: one.oursFen,
    theirs_fen: one.theirsFen,
    ours_state: one.oursState,
    theirs_state: one.theirsState,
    resolution: null,
    by: null,
    found_at: now,
    resolved_at: null,
  }))
  const written = await t
    .insertInto('differences')
    .values(rows)
    .onConflict((clash) =>
      clash
        .expression(sql`method, about, coalesce(refund_no, trade_no), kind, day`)
        .doUpdateSet({
          payment_id: sql`excluded.payment_id`,
          refund_id: sql`excluded.refund_id`,
          ours_fen: sql`excluded.ours_fen`,
          theirs_fen: sql`excluded.theirs_fen`,
          ours_state: sql`excluded.ours_state`,
          theirs_state: sql`excluded.theirs_state`,
          state: 'open',
          resolution: null,
          by: null,
          resolved_at: null,
        })
        .where(
          // What a person resolved spoke of these amounts: others are another question.
          sql<boolean>`differences.by = 'bill' or (differences.state = 'open'
            and (differences.ours_fen, differences.theirs_fen, differences.ours_state,
              differences.theirs_state) is distinct from (excluded.ours_fen, excluded.theirs_fen,
              excluded.ours_state, excluded.theirs_state))
            or (differences.ours_fen, differences.theirs_fen)
              is distinct from (excluded.ours_fen, excluded.theirs_fen)`,
        ),
    )
    .returning('id')
    .execute()
  return written.length
}

/** Of this bill; and what was missing on another day's, if this one brought it. */
async function resolveVanished(
  t: Tx,
  { method, day }: BillOf,
  found: readonly Found[],
  now: Date,
): Promise<void> {
  const there = found.map((one) =>
    [one.about, one.refundNo ?? one.tradeNo, one.kind, one.day].join(' '),
  )
  await sql`
    update differences
    set state = 'resolved', resolution = ${VANISHED}, by = 'bill', resolved_at = ${now}
    where state = 'open' and method = ${method}
      and (day = ${day} or kind = 'ours_only' and exists (
        select from bill_rows where bill_rows.method = differences.method
          and bill_rows.kind = differences.about
          and coalesce(bill_rows.refund_no, bill_rows.trade_no)
            = coalesce(differences.refund_no, differences.trade_no)))
      and concat_ws(' ', about, coalesce(refund_no, trade_no), kind, day::text)
        <> all(${there}::text[])`.execute(t)
}
