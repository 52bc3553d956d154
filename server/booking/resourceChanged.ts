/** A change of staff, rooms, branches or areas: written down, and heard by every page. */
import type { Topic } from '@jiyue/contract/live'
import { after, type Tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'

/** Every service's page may name it. */
export async function resourceChanged(
  t: Tx,
  { bus, now }: Parts,
  personId: string,
  details: Record<string, unknown>,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id: null,
      slot_id: null,
      what: 'resource',
      by: `merchant:${personId}`,
      details: JSON.stringify(details),
      at: now(),
    })
    .execute()
  await tellEveryService(t, bus)
}

/** Once it is committed, every service's page and the console read again. */
export async function tellEveryService(t: Tx, bus: Parts['bus']): Promise<void> {
  const services = await t.selectFrom('services').select('id').execute()
  const topics = services.map(({ id }): Topic => `service:${id}`)
  after(t, () => bus.changed({ topics: [...topics, 'console'] }))
}
