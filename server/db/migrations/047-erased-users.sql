-- Nothing is written of somebody who erased themselves, not even by a request that was under way (X11).

-- Erasing locks the user's row (server/privacy/erase.ts): an insert that came first is seen and deleted
-- by it; one that comes after waits here for its end, and then finds nobody.
create function refuse_erased() returns trigger language plpgsql as $$
begin
  perform from users where id = new.user_id and erased_at is null for key share;
  if not found and exists (select from users where id = new.user_id) then
    raise exception 'user % is erased', new.user_id using errcode = 'JYERA';
  end if;
  return new;
end $$;
create function refuse_erased_user() returns trigger language plpgsql as $$
begin
  raise exception 'user % is erased', old.id using errcode = 'JYERA';
end $$;

-- What people write by themselves. Not orders: one raised exception would end a whole batch of holds; a
-- hold of nobody is ended (end_erased_holds). Not what the merchant writes: its batches go on.
create trigger users_erased before update on users
  for each row when (old.erased_at is not null) execute function refuse_erased_user();
create trigger identities_erased before insert or update on identities
  for each row execute function refuse_erased();
create trigger sessions_erased before insert on sessions
  for each row when (new.user_id is not null) execute function refuse_erased();
create trigger contacts_erased before insert or update on contacts
  for each row execute function refuse_erased();
create trigger pictures_erased before insert on pictures
  for each row when (new.user_id is not null) execute function refuse_erased();
create trigger picture_failures_erased before insert on picture_failures
  for each row when (new.user_id is not null) execute function refuse_erased();
create trigger waits_erased before insert on waits
  for each row execute function refuse_erased();
create trigger negotiations_erased before insert on negotiations
  for each row execute function refuse_erased();
create trigger consents_erased before insert on consents
  for each row execute function refuse_erased();
create trigger queue_reminders_erased before insert on queue_reminders
  for each row execute function refuse_erased();
create trigger feedback_erased before insert on feedback
  for each row when (new.source = 'app' and new.user_id is not null) execute function refuse_erased();

create index users_erased_at on users (erased_at) where erased_at is not null;

-- Lets holds lapse that an erased user's last request took since `p_since`; answers how many. Their order
-- is locked alone: a hold that ends early changes no seats by itself (040-living-holds.sql).
create function end_erased_holds(p_since timestamptz) returns int language plpgsql as $$
declare
  ended int;
begin
  with theirs as (
    select orders.id from users join orders on orders.user_id = users.id
    where users.erased_at >= p_since and orders.state = 'held' and orders.held_until > clock_timestamp()
    order by orders.id for no key update of orders skip locked
  )
  update orders set held_until = clock_timestamp() from theirs where orders.id = theirs.id;
  get diagnostics ended = row_count;
  return ended;
end $$;

-- Phones that somebody was looked for by, in what was kept until now: masked in the record of exports. A view
-- that looks for one looks for nothing more: it cannot be sealed here.
update exports set filter = jsonb_set(filter, '{text}', to_jsonb(
    regexp_replace(regexp_replace(filter ->> 'text', '[\s-]', '', 'g'), '^(...)....(....)$', '\1****\2')))
where regexp_replace(filter ->> 'text', '[\s-]', '', 'g') ~ '^1\d{10}$';
update saved_views set filter = filter - 'text'
where regexp_replace(filter ->> 'text', '[\s-]', '', 'g') ~ '^1\d{10}$';
comment on column exports.filter is 'What it was narrowed to: RegistrationFilter of contract/schema/registrations.ts, a phone masked.';
comment on column saved_views.filter is 'KeptFilter of server/db/schema.ts: a phone sealed, with its blind index as mark.';
