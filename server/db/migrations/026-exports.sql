-- The console's list of registrations and its export (M2).

-- To the millisecond, as the wire tells it: pages go on by it.
alter table registrations alter column submitted_at type timestamptz(3);
create index registrations_by_time on registrations (submitted_at desc, order_id desc);

create table exports (
  id uuid primary key,
  person_id uuid not null references people,
  filter jsonb not null,
  rows int not null default 0 check (rows >= 0),
  started_at timestamptz not null,
  ended_at timestamptz
);
create index exports_by_time on exports (started_at desc);
comment on table exports is 'Who took registrations out of the house, and which (M2, X11): written before the first byte goes.';
comment on column exports.id is 'UUID.';
comment on column exports.person_id is 'The person of the merchant.';
comment on column exports.filter is 'What it was narrowed to: RegistrationFilter of contract/schema/registrations.ts.';
comment on column exports.rows is 'Rows that went out.';
comment on column exports.started_at is 'When it began.';
comment on column exports.ended_at is 'When its last byte was handed over; null while it runs or when it was broken off.';
