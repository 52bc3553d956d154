-- 预约提醒 (T5): who was turned away at a peak and asked to be told when it is over. One row per
-- person and service is open at a time; each is told once, or says why not.

create table queue_reminders (
  id uuid primary key,
  user_id uuid not null references users,
  service_id uuid not null references services,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  state text not null default 'planned' check (state in ('planned', 'sending', 'sent', 'unsent')),
  channel text,
  reason text,
  done_at timestamptz,
  check ((state = 'unsent') = (reason is not null)),
  check ((state in ('sent', 'unsent')) = (done_at is not null))
);
create unique index queue_reminders_open on queue_reminders (user_id, service_id)
  where state in ('planned', 'sending');
create index queue_reminders_due on queue_reminders (due_at) where state in ('planned', 'sending');
create index queue_reminders_of_service on queue_reminders (service_id);
comment on table queue_reminders is 'Who asked to be told when the queue of a service is over.';
comment on column queue_reminders.id is 'UUID.';
comment on column queue_reminders.user_id is 'Who asked.';
comment on column queue_reminders.service_id is 'The service they wanted.';
comment on column queue_reminders.asked_at is 'When they asked.';
comment on column queue_reminders.due_at is 'When to look next whether it is calm; for one being sent, when to give it up.';
comment on column queue_reminders.state is 'sending is written before the channel is asked, so that none goes out twice.';
comment on column queue_reminders.channel is 'How it went.';
comment on column queue_reminders.reason is 'A key of contract/reminder.ts unsentReasons.';
comment on column queue_reminders.done_at is 'When it was sent or given up.';
