/** Histories of a thousand or a hundred thousand orders, written straight into the tables. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../server/db/schema.ts'

/** What only the oldest rows hold: a person's name, an answer, a word of feedback, a reason in the log. */
export const rare = {
  name: '欧阳静',
  answer: '钟离昧',
  feedback: '停车难',
  reason: '讲师生病',
  /** The oldest order's number ends so. */
  tail: '9998877',
}

/** A merchant's history: an order each seven minutes, most done; what waits for somebody is little. */
export async function plant(db: Kysely<Database>, count: number): Promise<void> {
  await sql`create function planted(text) returns uuid language sql immutable as
    'select overlay(overlay(md5($1) placing ''4'' from 13) placing ''8'' from 17)::uuid'`.execute(
    db,
  )
  await db.transaction().execute(async (t) => {
    await sql`set local session_replication_role = replica`.execute(t)
    await sql`set local statement_timeout = 0`.execute(t)
    await sql`insert into users (id, name, created_at)
      select planted('u' || g), case when g = ${count}::int / 10 then ${rare.name} else '林' || g end, now()
      from generate_series(1, ${count}::int / 10 + 1) g`.execute(t)
    await sql`insert into orders (id, number, user_id, service_id, slot_id, party, state, form_version,
        quote, payable_fen, created_at, registered_at, confirmed_at, ended_at)
      select planted('o' || g), 'JY260101' || case when g = ${count}::int then ${rare.tail} else lpad(g::text, 7, '0') end,
        planted('u' || (g / 10 + 1)),
        s.service_id, s.id, 1, (array['completed', 'completed', 'confirmed', 'missed', 'cancelled'])[g % 5 + 1],
        f.version, '{"lines":[],"listFen":4900,"discountFen":0,"depositFen":0,"payableFen":4900,"includes":""}',
        4900, at, at, at, at
      from generate_series(1, ${count}::int) g
      cross join lateral (select now() - g * interval '7 minutes' as at) times
      join (select array_agg(id order by id) as all from slots) slots on true
      join slots s on s.id = slots.all[g % array_length(slots.all, 1) + 1]
      join lateral (select version from forms where forms.service_id = s.service_id
        order by version desc limit 1) f on true`.execute(t)
    await sql`insert into registrations (order_id, form_version, answers, submitted_at)
      select id, form_version, jsonb_build_object('name', case when id = planted('o' || ${count}::int)
        then ${rare.answer} else '林小满' end), created_at from orders`.execute(t)
    await sql`insert into payments (id, order_id, method, scene, client_ip, trade_no, amount_fen, state,
        expires_at, paid_fen, paid_at, created_at)
      select planted('p' || id), id, 'wechat', 'weapp', '', md5('p' || id), 4900, 'succeeded',
        created_at, 4900, created_at, created_at from orders`.execute(t)
    const picked = (
      every: number,
    ) => sql`from (select *, row_number() over (order by created_at desc, id) as n
      from payments) payments where n % ${sql.lit(every)} = 0`
    await sql`insert into refunds (id, payment_id, refund_no, amount_fen, reason, state, requested_at, refunded_at, failure)
      select planted('r' || id), id, 'R' || md5(id::text), 100, 'manual',
        case when n % 1000 = 0 and n <= 1000 then 'failed' else 'succeeded' end, created_at,
        case when n % 1000 = 0 and n <= 1000 then null else created_at end, null ${picked(10)}`.execute(
      t,
    )
    await sql`insert into proofs (id, order_id, payment_id, picture_id, paid_fen, state, reason, decided_by, decided_at, created_at)
      select planted('f' || id), order_id, id, gen_random_uuid(), 4900,
        case when n <= 200 then 'submitted' else 'rejected' end, '看不清',
        case when n <= 200 then null else 'payment' end,
        case when n <= 200 then null else created_at end, created_at ${picked(20)}`.execute(t)
    await sql`insert into differences (id, method, day, kind, about, trade_no, payment_id, state,
        found_at, resolved_at, resolution, by)
      select planted('d' || id), 'wechat', created_at::date, 'amount', 'trade', trade_no, id,
        case when n <= 200 then 'open' else 'resolved' end, created_at,
        case when n <= 200 then null else created_at end, case when n <= 200 then null else '已核对' end,
        case when n <= 200 then null else 'bill' end ${picked(20)}`.execute(t)
    await sql`insert into deliveries (payment_id, state, since, sent_at)
      select id, case when n <= 100 then 'failed' else 'sent' end, created_at,
        case when n <= 100 then null else created_at end ${picked(2)}`.execute(t)
    await sql`insert into feedback (id, source, user_id, kind, text, state, due_at, cause, solution,
        created_at, changed_at, closed_at)
      select planted('k' || orders.id), 'app', orders.user_id, 'complaint',
        case when n = ${count}::int then ${rare.feedback} else '老师迟到' end,
        case when n <= 200 then 'open' else 'closed' end, case when n <= 200 then now() end,
        case when n > 200 then 'late' end, case when n > 200 then '已致歉' end, created_at, created_at,
        case when n > 200 then created_at end
      from (select *, row_number() over (order by created_at desc, id) as n from orders) orders
      where n % 10 = 0`.execute(t)
    await sql`insert into acts (id, at, person_id, action, reason)
      select planted('a' || orders.id), created_at, (select id from people order by login limit 1),
        (array['checkIn', 'putRules', 'putRefund'])[n % 3 + 1],
        case when id = planted('o' || ${count}::int) then ${rare.reason} else '用户到店' end
      from (select *, row_number() over (order by id) as n from orders) orders`.execute(t)
    await sql`insert into act_changes (act_id, object, object_key, object_name, kind, before, after)
      select planted('a' || id), 'orders', id::text, number, 'update', '{"state":"confirmed"}',
        '{"state":"completed"}' from orders`.execute(t)
  })
  for (const table of [
    'users',
    'orders',
    'registrations',
    'payments',
    'refunds',
    'proofs',
    'differences',
    'deliveries',
    'feedback',
    'acts',
    'act_changes',
  ])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db)
}
