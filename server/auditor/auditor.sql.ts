/**
 * What the auditor reads. Each question is one statement, so one snapshot: what a transaction changes
 * together is seen together or not at all, and a sum never races with a hold (two statements would).
 */
import { orderEvents, takesSeat } from '@jiyue/contract/order'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { OrderPicture } from './judge.ts'

export interface SlotSums {
  id: string
  service_id: string
  taken: number
  capacity: number
  /** Seats its orders take, lapsed holds too: the counter has them until they are given back. */
  seats: number
  /** Another taken slot of the same person at that time. */
  twice: string | null
  /** Another taken slot of the same room at that time. */
  roomTwice: string | null
}

/** Words that the index of ended orders is made of; the others of `takesSeat` are in `orders_by_slot`. */
const attended = ['completed', 'missed']
const seated = Object.entries(takesSeat).flatMap(([state, takes]) =>
  takes === 'never' || attended.includes(state) ? [] : [state],
)
// Written out: a partial index is used only for states the planner can read.
const words = (list: readonly string[]) => sql.join(list.map((one) => sql.lit(one)))

/**
 * Of these slots, those whose own sums do not agree with their counters. Orders are read once for all of
 * them: where one slot has most of the orders, PostgreSQL takes every slot for such a one, and a sum for
 * each slot read all orders each time.
 */
export async function wrongSlots(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<SlotSums[]> {
  const { rows } = await sql<SlotSums>`
    with sums as materialized (
      select slot_id, sum(party)::int as seats from (
        select slot_id, party from orders
          where slot_id = any (${ids}::uuid[]) and state in (${words(seated)})
        union all
        select slot_id, party from orders
          where slot_id = any (${ids}::uuid[]) and state in (${words(attended)})) seats
      group by slot_id
    ), summed as (
      select s.id, s.service_id, s.taken, s.capacity, coalesce(sums.seats, 0) as seats,
        case when s.staff_id is not null and s.taken > 0 then (
          select other.id from slots other where other.staff_id = s.staff_id
            and other.during && s.during and other.id <> s.id and other.taken > 0 limit 1) end as twice,
        case when s.room_id is not null and s.taken > 0 then (
          select other.id from slots other where other.room_id = s.room_id
            and other.during && s.during and other.id <> s.id and other.taken > 0 limit 1) end
          as "roomTwice"
      from slots s left join sums on sums.slot_id = s.id where s.id = any (${ids}::uuid[]))
    select * from summed where taken <> seats or seats > capacity or twice is not null
      or "roomTwice" is not null
    order by id`.execute(db)
  return rows
}

/** Orders as the auditor judges them. */
export async function picturesOf(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<OrderPicture[]> {
  const { rows } = await sql<OrderPicture>`
    select o.id, o.state, o.confirmed_at is not null as "wasConfirmed",
      coalesce(o.payable_fen, 0) as "payableFen",
      coalesce((o.quote ->> 'depositFen')::int, 0) as "depositFen",
      (select coalesce(sum(fee_fen), 0)::int from moves
        where order_id = o.id and state = 'done') as "feesFen",
      (select (details ->> 'keepsFen')::int from events
        where order_id = o.id and what = 'cancel' order by id desc limit 1) as "keepsFen",
      array(select what from events where order_id = o.id
        and what in (${words(['hold', ...orderEvents])}) order by id) as events,
      (select coalesce(json_agg(json_build_object('id', p.id, 'state', p.state,
          'paidFen', coalesce(p.paid_fen, 0), 'heardPaid', coalesce(h.paid, false),
          'heardClosed', coalesce(h.closed, false))), '[]')
        from payments p left join lateral (
          select bool_or(state = 'paid') as paid, bool_or(verdict = 'closed') as closed
          from facts where payment_id = p.id and kind = 'trade') h on true
        where p.order_id = o.id) as payments,
      (select coalesce(json_agg(json_build_object('id', r.id, 'paymentId', r.payment_id,
          'state', r.state, 'amountFen', r.amount_fen, 'reason', r.reason,
          'heardSucceeded', coalesce(h.succeeded, false),
          'heardClosed', coalesce(h.closed, false))), '[]')
        from payments p join refunds r on r.payment_id = p.id left join lateral (
          select bool_or(verdict = 'succeeded') as succeeded, bool_or(verdict = 'closed') as closed
          from facts where payment_id = p.id and refund_no = r.refund_no and kind = 'refund') h on true
        where p.order_id = o.id) as refunds
    from orders o where o.id = any (${ids}::uuid[])`.execute(db)
  return rows
}

/** Money that names no payment of ours, and for which none has come up since. */
export async function moneyOfNobody(
  db: Kysely<Database>,
): Promise<{ subject: string; fen: number }[]> {
  const { rows } = await sql<{ subject: string; fen: number }>`
    select f.id::text as subject, coalesce(f.amount_fen, 0) as fen from facts f
    where f.payment_id is null and f.kind = 'trade' and f.state = 'paid'
      and not exists (select from payments p where p.trade_no = f.trade_no and p.method = f.method)
      and f.id = (select min(same.id) from facts same where same.payment_id is null
        and same.kind = 'trade' and same.state = 'paid' and same.trade_no = f.trade_no
        and same.method = f.method)
    order by f.id limit 200`.execute(db)
  return rows
}
