-- Money that comes after an order's time confirms it again (P10): its marks (R4) must come back with
-- it, or the same phone could register for the same slot a second time.

create table lapsed_marks (
  order_id uuid not null references registrations,
  scope uuid not null,
  mark text not null,
  primary key (order_id, mark)
);
comment on table lapsed_marks is 'Marks of expired orders: nobody is kept from registering by them, late money brings them back.';
comment on column lapsed_marks.order_id is 'Whose registration.';
comment on column lapsed_marks.scope is 'The slot or the service.';
comment on column lapsed_marks.mark is 'Blind index of the phone or ID number.';

-- As in 002-hold.sql, and marks are put aside instead of thrown away.
create or replace function expire_holds(p_slots uuid[], p_at timestamptz) returns int language plpgsql as $$
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
    returning registration_marks.order_id, registration_marks.scope, registration_marks.mark
  ), aside as (
    insert into lapsed_marks (order_id, scope, mark)
    select unmarked.order_id, unmarked.scope, unmarked.mark from unmarked on conflict do nothing
  ), told as (
    insert into events (order_id, slot_id, what, by, at)
    select id, slot_id, 'expire', 'time', p_at from lapsed
  )
  select count(*) into n from lapsed;
  return n;
end $$;

-- True when somebody else has registered meanwhile with a mark of this expired order.
create function marks_clash(p_order uuid) returns boolean language sql stable as $$
  select exists (
    select from lapsed_marks mine
    join registration_marks theirs on theirs.scope = mine.scope and theirs.mark = mine.mark
    where mine.order_id = p_order and theirs.order_id <> p_order)
$$;

-- An order that stands again has its marks again, in the same transaction.
create function marks_come_back() returns trigger language plpgsql as $$
begin
  with back as (
    delete from lapsed_marks where order_id = new.id returning scope, mark
  )
  insert into registration_marks (order_id, scope, mark)
  select new.id, back.scope, back.mark from back;
  return new;
end $$;
create trigger marks_come_back after update of state on orders
  for each row when (old.state = 'expired' and new.state = 'confirmed')
  execute function marks_come_back();

-- As in 006-move.sql, and: late money finds its phone registered again by somebody else → already_registered.
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
      when s.closed_reason is not null then 'slot_closed' end;
    if verdict is null and o.state = 'expired' then
      perform expire_holds(lock_slots(array[v_slot]), at);
      select * into s from slots where id = v_slot;
      verdict := case when staff_busy(s) then 'staff_busy'
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
