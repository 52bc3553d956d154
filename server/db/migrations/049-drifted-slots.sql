-- A slot whose counter is too low for its own lapsed holds keeps nobody else's from being tidied up (B4 X1).

-- As in 016-waits.sql. Seats come back from lapsed holds only where the counter has them; a slot whose
-- counter has fewer has drifted for sure, because whoever calls this holds its lock and every such hold
-- is counted. It is not sold from here on, and its holds wait for the recount: the auditor says what
-- differs. In the ordinary case, in which nothing has lapsed, this asks one index and is done.
create or replace function expire_holds(p_slots uuid[], p_at timestamptz) returns int language plpgsql as $$
declare
  n int := 0;
  drifted uuid[];
begin
  if exists (select from orders
    where slot_id = any (p_slots) and state in ('held', 'registered') and held_until <= p_at)
  then
    select coalesce(array_agg(slots.id), '{}') into drifted
    from slots join (
      select slot_id, sum(party) as seats from orders
      where slot_id = any (p_slots) and state in ('held', 'registered') and held_until <= p_at
      group by slot_id) due on due.slot_id = slots.id
    where slots.taken < due.seats;
    if drifted <> '{}' then
      with stopped as (
        update slots set checking_since = p_at
        where id = any (drifted) and checking_since is null
        returning id
      )
      insert into events (slot_id, what, by, at) select id, 'stop', 'auditor', p_at from stopped;
    end if;
    with lapsed as (
      update orders set state = 'expired', held_until = null, ended_at = p_at
      where slot_id = any (p_slots) and state in ('held', 'registered') and held_until <= p_at
        and slot_id <> all (drifted)
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
  end if;
  if exists (select from slots where id = any (p_slots) and waiting > 0) then
    perform offer_seats(p_slots, p_at);
  end if;
  return n;
end $$;
