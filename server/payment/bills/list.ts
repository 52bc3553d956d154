/** Bills and differences as the console shows them (M3). */
import type { DifferenceState } from '@jiyue/contract/bill'
import type { Method } from '@jiyue/contract/payment'
import type { Bill, Difference } from '@jiyue/contract/schema/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import type { Day } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import { isBeyond } from '../../db/conditions.ts'
import type { Database } from '../../db/schema.ts'
import { tx } from '../../db/tx.ts'
import type { Parts } from '../../parts.ts'
import { doerName } from '../../people/doer.ts'
import { failureText } from './failures.ts'
import type { BillOf } from './match.ts'

const PAGE = 50

/** Bills of the days, newest first. */
export async function listBills(db: Kysely<Database>, days: { from: Day; to: Day }) {
  const rows = await billsQuery(db)
    .where('bills.day', '>=', days.from)
    .where('bills.day', '<=', days.to)
    .orderBy('bills.day', 'desc')
    .orderBy('bills.method', 'desc')
    .execute()
  return rows.map(billView)
}

export async function readBill(db: Kysely<Database>, { method, day }: BillOf): Promise<Bill> {
  const row = await billsQuery(db)
    .where('bills.method', '=', method)
    .where('bills.day', '=', day)
    .executeTakeFirstOrThrow()
  return billView(row)
}

function billsQuery(db: Kysely<Database>) {
  return db
    .selectFrom('bills')
    .selectAll('bills')
    .select(
      sql<number>`(select count(*)::int from differences where differences.state = 'open'
        and differences.method = bills.method and differences.day = bills.day)`.as('open'),
    )
}

type BillSeen = Awaited<ReturnType<ReturnType<typeof billsQuery>['execute']>>[number]

function billView(row: BillSeen): Bill {
  return {
    method: row.method,
    day: row.day,
    state: row.state,
    rows: row.rows,
    paidFen: row.paid_fen,
    refundedFen: row.refunded_fen,
    openDifferences: row.open,
    failure: row.failure && failureText(row.failure),
    matchedAt: row.matched_at?.toISOString() ?? null,
  }
}

export interface DifferenceFilter {
  state?: DifferenceState | undefined
  method?: Method | undefined
  day?: Day | undefined
  after?: string | undefined
}

/** A page of differences, newest first; `next` continues it, `open` counts all that are open. */
export async function listDifferences(
  { db, now }: Parts,
  { state, method, day, after }: DifferenceFilter,
): Promise<Reply<'listDifferences'>> {
  const rows = await differencesQuery(db)
    .$if(state !== undefined, (q) => q.where(sql`differences.state`, '=', state))
    .$if(method !== undefined, (q) => q.where(sql`differences.method`, '=', method))
    .$if(day !== undefined, (q) => q.where(sql`differences.day`, '=', day))
    .where(isBeyond([sql.ref('differences.found_at'), sql.ref('differences.id')], after))
    .orderBy('differences.found_at', 'desc')
    .orderBy('differences.id', 'desc')
    .limit(PAGE + 1)
    .execute()
  const page = rows.slice(0, PAGE)
  const last = rows.length > PAGE ? page.at(-1) : undefined
  const { open } = await db
    .selectFrom('differences')
    .select(sql<number>`count(*)::int`.as('open'))
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return {
    differences: page.map(differenceView),
    next: last ? `${last.found_at.toISOString()},${last.id}` : null,
    open,
    now: now().toISOString(),
  }
}

/**
 * Says how a difference was resolved. `resolved`: it was already. Null when there is none.
 */
export async function resolveDifference(
  { db, now }: Parts,
  id: string,
  note: string,
  personId: string,
): Promise<Difference | 'resolved' | null> {
  const { numUpdatedRows } = await tx(db, (t) =>
    t
      .updateTable('differences')
      .set({ state: 'resolved', resolution: note, by: `merchant:${personId}`, resolved_at: now() })
      .where('id', '=', id)
      .where('state', '=', 'open')
      .executeTakeFirst(),
  )
  const row = await differencesQuery(db).where('differences.id', '=', id).executeTakeFirst()
  if (!row) return null
  return numUpdatedRows > 0n ? differenceView(row) : 'resolved'
}

function differencesQuery(db: Kysely<Database>) {
  return db
    .selectFrom('differences')
    .leftJoin('payments', 'payments.id', 'differences.payment_id')
    .leftJoin('orders', 'orders.id', 'payments.order_id')
    .selectAll('differences')
    .select(['orders.id as order_id', 'orders.number', doerName('differences.by').as('by_name')])
}

type DifferenceSeen = Awaited<ReturnType<ReturnType<typeof differencesQuery>['execute']>>[number]

function differenceView(row: DifferenceSeen): Difference {
  return {
    id: row.id,
    method: row.method,
    day: row.day,
    kind: row.kind,
    about: row.about,
    tradeNo: row.trade_no,
    refundNo: row.refund_no,
    order: row.order_id && row.number ? { id: row.order_id, number: row.number } : null,
    oursFen: row.ours_fen,
    theirsFen: row.theirs_fen,
    oursState: row.ours_state,
    theirsState: row.theirs_state,
    state: row.state,
    resolution: row.resolution,
    by: row.by,
    byName: row.by_name,
    foundAt: row.found_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
  }
}
