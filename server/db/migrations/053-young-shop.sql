-- A rush finds the tables as they were when their statistics were last taken: in a young shop, nearly
-- empty. A plan made then reads a table through instead of searching its index, is kept, and reads more
-- with every order until the next statistics, up to a minute later (docs/decisions/044).

-- What grows with every person and order has no statistics before it has a thousand rows: PostgreSQL takes
-- a table without any for ten pages at least, and searches.
do $$
declare
  t text;
begin
  foreach t in array array[
    'users', 'identities', 'sessions', 'sign_in_codes', 'agreements', 'consents', 'contacts', 'looks',
    'orders', 'events', 'drafts', 'registrations', 'registration_marks', 'registration_pictures', 'payments',
    'facts', 'refunds', 'moves', 'reminders', 'sends', 'waits', 'queue_reminders', 'deliveries', 'receipts'
  ] loop
    execute format('alter table %I set (autovacuum_analyze_threshold = 1000, autovacuum_vacuum_threshold = 1000)', t);
    -- Those taken too early are given up, where PostgreSQL can (18).
    if exists (select from pg_proc where proname = 'pg_clear_relation_stats')
      and (select reltuples < 1000 from pg_class where oid = t::regclass) then
      execute format('select pg_clear_relation_stats(%L, %L)', current_schema, t);
    end if;
  end loop;
end $$;

-- What decides in a rush never reads a table through, whatever the statistics say; its foreign keys are
-- checked by plans made inside of it, so neither do they. Whoever replaces one of these functions says
-- `set enable_seqscan = off` again (__tests__/server/youngShop.test.ts).
alter function lock_slots set enable_seqscan = off;
alter function expire_holds set enable_seqscan = off;
alter function register_orders set enable_seqscan = off;
alter function order_apply set enable_seqscan = off;
alter function lock_trade set enable_seqscan = off;

-- As in 027-hold-plans.sql, but for this, and for its slots: by an array of them, which PostgreSQL takes
-- for ten and searches, where it took the requests for a hundred and read all slots.
create or replace function hold_slots(p_requests jsonb)
returns table (order_id uuid, verdict text, number text, created_at timestamptz, held_until timestamptz,
  form_version int, first boolean) language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  wanted_slots uuid[];
  locked uuid[];
  at timestamptz;
  hold_for interval := make_interval(mins => rule('holdMinutes', 15)::int);
  per_user int := rule('ordersPerUser', 3);
  per_slot int := rule('holdsPerSlot', 5);
  booking_days int := rule('bookingDays', 14);
  r record;
  said text;
  asked uuid[] := '{}';
  said_all text[] := '{}';
  -- What this batch itself has granted so far, in step; the first of several is found again by its order:
  g_order uuid[] := '{}';
  g_user uuid[] := '{}';
  g_slot uuid[] := '{}';
  g_service uuid[] := '{}';
  g_party int[] := '{}';
  g_until timestamptz[] := '{}';
  g_form int[] := '{}';
  g_first boolean[] := '{}';
  earlier int;
  -- Kept only for slots and people that the batch names more than once:
  seats jsonb := '{}'; -- slot → seats
  mine jsonb := '{}'; -- user and service → orders
  kept uuid[] := '{}'; -- slots with staff or a room
  w_order uuid[];
  w_number text[];
