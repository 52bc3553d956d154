/** Refunds as the console shows them (P11). */
import type { Reply } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { isBeyond } from '../../db/conditions.ts'
import type { Parts } from '../../parts.ts'
import { doerName } from '../../people/doer.ts'
import { refundView } from '../refund.ts'
import { waysOf } from './patience.ts'

const PAGE = 50

export interface RefundFilter {
  state?: string | undefined
  after?: string | undefined
}

/** A page of refunds, newest first; `next` continues it. */
export async function listRefunds(
  { db, now }: Parts,
  { state, after }: RefundFilter,
): Promise<Reply<'listRefunds'>> {
  const rows = await db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('users', 'users.id', 'orders.user_id')
    .selectAll('refunds')
    .select([
      'payments.method',
      'orders.id as order_id',
      'orders.number',
      'services.name as service_name',
      'users.name as person',
      doerName('refunds.by').as('by_name'),
      doerName('refunds.otherwise_by').as('otherwise_by_name'),
    ])
    // Free payments have no method and nothing to give back.
    .where('payments.method', 'is not', null)
    .$if(state !== undefined, (q) => q.where(sql`refunds.state`, '=', state))
    .where(isBeyond([sql.ref('refunds.requested_at'), sql.ref('refunds.id')], after))
    .orderBy('refunds.requested_at', 'desc')
    .orderBy('refunds.id', 'desc')
    .limit(PAGE + 1)
    .execute()
  const page = rows.slice(0, PAGE)
  const last = rows.length > PAGE ? page.at(-1) : undefined
  return {
    refunds: page.map((row) => ({
      ...refundView(row),
      refundNo: row.refund_no,
      orderId: row.order_id,
      orderNumber: row.number,
      serviceName: row.service_name,
      person: row.person,
      method: row.method ?? 'wechat',
      by: row.by,
      byName: row.by_name,
      note: row.note,
      failure: row.failure,
      otherwise:
        row.otherwise_note !== null && row.evidence !== null
          ? { note: row.otherwise_note, evidence: row.evidence, byName: row.otherwise_by_name }
          : null,
      tries: row.tries,
      ways: waysOf(row, row.method),
    })),
    next: last ? `${last.requested_at.toISOString()},${last.id}` : null,
    now: now().toISOString(),
  }
}
