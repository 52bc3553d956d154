-- The auditor (X1): what it found, how far it has come, what has changed since; and the stop of a
-- slot's sale while its seats are in doubt.

alter table slots add column checking_since timestamptz;
create index slots_checking on slots (checking_since) where checking_since is not null;
comment on column slots.checking_since is 'Stopped by the auditor since then: no new seats until a person opens it again; null otherwise.';

-- Seats are re-summed slot by slot; those of ended orders are in no other index.
create index orders_attended on orders (slot_id) where state in ('completed', 'missed');
-- Money of which no payment of ours knows.
create index facts_of_nobody on facts (id) where payment_id is null and kind = 'trade' and state = 'paid';

create table findings (
  id uuid primary key,
  kind text not null,
  subject text not null,
  slot_id uuid references slots,
  order_id uuid,
  expected jsonb not null,
  found jsonb not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  resolved_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  note text,
  check ((acknowledged_at is null) = (acknowledged_by is null)),
  check ((acknowledged_at is null) = (note is null))
);
-- One at a time of each thing: finding it again changes the row, coming back later is another row.
create unique index findings_open on findings (kind, subject) where resolved_at is null;
create index findings_open_by_slot on findings (slot_id) where resolved_at is null;
create index findings_open_by_order on findings (order_id) where resolved_at is null;
create index findings_by_time on findings (first_seen_at desc, id desc);
comment on table findings is 'Where the auditor''s own sums and the books do not agree 核对异常 (X1).';
comment on column findings.id is 'UUID.';
comment on column findings.kind is 'A key of contract/audit.ts findingKinds.';
comment on column findings.subject is 'Id of the slot, order, payment, refund or fact that is wrong.';
comment on column findings.slot_id is 'Its slot, where it is about seats.';
comment on column findings.order_id is 'Its order, where it is about money or states; not a reference, for a lost order is a finding too.';
comment on column findings.expected is 'What the auditor summed up, contract/schema/audit.ts side.';
comment on column findings.found is 'What the books say, in the same shape.';
comment on column findings.first_seen_at is 'When it was found.';
comment on column findings.last_seen_at is 'When it was last seen.';
comment on column findings.resolved_at is 'When both agreed again; null while they differ.';
comment on column findings.acknowledged_at is 'When a person took note.';
comment on column findings.acknowledged_by is 'Who: merchant:<id>.';
comment on column findings.note is 'What they wrote.';

create table audits (
  name text primary key,
  after_at timestamptz,
  after_id uuid,
  started_at timestamptz,
  looked int not null default 0,
  finished_at timestamptz,
  last_looked int not null default 0
);
insert into audits (name) values ('slots'), ('orders'), ('history');
comment on table audits is 'The auditor''s rounds: how far each has come; a round begun by one process is gone on with by any.';
comment on column audits.name is 'A key of contract/audit.ts auditRounds.';
comment on column audits.after_at is 'Start of the last slot looked at; null between rounds and where ids alone say the place.';
comment on column audits.after_id is 'Id of the last row looked at; null between rounds.';
comment on column audits.started_at is 'When the round under way, or the last one, began.';
comment on column audits.looked is 'Rows looked at in it so far.';
comment on column audits.finished_at is 'When a round was last finished.';
comment on column audits.last_looked is 'Rows the last finished round looked at.';

create table audit_due (
  id bigint generated always as identity primary key,
  order_id uuid not null,
  since timestamptz not null
);
comment on table audit_due is 'Orders whose money, state or seats changed and were not audited since: the watermark, exact over any commit order.';
comment on column audit_due.id is 'Order of writing.';
comment on column audit_due.order_id is 'The order, which may be gone.';
comment on column audit_due.since is 'When it changed.';

-- Marks the order of a changed row, whoever changed it. Holds are not marked: nothing but their seats
-- can be wrong, and those are summed slot by slot.
create function audit_later() returns trigger language plpgsql as $$
declare
  r record;
  v_order uuid;
begin
  if tg_op = 'DELETE' then
    r := old;
  else
    r := new;
  end if;
  case tg_table_name
    when 'orders' then v_order := r.id;
    when 'payments', 'moves' then v_order := r.order_id;
    else select order_id into v_order from payments where id = r.payment_id;
  end case;
  if v_order is not null then
    insert into audit_due (order_id, since) values (v_order, clock_timestamp());
  end if;
  return null;
end $$;
create trigger audit_new after insert on orders
  for each row when (new.state <> 'held') execute function audit_later();
create trigger audit_changed after update of state, slot_id, party, payable_fen or delete on orders
  for each row execute function audit_later();
create trigger audit_changed after insert or update of state, paid_fen, order_id or delete on payments
  for each row execute function audit_later();
create trigger audit_changed after insert or update of state, amount_fen, payment_id or delete on refunds
  for each row execute function audit_later();
create trigger audit_changed after insert or update of state, fee_fen or delete on moves
  for each row execute function audit_later();
create trigger audit_new after insert on facts
  for each row execute function audit_later();

-- As in 007-hold-batch.sql, and a slot whose sale the auditor stopped is refused: slot_checking, right
-- after slot_closed. Read with the slot itself: no statement more than before.
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
                 where day = (s.starts_at at time zone 'Asia/Shanghai')::date and not open) as closed,
             s.checking_since is not null as checking
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
      when r.checking then 'slot_checking'
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

-- As in 006-move.sql, and: slot_checking after slot_closed.
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

-- As in 008-late-marks.sql, and late money takes no seat in a slot that is being checked: slot_checking.
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
