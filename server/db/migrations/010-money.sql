-- Payment truth, what was left: one new customer's discount, sums of money wider than 32 bits, refunds
-- paid back otherwise, failed pictures (P5, P10, P11, M3).

-- ── one person at a time ────────────────────────────────────────────────────────────────────────

-- What a person's orders decide together is decided one by one; hold_slots waits here too. Lock order:
-- slot → staff → user → order → payment.
create function lock_user(p_user uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(2, hashtext(p_user::text));
end $$;

-- ── one transaction number is one payment ───────────────────────────────────────────────────────

-- Approvals of one number wait for each other, until the commit. Not a unique index: money a provider
-- tells of must be written down whatever a person typed before.
create function lock_number(p_number text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(3, hashtext(lower(p_number)));
end $$;
create index proofs_by_transaction on proofs (transaction_id) where transaction_id is not null;

-- ── sums and hearsay wider than 32 bits ─────────────────────────────────────────────────────────

-- 32 bits of fen end at 21.47 million yuan: less than a merchant's best day, and no bound at all for
-- what a provider or a bill may say.
alter table bills alter column paid_fen type bigint, alter column refunded_fen type bigint;
alter table bill_rows alter column amount_fen type bigint;
alter table differences alter column ours_fen type bigint, alter column theirs_fen type bigint;
alter table facts alter column amount_fen type bigint;
alter table payments alter column paid_fen type bigint;
alter table refunds alter column amount_fen type bigint;

-- As in 004-payment-truth.sql, in 64 bits.
create or replace function refunds_within_payment() returns trigger language plpgsql as $$
declare
  paid bigint;
  given bigint;
begin
  select paid_fen into paid from payments where id = new.payment_id for update;
  select coalesce(sum(amount_fen), 0) into given from refunds
    where payment_id = new.payment_id and state <> 'closed';
  if paid is null or given + new.amount_fen > paid then
    raise exception 'refund % gives back more than payment % took', new.id, new.payment_id;
  end if;
  return new;
end $$;

-- ── refunds paid back otherwise ─────────────────────────────────────────────────────────────────

insert into refund_moves values
  ('requested', 'pay_otherwise', 'otherwise'), ('failed', 'pay_otherwise', 'otherwise');
alter table refunds drop constraint refunds_state_check;
alter table refunds add constraint refunds_state_check
  check (state in ('requested', 'succeeded', 'failed', 'closed', 'otherwise'));
alter table refunds drop constraint refunds_check;
alter table refunds add constraint refunds_check
  check ((state in ('succeeded', 'otherwise')) = (refunded_at is not null));
alter table refunds add column otherwise_by text;
alter table refunds add column otherwise_note text;
alter table refunds add column evidence text;
alter table refunds add constraint refunds_otherwise check
  ((state = 'otherwise') = (otherwise_by is not null and otherwise_note is not null and evidence is not null));
comment on column refunds.otherwise_by is 'merchant:<id> of the person who paid it back otherwise than through its provider.';
comment on column refunds.otherwise_note is 'How it went back, and why so.';
comment on column refunds.evidence is 'What shows it: the number of a transfer, or where the signed paper lies.';
drop index refunds_done;
create index refunds_done on refunds (refunded_at) where refunded_at is not null;

-- ── files that were no pictures ─────────────────────────────────────────────────────────────────

create table picture_failures (
  user_id uuid not null references users,
  at timestamptz not null
);
create index picture_failures_by_user on picture_failures (user_id, at);
comment on table picture_failures is 'Files that were no pictures: trying them is work, so they count like pictures for a day.';
comment on column picture_failures.user_id is 'Who sent it.';
comment on column picture_failures.at is 'When.';
