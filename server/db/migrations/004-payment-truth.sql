-- Payment truth (P1, P9, P10, P11, B9, M3): guards on money's states, moves, manual refunds, bills
-- and their differences, proofs, receipts, deliveries to report.

-- ── guards ──────────────────────────────────────────────────────────────────────────────────────

create table payment_moves (
  state text not null,
  event text not null,
  next text not null,
  primary key (state, event)
);
insert into payment_moves values
  ('created', 'open', 'pending'), ('created', 'succeed', 'succeeded'), ('created', 'fail', 'failed'),
  ('created', 'close', 'closed'),
  ('pending', 'succeed', 'succeeded'), ('pending', 'fail', 'failed'), ('pending', 'close', 'closed'),
  ('failed', 'succeed', 'succeeded'), ('closed', 'succeed', 'succeeded');
comment on table payment_moves is 'contract/payment.ts paymentMoves; a test compares them cell by cell.';
comment on column payment_moves.state is 'State before.';
comment on column payment_moves.event is 'What happens.';
comment on column payment_moves.next is 'State after.';

create table refund_moves (
  state text not null,
  event text not null,
  next text not null,
  primary key (state, event)
);
insert into refund_moves values
  ('requested', 'succeed', 'succeeded'), ('requested', 'fail', 'failed'),
  ('requested', 'close', 'closed'),
  ('failed', 'retry', 'requested'), ('failed', 'succeed', 'succeeded'), ('failed', 'close', 'closed');
comment on table refund_moves is 'contract/payment.ts refundMoves; a test compares them cell by cell.';
comment on column refund_moves.state is 'State before.';
comment on column refund_moves.event is 'What happens.';
comment on column refund_moves.next is 'State after.';

create function payments_move_guard() returns trigger language plpgsql as $$
begin
  if new.state <> old.state
     and not exists (select from payment_moves where state = old.state and next = new.state) then
    raise exception 'payment % cannot go from % to %', old.id, old.state, new.state;
  end if;
  -- Money that arrived stays as it arrived.
  if old.state = 'succeeded'
     and (new.paid_fen, new.paid_at, new.order_id) is distinct from (old.paid_fen, old.paid_at, old.order_id) then
    raise exception 'payment % has been paid and cannot change', old.id;
  end if;
  return new;
end $$;
create trigger payments_move_guard before update on payments
  for each row execute function payments_move_guard();

create function refunds_move_guard() returns trigger language plpgsql as $$
begin
  if new.state <> old.state
     and not exists (select from refund_moves where state = old.state and next = new.state) then
    raise exception 'refund % cannot go from % to %', old.id, old.state, new.state;
  end if;
  if (new.amount_fen, new.payment_id, new.refund_no)
     is distinct from (old.amount_fen, old.payment_id, old.refund_no) then
    raise exception 'refund % cannot change its number, payment or amount', old.id;
  end if;
  return new;
end $$;
create trigger refunds_move_guard before update on refunds
  for each row execute function refunds_move_guard();

-- ── what was heard ──────────────────────────────────────────────────────────────────────────────

alter table facts drop constraint facts_heard_by_check;
alter table facts add check
  (heard_by in ('notice', 'query', 'close', 'answer', 'return', 'bill', 'proof'));
create index facts_by_heard on facts (heard_at);

-- ── refunds: a closed one is followed by another number ─────────────────────────────────────────

alter table refunds drop constraint refunds_state_check;
alter table refunds add check (state in ('requested', 'succeeded', 'failed', 'closed'));
alter table refunds add column by text not null default 'rule';
alter table refunds add column note text;
alter table refunds add column failure text;
alter table refunds add column replaces uuid unique references refunds;
comment on column refunds.by is 'rule, or merchant:<id> of the person who decided it.';
comment on column refunds.note is 'Why a person refunded by hand; shown in the console.';
comment on column refunds.failure is 'The provider''s word for why it failed or was closed: ABNORMAL, CLOSED ….';
comment on column refunds.replaces is 'The closed refund that this one makes good under a new number.';
create index refunds_by_time on refunds (requested_at desc, id desc);

