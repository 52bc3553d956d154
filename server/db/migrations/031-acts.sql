-- The log of the console (M10): who changed what, before and after, written by the database in the
-- very transaction of the change. The server says who acts by a setting of the transaction
-- (db/tx.ts, 'jiyue.act'); where nobody of the merchant acts, the triggers cost one comparison.

alter table people add column recovery_at timestamptz;
comment on column people.recovery_at is 'When the recovery codes were made last.';

create table acts (
  id uuid primary key,
  at timestamptz not null,
  person_id uuid not null references people,
  action text not null,
  reason text,
  address text
);
create index acts_by_time on acts (at desc, id desc);
create index acts_by_person on acts (person_id, at desc, id desc);
create index acts_by_action on acts (action, at desc, id desc);
comment on table acts is 'Requests of the console that changed something 操作记录 (M10); append-only.';
comment on column acts.id is 'The request''s id, which the server''s log has too.';
comment on column acts.at is 'When, to the millisecond.';
comment on column acts.person_id is 'Who.';
comment on column acts.action is 'The endpoint of contract/api.ts.';
comment on column acts.reason is 'What they gave as reason or note.';
comment on column acts.address is 'The address it came from.';

create table act_changes (
  id bigint generated always as identity primary key,
  act_id uuid not null references acts,
  object text not null,
  object_key text not null,
  object_name text,
  kind text not null check (kind in ('insert', 'update', 'delete')),
  before jsonb not null,
  after jsonb not null
);
create index act_changes_by_act on act_changes (act_id, id);
create index act_changes_by_object on act_changes (object, object_key, id desc);
comment on table act_changes is 'The rows an act changed; append-only.';
comment on column act_changes.id is 'Order of writing.';
comment on column act_changes.act_id is 'The act.';
comment on column act_changes.object is 'The table.';
comment on column act_changes.object_key is 'Its key; several parts with commas between.';
comment on column act_changes.object_name is 'What people call it: a name, a number, a label.';
comment on column act_changes.kind is 'Added, changed or removed.';
comment on column act_changes.before is 'The columns that changed, as they were; what is sealed or hashed is never shown.';
comment on column act_changes.after is 'The same columns, as they are now.';

-- Columns of what changed; seals, hashes and counters of the machine are not for people's eyes.
create function act_shown(p_row jsonb, p_other jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(key, case
      when value = 'null' then value
      when key ~ '(_sealed|_hash|_mark|_index)$' or value::text ~ 'v[12]:[\w-]{38,}' then '"•••"'
      else value end), '{}')
  from jsonb_each(p_row)
  where value is distinct from p_other -> key
    and key not in ('version', 'revision', 'during', 'taken', 'due_at', 'fill_at', 'fills', 'filled_until', 'tries', 'second_step')
$$;

-- tg_argv: columns of the key, then the column that names it ('' where nothing does).
create function act_write() returns trigger language plpgsql as $$
declare
  v_act jsonb := current_setting('jiyue.act')::jsonb;
  v_old jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
  v_new jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
  v_row jsonb := v_old || v_new;
  v_before jsonb := act_shown(v_old, v_new);
  v_after jsonb := act_shown(v_new, v_old);
begin
  if v_before = '{}' and v_after = '{}' then return null; end if;
  insert into acts (id, at, person_id, action, reason, address)
    values ((v_act ->> 'id')::uuid, date_trunc('milliseconds', clock_timestamp()),
      (v_act ->> 'person')::uuid, v_act ->> 'action', v_act ->> 'reason', v_act ->> 'address')
    on conflict (id) do nothing;
  insert into act_changes (act_id, object, object_key, object_name, kind, before, after)
    values ((v_act ->> 'id')::uuid, tg_table_name,
      (select string_agg(v_row ->> part, ',') from unnest(string_to_array(tg_argv[0], ',')) part),
      v_row ->> tg_argv[1], lower(tg_op), v_before, v_after);
  return null;
end $$;

-- Puts a table on the log: `select log_changes('rooms', 'id', 'name')` in the migration that makes it.
create function log_changes(p_table text, p_key text, p_name text default '') returns void
language plpgsql as $$
begin
  execute format($sql$create trigger act_log after insert or update or delete on %I
    for each row when (current_setting('jiyue.act', true) <> '')
    execute function act_write(%L, %L)$sql$, p_table, p_key, p_name);
end $$;

select log_changes('people', 'id', 'name');
select log_changes('branches', 'id', 'name');
select log_changes('staff', 'id', 'name');
select log_changes('rooms', 'id', 'name');
select log_changes('services', 'id', 'name');
select log_changes('service_staff', 'service_id,staff_id');
select log_changes('service_rooms', 'service_id,room_id');
select log_changes('service_branches', 'service_id,branch_id');
select log_changes('promotions', 'id', 'label');
select log_changes('rules', 'key', 'key');
select log_changes('days', 'day', 'day');
select log_changes('schedules', 'id');
select log_changes('forms', 'service_id,version');
select log_changes('invitations', 'person_id');
select log_changes('refunds', 'id');
select log_changes('proofs', 'id');
select log_changes('bills', 'method,day');
select log_changes('differences', 'id');
select log_changes('deliveries', 'payment_id');
select log_changes('findings', 'id');
select log_changes('nudges', 'id');
select log_changes('negotiations', 'id');
select log_changes('disruptions', 'id', 'reason');

-- Slots a person made or changed by hand; those that schedules fill in follow from the schedule.
create trigger act_log after update of capacity, closed_reason, removed_at, by_hand on slots
  for each row when (current_setting('jiyue.act', true) <> '' and new.by_hand)
  execute function act_write('id', 'starts_at');
create trigger act_log_new after insert on slots
  for each row when (current_setting('jiyue.act', true) <> '' and new.schedule_id is null)
  execute function act_write('id', 'starts_at');
-- Orders a person of the merchant moved on; holding inserts and never comes here.
create trigger act_log after update of state on orders
  for each row when (current_setting('jiyue.act', true) <> '')
  execute function act_write('id', 'number');
-- Sessions of the merchant's people that a person ended.
create trigger act_log after delete on sessions
  for each row when (current_setting('jiyue.act', true) <> '' and old.person_id is not null)
  execute function act_write('id', 'agent');
