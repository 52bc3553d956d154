-- The hold decides a batch with a handful of statements: everything it must know is read at once,
-- each request is decided in memory, and what was granted is written at once. (A statement per
-- request made the hot row's chain of versions longer with each one.)

-- Decides a batch of hold requests in order, each with its own verdict:
-- [{"order": uuid, "user": uuid, "slot": uuid, "party": int}] →
-- granted | same | order_id_reused | slot_gone | slot_past | slot_closed | party_invalid |
-- limit_reached | held_too_often | staff_busy | slot_full | party_too_large
-- (precedence as listed, contract/api.ts)
create or replace function hold_slots(p_requests jsonb)
returns table (order_id uuid, verdict text) language plpgsql as $$
declare
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
  -- What this batch itself has granted so far:
  seats jsonb := '{}'; -- slot → seats
  mine jsonb := '{}'; -- user and service → orders
  same_as jsonb := '{}'; -- order → what it asked for
  staffed uuid[] := '{}'; -- slots with staff
  granted jsonb := '[]';
  written uuid[];
begin
  locked := lock_slots(array(select distinct (e ->> 'slot')::uuid from jsonb_array_elements(p_requests) e));
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
      select s.id, s.service_id, s.staff_id, s.during, s.starts_at, s.bookable_until, s.capacity,
             s.taken, svc.listed, svc.party_min, svc.party_max, staff_busy(s) as busy,
             (select max(version) from forms where forms.service_id = s.service_id) as form_version,
             s.closed_reason is not null
               or s.starts_at > at + make_interval(days => booking_days + 1)
               or exists (select from days
                 where day = (s.starts_at at time zone 'Asia/Shanghai')::date and not open) as closed
      from slots s join services svc on svc.id = s.service_id
      where s.id in (select slot_id from requests)
    )
    select q.id as asked_id, q.user_id, q.slot_id, q.party, w.*,
           b.id is not null as known,
           b.user_id = q.user_id and b.slot_id = q.slot_id and b.party = q.party as same,
           before.upcoming, before.dropped
    from requests q
    left join wanted w on w.id = q.slot_id
    left join orders b on b.id = q.id
    left join lateral (
      select count(*) filter (where o.service_id = w.service_id and os.ends_at > at
               and (o.state = 'confirmed' or (o.state in ('held', 'registered') and o.held_until > at))) as upcoming,
             count(*) filter (where o.slot_id = q.slot_id and o.state in ('cancelled', 'expired')
               and o.confirmed_at is null and o.created_at > at - interval '1 day') as dropped
      from orders o join slots os on os.id = o.slot_id where o.user_id = q.user_id
    ) before on true
    order by q.n
  loop
    said := case
      when r.known then case when r.same then 'same' else 'order_id_reused' end
      when same_as ? r.asked_id::text then case
        when same_as ->> r.asked_id::text = concat_ws(' ', r.user_id, r.slot_id, r.party) then 'same'
        else 'order_id_reused' end
      when r.id is null or not r.listed then 'slot_gone'
      when r.bookable_until <= at then 'slot_past'
      when r.closed then 'slot_closed'
      when r.party not between r.party_min and r.party_max then 'party_invalid'
      when r.upcoming + coalesce((mine ->> (r.user_id::text || r.service_id))::int, 0) >= per_user
        then 'limit_reached'
      when r.dropped >= per_slot then 'held_too_often'
      when r.busy or (r.staff_id is not null and exists (
        select from slots other where other.id = any (staffed) and other.staff_id = r.staff_id
          and other.id <> r.id and other.during && r.during)) then 'staff_busy'
      when r.taken + coalesce((seats ->> r.id::text)::int, 0) >= r.capacity then 'slot_full'
      when r.taken + coalesce((seats ->> r.id::text)::int, 0) + r.party > r.capacity
        then 'party_too_large'
      else 'granted'
    end;
    asked := asked || r.asked_id;
    said_all := said_all || said;
    if said = 'granted' then
      seats := seats || jsonb_build_object(r.id, coalesce((seats ->> r.id::text)::int, 0) + r.party);
      mine := mine || jsonb_build_object(r.user_id::text || r.service_id,
        coalesce((mine ->> (r.user_id::text || r.service_id))::int, 0) + 1);
      same_as := same_as
        || jsonb_build_object(r.asked_id, concat_ws(' ', r.user_id, r.slot_id, r.party));
      if r.staff_id is not null then
        staffed := staffed || r.id;
      end if;
      granted := granted || jsonb_build_object('id', r.asked_id, 'user_id', r.user_id,
        'slot_id', r.id, 'service_id', r.service_id, 'party', r.party,
        'held_until', least(at + hold_for, r.bookable_until), 'form_version', r.form_version);
    end if;
  end loop;

  with new as (
    insert into orders (id, number, user_id, service_id, slot_id, party, state, held_until, form_version, created_at)
    select g.id, next_order_number(at), g.user_id, g.service_id, g.slot_id, g.party, 'held',
           g.held_until, g.form_version, at
    from jsonb_to_recordset(granted) as g (id uuid, user_id uuid, service_id uuid, slot_id uuid,
      party int, held_until timestamptz, form_version int)
    on conflict (id) do nothing
    returning orders.id, orders.slot_id, orders.party
  ), filled as (
    update slots set taken = taken + more.seats
    from (select new.slot_id, sum(new.party)::int as seats from new group by new.slot_id) more
    where slots.id = more.slot_id
  ), told as (
    insert into events (order_id, slot_id, what, by, details, at)
    select new.id, new.slot_id, 'hold', 'user', jsonb_build_object('party', new.party), at from new
  )
  select coalesce(array_agg(new.id), '{}') into written from new;

  return query
    select a.id, case when a.said = 'granted' and not a.id = any (written)
      then 'order_id_reused' -- somebody else named an order so in this very moment
      else a.said end
    from unnest(asked, said_all) with ordinality as a (id, said, n) order by n;
end $$;