-- What a provider closed gave nothing back: its amount is free for the number that follows.
create or replace function refunds_within_payment() returns trigger language plpgsql as $$
declare
  paid int;
  given int;
begin
  select paid_fen into paid from payments where id = new.payment_id for update;
  select coalesce(sum(amount_fen), 0) into given from refunds
    where payment_id = new.payment_id and state <> 'closed';
  if paid is null or given + new.amount_fen > paid then
    raise exception 'refund % gives back more than payment % took', new.id, new.payment_id;
  end if;
  return new;
end $$;

-- ── moves (B9) ──────────────────────────────────────────────────────────────────────────────────

alter table slots add column price_fen int check (price_fen >= 0);
comment on column slots.price_fen is 'Unit price of this slot, fen; null for the service''s.';

insert into order_moves values ('confirmed', 'move', 'confirmed');

create table moves (
  id uuid primary key,
  order_id uuid not null references orders,
  from_slot uuid not null references slots,
  to_slot uuid not null references slots,
  fee_fen int not null check (fee_fen >= 0),
  due_fen int not null check (due_fen >= 0),
  refund_fen int not null check (refund_fen >= 0),
  quote jsonb not null,
  state text not null check (state in ('open', 'done', 'void')),
  reason text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  check (due_fen = 0 or refund_fen = 0),
  check ((state = 'open') = (ended_at is null)),
  check ((state = 'void') = (reason is not null))
);
create unique index moves_one_open on moves (order_id) where state = 'open';
create index moves_by_order on moves (order_id, created_at);
create index moves_lapsing on moves (expires_at) where state = 'open';
comment on table moves is 'Orders going to another slot 改期 (B9): at once, or when the difference is paid.';
comment on column moves.id is 'UUID made by the phone before it asks.';
comment on column moves.order_id is 'The order.';
comment on column moves.from_slot is 'The slot it leaves.';
comment on column moves.to_slot is 'The slot it goes to; not taken before the move is done.';
comment on column moves.fee_fen is 'Fee by the cancel rule, fen.';
comment on column moves.due_fen is 'To pay before it happens, fen: price difference and fee.';
comment on column moves.refund_fen is 'Given back when it happens, fen.';
comment on column moves.quote is 'Price of the order afterwards, contract/pricing.ts Quote.';
comment on column moves.state is 'open waits for its money; void never happened.';
comment on column moves.reason is 'Why it never happened: a refusal code, lapsed, or given_up.';
comment on column moves.created_at is 'When it was asked for.';
comment on column moves.expires_at is 'Its money may come until then.';
comment on column moves.ended_at is 'When it was done or void.';

alter table payments add column move_id uuid references moves;
comment on column payments.move_id is 'The move whose difference it pays; null for the order itself.';

-- ── bills and differences (M3) ──────────────────────────────────────────────────────────────────

create table bills (
  method text not null check (method in ('wechat', 'alipay')),
  day date not null,
  state text not null check (state in ('waiting', 'matched', 'empty', 'failed')),
  tries int not null default 0,
  due_at timestamptz,
  rows int,
  paid_fen int,
  refunded_fen int,
  digest text,
  failure text,
  matched_at timestamptz,
  primary key (method, day),
  check ((state in ('matched', 'empty')) = (matched_at is not null))
);
create index bills_due on bills (due_at) where due_at is not null;
comment on table bills is 'Providers'' bills 账单, one a day each, fetched the next day and matched.';
comment on column bills.method is 'Whose.';
comment on column bills.day is 'Which day, on the merchant''s clock.';
comment on column bills.state is 'empty: the provider says that nothing happened that day; failed: a person must look.';
comment on column bills.tries is 'Times asked for.';
comment on column bills.due_at is 'When to ask next; null when there is nothing to do.';
comment on column bills.rows is 'Rows it had.';
comment on column bills.paid_fen is 'Sum of its payments, fen.';
comment on column bills.refunded_fen is 'Sum of its refunds, fen.';
comment on column bills.digest is 'SHA-256 of the file, hex.';
comment on column bills.failure is 'Why the last try did not succeed.';
comment on column bills.matched_at is 'When it was matched.';

