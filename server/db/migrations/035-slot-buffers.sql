-- Whatever becomes a slot keeps the buffers of its service (B3, B5): one by hand and a private one
-- too, not only those that schedules make. Who travels, or cleans a room, needs the time after them
-- as well. `during`, which the exclusions compare, follows.

-- The widest buffers among the schedules in use of a service, minutes.
create function service_buffers(p_service uuid, out before int, out after int) language sql stable as $$
  select coalesce(max(buffer_before), 0), coalesce(max(buffer_after), 0)
  from schedules where service_id = p_service and retired_at is null
$$;

create function slots_keep_buffers() returns trigger language plpgsql as $$
declare
  kept record;
begin
  select * into kept from service_buffers(new.service_id);
  new.kept_from := new.starts_at - make_interval(mins => nullif(kept.before, 0));
  new.kept_until := new.ends_at + make_interval(mins => nullif(kept.after, 0));
  return new;
end $$;

-- Slots of schedules say their own.
create trigger slots_keep_buffers before insert on slots
  for each row when (new.schedule_id is null and new.kept_from is null and new.kept_until is null
    and (new.staff_id is not null or new.room_id is not null))
  execute function slots_keep_buffers();

-- Those ahead that nobody has taken yet; what is promised stays as it was promised.
update slots set
  kept_from = starts_at - make_interval(mins => nullif(kept.before, 0)),
  kept_until = ends_at + make_interval(mins => nullif(kept.after, 0))
from (
  select services.id as service_id, (service_buffers(services.id)).* from services
) kept
where kept.service_id = slots.service_id and slots.schedule_id is null and slots.taken = 0
  and slots.ends_at > now() and slots.kept_from is null and slots.kept_until is null
  and (slots.staff_id is not null or slots.room_id is not null);

comment on column slots.kept_from is 'Its staff and room are kept from then on (buffer before); null for its start. A slot of no schedule has the widest buffers of its service''s.';
comment on column slots.kept_until is 'Its staff and room are kept until then (buffer after); null for its end.';
