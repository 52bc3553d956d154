/** Delivery info WeChat has not taken yet, and the alarm about what waits too long. */
import type { Reply } from '@jiyue/contract/schema/wire'
import { minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'

/** Waiting and refused delivery info, oldest first, at most 200. */
export async function listDeliveries(parts: Parts): Promise<Reply<'listDeliveries'>> {
  const late = await lateSince(parts)
  const rows = await parts.db
    .selectFrom('deliveries')
    .innerJoin('payments', 'payments.id', 'deliveries.payment_id')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .selectAll('deliveries')
    .select(['orders.id as order_id', 'orders.number', 'services.name', 'payments.paid_fen'])
    .where('deliveries.state', '<>', 'sent')
    .orderBy('deliveries.since')
    .orderBy('deliveries.payment_id')
    .limit(200)
    .execute()
  return {
    deliveries: rows.map((row) => ({
      id: row.payment_id,
      orderId: row.order_id,
      orderNumber: row.number,
      serviceName: row.name,
      amountFen: row.paid_fen ?? 0,
      state: row.state === 'failed' ? 'failed' : 'waiting',
      failure: row.failure,
      tries: row.tries,
      since: row.since.toISOString(),
      late: row.since < late,
    })),
    now: parts.now().toISOString(),
  }
}

/** How many are late by rules.deliveryAlarmHours, and since when the oldest. */
export async function lateDeliveries(
  parts: Parts,
): Promise<{ count: number; oldest: Date | null }> {
  return parts.db
    .selectFrom('deliveries')
    .select([sql<number>`count(*)::int`.as('count'), sql<Date | null>`min(since)`.as('oldest')])
    .where('state', '<>', 'sent')
    .where('since', '<', await lateSince(parts))
    .executeTakeFirstOrThrow()
}

/** Calls somebody while money stays frozen; swept once an hour. */
export async function alarmDeliveries(parts: Parts): Promise<number> {
  const { count, oldest } = await lateDeliveries(parts)
  if (count > 0) parts.log.error({ count, oldest }, 'delivery info is late: money stays frozen')
  return count
}

async function lateSince({ db, now }: Parts): Promise<Date> {
  const { deliveryAlarmHours } = await readRules(db)
  return new Date(now().getTime() - deliveryAlarmHours * 60 * minuteMs)
}
