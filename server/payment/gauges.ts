/** Numbers for Prometheus that mean: somebody must look at money. */
import { dayMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { Gauge, type Registry } from 'prom-client'
import type { Parts } from '../parts.ts'
import { lateDeliveries } from './deliveryList.ts'

/** Counted when asked for; NaN while the database does not answer. */
export function moneyGauges(registry: Registry, parts: Parts): void {
  const gauge = (name: string, help: string, count: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        try {
          this.set(await count())
        } catch (error) {
          parts.log.warn({ err: error, gauge: name }, 'not counted')
          this.set(Number.NaN)
        }
      },
    })
  gauge('jiyue_deliveries_late', 'Delivery info that WeChat should have by now.', async () => {
    return (await lateDeliveries(parts)).count
  })
  gauge(
    'jiyue_refunds_stuck',
    'Refunds that failed, or that nobody finished in five days.',
    async () => {
      const { count } = await parts.db
        .selectFrom('refunds')
        .select(sql<number>`count(*)::int`.as('count'))
        .where((eb) =>
          eb.or([
            eb('state', '=', 'failed'),
            // What payers are told is three working days; deposits are owed a day before they are due.
            eb('state', '=', 'requested').and(
              'requested_at',
              '<',
              new Date(parts.now().getTime() - 5 * dayMs),
            ),
          ]),
        )
        .executeTakeFirstOrThrow()
      return count
    },
  )
  const countOf = (table: 'bills' | 'differences', state: 'failed' | 'open') => async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} where state = ${state}`.execute(
      parts.db,
    )
    return rows[0]?.count ?? 0
  }
  gauge(
    'jiyue_bills_failed',
    'Bills that could not be had in three days.',
    countOf('bills', 'failed'),
  )
  gauge(
    'jiyue_differences_open',
    'Differences between bills and our books that are not resolved.',
    countOf('differences', 'open'),
  )
}
