-- Times outside the offer (B5 X7): a person asks, the merchant approves, declines or offers another
-- time. What is offered is a private slot 专属时段 that nobody else sees or books.

alter table slots add column private_for uuid references users;
comment on column slots.private_for is 'The one person who may see and book it; null for everybody. Never changes.';

create table negotiations (
  id uuid primary key,
  user_id uuid not null references users,
  service_id uuid not null references services,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  party int not null check (party > 0),
  note text not null,
  state text not null default 'asked'
    check (state in ('asked', 'approved', 'countered', 'declined', 'withdrawn', 'refused')),
  slot_id uuid unique references slots,
  reason text,
  asked_at timestamptz not null,
  answered_at timestamptz,
  answered_by text,
  ended_at timestamptz,
  check (ends_at > starts_at),
  check (state not in ('approved', 'countered', 'refused') or slot_id is not null),
  check ((answered_at is null) = (answered_by is null)),
  check ((state in ('declined', 'withdrawn', 'refused')) = (ended_at is not null))
);
create index negotiations_by_user on negotiations (user_id, asked_at desc);
create index negotiations_open on negotiations (asked_at) where state in ('asked', 'approved', 'countered');
comment on table negotiations is 'Requests for a time outside the offer 自定义时段申请 (B5); contract/negotiation.ts says which states follow which.';
comment on column negotiations.id is 'UUID made by the phone before it asks.';
comment on column negotiations.user_id is 'Who asks.';
comment on column negotiations.service_id is 'For which service.';
comment on column negotiations.starts_at is 'The start asked for.';
comment on column negotiations.ends_at is 'Start plus the service''s duration.';
comment on column negotiations.party is 'People, and seats of the private slot.';
comment on column negotiations.note is 'What the person says about it.';
comment on column negotiations.state is 'A key of contract/negotiation.ts negotiationMoves.';
comment on column negotiations.slot_id is 'The private slot that was offered; null before.';
comment on column negotiations.reason is 'What the merchant says with the answer.';
comment on column negotiations.asked_at is 'When it was asked.';
comment on column negotiations.answered_at is 'When the merchant answered last.';
comment on column negotiations.answered_by is 'Who: merchant:<id>.';
comment on column negotiations.ended_at is 'When it was declined, withdrawn or refused.';

-- As in 017-hold-answers.sql, and: a private slot is gone for everybody but its person, and neither the
-- merchant's horizon nor a closed day closes it.
create or replace function hold_slots(p_requests jsonb)
returns table (order_id uuid, verdict text, number text, created_at timestamptz, held_until timestamptz,
  form_version int, first boolean) language plpgsql as $$
#variable_conflict use_column
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
      where s.id in (select slot_id from requests)
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
      when r.busy or (r.staff_id is not null and exists (
        select from slots other where other.id = any (kept) and other.staff_id = r.staff_id
          and other.id <> r.id and other.during && r.during)) then 'staff_busy'
      when r.occupied or (r.room_id is not null and exists (
        select from slots other where other.id = any (kept) and other.room_id = r.room_id
          and other.id <> r.id and other.during && r.during)) then 'room_busy'
      when r.taken + coalesce((seats ->> r.id::text)::int, 0) >= r.capacity then 'slot_full'
      when r.taken + coalesce((seats ->> r.id::text)::int, 0) + r.party > r.capacity
        then 'party_too_large'
      else 'granted'
    end;
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

-- As in 014-resources.sql, and: private slots as above.
create or replace function move_refusal(p_order uuid, p_slot uuid, p_at timestamptz)
returns text language plpgsql stable as $$
declare
  o orders;
  was slots;
  s slots;
  svc services;
  taken int;
