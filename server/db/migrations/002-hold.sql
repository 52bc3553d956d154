-- The hot path. Lock order: slots (sorted) → staff → users → orders → payments. Time is read after
-- the locks with clock_timestamp(): now() is the transaction's start and would oversell.
-- READ COMMITTED only: each statement must see what was committed while it waited for a lock.

-- A rule's number: the merchant's, else the default given (contract/rules.ts).
create function rule(p_key text, p_default numeric) returns numeric language sql stable as $$
  select coalesce((select value from rules where key = p_key), p_default)
$$;

-- JY + day + 7 digits. The factor is prime to 10^7, so numbers differ for ten million orders in a
-- row and do not tell how many there are.
create function next_order_number(p_at timestamptz) returns text language sql volatile as $$
  select 'JY' || to_char(p_at at time zone 'Asia/Shanghai', 'YYMMDD')
    || lpad(((nextval('order_numbers') * 7368787) % 10000000)::text, 7, '0')
$$;

-- Gives the seats of lapsed holds back. The caller has locked the slots.
create function expire_holds(p_slots uuid[], p_at timestamptz) returns int language plpgsql as $$
declare
  n int;
begin
  with lapsed as (
    update orders set state = 'expired', held_until = null, ended_at = p_at
    where slot_id = any (p_slots) and state in ('held', 'registered') and held_until <= p_at
    returning id, slot_id, party
  ), freed as (
    update slots set taken = taken - back.seats
    from (select slot_id, sum(party)::int as seats from lapsed group by slot_id) back
    where slots.id = back.slot_id
  ), unmarked as (
    delete from registration_marks using lapsed where registration_marks.order_id = lapsed.id
  ), told as (
    insert into events (order_id, slot_id, what, by, at)
    select id, slot_id, 'expire', 'time', p_at from lapsed
  )
  select count(*) into n from lapsed;
  return n;
end $$;

-- Locks what a hold of these slots may change: the slots themselves, and slots of the same staff
-- at the same time, whose lapsed holds must not keep the person busy.
create function lock_slots(p_slots uuid[]) returns uuid[] language plpgsql as $$
declare
  ids uuid[];
begin
  with wanted as (
    select unnest(p_slots) as id
    union
    select near.id from slots s
    join slots near on near.staff_id = s.staff_id and near.during && s.during and near.taken > 0
    where s.id = any (p_slots) and s.staff_id is not null
  ), locked as (
    select slots.id from slots join wanted using (id) order by slots.id for update of slots
  )
  select coalesce(array_agg(id), '{}') into ids from locked;
  perform pg_advisory_xact_lock(1, hashtext(staff_id::text))
    from (select distinct staff_id from slots where id = any (ids) and staff_id is not null order by 1) s;
  return ids;
end $$;

-- True when the slot's staff member is taken by another slot at that time. After lock_slots.
create function staff_busy(p_slot slots) returns boolean language sql stable as $$
  select p_slot.staff_id is not null and exists (
    select from slots other
    where other.staff_id = p_slot.staff_id and other.id <> p_slot.id
      and other.during && p_slot.during and other.taken > 0)
$$;

-- Decides a batch of hold requests in order, each with its own verdict:
-- [{"order": uuid, "user": uuid, "slot": uuid, "party": int}] →
-- granted | same | order_id_reused | slot_gone | slot_past | slot_closed | party_invalid |
-- limit_reached | staff_busy | slot_full | party_too_large   (precedence as listed, contract/api.ts)
create function hold_slots(p_requests jsonb)
returns table (order_id uuid, verdict text) language plpgsql as $$
declare
  locked uuid[];
  at timestamptz;
  hold_for interval;
  per_user int;
  r record;
  s slots;
  before orders;
  svc services;
  mine int;
