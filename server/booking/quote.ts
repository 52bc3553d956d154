/** The quote of an order: locked from registration on, computed before; priced anew by a move. */
import type { Quote } from '@jiyue/contract/pricing'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import type { OrderRow } from '../order/order.ts'
import { moveQuote, priceOrder, unitsOf } from './price.ts'

/** What `order` costs at `now`; the locked price when there is one (P6). */
export async function quoteOf(db: Kysely<Database>, order: OrderRow, now: Date): Promise<Quote> {
  if (order.quote) return order.quote
  const service = await db
    .selectFrom('services')
    .innerJoin('slots', 'slots.service_id', 'services.id')
    .selectAll('services')
    .select((eb) => eb.fn.coalesce('slots.price_fen', 'services.price_fen').as('price_fen'))
    .where('slots.id', '=', order.slot_id)
    .executeTakeFirstOrThrow()
  const promotions = await promotionsOf(db, order.service_id, now)
  return priceOrder(service, order.party, promotions, await isFirst(db, order))
}

/**
 * The price that registering locks. Of orders registered at once by one person one is the first: they
 * wait for each other here, between the slots' locks and the order's, until the caller's commit.
 */
export async function quoteToLock(t: Tx, order: OrderRow, now: Date): Promise<Quote> {
  await sql`select lock_slots(array[${order.slot_id}::uuid])`.execute(t)
  await sql`select lock_user(${order.user_id}::uuid)`.execute(t)
  return quoteOf(t, order, now)
}

/**
 * Whether a 新人 discount is this order's: its person has never had an order confirmed, and no other
 * one of theirs has the discount while it waits for its money. One that ends unconfirmed gives it
 * free; money that comes late for such a one is taken at the price that was promised.
 */
async function isFirst(db: Kysely<Database>, order: OrderRow): Promise<boolean> {
  const other = await db
    .selectFrom('orders')
    .select('id')
    .where('user_id', '=', order.user_id)
    .where('id', '<>', order.id)
    .where((eb) =>
      eb.or([
        eb('confirmed_at', 'is not', null),
        eb.and([
          eb('state', '=', 'registered'),
          sql<boolean>`held_until > clock_timestamp()`,
          sql<boolean>`quote @> '{"lines": [{"firstOrder": true}]}'`,
        ]),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return other === undefined
}

/** What a registered `order` would cost in another slot of its service, at that slot's price now. */
export async function quoteInSlot(
  db: Kysely<Database>,
  { quote, party }: Pick<OrderRow, 'quote' | 'party'>,
  slotId: string,
): Promise<Quote> {
  if (!quote) throw new Error('an order without a locked price cannot be priced anew')
  const service = await db
    .selectFrom('slots')
    .innerJoin('services', 'services.id', 'slots.service_id')
    .select(['services.charged_per'])
    .select((eb) => eb.fn.coalesce('slots.price_fen', 'services.price_fen').as('unit_fen'))
    .where('slots.id', '=', slotId)
    .executeTakeFirstOrThrow()
  return moveQuote(quote, service.unit_fen, unitsOf(service, party))
}

/** Promotions of a service that run at `now`, in order. */
export function promotionsOf(db: Kysely<Database>, serviceId: string, now: Date) {
  return db
    .selectFrom('promotions')
    .select(['label', 'kind', 'value'])
    .where((eb) => eb.or([eb('service_id', '=', serviceId), eb('service_id', 'is', null)]))
    .where('starts_at', '<=', now)
    .where('ends_at', '>', now)
    .orderBy('position')
    .execute()
}
