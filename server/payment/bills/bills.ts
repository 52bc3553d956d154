/**
 * Bills (M3): every method's day is fetched on the next and matched with our books. A row a method and
 * day says when to ask; what it takes is asked for without a transaction, what it says is written in
 * one. Doing it again changes nothing.
 */
import { methods } from '@jiyue/contract/payment'
import { addDays, type Day, dayMs, dayOf, instantOf, minuteMs } from '@jiyue/contract/time'
import { type Selectable, sql } from 'kysely'
import type { BillTable } from '../../db/schema.ts'
import { after, type Tx, tx } from '../../db/tx.ts'
import type { Parts } from '../../parts.ts'
import type { BillFile, BillRow } from '../gateways/gateway.ts'
import { booksOf, hasMoney } from './books.ts'
import { keepDifferences } from './differences.ts'
import { hearRows } from './hear.ts'
import { type BillOf, match } from './match.ts'
import { merged } from './merge.ts'

/** `not_ready`: asked again by itself. `failed`: this try brought nothing that can be believed. */
export type BillVerdict = 'matched' | 'empty' | 'not_ready' | 'failed'

/** Three days of asking every half hour; then a person must look. */
export const MOST_TRIES = 144
const EVERY_MINUTES = 30
/** WeChat keeps three months; a little less, for what lies between. */
export const OLDEST_DAYS = 85

/** When a bill is asked for again. */
export function nextBillTry(now: Date): Date {
  return new Date(now.getTime() + EVERY_MINUTES * minuteMs)
}

/**
 * Makes the rows of days that are over: from a method's first payment on, or from where it left off.
 * Bills can be fetched from 10:00 of the next day.
 */
export async function planBills({ db }: Pick<Parts, 'db'>, now: Date): Promise<void> {
  const today = dayOf(now.getTime())
  await sql`
    insert into bills (method, day, state, due_at)
    select begun.method, days.day::date, 'waiting',
      -- 10:00 in China, where both providers make them
      (days.day + interval '1 day 2 hours') at time zone 'UTC'
    from (
      select methods.method, coalesce(
        (select max(bills.day) + 1 from bills where bills.method = methods.method),
        -- a little earlier in China: just after midnight it may stand on the bill of the day before
        (select min(created_at at time zone 'UTC' + interval '7 hours 45 minutes')::date
          from payments where payments.method = methods.method)) as day
      from unnest(${[...methods]}::text[]) as methods (method)) as begun,
      generate_series(greatest(begun.day, ${addDays(today, -OLDEST_DAYS)}::date)::timestamp,
        ${addDays(today, -1)}::timestamp, interval '1 day') as days (day)
    where begun.day is not null
    on conflict do nothing`.execute(db)
}

/** Fetches one bill and matches it. `tries` so far decide when a sweep gives up. */
export async function matchBill(
  parts: Parts,
  { method, day, tries = 0 }: BillOf & { tries?: number },
): Promise<BillVerdict> {
  const bill = { method, day }
  const answer = await parts.gateways[method].bill(day, parts.now())
  if (!answer.ok) {
    return postpone(parts, bill, tries, { code: answer.code, message: answer.message })
  }
  const file = await finalWord(parts, bill, tries, answer.value)
  if (file.state === 'not_ready') return postpone(parts, bill, tries, { code: 'not_ready' })
  const rows = file.state === 'ready' ? merged(file.rows) : []
  const proven = file.state === 'ready' && file.proven
  if (!(await hearRows(parts, bill, rows, proven))) {
    return postpone(parts, bill, tries, { code: 'no_answer', message: 'asked about its rows' })
  }
  await tx(parts.db, (t) => keep(t, parts, bill, file, rows))
  return file.state === 'ready' ? 'matched' : 'empty'
}

/**
 * Alipay says of a day without money now that it has no data, now that there is no such bill. When it
 * still says the latter after all the tries, and our books have nothing either, nothing happened.
 */
