-- Personal data (X11): what was agreed to, how long answers stay, which seals are old.

create table agreements (
  id bigint generated always as identity primary key,
  user_id uuid not null references users,
  order_id uuid references orders,
  version int not null,
  digest text not null,
  form_version int,
  host text not null,
  at timestamptz not null
);
create index agreements_by_user on agreements (user_id, at);
comment on table agreements is 'What people agreed to about their data, append-only: who, when, which text.';
comment on column agreements.id is 'Order of writing.';
comment on column agreements.user_id is 'Who.';
comment on column agreements.order_id is 'The registration it was said with.';
comment on column agreements.version is 'Version of contract/privacy.ts privacyTexts.';
comment on column agreements.digest is 'SHA-256 of that text, hex: it cannot be changed afterwards unseen.';
comment on column agreements.form_version is 'The form whose purposes and retention were shown.';
comment on column agreements.host is 'The front it was said on.';
comment on column agreements.at is 'When.';

-- Answers stay until their field's time is over. A row is looked at again when its next one may be.
alter table registrations add column forget_at timestamptz;
update registrations set forget_at = submitted_at + interval '1 day';
create index registrations_to_forget on registrations (forget_at) where forget_at is not null;
comment on column registrations.forget_at is 'When to look next whether an answer''s time is over; null when none is left.';
create index drafts_by_time on drafts (saved_at);

alter table users add column erased_at timestamptz;
comment on column users.erased_at is 'When the person had everything erased; the row stands for payments that must be kept.';

create table seal_rounds (
  seal text primary key,
  finished_at timestamptz not null
);
comment on table seal_rounds is 'Seals under which everything is sealed: nothing older was found (people/seal.ts).';
comment on column seal_rounds.seal is 'Beginning of what is sealed under the key.';
comment on column seal_rounds.finished_at is 'When nothing older was found.';
