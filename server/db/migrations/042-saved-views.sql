-- Views of the registrations list that a person of the merchant keeps (M2).
create table saved_views (
  id uuid primary key,
  person_id uuid not null references people,
  name text not null,
  filter jsonb not null,
  hidden text[] not null,
  saved_at timestamptz not null
);
create index saved_views_of_person on saved_views (person_id, saved_at);
comment on table saved_views is 'Views of the registrations list that somebody saved for themselves 视图 (M2).';
comment on column saved_views.id is 'UUID made by the console.';
comment on column saved_views.person_id is 'Whose; nobody else sees it.';
comment on column saved_views.name is 'What they call it.';
comment on column saved_views.filter is 'contract/schema/registrations.ts registrationFilter.';
comment on column saved_views.hidden is 'Columns that are not shown: of the list, or q:<field> of a form.';
comment on column saved_views.saved_at is 'When last.';
