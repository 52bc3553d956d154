/** Our books as a bill is compared with them: what it names, and what it should have named. */
import { type Day, dayOf } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { BillRow } from '../gateways/gateway.ts'
import { type BillOf, keyOf, type Ours, spanOf, windowOf } from './match.ts'

/** Both; to be asked once the bill's own rows are kept. */
export async function booksOf(
  db: Kysely<Database>,
  bill: BillOf,
  rows: readonly BillRow[],
  now: Date,
): Promise<Ours[]> {
  const [named, unlisted] = [await namedBy(db, bill.method, rows), await unlistedOn(db, bill, rows)]
  const read = await readDays(db, bill, now)
  const expected = unlisted.map((entry) => ({
    ...entry,
    isDue: spanOf(entry.since, entry.at).every(read),
  }))
  // A refund names its payment too; that does not put the payment on the bill.
  const known = new Map([...named, ...expected].map((entry) => [keyOf(entry.about, entry), entry]))
  return [...known.values()]
}

/** Payments and refunds of ours that rows name, and the payments their refunds name. */
export async function namedBy(
  db: Kysely<Database>,
  method: BillOf['method'],
  rows: readonly BillRow[],
): Promise<Ours[]> {
  const tradeNos = [...new Set(rows.map((row) => row.tradeNo))]
  const refundNos = rows.flatMap((row) => row.refundNo ?? [])
  const [trades, refunds] = await Promise.all([
    paymentsQuery(db, method)
      .where(sql<boolean>`payments.trade_no = any(${tradeNos}::text[])`)
      .execute(),
    refundsQuery(db, method)
      .where(sql<boolean>`refunds.refund_no = any(${refundNos}::text[])`)
      .execute(),
  ])
  return [...trades.map(tradeEntry), ...refunds.map(refundEntry)]
}

/** True for days whose bill was read, and for days that never had one to read. */
async function readDays(
  db: Kysely<Database>,
  { method, day }: BillOf,
  now: Date,
): Promise<(asked: Day) => boolean> {
  const open = await db
    .selectFrom('bills')
    .select('day')
    .where('method', '=', method)
    .where('day', '<>', day)
    .where('state', 'in', ['waiting', 'failed'])
    .execute()
  const waiting = new Set(open.map((row) => row.day))
  const today = dayOf(now.getTime())
  return (asked) => asked < today && !waiting.has(asked)
}

/** Whether money moved around the day by our books, wherever it is listed. */
export async function hasMoney(db: Kysely<Database>, { method, day }: BillOf): Promise<boolean> {
  const { from, until } = windowOf(day)
  const [trade, refund] = await Promise.all([
    paymentsQuery(db, method)
      .where('payments.paid_at', '>=', from)
      .where('payments.paid_at', '<', until)
      .executeTakeFirst(),
    refundsQuery(db, method)
      .where('refunds.refunded_at', '>=', from)
      .where('refunds.refunded_at', '<', until)
      .executeTakeFirst(),
  ])
  return trade !== undefined || refund !== undefined
}

type Moved = Omit<Ours, 'at'> & { at: Date; since: Date }

/** Money that moved by our books around `day` and stands on no bill at all. */
async function unlistedOn(
  db: Kysely<Database>,
  bill: BillOf,
  rows: readonly BillRow[],
): Promise<Moved[]> {
  const { from, until } = windowOf(bill.day)
  const [trades, refunds] = await Promise.all([
    paymentsQuery(db, bill.method)
      .where('payments.state', '=', 'succeeded')
      .where('payments.paid_fen', '>', 0)
      .where('payments.paid_at', '>=', from)
      .where('payments.paid_at', '<', until)
      .execute(),
    refundsQuery(db, bill.method)
      .where('refunds.state', '=', 'succeeded')
      .where('refunds.refunded_at', '>=', from)
      .where('refunds.requested_at', '<', until)
      .execute(),
  ])
  const all = [
    ...trades.flatMap((row) => moved(tradeEntry(row), row.paid_at)),
    ...refunds.flatMap((row) => moved(refundEntry(row), row.requested_at)),
  ]
  const listed = new Set(rows.map((row) => keyOf(row.kind, row)))
  const left = all.filter((entry) => !listed.has(keyOf(entry.about, entry)))
  const elsewhere = await listedAtAll(db, bill, left)
  return left.filter((entry) => !elsewhere.has(keyOf(entry.about, entry)))
}

function moved(entry: Ours, since: Date | null): Moved[] {
  return entry.at && since ? [{ ...entry, at: entry.at, since }] : []
}

/** Which of these stand on some day's bill. */
async function listedAtAll(
  db: Kysely<Database>,
  { method }: BillOf,
  entries: readonly Ours[],
): Promise<Set<string>> {
  if (entries.length === 0) return new Set()
  const numbers = entries.map((entry) => entry.refundNo ?? entry.tradeNo)
  const rows = await db
    .selectFrom('bill_rows')
    .select(['kind', 'trade_no', 'refund_no'])
    .where('method', '=', method)
    .where('kind', 'in', ['trade', 'refund'])
    .where(sql<boolean>`coalesce(refund_no, trade_no) = any(${numbers}::text[])`)
    .execute()
  return new Set(
    rows.map((row) => keyOf(row.kind, { tradeNo: row.trade_no, refundNo: row.refund_no })),
  )
}

function paymentsQuery(db: Kysely<Database>, method: BillOf['method']) {
  return db
    .selectFrom('payments')
    .select(['id', 'trade_no', 'amount_fen', 'paid_fen', 'paid_at', 'state'])
    .where('payments.method', '=', method)
}

function refundsQuery(db: Kysely<Database>, method: BillOf['method']) {
  return db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .select([
      'refunds.id',
      'refunds.payment_id',
      'refunds.refund_no',
      'refunds.amount_fen',
      'refunds.state',
      'refunds.requested_at',
      'refunds.refunded_at',
      'payments.trade_no',
    ])
    .where('payments.method', '=', method)
}

type PaymentSeen = Awaited<ReturnType<ReturnType<typeof paymentsQuery>['execute']>>[number]
type RefundSeen = Awaited<ReturnType<ReturnType<typeof refundsQuery>['execute']>>[number]

function tradeEntry(row: PaymentSeen): Ours {
  return {
    about: 'trade',
    tradeNo: row.trade_no,
    refundNo: null,
    amountFen: row.paid_fen ?? row.amount_fen,
    state: row.state,
    paymentId: row.id,
    refundId: null,
    at: row.paid_at,
    isDue: false,
  }
}

function refundEntry(row: RefundSeen): Ours {
  return {
    about: 'refund',
    tradeNo: row.trade_no,
    refundNo: row.refund_no,
    amountFen: row.amount_fen,
    state: row.state,
    paymentId: row.payment_id,
    refundId: row.id,
    at: row.refunded_at,
    isDue: false,
  }
}
