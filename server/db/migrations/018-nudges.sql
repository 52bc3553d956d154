-- Check-in codes (B10) and nudges (R10).

create table check_in_codes (
  code text primary key check (code ~ '^[0-9]{8}$'),
  order_id uuid not null unique references orders,
  made_at timestamptz not null
);
comment on table check_in_codes is 'The short code of an order, given when its person first looks at it.';
comment on column check_in_codes.code is 'Eight digits of chance.';
comment on column check_in_codes.order_id is 'The order.';
comment on column check_in_codes.made_at is 'When it was given.';

create table nudges (
  id uuid primary key,
  order_id uuid not null references orders,
  field_id text not null,
  note text not null,
  state text not null default 'open' check (state in ('open', 'answered', 'withdrawn')),
  by text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  before jsonb,
  after jsonb,
  check ((state = 'open') = (ended_at is null))
);
create unique index nudges_open on nudges (order_id, field_id) where state = 'open';
create index nudges_of_order on nudges (order_id, asked_at);
comment on table nudges is 'Answers of a registration that the merchant asked for again; the history of what they changed.';
comment on column nudges.id is 'UUID made by the console.';
comment on column nudges.order_id is 'The order.';
comment on column nudges.field_id is 'The field of the form it saw.';
comment on column nudges.note is 'What the person reads.';
comment on column nudges.state is 'open, answered, or withdrawn by the merchant.';
comment on column nudges.by is 'merchant:<id> who asked.';
comment on column nudges.asked_at is 'When.';
comment on column nudges.ended_at is 'When it was answered or withdrawn.';
comment on column nudges.before is 'The answer before, sealed as in the registration; null when there was none.';
comment on column nudges.after is 'The answer given, sealed as in the registration.';
