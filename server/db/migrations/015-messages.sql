-- Messages (B8 X3): reminders to any person about anything, by several channels, each explained.

alter table reminders alter column order_id drop not null;
alter table reminders alter column slot_id drop not null;
alter table reminders add column user_id uuid references users;
alter table reminders add column once text;
alter table reminders add column facts jsonb not null default '{}';
alter table reminders add column until_at timestamptz;
alter table reminders add column lease_until timestamptz;
alter table reminders add column text text;
alter table reminders add column path text;
alter table reminders add column told_at timestamptz;
alter table reminders add column read_at timestamptz;
alter table reminders add column answer text check (answer in ('confirm', 'cancel'));
alter table reminders add column answered_at timestamptz;

update reminders set
  user_id = (select user_id from orders where orders.id = reminders.order_id),
  once = case
    when about is not null then about::text
    when kind = 'confirmed' then order_id::text
    else order_id || ' ' || slot_id end;
-- A lease was written into due_at; it is over when it says so.
update reminders set lease_until = due_at where state = 'sending';
alter table reminders alter column user_id set not null;
alter table reminders alter column once set not null;
drop index reminders_once;
create unique index reminders_once on reminders (kind, once, user_id);
create index reminders_of_order on reminders (order_id) where order_id is not null;
create index reminders_inbox on reminders (user_id, told_at desc, id) where told_at is not null;
create index reminders_done on reminders (done_at) where done_at is not null;
alter table reminders add check ((answer is null) = (answered_at is null));
alter table reminders add check ((told_at is null) = (text is null));

comment on table reminders is 'Messages to people: planned with an order, or told of an event.';
comment on column reminders.order_id is 'The order it is about; null when it is about none.';
comment on column reminders.slot_id is 'The slot it speaks of: an order that moved has others.';
comment on column reminders.due_at is 'When to send.';
comment on column reminders.about is 'The move, proof, nudge or request it tells of; null when it tells of the order.';
comment on column reminders.channel is 'The channel outside our own screens that took it.';
comment on column reminders.user_id is 'Whom it is for.';
comment on column reminders.once is 'What is told once: the order, the order and slot, or what it is about.';
comment on column reminders.facts is 'What it says besides the order''s own facts (reminder/text.ts).';
comment on column reminders.until_at is 'It makes no sense from this instant on; null without such an end.';
comment on column reminders.lease_until is 'Whoever sends it has until then; after that it is looked at again.';
comment on column reminders.text is 'What the inbox shows, as it was told.';
comment on column reminders.path is 'The page it opens on the phone.';
comment on column reminders.told_at is 'When it came into the inbox.';
comment on column reminders.read_at is 'When the person saw it there.';
comment on column reminders.answer is 'What the person answered to 是否确认参与; null for silence.';
comment on column reminders.answered_at is 'When they answered.';

create table sends (
  reminder_id uuid not null references reminders,
  channel text not null,
  state text not null check (state in ('sending', 'sent', 'unsent')),
  reason text,
  code text,
  at timestamptz not null,
  primary key (reminder_id, channel),
  check ((state = 'unsent') = (reason is not null))
);
create index sends_by_time on sends (at);
comment on table sends is 'Each channel a reminder was tried by, once.';
comment on column sends.reminder_id is 'The reminder.';
comment on column sends.channel is 'A name of contract/reminder.ts channelNames.';
comment on column sends.state is 'sending is written before the channel is asked, so that none is asked twice.';
comment on column sends.reason is 'A key of contract/reminder.ts unsentReasons.';
comment on column sends.code is 'What the platform called its refusal.';
comment on column sends.at is 'When it was asked, or left out.';

create table consents (
  id uuid not null,
  template text not null,
  user_id uuid not null references users,
  host text not null check (host in ('weapp', 'alipay')),
  answer text not null check (answer in ('accept', 'reject', 'ban', 'filter')),
  given_at timestamptz not null,
  spent_at timestamptz,
  reminder_id uuid references reminders,
  void boolean not null default false,
  primary key (id, template),
  check (spent_at is null or answer = 'accept')
);
create index consents_left on consents (user_id, host, template, given_at)
  where answer = 'accept' and spent_at is null and not void;
create index consents_of_reminder on consents (reminder_id) where reminder_id is not null;
comment on table consents is 'What people answered when a host asked whether we may write to them; one consent is one message.';
comment on column consents.id is 'UUID of the asking, made by the phone.';
comment on column consents.template is 'A name of contract/reminder.ts templateNames.';
comment on column consents.user_id is 'Who answered.';
comment on column consents.host is 'Where.';
comment on column consents.answer is 'accept, reject, ban (switched off in the settings) or filter (by the platform).';
comment on column consents.given_at is 'When.';
comment on column consents.spent_at is 'When a message used it up.';
comment on column consents.reminder_id is 'The message that did.';
comment on column consents.void is 'The platform said that none is left.';
