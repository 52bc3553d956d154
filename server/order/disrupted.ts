/** Whether an order's slot falls through (M9): leaving it costs nothing, by whatever way. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'

/** Of a join or a select over `orders`: its slot fell through while it was in it. */
export const disruptedOrder = sql<boolean>`exists (select from disrupted_orders
  where disrupted_orders.order_id = orders.id and disrupted_orders.slot_id = orders.slot_id)`

export async function isDisrupted(
  db: Kysely<Database>,
  order: { id: string; slot_id: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('disrupted_orders')
    .select('id')
    .where('order_id', '=', order.id)
    .where('slot_id', '=', order.slot_id)
    .executeTakeFirst()
  return row !== undefined
}
