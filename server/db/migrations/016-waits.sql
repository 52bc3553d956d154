-- The waiting list 候补 of a slot that is full (B11). First come, first served: a seat that becomes
-- free is set aside for the first in line whom it fits by the transaction that frees it, or, where
-- time freed it, by the first transaction that finds it free, before anybody else is served
-- (docs/decisions/021-waiting-list.md).

alter table slots add column waiting int not null default 0 check (waiting >= 0);
comment on column slots.waiting is 'People in its waiting list: rows of waits that wait; 0 keeps the hot path off the list.';
create index slots_awaited on slots (bookable_until) where waiting > 0;

create table waits (
  id uuid primary key,
  seq bigint not null generated always as identity,
  user_id uuid not null references users,
  slot_id uuid not null references slots,
  party int not null check (party > 0),
  state text not null default 'waiting' check (state in ('waiting', 'offered', 'left')),
  joined_at timestamptz not null,
  offered_at timestamptz,
  told_at timestamptz,
  left_at timestamptz,
  check ((state = 'offered') = (offered_at is not null)),
  check ((state = 'left') = (left_at is not null)),
  check (told_at is null or offered_at is not null)
);
create unique index waits_once on waits (user_id, slot_id) where state = 'waiting';
create unique index waits_in_line on waits (slot_id, seq) where state = 'waiting';
create index waits_untold on waits (offered_at) where state = 'offered' and told_at is null;
create index waits_by_user on waits (user_id, joined_at desc);
create index waits_by_slot on waits (slot_id, seq);
comment on table waits is 'Places in the waiting lists of full slots 候补 (B11); contract/wait.ts says what a row means with its order and the time.';
comment on column waits.id is 'UUID made by the phone; the order that a seat is offered as has the same.';
comment on column waits.seq is 'Place in the line: grows in the order of joining, for it is given under the slot''s lock.';
comment on column waits.user_id is 'Who waits.';
comment on column waits.slot_id is 'For which slot.';
comment on column waits.party is 'Seats wanted, all or none.';
comment on column waits.state is 'offered: a seat was held for them once; the order of the same id tells what became of it.';
comment on column waits.joined_at is 'When they joined.';
comment on column waits.offered_at is 'When the seat was held for them.';
comment on column waits.told_at is 'When the message about it was written down; null while that is due.';
comment on column waits.left_at is 'When they left the line.';

-- Orders of a person that count against ordersPerUser, as hold_slots counts them.
create function upcoming_orders(p_user uuid, p_service uuid, p_at timestamptz)
returns int language sql stable as $$
  select count(*)::int from orders o join slots os on os.id = o.slot_id
  where o.user_id = p_user and o.service_id = p_service and os.ends_at > p_at
    and (o.state = 'confirmed' or (o.state in ('held', 'registered') and o.held_until > p_at))
$$;

-- Whom of a slot's line so many free seats are for, in order: who does not fit is passed by and keeps
-- the place, so is who has as many orders as one may have. contract/wait.ts offersOf is the same rule.
create function offers_of(s slots, p_free int, p_at timestamptz)
returns setof waits language plpgsql stable as $$
declare
  w waits;
  free int := p_free;
  per_user int := rule('ordersPerUser', 3);
begin
  for w in select * from waits where slot_id = s.id and state = 'waiting' order by seq loop
    exit when free <= 0;
    continue when w.party > free or upcoming_orders(w.user_id, s.service_id, p_at) >= per_user;
    free := free - w.party;
    return next w;
  end loop;
end $$;

-- True when seats of the slot may be given to anybody at all.
create function may_offer(s slots, p_at timestamptz) returns boolean language sql stable as $$
  select s.waiting > 0 and s.closed_reason is null and s.checking_since is null
    and s.bookable_until > p_at
    and (select listed from services where id = s.service_id)
    and not exists (
      select from days where day = (s.starts_at at time zone 'Asia/Shanghai')::date and not open)
    and not staff_busy(s) and not room_busy(s)
$$;

-- Of so many free seats those that are the line's, given to it already or not.
create function seats_owed(s slots, p_free int, p_at timestamptz) returns int language sql stable as $$
  select case when s.waiting > 0 and p_free > 0 and may_offer(s, p_at)
    then (select coalesce(sum(party), 0)::int from offers_of(s, p_free, p_at)) else 0 end
$$;

-- Holds free seats of these slots for their lines. The caller has locked the slots (lock_slots).
-- Answers how many people were offered seats.
create function offer_seats(p_slots uuid[], p_at timestamptz) returns int language plpgsql as $$
declare
  s slots;
  w waits;
  n int := 0;
  offer_for interval := make_interval(mins => rule('offerMinutes', 15)::int);