async function finalWord(
  { db }: Parts,
  bill: BillOf,
  tries: number,
  file: BillFile,
): Promise<BillFile> {
  if (file.state !== 'not_ready' || tries < MOST_TRIES) return file
  return (await hasMoney(db, bill)) ? file : { state: 'empty' }
}

/** The bill's rows, its differences and its state, together. */
async function keep(
  t: Tx,
  parts: Parts,
  bill: BillOf,
  file: Exclude<BillFile, { state: 'not_ready' }>,
  rows: readonly BillRow[],
): Promise<void> {
  const now = parts.now()
  // Neighbouring days look at each other's rows: one bill of a method at a time.
  await sql`select pg_advisory_xact_lock(hashtext(${`bills ${bill.method}`}))`.execute(t)
  const total = (kind: BillRow['kind']) =>
    rows.reduce((sum, row) => sum + (row.kind === kind ? row.amountFen : 0), 0)
  const read = {
    state: file.state === 'ready' ? ('matched' as const) : ('empty' as const),
    due_at: null,
    rows: rows.length,
    paid_fen: total('trade'),
    refunded_fen: total('refund'),
    digest: file.state === 'ready' ? file.digest : null,
    failure: null,
    matched_at: now,
  }
  await t
    .insertInto('bills')
    .values({ ...bill, ...read })
    .onConflict((clash) => clash.columns(['method', 'day']).doUpdateSet(read))
    .execute()
  await keepRows(t, bill, rows)
  const found = match(bill.day, await booksOf(t, bill, rows, now), rows)
  const news = await keepDifferences(t, bill, found, now)
  after(t, () => {
    parts.bus.changed({ topics: ['console'] })
    if (news > 0) parts.log.error({ ...bill, news }, 'a bill and our books do not agree')
  })
}

const CHUNK = 2000

async function keepRows(t: Tx, bill: BillOf, rows: readonly BillRow[]): Promise<void> {
  const { method, day } = bill
  await t.deleteFrom('bill_rows').where('method', '=', method).where('day', '=', day).execute()
  for (let at = 0; at < rows.length; at += CHUNK) {
    const some = rows.slice(at, at + CHUNK).map((row) => ({
      ...bill,
      kind: row.kind,
      trade_no: row.tradeNo,
      refund_no: row.refundNo,
      amount_fen: row.amountFen,
      charge: row.charge,
      transaction_id: row.transactionId,
      at: row.at,
    }))
    await t.insertInto('bill_rows').values(some).execute()
  }
}

/** Writes down why there is no bill yet; after too many tries a person must look. */
async function postpone(
  parts: Parts,
  bill: BillOf,
  tries: number,
  why: { code: string; message?: string },
): Promise<BillVerdict> {
  const over = tries >= MOST_TRIES
  const told = { ...bill, ...why, tries }
  const was = await note(parts, bill, { failure: why.code, ...(over && GIVEN_UP) })
  if (over) parts.log.error(told, 'a bill could not be had: a person must look')
  else if (why.code === 'not_ready') parts.log.info(told, 'a bill is not made yet')
  else parts.log.warn(told, 'a bill could not be read')
  if (was) parts.bus.changed({ topics: ['console'] })
  return why.code === 'not_ready' ? 'not_ready' : 'failed'
}

const GIVEN_UP = { state: 'failed', due_at: null } as const

/** A bill that was matched once stays so, whatever a later look brings. */
async function note(
  { db }: Parts,
  { method, day }: BillOf,
  change: Partial<Pick<Selectable<BillTable>, 'state' | 'due_at' | 'failure'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('bills')
    .set(change)
    .where('method', '=', method)
    .where('day', '=', day)
    .where('state', 'in', ['waiting', 'failed'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** True for days that can be asked for: over, and kept by the providers. */
export function isAskable(day: Day, now: Date): 'yes' | 'too_early' | 'too_old' {
  const today = dayOf(now.getTime())
  if (day >= today) return 'too_early'
  return instantOf(today) - instantOf(day) > 92 * dayMs ? 'too_old' : 'yes'
}