begin
  select * into strict o from orders where id = p_order;
  select * into strict was from slots where id = o.slot_id;
  select * into s from slots where id = p_slot;
  select * into strict svc from services where id = o.service_id;
  taken := seats_taken(s, p_at);
  return case
    when not exists (select from order_moves where state = o.state and event = 'move')
      or was.starts_at <= p_at then 'order_state'
    when s.id = o.slot_id then 'slot_same'
    when s.id is null or s.service_id <> o.service_id or not svc.listed
      or s.private_for <> o.user_id then 'slot_gone'
    when s.bookable_until <= p_at then 'slot_past'
    when s.closed_reason is not null or (s.private_for is null and (
      s.starts_at > p_at + make_interval(days => rule('bookingDays', 14)::int + 1) or exists (
      select from days where day = (s.starts_at at time zone 'Asia/Shanghai')::date and not open)))
      then 'slot_closed'
    when s.checking_since is not null then 'slot_checking'
    -- The order's own old seats do not keep its staff or its room: it gives them up.
    when s.staff_id is not null and exists (
      select from slots other
      where other.staff_id = s.staff_id and other.id <> s.id and other.during && s.during
        and seats_taken(other, p_at) > case when other.id = was.id then o.party else 0 end)
      then 'staff_busy'
    when s.room_id is not null and exists (
      select from slots other
      where other.room_id = s.room_id and other.id <> s.id and other.during && s.during
        and seats_taken(other, p_at) > case when other.id = was.id then o.party else 0 end)
      then 'room_busy'
    when taken >= s.capacity then 'slot_full'
    when taken + o.party > s.capacity then 'party_too_large'
    when exists (
      select from registration_marks mine
      join registration_marks theirs on theirs.mark = mine.mark and theirs.scope = s.id
      join orders other on other.id = theirs.order_id
      where mine.order_id = o.id and mine.scope = was.id
        and not (other.state in ('held', 'registered') and other.held_until <= p_at))
      then 'already_registered'
  end;
end $$;

-- As in 016-waits.sql, and: nobody waits for another's private slot.
create or replace function join_waits(p_wait uuid, p_user uuid, p_slot uuid, p_party int)
returns text language plpgsql as $$
declare
  locked uuid[];
  at timestamptz;
  s slots;
  svc services;
  before waits;
  verdict text;
begin
  locked := lock_slots(array[p_slot]);
  perform pg_advisory_xact_lock(2, hashtext(p_user::text));
  at := clock_timestamp();
  perform expire_holds(locked, at);
  select * into before from waits where id = p_wait;
  if found then
    return case when before.user_id = p_user and before.slot_id = p_slot and before.party = p_party
      then 'same' else 'wait_id_reused' end;
  end if;
  select * into s from slots where id = p_slot;
  select * into svc from services where id = s.service_id;
  verdict := case
    when exists (select from orders where id = p_wait) then 'wait_id_reused'
    when s.id is null or not svc.listed or s.private_for <> p_user then 'slot_gone'
    when s.bookable_until <= at then 'slot_past'
    when s.closed_reason is not null
      or s.starts_at > at + make_interval(days => rule('bookingDays', 14)::int + 1) or exists (
      select from days where day = (s.starts_at at time zone 'Asia/Shanghai')::date and not open)
      then 'slot_closed'
    when s.checking_since is not null then 'slot_checking'
    when p_party not between svc.party_min and least(svc.party_max, s.capacity) then 'party_invalid'
    when upcoming_orders(p_user, s.service_id, at) >= rule('ordersPerUser', 3) then 'limit_reached'
    when (select count(*) from orders where user_id = p_user and slot_id = p_slot
      and state in ('cancelled', 'expired') and confirmed_at is null
      and created_at > at - interval '1 day') >= rule('holdsPerSlot', 5) then 'held_too_often'
    when exists (select from waits where user_id = p_user and slot_id = p_slot and state = 'waiting')
      then 'already_waiting'
    when s.taken + p_party <= s.capacity then
      case when staff_busy(s) then 'staff_busy' when room_busy(s) then 'room_busy' else 'slot_free' end
    when s.waiting >= rule('waitMost', 50) then 'wait_full'
  end;
  if verdict is not null then
    return verdict;
  end if;
  insert into waits (id, user_id, slot_id, party, joined_at)
  values (p_wait, p_user, p_slot, p_party, at) on conflict (id) do nothing;
  if not found then
    return 'wait_id_reused'; -- somebody else named a place so in this very moment
  end if;
  update slots set waiting = waiting + 1 where id = p_slot;
  insert into events (slot_id, what, by, details, at)
  values (p_slot, 'wait', 'user', jsonb_build_object('wait', p_wait, 'party', p_party), at);
  return 'joined';
end $$;
