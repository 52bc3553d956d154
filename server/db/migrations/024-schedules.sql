-- Schedules 排班 (M1, B2): weekly templates that slots are made from, weeks ahead.

create table schedules (
  id uuid primary key,
  service_id uuid not null references services,
  branch_id uuid references branches,
  staff_id uuid references staff,
  room_id uuid references rooms,
  weekly jsonb not null,
  breaks jsonb not null,
  exceptions jsonb not null,
  slot_minutes int not null check (slot_minutes > 0),
  buffer_before int not null check (buffer_before >= 0),
  buffer_after int not null check (buffer_after >= 0),
  capacity int not null check (capacity > 0),
  price_fen int check (price_fen >= 0),
  lead_minutes int not null check (lead_minutes >= 0),
  cutoff_days int,
  cutoff_minute int,
  makeup_weekday int check (makeup_weekday between 0 and 6),
  on_closed_days text not null check (on_closed_days in ('skip', 'keep')),
  starts_on date not null,
  ends_on date,
  weeks_ahead int not null check (weeks_ahead > 0),
  version int not null default 1,
  retired_at timestamptz,
  fill_at timestamptz not null default now(),
  fills int not null default 0,
  filled_until date,
  check ((cutoff_days is null) = (cutoff_minute is null)),
  check (ends_on >= starts_on)
);
create index schedules_to_fill on schedules (fill_at);
comment on table schedules is 'Weekly templates of slots 排班; contract/schedule.ts says what each part means.';
comment on column schedules.id is 'UUID made by the console.';
comment on column schedules.service_id is 'The service; never changes.';
comment on column schedules.branch_id is 'Where its slots are; null for on-site services.';
comment on column schedules.staff_id is 'Who its slots take; null for nobody.';
comment on column schedules.room_id is 'The room its slots take; null for none.';
comment on column schedules.weekly is 'Spans of the week: [{weekday, from, to}], minutes on the merchant''s clock.';
comment on column schedules.breaks is 'What slots and their buffers stay out of: [{weekday or null, from, to}].';
comment on column schedules.exceptions is 'Single days: [{day, kind, spans, reason}].';
comment on column schedules.slot_minutes is 'Length of a slot, minutes.';
comment on column schedules.buffer_before is 'Minutes kept before each slot.';
comment on column schedules.buffer_after is 'Minutes kept after each slot.';
comment on column schedules.capacity is 'Seats of a slot.';
comment on column schedules.price_fen is 'Unit price of its slots, fen; null for the service''s.';
comment on column schedules.lead_minutes is 'Booking ends this many minutes before a slot starts.';
comment on column schedules.cutoff_days is 'Booking ends so many days before a slot''s day; null without a cut-off.';
comment on column schedules.cutoff_minute is 'At this minute of that day.';
comment on column schedules.makeup_weekday is 'Day of the week that make-up workdays go by; null for their own.';
comment on column schedules.on_closed_days is 'Whether days the merchant is closed have slots (which cannot be booked).';
comment on column schedules.starts_on is 'First day.';
comment on column schedules.ends_on is 'Last day; null for none.';
comment on column schedules.weeks_ahead is 'Slots are there this many weeks ahead.';
comment on column schedules.version is 'Grows with every save; who saves says which one they saw.';
comment on column schedules.retired_at is 'Makes no slots from then on; null while in use.';
comment on column schedules.fill_at is 'When its slots are looked at next.';
comment on column schedules.fills is 'Tries of the sweep so far.';
comment on column schedules.filled_until is 'Last day that has its slots.';

alter table slots
  add column schedule_id uuid references schedules,
  add column by_hand boolean not null default false,
  add column removed_at timestamptz,
  add check (removed_at is null or closed_reason is not null);
create unique index slots_of_schedule on slots (schedule_id, starts_at) where schedule_id is not null;
comment on column slots.schedule_id is 'The template it was made from; null for one by hand.';
comment on column slots.removed_at is 'Its template no longer has it: closed, and shown nowhere. A row stays, for others may speak of it.';
comment on column slots.by_hand is 'A person changed it since: its template leaves it alone.';
