-- 常用信息 (R2, G5).

create table contacts (
  id uuid primary key,
  user_id uuid not null references users,
  kind text not null check (kind in ('person', 'address', 'company')),
  sealed text not null,
  is_default boolean not null,
  created_at timestamptz not null
);
create index contacts_by_user on contacts (user_id);
create unique index contacts_one_default on contacts (user_id, kind) where is_default;
comment on table contacts is 'Saved people, addresses and companies of a user 常用信息: one tap fills a form with them.';
comment on column contacts.id is 'UUID made by the phone.';
comment on column contacts.user_id is 'Whose.';
comment on column contacts.kind is 'contract/contact.ts contactKinds.';
comment on column contacts.sealed is 'Its values by contract/contact.ts contactFields, sealed as a whole (people/seal.ts).';
comment on column contacts.is_default is 'Fills untouched forms by itself; one of each kind at the most.';
comment on column contacts.created_at is 'When it was first saved.';
