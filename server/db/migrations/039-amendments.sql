-- Registrations changed by a person of the merchant, with what was there before (M7).

alter table registrations add column revision int not null default 1;
comment on column registrations.revision is 'Counts changes after submitting: who edits says which one they saw.';
create table amendments (
  id uuid primary key,
  order_id uuid not null references registrations,
  revision int not null,
  by text not null,
  reason text not null,
  at timestamptz not null
);
create index amendments_of_order on amendments (order_id, at);
comment on table amendments is 'Changes a person of the merchant made to a registration (M7).';
comment on column amendments.id is 'UUID made by the console.';
comment on column amendments.order_id is 'The registration.';
comment on column amendments.revision is 'The revision that was changed.';
comment on column amendments.by is 'merchant:<id> who changed it.';
comment on column amendments.reason is 'Why; its person reads it too.';
comment on column amendments.at is 'When.';
select log_changes('amendments', 'id');
-- Apart from the log: answers are forgotten when their field's time is over (X11), acts never are.
create table amended_answers (
  id uuid primary key default gen_random_uuid(),
  amendment_id uuid not null references amendments,
  field_id text not null,
  before jsonb,
  after jsonb,
  unique (amendment_id, field_id)
);
comment on table amended_answers is 'What each answer was before an amendment, and what it is since.';
comment on column amended_answers.id is 'UUID.';
comment on column amended_answers.amendment_id is 'The change it was part of.';
comment on column amended_answers.field_id is 'The field of the form.';
comment on column amended_answers.before is 'Sealed as in the registration; null for none, and when it was forgotten.';
comment on column amended_answers.after is 'The same, since.';
