/** Numbers for Prometheus that mean: somebody must look at money. */
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
  gauge('jiyue_refunds_failed', 'Refunds that wait for a person.', async () => {
    const { count } = await parts.db
      .selectFrom('refunds')
      .select(sql<number>`count(*)::int`.as('count'))
      .where('state', '=', 'failed')
      .executeTakeFirstOrThrow()
    return count
  })
}
