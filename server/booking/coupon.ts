/**
 * Coupons 优惠券 (M9): fen off one order of one person. A coupon is counted when a price is locked, on
 * the oldest first (register_orders); it is free again when its order is cancelled or expires, as a
 * 新人 discount is.
 */
import type { Fen } from '@jiyue/contract/money'
import { sql } from 'kysely'
import { gathered } from '../db/gather.ts'

export interface FreeCoupon {
  id: string
  label: string
  off_fen: Fen
}

/** By user: the coupon that their next registration uses up. */
export const freeCoupons = gathered(async (db, users: readonly string[]) => {
  const { rows } = await sql<FreeCoupon & { user_id: string }>`
    select distinct on (c.user_id) c.user_id, c.id, c.label, c.off_fen
    from coupons c left join orders o on o.id = c.order_id
    where c.user_id = any (${users}::uuid[]) and c.expires_at > clock_timestamp()
      and (o.id is null or o.state in ('cancelled', 'expired')
        or (o.state in ('held', 'registered') and o.held_until <= clock_timestamp()))
    order by c.user_id, c.expires_at, c.id`.execute(db)
  return new Map(rows.map(({ user_id, ...coupon }) => [user_id, coupon]))
})
