-- People of the console (M10): invitations, a second step at sign-in, sessions one can see and end,
-- and tries counted where they come from, so that nobody locks somebody else out.

alter table people
  alter column password_hash drop not null,
  drop column failed,
  drop column locked_until,
  add column phone_sealed text,
  add column mail_sealed text,
  add column created_at timestamptz not null default now(),
  add column deactivated_at timestamptz,
  add column second_sealed text,
  add column second_since timestamptz,
  add column second_step bigint not null default 0,
  add column second_offer_sealed text,
  add column second_offered_at timestamptz,
  add constraint people_second check (num_nonnulls(second_sealed, second_since) in (0, 2)),
  add constraint people_offer check (num_nonnulls(second_offer_sealed, second_offered_at) in (0, 2));
comment on column people.password_hash is 'scrypt, with its salt and cost; null until an invitation is answered.';
comment on column people.phone_sealed is 'Sealed phone number that invitations are sent to (people/seal.ts).';
comment on column people.mail_sealed is 'Sealed address that invitations are sent to.';
comment on column people.created_at is 'When the account was made.';
comment on column people.deactivated_at is 'Cannot sign in since then; null while in use.';
comment on column people.second_sealed is 'Sealed secret of the second step (RFC 6238); null without one.';
comment on column people.second_since is 'When the second step was proved first.';
comment on column people.second_step is 'Time step of the last code taken: none is taken twice, and none older.';
comment on column people.second_offer_sealed is 'Sealed secret that waits for its first code.';
comment on column people.second_offered_at is 'When that secret was shown.';

create table recovery_codes (
  person_id uuid not null references people,
  code_mark text not null,
  used_at timestamptz,
  primary key (person_id, code_mark)
);
comment on table recovery_codes is 'Codes that stand in for the second step once each, when the phone is lost.';
comment on column recovery_codes.person_id is 'Whose.';
comment on column recovery_codes.code_mark is 'HMAC of the code (people/seal.ts index).';
comment on column recovery_codes.used_at is 'When it was used; null while it is good.';

create table invitations (
  token_hash bytea primary key,
  person_id uuid not null unique references people,
  made_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table invitations is 'Links that set a password, good once; a person has one at the most.';
comment on column invitations.token_hash is 'SHA-256 of the link''s token.';
comment on column invitations.person_id is 'Whose password it sets.';
comment on column invitations.made_at is 'When it was made.';
comment on column invitations.expires_at is 'When it ends.';

create table known_devices (
  token_hash bytea primary key,
  person_id uuid not null references people,
  seen_at timestamptz not null
);
create index known_devices_by_person on known_devices (person_id);
comment on table known_devices is 'Browsers a person signed in on: wrong tries elsewhere do not lock them out there.';
comment on column known_devices.token_hash is 'SHA-256 of what the browser keeps.';
comment on column known_devices.person_id is 'Who signed in on it.';
comment on column known_devices.seen_at is 'When they last did.';

create table sign_in_tries (
  person_id uuid not null references people,
  place text not null,
  tries int not null,
  counted_at timestamptz not null,
  primary key (person_id, place)
);
comment on table sign_in_tries is 'Wrong tries to sign in, by person and where they come from; those that succeed are forgotten.';
comment on column sign_in_tries.person_id is 'Whose name was typed.';
comment on column sign_in_tries.place is 'An address, a known device, or every unknown place together for codes.';
comment on column sign_in_tries.tries is 'Tries so far.';
comment on column sign_in_tries.counted_at is 'When the last of them was counted; a quarter of an hour later they are forgotten.';

alter table sessions
  add column id uuid not null default gen_random_uuid(),
  add column proven_at timestamptz,
  add column seen_at timestamptz,
  add column address text,
  add column agent text;
create unique index sessions_by_id on sessions (id);
create index sessions_by_person on sessions (person_id) where person_id is not null;
comment on column sessions.id is 'Names it where its token must not be said.';
comment on column sessions.proven_at is 'When the second step was proved in it; null without.';
comment on column sessions.seen_at is 'Last request of a person of the merchant, to ten minutes.';
comment on column sessions.address is 'Address the merchant''s person signed in from.';
comment on column sessions.agent is 'What their browser said of itself.';
