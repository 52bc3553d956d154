-- Reminders (B8): rows with a due time. Each is sent once, or says why not.

create table reminders (
  id uuid primary key,
  order_id uuid not null references orders,
  kind text not null,
  slot_id uuid not null references slots,
  due_at timestamptz,
  state text not null default 'planned' check (state in ('planned', 'sending', 'sent', 'unsent')),
  channel text,
  reason text,
  done_at timestamptz,
  unique (order_id, kind, slot_id),
  check ((state = 'unsent') = (reason is not null)),
  check ((state in ('sent', 'unsent')) = (done_at is not null))
);
create index reminders_due on reminders (due_at) where state in ('planned', 'sending');
comment on table reminders is 'Messages to the person of an order, planned when it is confirmed.';
comment on column reminders.id is 'UUID.';
comment on column reminders.order_id is 'The order.';
comment on column reminders.kind is 'A key of contract/reminder.ts reminderKinds.';
comment on column reminders.slot_id is 'The slot it speaks of: an order that moved has others.';
comment on column reminders.due_at is 'When to send; for one being sent, when to give it up.';
comment on column reminders.state is 'sending is written before the channel is asked, so that none goes out twice.';
comment on column reminders.channel is 'How it went.';
comment on column reminders.reason is 'A key of contract/reminder.ts unsentReasons.';
comment on column reminders.done_at is 'When it was sent or given up.';
