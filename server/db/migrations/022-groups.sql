-- A party over several slots (B6): all of its holds or none.

-- Decides the requests as hold_slots does, and undoes all of them when one is refused. Verdicts in
-- order; `granted` stands only where every one is granted or `same`.
create function hold_group(p_requests jsonb)
returns table (order_id uuid, verdict text) language plpgsql as $$
declare
  ids uuid[];
  said text[];
begin
  begin
    select array_agg(h.order_id order by h.n), array_agg(h.verdict order by h.n) into ids, said
    from hold_slots(p_requests) with ordinality as h (order_id, verdict, number, created_at, held_until, form_version, first, n);
    if not said <@ array['granted', 'same'] then
      raise exception 'a part of the group is refused' using errcode = 'JY001';
    end if;
  exception when sqlstate 'JY001' then
    null; -- what was held is not; what was said stands
  end;
  return query select unnest(ids), unnest(said);
end $$;
