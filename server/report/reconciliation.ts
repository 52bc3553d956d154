/**
 * Reconciliation (M3): what came in and went back, by day, week or month, by service and by promotion.
 * Everything derives from payments and refunds: SQL sums one line a day, method and service, and what
 * is shown is folded from these lines, so that totals, periods and services always agree.
 */
import type { Fen } from '@jiyue/contract/money'
import type { Reply } from '@jiyue/contract/schema/wire'
import { type Day, merchantOffsetMinutes } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import { withinDays } from '../db/conditions.ts'
import type { Database } from '../db/schema.ts'
import type { Parts } from '../parts.ts'
import { foldLines, type MoneyLine, type Per } from './reconciled.ts'

/** Three years. */
export const longestReconciledDays = 1100

export interface ReconciliationOf {
  /** Both included, on the merchant's clock. */
  from: Day
  to: Day
  per: Per
  serviceId?: string | undefined
}

export async function reconcile(
  { db, now }: Pick<Parts, 'db' | 'now'>,
  of: ReconciliationOf,
): Promise<Reply<'getReconciliation'>> {
  const [lines, names, promotions, openDifferences] = await Promise.all([
    readLines(db, of),
    db.selectFrom('services').select(['id', 'name']).execute(),
    readPromotions(db, of),
    countOpen(db, of),
  ])
  return {
    ...foldLines(lines, of, new Map(names.map(({ id, name }) => [id, name]))),
    promotions,
    openDifferences,
    now: now().toISOString(),
  }
}

/** Money that came in by the day it was paid, money that went back by the day it was refunded. */
async function readLines(db: Kysely<Database>, of: ReconciliationOf): Promise<MoneyLine[]> {
  const { rows } = await sql<MoneyLine>`
    select ${dayIn('moved.at')}::text as day, moved.method, orders.service_id as "serviceId",
      count(*) filter (where moved.paid)::int as "paidCount",
      coalesce(sum(moved.fen) filter (where moved.paid), 0)::int8 as "paidFen",
      count(*) filter (where not moved.paid)::int as "refundedCount",
      coalesce(sum(moved.fen) filter (where not moved.paid), 0)::int8 as "refundedFen"
    from (
      select true as paid, order_id, method, paid_at as at, paid_fen as fen from payments
      where state = 'succeeded' and ${withinDays('paid_at', of)}
      union all
      select false, payments.order_id, payments.method, refunded_at, refunds.amount_fen
      from refunds join payments on payments.id = refunds.payment_id
      where refunds.state in ('succeeded', 'otherwise') and ${withinDays('refunded_at', of)}
    ) as moved join orders on orders.id = moved.order_id
    where moved.method is not null ${ofService(of)}
    group by 1, 2, 3`.execute(db)
  return rows
}

/**
 * Discounts on the quotes that were paid in the time: one payment stands for an order. What came on
 * top of it (a move's difference) or went back whole (paid twice, too late) had no discount.
 */
async function readPromotions(
  db: Kysely<Database>,
  of: ReconciliationOf,
): Promise<{ label: string; count: number; amountFen: Fen }[]> {
  const { rows } = await sql<{ label: string; count: number; amountFen: Fen }>`
    select line ->> 'label' as label, count(*)::int as count,
      (-sum((line ->> 'amountFen')::int8))::int8 as "amountFen"
    from payments join orders on orders.id = payments.order_id,
      jsonb_array_elements(orders.quote -> 'lines') as line
    where payments.state = 'succeeded' and ${withinDays('payments.paid_at', of)} ${ofService(of)}
      and payments.move_id is null and line ->> 'kind' = 'discount'
      and not exists (select from refunds where refunds.payment_id = payments.id
        and refunds.reason in ('paid_twice', 'wrong_amount', 'slot_gone'))
    group by 1 order by 3 desc, 1`.execute(db)
  return rows
}

async function countOpen(db: Kysely<Database>, { from, to }: ReconciliationOf): Promise<number> {
  const { count } = await db
    .selectFrom('differences')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('state', '=', 'open')
    .where('day', '>=', from)
    .where('day', '<=', to)
    .executeTakeFirstOrThrow()
  return count
}

function ofService({ serviceId }: ReconciliationOf) {
  return serviceId ? sql`and orders.service_id = ${serviceId}` : sql``
}

/** The merchant's day of an instant, in SQL: contract/time.ts dayOf. */
function dayIn(column: string) {
  return sql`(${sql.ref(column)} at time zone 'UTC'
    + make_interval(mins => ${merchantOffsetMinutes}::int))::date`
}