create table bill_rows (
  id bigint generated always as identity primary key,
  method text not null,
  day date not null,
  kind text not null check (kind in ('trade', 'refund')),
  trade_no text not null,
  refund_no text,
  amount_fen int not null check (amount_fen >= 0),
  charge text not null,
  transaction_id text not null,
  at timestamptz not null,
  foreign key (method, day) references bills (method, day),
  check ((kind = 'refund') = (refund_no is not null))
);
create unique index bill_rows_once on bill_rows (method, kind, coalesce(refund_no, trade_no), day);
create index bill_rows_by_day on bill_rows (method, day);
comment on table bill_rows is 'What a bill says, row by row.';
comment on column bill_rows.id is 'Order of the file.';
comment on column bill_rows.method is 'Whose bill.';
comment on column bill_rows.day is 'Of which day.';
comment on column bill_rows.kind is 'A payment or a refund.';
comment on column bill_rows.trade_no is 'Our number of the payment.';
comment on column bill_rows.refund_no is 'Our number of the refund.';
comment on column bill_rows.amount_fen is 'Fen; of the refund alone for refunds.';
comment on column bill_rows.charge is 'What the provider takes for it, yuan as it wrote it (five decimals); negative when given back.';
comment on column bill_rows.transaction_id is 'The provider''s number of the payment.';
comment on column bill_rows.at is 'When, as the bill says.';

create table differences (
  id uuid primary key,
  method text not null check (method in ('wechat', 'alipay')),
  day date not null,
  kind text not null check (kind in ('ours_only', 'theirs_only', 'amount', 'state')),
  about text not null check (about in ('trade', 'refund')),
  trade_no text not null,
  refund_no text,
  payment_id uuid references payments,
  refund_id uuid references refunds,
  ours_fen int,
  theirs_fen int,
  ours_state text,
  theirs_state text,
  state text not null default 'open' check (state in ('open', 'resolved')),
  resolution text,
  by text,
  found_at timestamptz not null,
  resolved_at timestamptz,
  check ((state = 'resolved') = (resolved_at is not null)),
  check ((resolution is null) = (by is null)),
  check (state = 'open' or resolution is not null)
);
create unique index differences_once on differences (method, about, coalesce(refund_no, trade_no), kind, day);
create index differences_open on differences (day) where state = 'open';
create index differences_by_time on differences (found_at desc, id desc);
comment on table differences is 'Where a bill and our books do not agree (M3); stays open until it is resolved.';
comment on column differences.id is 'UUID.';
comment on column differences.method is 'Whose bill.';
comment on column differences.day is 'Of which day.';
comment on column differences.kind is 'A key of contract/bill.ts differenceKinds.';
comment on column differences.about is 'A payment or a refund.';
comment on column differences.trade_no is 'Our number of the payment, as the bill or we have it.';
comment on column differences.refund_no is 'Our number of the refund.';
comment on column differences.payment_id is 'Our payment; null when we know of none.';
comment on column differences.refund_id is 'Our refund; null when we know of none.';
comment on column differences.ours_fen is 'What we have, fen.';
comment on column differences.theirs_fen is 'What they have, fen.';
comment on column differences.ours_state is 'Our state of it.';
comment on column differences.theirs_state is 'Their state of it.';
comment on column differences.state is 'open or resolved.';
comment on column differences.resolution is 'How it was resolved, in words.';
comment on column differences.by is 'bill (it resolved itself) or merchant:<id>.';
comment on column differences.found_at is 'When it was found.';
comment on column differences.resolved_at is 'When it was resolved.';

-- ── proofs (P10), receipts (P9), deliveries ─────────────────────────────────────────────────────

create table pictures (
  id uuid primary key,
  user_id uuid not null references users,
  type text not null check (type in ('image/jpeg')),
  bytes bytea not null,
  width int not null,
  height int not null,
  digest text not null,
  look text not null,
  created_at timestamptz not null
);
create index pictures_by_digest on pictures (digest);
create index pictures_by_user on pictures (user_id, created_at);
comment on table pictures is 'Pictures people sent, drawn anew on arrival: nothing but pixels is kept.';
comment on column pictures.id is 'UUID made by the phone.';
comment on column pictures.user_id is 'Who sent it.';
comment on column pictures.type is 'Always JPEG after drawing anew.';
comment on column pictures.bytes is 'The file.';
comment on column pictures.width is 'Pixels.';
comment on column pictures.height is 'Pixels.';
comment on column pictures.digest is 'SHA-256 of the file as it was sent, hex: the same file again.';
comment on column pictures.look is 'Perceptual hash, 16 hex digits: nearly the same picture again.';
comment on column pictures.created_at is 'When.';

