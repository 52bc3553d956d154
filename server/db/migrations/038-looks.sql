-- What phones saw and touched on a visit (M4 X6). Append-only, without who: the funnel reads it
-- together with the events of the orders that visits told of.

create table looks (
  visit_id uuid not null,
  n smallint not null check (n between 0 and 199),
  service_id uuid not null references services,
  kind text not null check (kind in ('service', 'slots', 'slot', 'hold', 'step', 'field')),
  order_id uuid,
  step smallint,
  field_id text,
  at timestamptz not null,
  primary key (visit_id, n),
  check ((order_id is not null) = (kind in ('hold', 'step', 'field'))),
  check ((step is not null) = (kind = 'step')),
  check ((field_id is not null) = (kind = 'field'))
);
-- A visit is of one day for a service, whatever a phone says twice.
create unique index looks_once on looks (visit_id, service_id) where kind = 'service';
-- The cohort of some days; and what is too old, kind by kind.
create index looks_by_kind on looks (kind, at);
create index looks_by_order on looks (order_id, kind) where order_id is not null;
comment on table looks is 'What a phone saw and touched on a visit, without who; append-only, forgotten after the merchant''s visitDays.';
comment on column looks.visit_id is 'Random id that a phone makes at each start and keeps nowhere.';
comment on column looks.n is 'Its place among the looks of its visit; told twice it counts once.';
comment on column looks.service_id is 'The service whose page, slots or form it was.';
comment on column looks.kind is 'service, slots, slot: seen, slots seen, one chosen; hold: held as this order; step, field: of its form.';
comment on column looks.order_id is 'The order as the phone says; no reference: it counts only where an order of that service has this id.';
comment on column looks.step is 'Which step of the form, from 0.';
comment on column looks.field_id is 'Which field was touched; never what was typed.';
comment on column looks.at is 'When, on our clock: the time of the request less what the phone said it was ago.';
