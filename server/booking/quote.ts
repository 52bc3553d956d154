/** The quote of an order: locked from registration on, computed before; priced anew by a move. */

import type { Quote } from '@jiyue/contract/pricing'
import { type Kysely, sql } from 'kysely'
import { anyOf } from '../db/conditions.ts'
import { gathered, gatheredWhole, listsBy } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import type { OrderRow } from '../order/order.ts'
import { type FreeCoupon, freeCoupons } from './coupon.ts'
import { moveQuote, type Promotion, priceOrder, unitsOf } from './price.ts'

/** What `order` costs at `now`; the locked price when there is one (P6). */
export async function quoteOf(db: Kysely<Database>, order: OrderRow, now: Date): Promise<Quote> {
  if (order.quote) return order.quote
  const [service, promotions, first, coupon] = await Promise.all([
    serviceInSlot(db, order.slot_id),
    promotionsOf(db, order.service_id, now),
    isFirst(db, order),
    freeCoupons(db, order.user_id),
  ])
  if (!service) throw new Error(`there is no slot ${order.slot_id}`)
  return priceOrder(service, order.party, [...promotions, ...asPromotion(coupon)], first)
}

const asPromotion = (coupon: FreeCoupon | undefined): Promotion[] =>
  coupon
    ? [{ kind: 'amount', label: coupon.label, value: coupon.off_fen, couponId: coupon.id }]
    : []

/** The service of a slot, at that slot's price. */
const serviceInSlot = gathered(async (db, slotIds: readonly string[]) => {
  const rows = await db
    .selectFrom('services')
    .innerJoin('slots', 'slots.service_id', 'services.id')
    .selectAll('services')
    .select('slots.id as slot_id')
    .select((eb) => eb.fn.coalesce('slots.price_fen', 'services.price_fen').as('price_fen'))
    .where('slots.id', '=', anyOf(slotIds))
    .execute()
  return new Map(rows.map((row) => [row.slot_id, row]))
})

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
  const taken = (await discountedOrders(db, order.user_id)) ?? []
  return taken.every((id) => id === order.id)
}

/** By user: two of the orders that keep the discount from others, or fewer; no more are asked about. */
const discountedOrders = gathered(async (db, users: readonly string[]) => {
  const { rows } = await sql<{ user: string; id: string }>`
    select u as user, o.id from unnest(${users}::uuid[]) u, lateral (
      select id from orders where user_id = u and (confirmed_at is not null
        or (state = 'registered' and held_until > clock_timestamp()
          and quote @> '{"lines": [{"firstOrder": true}]}'))
      limit 2
    ) o`.execute(db)
  const ids = listsBy(rows, ({ user }) => user)
  return new Map([...ids].map(([user, list]) => [user, list.map(({ id }) => id)]))
})

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
export async function promotionsOf(db: Kysely<Database>, serviceId: string, now: Date) {
  return runningOf(await allPromotions(db), serviceId, now)
}

export function runningOf<P extends DatedPromotion>(
  all: readonly P[],
  serviceId: string,
  now: Date,
) {
  return all.filter(
    (one) =>
      (one.service_id === null || one.service_id === serviceId) &&
      one.starts_at <= now &&
      one.ends_at > now,
  )
}

interface DatedPromotion {
  /** Null for every service. */
  service_id: string | null
  starts_at: Date
  ends_at: Date
}

export const allPromotions = gatheredWhole((db) =>
  db
    .selectFrom('promotions')
    .select(['service_id', 'starts_at', 'ends_at', 'label', 'kind', 'value'])
    .orderBy('position')
    .execute(),
)