begin
  locked := lock_slots(array(select distinct (e ->> 'slot')::uuid from jsonb_array_elements(p_requests) e));
  perform pg_advisory_xact_lock(2, hashtext(u))
    from (select distinct e ->> 'user' as u from jsonb_array_elements(p_requests) e order by 1) users;
  at := clock_timestamp();
  hold_for := make_interval(mins => rule('holdMinutes', 15)::int);
  per_user := rule('ordersPerUser', 3);
  perform expire_holds(locked, at);

  for r in
    select (e ->> 'order')::uuid as id, (e ->> 'user')::uuid as user_id,
           (e ->> 'slot')::uuid as slot_id, (e ->> 'party')::int as party
    from jsonb_array_elements(p_requests) with ordinality as x (e, n) order by n
  loop
    order_id := r.id;
    select * into before from orders where id = r.id;
    if found then
      verdict := case when before.user_id = r.user_id and before.slot_id = r.slot_id
        and before.party = r.party then 'same' else 'order_id_reused' end;
      return next;
      continue;
    end if;

    select * into s from slots where id = r.slot_id;
    select * into svc from services where id = s.service_id;
    select count(*) into mine from orders o join slots os on os.id = o.slot_id
      where o.user_id = r.user_id and o.service_id = s.service_id and os.ends_at > at
        and (o.state = 'confirmed' or (o.state in ('held', 'registered') and o.held_until > at));

    verdict := case
      when s.id is null or not svc.listed then 'slot_gone'
      when s.bookable_until <= at then 'slot_past'
      when s.closed_reason is not null
        or s.starts_at > at + make_interval(days => rule('bookingDays', 14)::int + 1) or exists (
        select from days where day = (s.starts_at at time zone 'Asia/Shanghai')::date and not open)
        then 'slot_closed'
      when r.party not between svc.party_min and svc.party_max then 'party_invalid'
      when mine >= per_user then 'limit_reached'
      when staff_busy(s) then 'staff_busy'
      when s.taken >= s.capacity then 'slot_full'
      when s.taken + r.party > s.capacity then 'party_too_large'
      else 'granted'
    end;

    if verdict = 'granted' then
      insert into orders (id, number, user_id, service_id, slot_id, party, state, held_until, form_version, created_at)
      values (r.id, next_order_number(at), r.user_id, s.service_id, s.id, r.party, 'held',
              least(at + hold_for, s.bookable_until),
              (select max(version) from forms where service_id = s.service_id), at)
      on conflict (id) do nothing;
      if found then
        update slots set taken = taken + r.party where id = s.id;
        insert into events (order_id, slot_id, what, by, details, at)
        values (r.id, s.id, 'hold', 'user', jsonb_build_object('party', r.party), at);
      else
        verdict := 'order_id_reused'; -- somebody else named an order so in this very moment
      end if;
    end if;
    return next;
  end loop;
end $$;

-- Writes an order's state: the only way after the hold. Verdict 'ok', or why not:
-- not_found, hold_expired (its time ran out; it is expired now), order_state (the table says no);
-- for confirming after expiry also slot_past, slot_closed, staff_busy, slot_full.
-- p_minutes: for 'register', the payment clock; p_closing: seconds the seat outlives it.
create function order_apply(
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
  if target is null or p_event = 'expire' then -- only time expires a hold
    return query select 'order_state', o.state;
    return;
  end if;

  if p_event = 'confirm' and (lapsed or o.state = 'expired') then
    verdict := case when s.starts_at <= at then 'slot_past'
      when s.closed_reason is not null then 'slot_closed' end;
    if verdict is null and o.state = 'expired' then
      perform expire_holds(lock_slots(array[v_slot]), at);
      select * into s from slots where id = v_slot;
      verdict := case when staff_busy(s) then 'staff_busy'
        when s.taken + o.party > s.capacity then 'slot_full' end;
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
  insert into events (order_id, slot_id, what, by, details, at)
  values (p_order, v_slot, p_event, p_by, p_details, at);
  return query select 'ok', target;
end $$;

-- Seats left at this second: what is not taken, and what lapsed holds have not given back yet.
create function seats_left(s slots) returns int language sql stable as $$
  select s.capacity - s.taken + coalesce((
    select sum(party)::int from orders
    where slot_id = s.id and state in ('held', 'registered') and held_until <= clock_timestamp()), 0)
$$;
