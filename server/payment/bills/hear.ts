/** What a bill tells of money our books do not have goes through the one door first (P10). */
import { sql } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Answer, BillRow, RefundFact, TradeFact } from '../gateways/gateway.ts'
import { settleRefund } from '../refund.ts'
import { settle } from '../settle.ts'
import { namedBy } from './books.ts'
import { type BillOf, keyOf } from './match.ts'

/** At once; each may ask the gateway and takes a connection. */
const TOGETHER = 4

/**
 * Settles every row that our books do not have as done. Rows of a file that nobody signed are hints:
 * the gateway is asked, and its answer is what settles. False: it did not answer about one of them.
 */
export async function hearRows(
  parts: Parts,
  bill: BillOf,
  rows: readonly BillRow[],
  proven: boolean,
): Promise<boolean> {
  const news = await unheard(parts, bill, rows)
  let answered = true
  for (let at = 0; at < news.length; at += TOGETHER) {
    const told = await Promise.all(
      news.slice(at, at + TOGETHER).map((row) => hear(parts, bill, row, proven)),
    )
    answered &&= told.every(Boolean)
  }
  return answered
}

/** Rows of money that moved, which our books have not, and which no bill told in these words yet. */
async function unheard(parts: Parts, { method }: BillOf, rows: readonly BillRow[]) {
  const done = rows.filter((row) => row.state === 'succeeded')
  const books = await namedBy(parts.db, method, done)
  const known = new Set(
    books.filter((entry) => entry.state === 'succeeded').map((entry) => keyOf(entry.about, entry)),
  )
  const news = done.filter((row) => !known.has(keyOf(row.kind, row)))
  if (news.length === 0) return []
  const told = await parts.db
    .selectFrom('facts')
    .select(['kind', 'trade_no', 'refund_no', 'amount_fen'])
    .where('heard_by', '=', 'bill')
    .where('method', '=', method)
    .where('state', 'in', ['paid', 'succeeded'])
    .where(sql<boolean>`coalesce(refund_no, trade_no) = any(${news.map(numberOf)}::text[])`)
    .execute()
  const before = new Set(
    told.map((fact) => `${fact.kind} ${fact.refund_no ?? fact.trade_no} ${fact.amount_fen}`),
  )
  return news.filter((row) => !before.has(`${row.kind} ${numberOf(row)} ${row.amountFen}`))
}

function numberOf({ refundNo, tradeNo }: BillRow): string {
  return refundNo ?? tradeNo
}

async function hear(parts: Parts, bill: BillOf, row: BillRow, proven: boolean): Promise<boolean> {
  const fact = proven
    ? { ok: true as const, value: factOf(bill, row) }
    : await asked(parts, bill, row)
  if (!fact.ok) {
    parts.log.warn(
      { ...bill, number: numberOf(row), code: fact.code },
      'no answer about a bill row',
    )
    return fact.kind === 'refused'
  }
  const reference = `bill ${bill.day}`
  const { value } = fact
  // The file claims what its maker does not know of: a difference, and nothing to settle.
  if (value.state === 'missing') return true
  if (value.kind === 'refund') await settleRefund(parts, { ...value, reference }, 'bill')
  else await settle(parts, { ...value, reference }, 'bill')
  return true
}

function factOf({ method }: BillOf, row: BillRow): TradeFact | RefundFact {
  const { tradeNo, refundNo, amountFen, transactionId, at } = row
  if (refundNo === null) {
    const paid = { state: 'paid' as const, amountFen, transactionId, paidAt: at }
    return { kind: 'trade', method, tradeNo, ...paid }
  }
  const done = { state: 'succeeded' as const, amountFen, refundedAt: at }
  return { kind: 'refund', method, refundNo, tradeNo, ...done }
}

function asked(
  { gateways, now }: Parts,
  { method }: BillOf,
  { refundNo, tradeNo }: BillRow,
): Promise<Answer<TradeFact | RefundFact>> {
  const gateway = gateways[method]
  return refundNo === null
    ? gateway.query(tradeNo, now())
    : gateway.queryRefund(refundNo, tradeNo, now())
}
