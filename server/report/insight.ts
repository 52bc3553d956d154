/**
 * What people prefer and what services achieve (M5 M6), over slots of a span of days. One cohort
 * everywhere: orders that were confirmed once, whatever became of them since.
 */
import type { Reply } from '@jiyue/contract/schema/wire'
import type { Day } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import { withinDays } from '../db/conditions.ts'
import type { Database } from '../db/schema.ts'
import type { Parts } from '../parts.ts'

/** A year and its neighbour day. */
export const longestInsightDays = 367

interface Span {
  from: Day
  to: Day
}
type Insight = Reply<'getInsight'>

export async function readInsight(
  { db, now }: Pick<Parts, 'db' | 'now'>,
  span: Span,
): Promise<Insight> {
  const [hours, services, methods] = await Promise.all([
    readHours(db, span),
    readEffects(db, span, now()),
    readMethods(db, span),
  ])
  return { hours, services, methods, now: now().toISOString() }
}

async function readHours(db: Kysely<Database>, span: Span): Promise<Insight['hours']> {
  const { rows } = await sql<Insight['hours'][number]>`
    select extract(dow from s.starts_at at time zone 'Asia/Shanghai')::int as weekday,
      extract(hour from s.starts_at at time zone 'Asia/Shanghai')::int as hour,
      count(*)::int as orders
    from orders o join slots s on s.id = o.slot_id
    where o.confirmed_at is not null and ${withinDays('s.starts_at', span)}
    group by 1, 2 order by 1, 2`.execute(db)
  return rows
}

async function readEffects(
  db: Kysely<Database>,
  span: Span,
  now: Date,
): Promise<Insight['services']> {
  const { rows } = await sql<Insight['services'][number]>`
    with booked as (
      select o.service_id, count(*)::int as orders, sum(o.party)::int as people,
        count(*) filter (where o.state = 'completed')::int as completed,
        count(*) filter (where o.state = 'missed')::int as missed,
        count(*) filter (where o.state = 'cancelled')::int as cancelled,
        count(*) filter (where o.state = 'completed' and had_deposit)::int as completed_under,
        count(*) filter (where o.state = 'missed' and had_deposit)::int as missed_under
      from orders o join slots s on s.id = o.slot_id join services v on v.id = o.service_id,
        lateral (select coalesce((o.quote ->> 'depositFen')::int, 0) >= v.deposit_fen as had_deposit)
      where o.confirmed_at is not null and ${withinDays('s.starts_at', span)} group by 1
    ), offered as (
      select service_id, count(*)::int as slots, sum(capacity)::int as seats,
        sum(seats_taken(s, clock_timestamp()))::int as taken
      from slots s
      where removed_at is null and private_for is null and ${withinDays('starts_at', span)}
        -- What is still to come may still be taken.
        and starts_at <= clock_timestamp()
      group by 1
    ), said as (
      select service_id, avg(rating)::float8 as rating, count(*)::int as ratings
      from reviews where ${withinDays('at', span)} group by 1
    )
    select v.id as "serviceId", v.name, v.price_fen as "priceFen", v.deposit_fen as "depositFen",
      coalesce(orders, 0) as orders, coalesce(people, 0) as people,
      coalesce(completed, 0) as completed, coalesce(missed, 0) as missed,
      coalesce(cancelled, 0) as cancelled, coalesce(slots, 0) as slots,
      coalesce(seats, 0) as seats, coalesce(taken, 0) as "seatsTaken",
      said.rating, coalesce(ratings, 0) as ratings,
      coalesce(completed_under, 0) as "completedUnder", coalesce(missed_under, 0) as "missedUnder",
      exists (select from promotions where coalesce(service_id, v.id) = v.id
        and kind <> 'first_order' and starts_at <= ${now} and ends_at > ${now}) as promoted
    from services v
    left join booked on booked.service_id = v.id
    left join offered on offered.service_id = v.id
    left join said on said.service_id = v.id
    order by orders desc, v.position`.execute(db)
  return rows
}

async function readMethods(db: Kysely<Database>, span: Span): Promise<Insight['methods']> {
  const { rows } = await sql<Insight['methods'][number]>`
    select p.method, count(*)::int as payments
    from payments p join orders o on o.id = p.order_id join slots s on s.id = o.slot_id
    where p.state = 'succeeded' and p.method is not null and o.confirmed_at is not null
      and ${withinDays('s.starts_at', span)}
    group by 1 order by 2 desc, 1`.execute(db)
  return rows
}
