-- Rooms 场地 beside staff (B3): neither is ever taken twice at one time, across services and private
-- slots. Before and after a slot its buffers are kept too: `during` is what the exclusions compare.

create table rooms (
  id uuid primary key,
  branch_id uuid not null references branches,
  name text not null,
  about text not null default '',
  seats int not null check (seats > 0),
  retired_at timestamptz,
  unique (branch_id, name)
);
comment on table rooms is 'Rooms of a branch that slots take place in 场地 (B3).';
comment on column rooms.id is 'UUID.';
comment on column rooms.branch_id is 'The branch it is in.';
comment on column rooms.name is 'Name people see, once in its branch.';
comment on column rooms.about is 'A sentence about it.';
comment on column rooms.seats is 'People it holds.';
comment on column rooms.retired_at is 'No new slots from then on; null while in use.';

create table service_rooms (
  service_id uuid not null references services,
  room_id uuid not null references rooms,
  primary key (service_id, room_id)
);
comment on table service_rooms is 'Which rooms a service may take place in.';
comment on column service_rooms.service_id is 'The service.';
comment on column service_rooms.room_id is 'The room.';

alter table slots
  add column room_id uuid references rooms,
  add column kept_from timestamptz,
  add column kept_until timestamptz,
  add check (kept_from <= starts_at),
  add check (kept_until >= ends_at);
comment on column slots.room_id is 'The room it takes; null for none.';
comment on column slots.kept_from is 'Its staff and room are kept from then on (buffer before); null for its start.';
comment on column slots.kept_until is 'Its staff and room are kept until then (buffer after); null for its end.';

-- A generated column cannot be given another expression before PostgreSQL 17: it is made anew.
alter table slots drop constraint slots_staff_once;
alter table slots drop column during;
alter table slots add column during tstzrange not null
  generated always as (tstzrange(coalesce(kept_from, starts_at), coalesce(kept_until, ends_at))) stored;
comment on column slots.during is 'Start to end with the buffers, for overlap checks.';
alter table slots
  add constraint slots_staff_once exclude using gist (staff_id with =, during with &&)
    where (staff_id is not null and taken > 0),
  add constraint slots_room_once exclude using gist (room_id with =, during with &&)
    where (room_id is not null and taken > 0);
create index slots_by_staff on slots (staff_id, starts_at) where staff_id is not null;
create index slots_by_room on slots (room_id, starts_at) where room_id is not null;

-- As in 002-hold.sql, and: slots of the same room at the same time are locked like those of the same
-- staff. Advisory locks go by their key, so that two callers never wait for each other.
create or replace function lock_slots(p_slots uuid[]) returns uuid[] language plpgsql as $$
declare
  ids uuid[];
begin
  with wanted as (
    select unnest(p_slots) as id
    union
    select near.id from slots s
    join slots near on near.staff_id = s.staff_id and near.during && s.during and near.taken > 0
    where s.id = any (p_slots) and s.staff_id is not null
    union
    select near.id from slots s
    join slots near on near.room_id = s.room_id and near.during && s.during and near.taken > 0
    where s.id = any (p_slots) and s.room_id is not null
  ), locked as (
    select slots.id from slots join wanted using (id) order by slots.id for update of slots
  )
  select coalesce(array_agg(id), '{}') into ids from locked;
  perform pg_advisory_xact_lock(1, key) from (
    select distinct hashtext(one::text) as key
    from slots, unnest(array[staff_id, room_id]) as one
    where id = any (ids) and one is not null
    order by 1) resources;
  return ids;
end $$;

-- True when the slot's room is taken by another slot at that time. After lock_slots.
create function room_busy(p_slot slots) returns boolean language sql stable as $$
  select p_slot.room_id is not null and exists (
    select from slots other
    where other.room_id = p_slot.room_id and other.id <> p_slot.id
      and other.during && p_slot.during and other.taken > 0)
$$;