create table proofs (
  id uuid primary key,
  order_id uuid not null references orders,
  payment_id uuid not null references payments,
  picture_id uuid not null references pictures,
  paid_fen int not null check (paid_fen > 0),
  transaction_id text,
  flags text[] not null default '{}',
  state text not null check (state in ('submitted', 'approved', 'rejected')),
  reason text,
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz not null,
  check ((state = 'submitted') = (decided_at is null)),
  check ((state = 'submitted') = (decided_by is null)),
  check (state <> 'rejected' or reason is not null)
);
create unique index proofs_one_open on proofs (order_id) where state = 'submitted';
create index proofs_by_order on proofs (order_id, created_at);
create index proofs_by_time on proofs (created_at desc, id desc);
comment on table proofs is 'Pictures of a payment that was not recognised 支付凭证 (P10): a person looks.';
comment on column proofs.id is 'UUID made by the phone.';
comment on column proofs.order_id is 'The order.';
comment on column proofs.payment_id is 'The payment it shows.';
comment on column proofs.picture_id is 'The picture.';
comment on column proofs.paid_fen is 'What the person says they paid, fen.';
comment on column proofs.transaction_id is 'The provider''s number, as the person typed it.';
comment on column proofs.flags is 'Keys of contract/proof.ts proofFlags: what looks wrong.';
comment on column proofs.state is 'contract/proof.ts proofStates.';
comment on column proofs.reason is 'What the merchant wrote; the person reads it.';
comment on column proofs.decided_by is 'merchant:<id>, or payment when the money came by itself.';
comment on column proofs.decided_at is 'When.';
comment on column proofs.created_at is 'When it was sent.';

create table receipts (
  code text primary key check (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
  order_id uuid not null references orders,
  payment_id uuid not null unique references payments,
  content jsonb not null,
  issued_at timestamptz not null
);
create index receipts_by_order on receipts (order_id);
comment on table receipts is 'Receipts 支付凭证 (P9): what was written on them, for whoever verifies one.';
comment on column receipts.code is 'Verification code: 80 random bits in Crockford base32.';
comment on column receipts.order_id is 'The order.';
comment on column receipts.payment_id is 'The payment.';
comment on column receipts.content is 'contract/receipt.ts Receipt as it was issued.';
comment on column receipts.issued_at is 'When.';

create table deliveries (
  payment_id uuid primary key references payments,
  state text not null check (state in ('waiting', 'sent', 'failed')),
  tries int not null default 0,
  due_at timestamptz,
  failure text,
  since timestamptz not null,
  sent_at timestamptz,
  check ((state = 'sent') = (sent_at is not null))
);
create index deliveries_due on deliveries (due_at) where due_at is not null;
comment on table deliveries is 'Delivery info 发货信息 owed to WeChat after the service: without it the money stays frozen.';
comment on column deliveries.payment_id is 'The payment.';
comment on column deliveries.state is 'failed: WeChat refuses it, a person must look.';
comment on column deliveries.tries is 'Times uploaded.';
comment on column deliveries.due_at is 'When to upload next.';
comment on column deliveries.failure is 'What WeChat said the last time.';
comment on column deliveries.since is 'When the service was over.';
comment on column deliveries.sent_at is 'When WeChat took it.';

-- ── reminders about one move or proof ───────────────────────────────────────────────────────────

alter table reminders drop constraint reminders_order_id_kind_slot_id_key;
alter table reminders add column about uuid;
comment on column reminders.about is 'The move or proof it tells of: an order may have several; null when it tells of the order.';
create unique index reminders_once on reminders (order_id, kind, slot_id, coalesce(about, order_id));
