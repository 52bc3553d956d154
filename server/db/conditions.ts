/** Conditions that many lists share. */
import { addDays, type Day, instantOf } from '@jiyue/contract/time'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from './schema.ts'

/** True of instants within these days of the merchant's clock, both included; an end may be open. */
export function withinDays(
  column: string,
  { from, to }: { from?: Day | undefined; to?: Day | undefined },
): RawBuilder<boolean> {
  const at = sql.ref(column)
  const bounds = [
    ...(from === undefined ? [] : [sql`${at} >= ${new Date(instantOf(from))}`]),
    ...(to === undefined ? [] : [sql`${at} < ${new Date(instantOf(addDays(to, 1)))}`]),
  ]
  return bounds.length === 0 ? sql`true` : sql`(${sql.join(bounds, sql` and `)})`
}

/**
 * True of rows that come after `cursor` (`time,id` of the last row shown, checked by the contract's
 * shape) in a list by `time` and `id`, newest first or, `upwards`, oldest first; of all without one.
 */
export function isBeyond(
  [time, id]: readonly [time: RawBuilder<unknown>, id: RawBuilder<unknown>],
  cursor: string | undefined,
  upwards = false,
): RawBuilder<boolean> {
  if (cursor === undefined) return sql`true`
  const [lastTime, lastId] = cursor.split(',')
  const than = sql.raw(upwards ? '>' : '<')
  return sql`(${time}, ${id}) ${than} (${lastTime}::timestamptz, ${lastId}::uuid)`
}

/** True of a whole order number, in whatever case: JY, a day, and digits. */
export function isOrderNumber(text: string): boolean {
  return /^JY\d{13}$/i.test(text)
}

/** For `ilike`: whatever holds these words, as they are typed: a percent sign is one. */
export function holding(words: string): string {
  return `%${words.replace(/[\\%_]/g, '\\$&')}%`
}

/** For `column = any(ids)`: one text for any number of them, so that its plan is kept (prepared.ts). */
export const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`

/**
 * True of orders that are in `state` at `now`, as contract/order.ts stateAt says. By plain columns: how
 * many there are of a state is known to the database's planner, of an expression it is not.
 */
export function inState(state: string, now: Date): RawBuilder<boolean> {
  if (state === 'expired') return sql`(orders.state = 'expired' or orders.held_until <= ${now})`
  if (state === 'held' || state === 'registered')
    return sql`(orders.state = ${state} and orders.held_until > ${now})`
  return sql`orders.state = ${state}`
}

/** Services whose name holds these words: few, and asked first, so that orders are found by their ids. */
export async function servicesNamed(
  db: Kysely<Database>,
  words: string | undefined,
): Promise<string[]> {
  if (!words) return []
  const rows = await db
    .selectFrom('services')
    .select('id')
    .where('name', 'ilike', holding(words))
    .execute()
  return rows.map(({ id }) => id)
}