begin
  wanted_slots := array(select distinct (e ->> 'slot')::uuid from jsonb_array_elements(p_requests) e);
  locked := lock_slots(wanted_slots);
  perform pg_advisory_xact_lock(2, hashtext(u))
    from (select distinct e ->> 'user' as u from jsonb_array_elements(p_requests) e order by 1) users;
  at := clock_timestamp();
  perform expire_holds(locked, at);

  for r in
    with requests as (
      select n, (e ->> 'order')::uuid as id, (e ->> 'user')::uuid as user_id,
             (e ->> 'slot')::uuid as slot_id, (e ->> 'party')::int as party
      from jsonb_array_elements(p_requests) with ordinality as x (e, n)
    ), wanted as materialized (
      select s.id, s.service_id, s.staff_id, s.room_id, s.during, s.starts_at, s.bookable_until, s.capacity,
             s.taken, svc.listed, svc.party_min, svc.party_max, staff_busy(s) as busy,
             room_busy(s) as occupied,
             (select max(version) from forms where forms.service_id = s.service_id) as form_version,
             s.closed_reason is not null
               or (s.private_for is null and (s.starts_at > at + make_interval(days => booking_days + 1)
                 or exists (select from days
                   where day = (s.starts_at at time zone 'Asia/Shanghai')::date and not open))) as closed,
             s.checking_since is not null as checking, s.private_for
      from slots s join services svc on svc.id = s.service_id
      where s.id = any (wanted_slots)
    )
    select q.id as asked_id, q.user_id, q.slot_id, q.party, w.*,
           count(*) over (partition by q.user_id) > 1 as again,
           count(*) over (partition by q.slot_id) > 1 as shared,
           b.id is not null as known,
           b.user_id = q.user_id and b.slot_id = q.slot_id and b.party = q.party as same,
           before.upcoming, before.dropped, before.discounted
    from requests q
    left join wanted w on w.id = q.slot_id
    left join lateral (select * from orders where id = q.id offset 0) b on true
    left join lateral (
      select count(*) filter (where o.service_id = w.service_id
               and (o.state = 'confirmed' or (o.state in ('held', 'registered') and o.held_until > at))
               and (select ends_at from slots where id = o.slot_id) > at) as upcoming,
             count(*) filter (where o.slot_id = q.slot_id and o.state in ('cancelled', 'expired')
               and o.confirmed_at is null and o.created_at > at - interval '1 day') as dropped,
             count(*) filter (where o.confirmed_at is not null
               or (o.state = 'registered' and o.held_until > at
                 and o.quote @> '{"lines": [{"firstOrder": true}]}')) as discounted
      from orders o where o.user_id = q.user_id
    ) before on true
    order by q.n
  loop
    earlier := array_position(g_order, r.asked_id);
    said := case
      when r.known then case when r.same then 'same' else 'order_id_reused' end
      when earlier is not null then case
        when g_user[earlier] = r.user_id and g_slot[earlier] = r.slot_id
          and g_party[earlier] = r.party then 'same'
        else 'order_id_reused' end
      when r.id is null or not r.listed or r.private_for <> r.user_id then 'slot_gone'
      when r.bookable_until <= at then 'slot_past'
      when r.closed then 'slot_closed'
      when r.checking then 'slot_checking'
      when r.party not between r.party_min and r.party_max then 'party_invalid'
      when r.upcoming + coalesce((mine ->> (r.user_id::text || r.service_id))::int, 0) >= per_user
        then 'limit_reached'
      when r.dropped >= per_slot then 'held_too_often'
      when r.busy then 'staff_busy'
      when r.occupied then 'room_busy'
      when r.taken + coalesce((seats ->> r.id::text)::int, 0) >= r.capacity then 'slot_full'
      when r.taken + coalesce((seats ->> r.id::text)::int, 0) + r.party > r.capacity
        then 'party_too_large'
      else 'granted'
    end;
    -- Their staff and rooms, given to another slot a moment ago. In a statement of its own: within the
    -- one above, PostgreSQL would plan that one anew for each request.
    if kept <> '{}' and (r.staff_id is not null or r.room_id is not null)
      and said in ('granted', 'room_busy', 'slot_full', 'party_too_large') then
      said := coalesce((
        select case when other.staff_id = r.staff_id then 'staff_busy' else 'room_busy' end
        from slots other
        where other.id = any (kept) and other.id <> r.id and other.during && r.during
          and (other.staff_id = r.staff_id or other.room_id = r.room_id)
        order by (other.staff_id = r.staff_id) is true desc limit 1), said);
    end if;
    asked := asked || r.asked_id;
    said_all := said_all || said;
    if said = 'granted' then
      if r.shared then
        seats := seats
          || jsonb_build_object(r.id, coalesce((seats ->> r.id::text)::int, 0) + r.party);
      end if;
      if r.again then
        mine := mine || jsonb_build_object(r.user_id::text || r.service_id,
          coalesce((mine ->> (r.user_id::text || r.service_id))::int, 0) + 1);
      end if;
      if r.staff_id is not null or r.room_id is not null then
        kept := kept || r.id;
      end if;
      g_order := g_order || r.asked_id;
      g_user := g_user || r.user_id;
      g_slot := g_slot || r.id;
      g_service := g_service || r.service_id;
      g_party := g_party || r.party;
      g_until := g_until || least(at + hold_for, r.bookable_until);
      g_form := g_form || r.form_version;
      g_first := g_first || (r.discounted = 0);
    end if;
  end loop;

  with new as (
    insert into orders (id, number, user_id, service_id, slot_id, party, state, held_until, form_version, created_at)
    select g.id, next_order_number(at), g.user_id, g.service_id, g.slot_id, g.party, 'held',
           g.held_until, g.form_version, at
    from unnest(g_order, g_user, g_service, g_slot, g_party, g_until, g_form)
      as g (id, user_id, service_id, slot_id, party, held_until, form_version)
    on conflict (id) do nothing
    returning orders.id, orders.number, orders.slot_id, orders.party
  ), filled as (
    update slots set taken = taken + more.seats
    from (select new.slot_id, sum(new.party)::int as seats from new group by new.slot_id) more
    where slots.id = more.slot_id
  ), told as (
    insert into events (order_id, slot_id, what, by, details, at)
    select new.id, new.slot_id, 'hold', 'user', jsonb_build_object('party', new.party), at from new
  )
  select coalesce(array_agg(new.id), '{}'), array_agg(new.number) into w_order, w_number from new;

  return query
    select a.id,
           case when a.said = 'granted' and w.id is null
             then 'order_id_reused' -- somebody else named an order so in this very moment
             else a.said end,
           w.number, at, g.held_until, g.form_version, g.first
    from unnest(asked, said_all) with ordinality as a (id, said, n)
    left join unnest(w_order, w_number) as w (id, number) on w.id = a.id and a.said = 'granted'
    left join unnest(g_order, g_until, g_form, g_first) as g (id, held_until, form_version, first)
      on g.id = w.id
    order by n;
end $$;