-- As in 013-hold-arrays.sql, and: room_busy, right after staff_busy.
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
  -- What this batch itself has granted so far, in step; the first of several is found again by its order:
  g_order uuid[] := '{}';
  g_user uuid[] := '{}';
  g_slot uuid[] := '{}';
  g_service uuid[] := '{}';
  g_party int[] := '{}';
  g_until timestamptz[] := '{}';
  g_form int[] := '{}';
  earlier int;
  -- Kept only for slots and people that the batch names more than once:
  seats jsonb := '{}'; -- slot → seats
  mine jsonb := '{}'; -- user and service → orders
  kept uuid[] := '{}'; -- slots with staff or a room
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
      select s.id, s.service_id, s.staff_id, s.room_id, s.during, s.starts_at, s.bookable_until, s.capacity,
             s.taken, svc.listed, svc.party_min, svc.party_max, staff_busy(s) as busy,
             room_busy(s) as occupied,
             (select max(version) from forms where forms.service_id = s.service_id) as form_version,
             s.closed_reason is not null
               or s.starts_at > at + make_interval(days => booking_days + 1)
               or exists (select from days
                 where day = (s.starts_at at time zone 'Asia/Shanghai')::date and not open) as closed,
             s.checking_since is not null as checking
      from slots s join services svc on svc.id = s.service_id
      where s.id in (select slot_id from requests)
    )
    select q.id as asked_id, q.user_id, q.slot_id, q.party, w.*,
           count(*) over (partition by q.user_id) > 1 as again,
           count(*) over (partition by q.slot_id) > 1 as shared,
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
    earlier := array_position(g_order, r.asked_id);
    said := case
      when r.known then case when r.same then 'same' else 'order_id_reused' end
      when earlier is not null then case
        when g_user[earlier] = r.user_id and g_slot[earlier] = r.slot_id
          and g_party[earlier] = r.party then 'same'
        else 'order_id_reused' end
      when r.id is null or not r.listed then 'slot_gone'
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
    end if;
  end loop;

  with new as (
    insert into orders (id, number, user_id, service_id, slot_id, party, state, held_until, form_version, created_at)
    select g.id, next_order_number(at), g.user_id, g.service_id, g.slot_id, g.party, 'held',
           g.held_until, g.form_version, at
    from unnest(g_order, g_user, g_service, g_slot, g_party, g_until, g_form)
      as g (id, user_id, service_id, slot_id, party, held_until, form_version)
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

-- As in 011-auditor.sql, and: room_busy after staff_busy.
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
    when s.id is null or s.service_id <> o.service_id or not svc.listed then 'slot_gone'
    when s.bookable_until <= p_at then 'slot_past'
    when s.closed_reason is not null
      or s.starts_at > p_at + make_interval(days => rule('bookingDays', 14)::int + 1) or exists (
      select from days where day = (s.starts_at at time zone 'Asia/Shanghai')::date and not open)
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

-- As in 006-move.sql, and: what the room's exclusion refuses is room_busy.
create or replace function move_order(
  p_order uuid, p_slot uuid, p_by text, p_quote jsonb, p_details jsonb default '{}')
returns text language plpgsql as $$
declare
  verdict text;
  broken text;
  o orders;
begin
  verdict := lock_move(p_order, p_slot);
  if verdict <> 'ok' then
    return verdict;
  end if;
  select * into o from orders where id = p_order;
  -- The old seats first: both slots may have the same person or room, and the two may overlap.
  update slots set taken = taken - o.party where id = o.slot_id;
  update slots set taken = taken + o.party where id = p_slot;
  update registrations set scope = p_slot where order_id = p_order and scope = o.slot_id;
  update registration_marks set scope = p_slot where order_id = p_order and scope = o.slot_id;
  update orders set slot_id = p_slot, quote = p_quote,
    payable_fen = (p_quote ->> 'payableFen')::int where id = p_order;
  insert into events (order_id, slot_id, what, by, details, at)
  values (p_order, p_slot, 'move', p_by,
    jsonb_build_object('from', o.slot_id, 'to', p_slot) || p_details, clock_timestamp());
  return 'ok';
exception when integrity_constraint_violation then
  get stacked diagnostics broken = constraint_name;
  verdict := case broken
    when 'slots_staff_once' then 'staff_busy'
    when 'slots_room_once' then 'room_busy'
    when 'slots_never_oversold' then 'slot_full'
    when 'registration_marks_pkey' then 'already_registered'
  end;
  if verdict is null then
    raise;
  end if;
  return verdict;
end $$;

-- As in 011-auditor.sql, and: late money takes no seat in a room that is taken meanwhile: room_busy.
create or replace function order_apply(
  p_order uuid, p_event text, p_by text, p_details jsonb default '{}',
  p_quote jsonb default null, p_minutes int default 30, p_closing int default 60)
returns table (verdict text, state text) language plpgsql as $$
#variable_conflict use_column
declare
  o orders;
  s slots;
  at timestamptz;
  lapsed boolean;
  target text;
  v_slot uuid;
begin
  loop
    select slot_id into v_slot from orders where id = p_order;
    if not found then
      return query select 'not_found', null::text;
      return;
    end if;
    perform lock_slots(array[v_slot]);
    select * into o from orders where id = p_order for update;
    exit when o.slot_id = v_slot; -- moved to another slot meanwhile: lock that one
  end loop;
  select * into s from slots where id = v_slot;
  at := clock_timestamp();
  lapsed := o.state in ('held', 'registered') and o.held_until <= at;

  if lapsed and p_event in ('register', 'cancel', 'expire') then
    perform expire_holds(array[v_slot], at);
    return query select case when p_event = 'expire' then 'ok' else 'hold_expired' end, 'expired';
    return;
  end if;
  select m.next into target from order_moves m where m.state = o.state and m.event = p_event;
  -- Only time expires a hold, and only move_order moves.
  if target is null or p_event in ('expire', 'move') then
    return query select 'order_state', o.state;
    return;
  end if;

  if p_event = 'confirm' and (lapsed or o.state = 'expired') then
    verdict := case when s.starts_at <= at then 'slot_past'
      when s.closed_reason is not null then 'slot_closed'
      when s.checking_since is not null then 'slot_checking' end;
    if verdict is null and o.state = 'expired' then
      perform expire_holds(lock_slots(array[v_slot]), at);
      select * into s from slots where id = v_slot;
      verdict := case when staff_busy(s) then 'staff_busy'
        when room_busy(s) then 'room_busy'
        when s.taken + o.party > s.capacity then 'slot_full'
        when marks_clash(p_order) then 'already_registered' end;
    end if;
    if verdict is not null then
      if lapsed then
        perform expire_holds(array[v_slot], at);
      end if;
      return query select verdict, 'expired';
      return;
    end if;
  end if;

  update orders set
    state = target,
    held_until = case when target = 'registered'
      then least(at + make_interval(mins => p_minutes), s.bookable_until) + make_interval(secs => p_closing) end,
    quote = coalesce(p_quote, quote),
    payable_fen = coalesce((p_quote ->> 'payableFen')::int, payable_fen),
    registered_at = case when target = 'registered' then at else registered_at end,
    confirmed_at = case when target = 'confirmed' then at else confirmed_at end,
    ended_at = case when target in ('completed', 'missed', 'cancelled') then at end
  where id = p_order;
  if target = 'cancelled' then
    update slots set taken = taken - o.party where id = v_slot;
    delete from registration_marks where order_id = p_order;
  elsif o.state = 'expired' then
    update slots set taken = taken + o.party where id = v_slot;
  end if;
  if target in ('completed', 'missed', 'cancelled') then
    -- Money that still comes for it goes back.
    update moves set state = 'void', reason = 'order_state', ended_at = at
    where order_id = p_order and state = 'open';
  end if;
  insert into events (order_id, slot_id, what, by, details, at)
  values (p_order, v_slot, p_event, p_by, p_details, at);
  return query select 'ok', target;
end $$;
