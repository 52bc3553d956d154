-- Moving an order to another slot (B9): never zero seats, never two. An event of a confirmed order
-- that changes its slot, its price and its registration's scope, never its state; move_order is its
-- only writer. Locks and time as in 002-hold.sql.

comment on column orders.slot_id is 'The slot; changed by move_order only.';

-- Seats that really are taken at an instant: lapsed holds do not count, tidied up or not.
create function seats_taken(s slots, p_at timestamptz) returns int language sql stable as $$
  select s.taken - coalesce((
    select sum(party)::int from orders
    where slot_id = s.id and state in ('held', 'registered') and held_until <= p_at), 0)
$$;

-- Why an order may not go to a slot at an instant; null when it may. Reads only: the preview asks it
-- as it is, move_order asks it under the locks. The slot's own refusals are those of a hold
-- (002-hold.sql; a test compares them).
-- order_state | slot_same | slot_gone | slot_past | slot_closed | staff_busy | slot_full |
-- party_too_large | already_registered   (precedence as listed, contract/api/money.ts)
create function move_refusal(p_order uuid, p_slot uuid, p_at timestamptz)
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
    -- The order's own old seats do not keep its staff busy: it gives them up.
    when s.staff_id is not null and exists (
      select from slots other
      where other.staff_id = s.staff_id and other.id <> s.id and other.during && s.during
        and seats_taken(other, p_at) > case when other.id = was.id then o.party else 0 end)
      then 'staff_busy'
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

-- Locks what a move changes (both slots, then the order), gives lapsed holds back, and says why the
-- order may not go there: 'ok', not_found, or what move_refusal says.
create function lock_move(p_order uuid, p_slot uuid) returns text language plpgsql as $$
declare
  v_slot uuid;
  v_locked uuid;
  locked uuid[];
  at timestamptz;
begin
  loop
    select slot_id into v_slot from orders where id = p_order;
    if not found then
      return 'not_found';
    end if;
    locked := lock_slots(array[v_slot, p_slot]);
    select slot_id into v_locked from orders where id = p_order for update;
    exit when v_locked = v_slot; -- moved to another slot meanwhile: lock that one
  end loop;
  at := clock_timestamp();
  perform expire_holds(locked, at);
  return coalesce(move_refusal(p_order, p_slot, at), 'ok');
end $$;

-- Moves an order: frees its seats, takes the new ones, writes price, scope and event row at once.
-- Verdict 'ok', or why not (lock_move), with nothing changed. The constraints stay the last line of
-- defence, and what they refuse is refused by its code.
create function move_order(
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
  -- The old seats first: the same person may serve both slots, and the two may overlap.
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
    when 'slots_never_oversold' then 'slot_full'
    when 'registration_marks_pkey' then 'already_registered'
  end;
  if verdict is null then
    raise;
  end if;
  return verdict;
end $$;

-- As in 002-hold.sql, and: a move is refused here, and an order that ends takes its open move along.
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
  if target in ('completed', 'missed', 'cancelled') then
    -- Money that still comes for it goes back.
    update moves set state = 'void', reason = 'order_state', ended_at = at
    where order_id = p_order and state = 'open';
  end if;
  insert into events (order_id, slot_id, what, by, details, at)
  values (p_order, v_slot, p_event, p_by, p_details, at);
  return query select 'ok', target;
end $$;
