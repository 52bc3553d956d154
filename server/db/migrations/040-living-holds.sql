-- Registering and confirming without the slot, and many registrations at once (T4).

-- True of a hold that keeps its seat at this moment.
create function lives(o orders) returns boolean language sql volatile as $$
  select o.state in ('held', 'registered') and o.held_until > clock_timestamp()
$$;

-- As in 014-resources.sql, but whoever only refers to a slot (a foreign key) need not wait for it.
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
    select slots.id from slots join wanted using (id) order by slots.id for no key update of slots
  )
  select coalesce(array_agg(id), '{}') into ids from locked;
  perform pg_advisory_xact_lock(1, key) from (
    select distinct hashtext(one::text) as key
    from slots, unnest(array[staff_id, room_id]) as one
    where id = any (ids) and one is not null
    order by 1) resources;
  return ids;
end $$;

-- As in 014-resources.sql, but a living hold is registered and confirmed under its own lock: that
-- changes no seats, and expire_holds, which locks the same row, looks again after it has waited. All
-- else needs the slot before the order.
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
  keeps boolean;
  locked uuid;
begin
  loop
    select slot_id, p_event in ('register', 'confirm') and lives(orders) into v_slot, keeps
    from orders where id = p_order;
    if not found then
      return query select 'not_found', null::text;
      return;
    end if;
    if not keeps then
      perform lock_slots(array[v_slot]);
      locked := v_slot;
    end if;
    select * into o from orders where id = p_order for update;
    -- Moved to another slot, or lapsed, meanwhile: lock what that needs.
    exit when o.slot_id = v_slot and (locked = v_slot or lives(o));
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

-- Registers a batch of living holds: [{"order", "user", "quote", "first", "coupon", "minutes", "closing",
-- "form_version", "answers", "scope", "marks", "pictures": [{"picture", "field"}],
-- "agreed": [{"version", "digest", "host"}], "at"}] → the orders that are registered by it. Whatever
-- is not plain is left as it was, to be decided alone (server/registration/registration.ts): a hold that
-- lapsed, a discount or coupon that went to another order meanwhile, a phone or ID that is known already.
create function register_orders(p_requests jsonb) returns setof uuid language plpgsql as $$
declare
  r record;
  wrote int;
begin
  perform lock_user(u::uuid)
    from (select distinct e ->> 'user' as u from jsonb_array_elements(p_requests) e order by 1) users;
  perform from orders
    where id in (select (e ->> 'order')::uuid from jsonb_array_elements(p_requests) e)
    order by id for update;
  for r in
    select x.*, e.n, lives(o) and o.state = 'held' as plain, o.user_id = x."user" as own
    from jsonb_array_elements(p_requests) with ordinality as e (value, n),
      jsonb_to_record(e.value) as x ("order" uuid, "user" uuid, quote jsonb, first boolean, coupon uuid,
        minutes int, closing int, form_version int, answers jsonb, scope uuid, marks text[],
        pictures jsonb, agreed jsonb, at timestamptz)
      join orders o on o.id = x."order"
    order by e.n
  loop
    continue when not r.plain or not r.own;
    continue when r.first and exists (
      select from orders
      where user_id = r."user" and id <> r."order" and (confirmed_at is not null
        or (state = 'registered' and held_until > clock_timestamp()
          and quote @> '{"lines": [{"firstOrder": true}]}')));
    continue when r.coupon is not null and not exists (
      select from coupons c left join orders o on o.id = c.order_id
      where c.id = r.coupon and c.user_id = r."user" and c.expires_at > clock_timestamp()
        and (o.id is null or o.state in ('cancelled', 'expired')
          or (o.state in ('held', 'registered') and o.held_until <= clock_timestamp())));

    insert into registrations (order_id, form_version, answers, scope, submitted_at, forget_at)
    values (r."order", r.form_version, r.answers, r.scope, r.at, r.at + interval '1 day');
    insert into registration_marks (order_id, scope, mark)
    select r."order", r.scope, unnest(r.marks) on conflict do nothing;
    get diagnostics wrote = row_count;
    if wrote < cardinality(r.marks)
      or (select verdict from order_apply(r."order", 'register', 'user', '{}', r.quote, r.minutes, r.closing)) <> 'ok'
    then
      delete from registration_marks where order_id = r."order";
      delete from registrations where order_id = r."order";
      continue;
    end if;
    update coupons set order_id = r."order" where id = r.coupon;
    insert into agreements (user_id, order_id, version, digest, form_version, host, at)
    select r."user", r."order", version, digest, r.form_version, host, r.at
    from jsonb_to_recordset(r.agreed) as said (version int, digest text, host text);
    insert into registration_pictures (order_id, picture_id, field_id)
    select r."order", picture, field
    from jsonb_to_recordset(r.pictures) as shown (picture uuid, field text) on conflict do nothing;
    return next r."order";
  end loop;
end $$;

-- Locks a payment with all that news of its money may change: slot, order, payment (in this order). The
-- slot only where seats may change hands: the order is no living hold, or the payment is for a move.
create function lock_trade(p_payment uuid) returns setof payments language plpgsql as $$
declare
  o orders;
  goes uuid;
begin
  select orders.* into o from payments join orders on orders.id = payments.order_id
  where payments.id = p_payment;
  select to_slot into goes from payments join moves on moves.id = payments.move_id
  where payments.id = p_payment;
  if goes is not null or not lives(o) then
    -- Both slots of a move at once: two orders that swap their slots must not wait for each other.
    perform lock_slots(array_remove(array[o.slot_id, goes], null));
  end if;
  perform from orders where id = o.id for update;
  return query select * from payments where id = p_payment for update;
end $$;

-- The slot of an order at this moment, also where a statement began earlier.
create function slot_of(p_order uuid) returns uuid language sql volatile as $$
  select slot_id from orders where id = p_order
$$;