begin
  for s in
    select * from slots where id = any (p_slots) and waiting > 0 and taken < capacity order by id
  loop
    continue when not may_offer(s, p_at);
    for w in select * from offers_of(s, s.capacity - s.taken, p_at) loop
      insert into orders (id, number, user_id, service_id, slot_id, party, state, held_until, form_version, created_at)
      values (w.id, next_order_number(p_at), w.user_id, s.service_id, s.id, w.party, 'held',
              least(p_at + offer_for, s.bookable_until),
              (select max(version) from forms where service_id = s.service_id), p_at)
      on conflict (id) do nothing;
      if found then
        update slots set taken = taken + w.party, waiting = waiting - 1 where id = s.id;
        update waits set state = 'offered', offered_at = p_at where id = w.id;
        insert into events (order_id, slot_id, what, by, details, at)
        values (w.id, s.id, 'hold', 'wait', jsonb_build_object('party', w.party), p_at);
        n := n + 1;
      else -- their phone gave this id to another order: there is no way to hold a seat for it
        update slots set waiting = waiting - 1 where id = s.id;
        update waits set state = 'left', left_at = p_at where id = w.id;
      end if;
    end loop;
  end loop;
  return n;
end $$;

-- As in 008-late-marks.sql, and what is free now goes to the waiting lists first: whoever asks for a
-- seat after this finds only what no line wants. Where nobody waits it costs one look at the slots.
create or replace function expire_holds(p_slots uuid[], p_at timestamptz) returns int language plpgsql as $$
declare
  n int;
  awaited boolean;
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
    returning registration_marks.order_id, registration_marks.scope, registration_marks.mark
  ), aside as (
    insert into lapsed_marks (order_id, scope, mark)
    select unmarked.order_id, unmarked.scope, unmarked.mark from unmarked on conflict do nothing
  ), told as (
    insert into events (order_id, slot_id, what, by, at)
    select id, slot_id, 'expire', 'time', p_at from lapsed
  )
  select count(*), exists (select from slots where id = any (p_slots) and waiting > 0)
  into n, awaited from lapsed;
  if awaited then
    perform offer_seats(p_slots, p_at);
  end if;
  return n;
end $$;

-- Who frees a seat gives it to the line before the commit: cancelling, moving away, a larger capacity,
-- an opened slot. Deferred, because a move frees the old seat before it takes the new one, and the
-- same person may serve both.
create function slots_offer() returns trigger language plpgsql as $$
begin
  perform offer_seats(lock_slots(array[new.id]), clock_timestamp());
  return null;
end $$;
create constraint trigger slots_offer after update on slots deferrable initially deferred
  for each row when (new.waiting > 0 and (new.taken < old.taken or new.capacity > old.capacity
    or (old.closed_reason is not null and new.closed_reason is null)
    or (old.checking_since is not null and new.checking_since is null)))
  execute function slots_offer();

-- As in 002-hold.sql, less what is the waiting list's.
create or replace function seats_left(s slots) returns int language sql stable as $$
  select free.n - case when s.waiting = 0 then 0 else seats_owed(s, free.n, clock_timestamp()) end
  from (select s.capacity - s.taken + coalesce((
    select sum(party)::int from orders
    where slot_id = s.id and state in ('held', 'registered') and held_until <= clock_timestamp()), 0) as n) free
$$;

-- As in 006-move.sql, and what is the waiting list's is taken.
create or replace function seats_taken(s slots, p_at timestamptz) returns int language sql stable as $$
  select held.n + case when s.waiting = 0 then 0 else seats_owed(s, s.capacity - held.n, p_at) end
  from (select s.taken - coalesce((
    select sum(party)::int from orders
    where slot_id = s.id and state in ('held', 'registered') and held_until <= p_at), 0) as n) held
$$;

-- Takes a place in a slot's line: 'joined' | 'same' | wait_id_reused | slot_gone | slot_past |
-- slot_closed | slot_checking | party_invalid | limit_reached | held_too_often | already_waiting |
-- staff_busy | room_busy | slot_free | wait_full   (precedence as listed, contract/api/waits.ts)
create function join_waits(p_wait uuid, p_user uuid, p_slot uuid, p_party int)
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
    when s.id is null or not svc.listed then 'slot_gone'
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

-- Gives a place up: 'left' (also when it was before), 'offered' (a seat is held for it: its order is
-- to be cancelled), not_found.
create function leave_waits(p_wait uuid) returns text language plpgsql as $$
declare
  v_slot uuid;
  v_state text;
begin
  select slot_id into v_slot from waits where id = p_wait;
  if not found then
    return 'not_found';
  end if;
  perform lock_slots(array[v_slot]);
  select state into v_state from waits where id = p_wait;
  if v_state = 'waiting' then
    update waits set state = 'left', left_at = clock_timestamp() where id = p_wait;
    update slots set waiting = waiting - 1 where id = v_slot;
    insert into events (slot_id, what, by, details, at)
    values (v_slot, 'unwait', 'user', jsonb_build_object('wait', p_wait), clock_timestamp());
    return 'left';
  end if;
  return v_state;
end $$;
