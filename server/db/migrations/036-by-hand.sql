-- Odd orders (M7): money taken by hand as a method of its own, came and did not come put right.

insert into order_moves (state, event, next) values
  ('completed', 'correct', 'missed'), ('missed', 'correct', 'completed');

alter table payments drop constraint payments_method_check;
alter table payments add constraint payments_method_check
  check (method in ('wechat', 'alipay', 'offline'));
comment on column payments.method is
  'wechat, alipay, or offline for money a person of the merchant took; null when nothing was to pay.';
comment on column payments.scene is 'Where the person pays from; desk for money taken by hand.';
alter table facts drop constraint facts_heard_by_check;
alter table facts add constraint facts_heard_by_check check
  (heard_by in ('notice', 'query', 'close', 'answer', 'return', 'bill', 'proof', 'desk'));

-- ── pictures of the merchant's own people ───────────────────────────────────────────────────────
alter table pictures alter column user_id drop not null;
alter table pictures add column person_id uuid references people;
alter table pictures add constraint pictures_of_one check (num_nonnulls(user_id, person_id) = 1);
create index pictures_by_person on pictures (person_id, created_at) where person_id is not null;
comment on column pictures.user_id is 'The user who sent it; null for a person of the merchant.';
comment on column pictures.person_id is 'The person of the merchant who sent it; null for a user.';
alter table picture_failures alter column user_id drop not null;
alter table picture_failures add column person_id uuid references people;
alter table picture_failures add constraint picture_failures_of_one
  check (num_nonnulls(user_id, person_id) = 1);
create index picture_failures_by_person on picture_failures (person_id, at) where person_id is not null;
comment on column picture_failures.user_id is 'The user who sent it; null for a person of the merchant.';
comment on column picture_failures.person_id is 'The person of the merchant who sent it; null for a user.';

-- ── money taken by hand ─────────────────────────────────────────────────────────────────────────
create table offline_payments (
  payment_id uuid primary key references payments,
  way text not null check (way in ('cash', 'transfer', 'card', 'other')),
  number text,
  evidence text not null,
  picture_id uuid references pictures,
  received_by text not null,
  reason text not null,
  by text not null,
  check (evidence <> '' or picture_id is not null)
);
create index offline_payments_by_picture on offline_payments (picture_id) where picture_id is not null;
comment on table offline_payments is 'What stands behind a payment that a person wrote down 线下收款 (M7).';
comment on column offline_payments.payment_id is 'The payment; its amount and time are there.';
comment on column offline_payments.way is 'contract/payment.ts offlineWays.';
comment on column offline_payments.number is 'Number of the transfer or slip, which is also the payment''s transaction_id; null for cash.';
comment on column offline_payments.evidence is 'What shows it, in words; may be empty where there is a picture.';
comment on column offline_payments.picture_id is 'A picture that shows it.';
comment on column offline_payments.received_by is 'Who took the money.';
comment on column offline_payments.reason is 'Why it was not paid through a provider.';
comment on column offline_payments.by is 'merchant:<id> who wrote it down.';
select log_changes('offline_payments', 'payment_id');
