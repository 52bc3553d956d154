-- The form editor (R1): one draft per service, and who published a version out of which draft.

alter table forms
  add column published_by uuid references people,
  add column revision uuid;
comment on column forms.published_by is 'The merchant''s person; null for forms that came with the system.';
comment on column forms.revision is 'The draft it was published from: the same publishing again is the same version.';

create table form_drafts (
  service_id uuid primary key references services,
  revision uuid not null,
  steps text[] not null,
  fields jsonb not null,
  saved_by uuid not null references people,
  saved_at timestamptz not null
);
comment on table form_drafts is 'A service''s registration form as it is being changed; nobody fills it in before it is published.';
comment on column form_drafts.service_id is 'The service.';
comment on column form_drafts.revision is 'UUID made by the console at each saving: who saves over another one hears of it.';
comment on column form_drafts.steps is 'Titles of the steps (R9).';
comment on column form_drafts.fields is 'contract/fields/kinds.ts FormField[].';
comment on column form_drafts.saved_by is 'Who changed it last.';
comment on column form_drafts.saved_at is 'When.';

create table registration_pictures (
  order_id uuid not null references registrations,
  picture_id uuid not null references pictures,
  field_id text not null,
  primary key (order_id, picture_id)
);
create index registration_pictures_by_picture on registration_pictures (picture_id);
comment on table registration_pictures is 'Pictures that answer a field of a registration: kept as long as the answer is.';
comment on column registration_pictures.order_id is 'The order.';
comment on column registration_pictures.picture_id is 'The picture, sent by the order''s own user.';
comment on column registration_pictures.field_id is 'The field of the form it answers.';
