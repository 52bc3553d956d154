-- The spine: merchant, people, slots, orders, money. Times are UTC, money is integer fen,
-- ids are UUIDv7 made by whoever creates the thing first (for orders and payments: the phone).

create extension if not exists btree_gist;

-- ── the merchant ────────────────────────────────────────────────────────────────────────────────

create table merchant (
  only_one boolean primary key default true check (only_one),
  name text not null,
  payee text not null
);
comment on table merchant is 'The one merchant of this deployment.';
comment on column merchant.only_one is 'Keeps the table to one row.';
comment on column merchant.name is 'Name people see.';
comment on column merchant.payee is 'Registered name shown on receipts (P9).';

create table rules (
  key text primary key,
  value numeric not null
);
comment on table rules is 'Business numbers that differ from contract/rules.ts; every missing key has its default.';
comment on column rules.key is 'A key of contract/rules.ts Rules.';
comment on column rules.value is 'Its number, in the unit the key names.';

create table branches (
  id uuid primary key,
  name text not null,
  address text not null,
  phone text not null
);
comment on table branches is 'Places of the merchant 门店.';
comment on column branches.id is 'UUID.';
comment on column branches.name is 'Name people see.';
comment on column branches.address is 'Street address.';
comment on column branches.phone is 'Public phone number.';

create table staff (
  id uuid primary key,
  name text not null,
  title text not null,
  profile text not null,
  photo text,
  rating numeric(2, 1)
);
comment on table staff is 'People a service may need 服务人员 (B3).';
comment on column staff.id is 'UUID.';
comment on column staff.name is 'Name people see.';
comment on column staff.title is 'What they are: 高级保洁师.';
comment on column staff.profile is 'A sentence about them.';
comment on column staff.photo is 'Picture name under /photos; null without one.';
comment on column staff.rating is 'Average of 1–5, null without reviews.';

create table services (
  id uuid primary key,
  kind text not null check (kind in ('personal', 'enterprise', 'event')),
  name text not null,
  summary text not null,
  content text[] not null,
  notes text[] not null,
  photos text[] not null check (cardinality(photos) > 0),
  price_fen int not null check (price_fen >= 0),
  price_unit text not null,
  charged_per text not null check (charged_per in ('order', 'person')),
  includes text not null,
  duration_minutes int not null check (duration_minutes > 0),
  cutoff_minutes int not null check (cutoff_minutes >= 0),
  party_min int not null default 1 check (party_min > 0),
  party_max int not null default 1,
  deposit_fen int not null default 0 check (deposit_fen >= 0),
  deposit_condition text,
  city text,
  districts text[],
  unique_per text not null check (unique_per in ('slot', 'service')),
  goods text not null default 'offline_service' check (goods in ('offline_service', 'virtual')),
  listed boolean not null default true,
  position int not null,
  check (party_max >= party_min),
  check ((deposit_fen > 0) = (deposit_condition is not null)),
  check ((city is null) = (districts is null))
);
comment on table services is 'What the merchant sells 服务 (B1).';
comment on column services.id is 'UUID.';
comment on column services.kind is 'personal, enterprise or event; decides the form budget (R1).';
comment on column services.name is 'Name people see.';
comment on column services.summary is 'One line for the list.';
comment on column services.content is 'What is done, a line each.';
comment on column services.notes is 'What to know beforehand, a line each.';
comment on column services.photos is 'Picture names under /photos; the first is the cover.';
comment on column services.price_fen is 'Price of one unit, fen.';
comment on column services.price_unit is '次, 人 or 场.';
comment on column services.charged_per is 'Whether an order or each person of its party pays the unit price.';
comment on column services.includes is 'What the amount includes, shown at the payment (P5).';
comment on column services.duration_minutes is 'How long it takes, minutes.';
comment on column services.cutoff_minutes is 'Booking ends this many minutes before a slot starts.';
comment on column services.party_min is 'Smallest party of an order.';
comment on column services.party_max is 'Largest party of an order; 1 hides the choice.';
comment on column services.deposit_fen is 'Deposit 押金, fen; 0 for none.';
comment on column services.deposit_condition is 'When and how the deposit goes back.';
comment on column services.city is 'City of on-site services; null when people come to a branch.';
comment on column services.districts is 'Districts served on site.';
comment on column services.unique_per is 'One registration per phone or ID: of the slot, or of the whole service (R4).';
comment on column services.goods is 'offline_service may use ordinary WeChat Pay, virtual may not.';
comment on column services.listed is 'Shown to people.';
comment on column services.position is 'Order in the list.';

create table service_staff (
  service_id uuid not null references services,
  staff_id uuid not null references staff,
  primary key (service_id, staff_id)
);
comment on table service_staff is 'Who does which service.';
comment on column service_staff.service_id is 'The service.';
comment on column service_staff.staff_id is 'The staff member.';

create table service_branches (
  service_id uuid not null references services,
  branch_id uuid not null references branches,
  primary key (service_id, branch_id)
);
comment on table service_branches is 'Where a service happens or starts from.';
comment on column service_branches.service_id is 'The service.';
comment on column service_branches.branch_id is 'The branch.';

create table forms (
  service_id uuid not null references services,
  version int not null,
  steps text[] not null,
  fields jsonb not null,
  published_at timestamptz not null default now(),
  primary key (service_id, version)
);
comment on table forms is 'Versions of a service''s registration form; the highest is current, old orders keep theirs (R1).';
comment on column forms.service_id is 'The service.';
comment on column forms.version is '1, 2, 3 …';
comment on column forms.steps is 'Titles of the steps (R9).';
comment on column forms.fields is 'contract/fields/kinds.ts FormField[].';
comment on column forms.published_at is 'When it became current.';

create table promotions (
  id uuid primary key,
  service_id uuid references services,
  label text not null,
  kind text not null check (kind in ('first_order', 'amount', 'percent')),
  value int not null check (value > 0),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  position int not null,
  check (kind <> 'percent' or value < 100)
);
comment on table promotions is 'Discounts with a name, applied in order of position (P5).';
comment on column promotions.id is 'UUID.';
comment on column promotions.service_id is 'Only for this service; null for all.';
comment on column promotions.label is 'Name on the quote: 新人立减.';
comment on column promotions.kind is 'first_order and amount take fen off, percent takes a share off.';
comment on column promotions.value is 'Fen, or percent off.';
comment on column promotions.starts_at is 'From this instant.';
comment on column promotions.ends_at is 'Before this instant.';
comment on column promotions.position is 'Order of application.';

create table reviews (
  id uuid primary key,
  service_id uuid not null references services,
  name text not null,
  rating int not null check (rating between 1 and 5),
  text text not null,
  at timestamptz not null
);
create index reviews_by_service on reviews (service_id, at desc);
comment on table reviews is 'What people said of a service (B1, G2).';
comment on column reviews.id is 'UUID.';
comment on column reviews.service_id is 'The service.';
comment on column reviews.name is 'Shortened name of the person.';
comment on column reviews.rating is '1–5.';
comment on column reviews.text is 'Short text, checked.';
comment on column reviews.at is 'When.';

create table days (
  day date primary key,
  kind text not null check (kind in ('workday', 'weekend', 'holiday', 'makeup')),
  name text,
  open boolean not null,
  by_merchant boolean not null default false
);
comment on table days is 'The merchant''s calendar, filled from a kept holiday library; a merchant''s override wins (B2).';
comment on column days.day is 'Day on the merchant''s clock.';
comment on column days.kind is 'makeup is a weekend day worked for a holiday.';
comment on column days.name is 'Holiday''s name, or the merchant''s reason.';
comment on column days.open is 'Whether slots of that day may be booked.';
comment on column days.by_merchant is 'True for an override; the library never changes it.';

-- ── people ──────────────────────────────────────────────────────────────────────────────────────

create table users (
  id uuid primary key,
  name text not null,
  phone_sealed text,
  phone_index text unique,
  created_at timestamptz not null default now()
);
comment on table users is 'People who book.';
comment on column users.id is 'UUID.';
comment on column users.name is 'How we address them.';
comment on column users.phone_sealed is 'Sealed phone number (people/seal.ts).';
comment on column users.phone_index is 'Blind index of the phone number, for signing in by it.';
comment on column users.created_at is 'First seen.';

create table identities (
  host text not null check (host in ('weapp', 'alipay', 'wechat-browser')),
  subject text not null,
  user_id uuid not null references users,
  primary key (host, subject)
);
create index identities_by_user on identities (user_id);
comment on table identities is 'Who a user is at a host.';
comment on column identities.host is 'The front they came by.';
comment on column identities.subject is 'openid or open_id; the payer''s id of jsapi payments.';
comment on column identities.user_id is 'The user.';

create table sessions (
  token_hash bytea primary key,
  user_id uuid references users,
  person_id uuid,
  host text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  check (num_nonnulls(user_id, person_id) = 1)
);
create index sessions_by_expiry on sessions (expires_at);
comment on table sessions is 'Signed-in fronts; the token itself is never stored.';
comment on column sessions.token_hash is 'SHA-256 of the token.';
comment on column sessions.user_id is 'The user, for the three fronts.';
comment on column sessions.person_id is 'The person of the merchant, for the console.';
comment on column sessions.host is 'weapp, alipay, wechat-browser, h5 or console.';
comment on column sessions.created_at is 'When they signed in.';
comment on column sessions.expires_at is 'When it ends.';

create table sign_in_codes (
  phone_index text primary key,
  code_hash text not null,
  sent_at timestamptz not null,
  sent_today int not null default 1,
  tries int not null default 0,
  expires_at timestamptz not null
);
comment on table sign_in_codes is 'The last SMS code of a number: 5 minutes, 5 tries, once.';
comment on column sign_in_codes.phone_index is 'Blind index of the number.';
comment on column sign_in_codes.code_hash is 'HMAC of the code.';
comment on column sign_in_codes.sent_at is 'When it was sent; the next at the earliest a minute later.';
comment on column sign_in_codes.sent_today is 'Codes of the last 24 hours.';
comment on column sign_in_codes.tries is 'Wrong tries so far.';
comment on column sign_in_codes.expires_at is 'When it ends.';

create table people (
  id uuid primary key,
  login text not null unique,
  name text not null,
  role text not null check (role in ('owner', 'manager', 'front_desk', 'finance', 'support')),
  password_hash text not null,
  failed int not null default 0,
  locked_until timestamptz
);
comment on table people is 'People of the merchant who use the console (M10).';
comment on column people.id is 'UUID.';
comment on column people.login is 'Name they sign in with.';
comment on column people.name is 'Name shown.';
comment on column people.role is 'What they may do.';
comment on column people.password_hash is 'scrypt, with its salt and cost.';
comment on column people.failed is 'Wrong passwords in a row.';
comment on column people.locked_until is 'No sign-in before this, after too many wrong ones.';
alter table sessions add foreign key (person_id) references people;

-- ── slots ───────────────────────────────────────────────────────────────────────────────────────

create table slots (
  id uuid primary key,
  service_id uuid not null references services,
  branch_id uuid references branches,
  staff_id uuid references staff,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  during tstzrange not null generated always as (tstzrange(starts_at, ends_at)) stored,
  bookable_until timestamptz not null,
  capacity int not null check (capacity > 0),
  taken int not null default 0,
  closed_reason text,
  version bigint not null default 1,
  check (ends_at > starts_at),
  check (bookable_until <= starts_at),
  -- The last line of defence: whatever the code does, no slot is ever oversold.
  constraint slots_never_oversold check (taken between 0 and capacity),
  -- One person is at one place at a time, across services (B3).
  constraint slots_staff_once exclude using gist (staff_id with =, during with &&)
    where (staff_id is not null and taken > 0)
);
create index slots_by_service on slots (service_id, starts_at);
create index slots_by_start on slots (starts_at);
comment on table slots is 'A time with a capacity, of one service 时段.';
comment on column slots.id is 'UUID.';
comment on column slots.service_id is 'The service.';
comment on column slots.branch_id is 'Where; null for on-site services.';
comment on column slots.staff_id is 'Who; null when nobody in particular.';
comment on column slots.starts_at is 'Start.';
comment on column slots.ends_at is 'End.';
comment on column slots.during is 'Start to end, for overlap checks.';
comment on column slots.bookable_until is 'Booking cut-off: both clocks of an order end here at the latest.';
comment on column slots.capacity is 'Seats in all.';
comment on column slots.taken is 'Seats of orders that take one; lapsed holds count until given back.';
comment on column slots.closed_reason is 'Closed for new orders, and why; null when open.';
comment on column slots.version is 'Grows with every change; phones ignore lower ones.';

create function slots_next_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end $$;
create trigger slots_next_version before update on slots
  for each row execute function slots_next_version();

-- ── orders ──────────────────────────────────────────────────────────────────────────────────────

create table order_moves (
  state text not null,
  event text not null,
  next text not null,
  primary key (state, event)
);
insert into order_moves values
  ('held', 'register', 'registered'), ('held', 'cancel', 'cancelled'), ('held', 'expire', 'expired'),
  ('registered', 'confirm', 'confirmed'), ('registered', 'cancel', 'cancelled'),
  ('registered', 'expire', 'expired'),
  ('confirmed', 'complete', 'completed'), ('confirmed', 'miss', 'missed'),
  ('confirmed', 'cancel', 'cancelled'),
  ('expired', 'confirm', 'confirmed');
comment on table order_moves is 'contract/order.ts orderMoves; a test compares them cell by cell.';
comment on column order_moves.state is 'State before.';
comment on column order_moves.event is 'What happens.';
comment on column order_moves.next is 'State after.';

create sequence order_numbers;

create table orders (
  id uuid primary key,
  number text not null unique,
  user_id uuid not null references users,
  service_id uuid not null references services,
  slot_id uuid not null references slots,
  party int not null check (party > 0),
  state text not null,
  held_until timestamptz,
  form_version int not null,
  quote jsonb,
  payable_fen int check (payable_fen >= 0),
  created_at timestamptz not null,
  registered_at timestamptz,
  confirmed_at timestamptz,
  ended_at timestamptz,
  check (state in ('held', 'registered', 'confirmed', 'completed', 'missed', 'cancelled', 'expired')),
  check ((state in ('held', 'registered')) = (held_until is not null)),
  check ((quote is null) = (payable_fen is null)),
  check (state in ('held', 'cancelled', 'expired') or quote is not null)
);
create index orders_by_user on orders (user_id, created_at desc);
create index orders_by_time on orders (created_at desc, id desc);
create index orders_by_slot on orders (slot_id) where state in ('held', 'registered', 'confirmed');
create index orders_lapsing on orders (held_until) where state in ('held', 'registered');
create index orders_to_miss on orders (confirmed_at) where state = 'confirmed';
comment on table orders is 'The spine: one row through booking, registration and payment 订单.';
comment on column orders.id is 'UUID made by the phone before it asks (B4).';
comment on column orders.number is 'Order number people read 预约订单号.';
comment on column orders.user_id is 'Whose.';
comment on column orders.service_id is 'The service.';
comment on column orders.slot_id is 'The slot.';
comment on column orders.party is 'People, and seats it takes.';
comment on column orders.state is 'Written by hold_slots, expire_holds and order_apply only.';
comment on column orders.held_until is 'Its seats are free by arithmetic from this instant on.';
comment on column orders.form_version is 'The form it saw (R1).';
comment on column orders.quote is 'Price locked at registration (P6), contract/pricing.ts Quote.';
comment on column orders.payable_fen is 'Payable amount of the quote, fen.';
comment on column orders.created_at is 'When it was held.';
comment on column orders.registered_at is 'When the form was submitted.';
comment on column orders.confirmed_at is 'When it was confirmed.';
comment on column orders.ended_at is 'When it was completed, missed, cancelled or expired.';

create function orders_move_guard() returns trigger language plpgsql as $$
begin
  if new.state <> old.state
     and not exists (select from order_moves where state = old.state and next = new.state) then
    raise exception 'order % cannot go from % to %', old.id, old.state, new.state;
  end if;
  return new;
end $$;
create trigger orders_move_guard before update of state on orders
  for each row execute function orders_move_guard();

create table events (
  id bigint generated always as identity primary key,
  order_id uuid references orders,
  slot_id uuid references slots,
  what text not null,
  by text not null,
  details jsonb not null default '{}',
  at timestamptz not null
);
create index events_by_order on events (order_id, id) where order_id is not null;
comment on table events is 'What happened, append-only, written with the change itself.';
comment on column events.id is 'Order of writing.';
comment on column events.order_id is 'The order it happened to.';
comment on column events.slot_id is 'The slot it happened to.';
comment on column events.what is 'hold, an order event, or add, resize, close, open of a slot.';
comment on column events.by is 'user, merchant:<id>, time or payment.';
comment on column events.details is 'What a reader needs to know besides.';
comment on column events.at is 'When.';

create table drafts (
  order_id uuid primary key references orders,
  answers jsonb not null,
  step int not null,
  saved_at timestamptz not null
);
comment on table drafts is 'Answers of an unfinished registration, newest per field (R6, R8).';
comment on column drafts.order_id is 'The order.';
comment on column drafts.answers is 'Field id → {value, at}; sensitive values are sealed.';
comment on column drafts.step is 'Step of the form last seen.';
comment on column drafts.saved_at is 'Last change.';

create table registrations (
  order_id uuid primary key references orders,
  form_version int not null,
  answers jsonb not null,
  scope uuid,
  submitted_at timestamptz not null
);
comment on table registrations is 'Submitted answers 报名.';
comment on column registrations.order_id is 'The order.';
comment on column registrations.form_version is 'The form version they answer.';
comment on column registrations.answers is 'Field id → value; sensitive values are sealed.';
comment on column registrations.scope is 'Slot or service within which its marks are unique; null when the order no longer takes a seat.';
comment on column registrations.submitted_at is 'When.';

create table registration_marks (
  order_id uuid not null references registrations,
  scope uuid not null,
  mark text not null,
  primary key (scope, mark)
);
create index registration_marks_by_order on registration_marks (order_id);
comment on table registration_marks is 'Phones and IDs that are registered, as blind indexes: one each per scope (R4).';
comment on column registration_marks.order_id is 'Whose registration.';
comment on column registration_marks.scope is 'The slot or the service.';
comment on column registration_marks.mark is 'Blind index of the phone or ID number.';

-- ── money ───────────────────────────────────────────────────────────────────────────────────────

create table payments (
  id uuid primary key,
  order_id uuid not null references orders,
  method text check (method in ('wechat', 'alipay')),
  scene text not null,
  client_ip text not null,
  trade_no text not null unique,
  amount_fen int not null check (amount_fen >= 0),
  state text not null check (state in ('created', 'pending', 'succeeded', 'failed', 'closed')),
  params jsonb,
  expires_at timestamptz not null,
  asks int not null default 0,
  ask_at timestamptz,
  transaction_id text,
  paid_fen int,
  paid_at timestamptz,
  created_at timestamptz not null,
  check ((state = 'succeeded') = (paid_at is not null)),
  check ((paid_at is null) = (paid_fen is null)),
  check (method is not null or amount_fen = 0)
);
create unique index payments_one_open on payments (order_id) where state in ('created', 'pending');
create index payments_by_order on payments (order_id);
create index payments_to_ask on payments (ask_at) where ask_at is not null;
create index payments_paid on payments (paid_at) where state = 'succeeded';
comment on table payments is 'One attempt to pay an order with one provider 缴费.';
comment on column payments.id is 'UUID made by the phone before it asks.';
comment on column payments.order_id is 'The order.';
comment on column payments.method is 'wechat or alipay; null when nothing was to pay.';
comment on column payments.scene is 'Where the person pays from.';
comment on column payments.client_ip is 'Address it was opened from: a repeated request must not differ at the provider.';
comment on column payments.trade_no is 'Our number at the provider (out_trade_no).';
comment on column payments.amount_fen is 'Amount asked for, fen.';
comment on column payments.state is 'contract/payment.ts paymentMoves.';
comment on column payments.params is 'What the phone hands to its wallet; the same for a repeated request.';
comment on column payments.expires_at is 'The provider refuses money after this.';
comment on column payments.asks is 'Times asked so far.';
comment on column payments.ask_at is 'When to ask the provider next; null when there is nothing to ask.';
comment on column payments.transaction_id is 'The provider''s number.';
comment on column payments.paid_fen is 'What really arrived, fen; differs from amount_fen only when something is wrong.';
comment on column payments.paid_at is 'When the provider says it was paid.';
comment on column payments.created_at is 'When.';

create table facts (
  id bigint generated always as identity primary key,
  payment_id uuid references payments,
  method text not null,
  kind text not null check (kind in ('trade', 'refund')),
  trade_no text,
  refund_no text,
  state text not null,
  amount_fen int,
  transaction_id text,
  heard_by text not null check (heard_by in ('notice', 'query', 'close', 'answer')),
  reference text,
  verdict text not null,
  heard_at timestamptz not null
);
create index facts_by_payment on facts (payment_id, id);
comment on table facts is 'Everything heard about money, append-only, before anything is decided (P10).';
comment on column facts.id is 'Order of hearing.';
comment on column facts.payment_id is 'The payment; null when we know of none.';
comment on column facts.method is 'Which provider said it.';
comment on column facts.kind is 'About a trade or a refund.';
comment on column facts.trade_no is 'Our number of the trade.';
comment on column facts.refund_no is 'Our number of the refund.';
comment on column facts.state is 'What the provider said, in our words.';
comment on column facts.amount_fen is 'Amount the provider said, fen.';
comment on column facts.transaction_id is 'The provider''s number.';
comment on column facts.heard_by is 'How we heard.';
comment on column facts.reference is 'Id of the notice, for the provider''s support.';
comment on column facts.verdict is 'What we decided on hearing it.';
comment on column facts.heard_at is 'When.';

create function facts_stay() returns trigger language plpgsql as $$
begin
  raise exception 'facts are append-only';
end $$;
create trigger facts_stay before update or delete on facts
  for each row execute function facts_stay();

create table refunds (
  id uuid primary key,
  payment_id uuid not null references payments,
  refund_no text not null unique,
  amount_fen int not null check (amount_fen > 0),
  reason text not null,
  state text not null check (state in ('requested', 'succeeded', 'failed')),
  tries int not null default 0,
  due_at timestamptz,
  requested_at timestamptz not null,
  refunded_at timestamptz,
  check ((state = 'succeeded') = (refunded_at is not null))
);
create index refunds_by_payment on refunds (payment_id);
create index refunds_due on refunds (due_at) where due_at is not null;
comment on table refunds is 'Money on its way back, each with one number for ever (P11).';
comment on column refunds.id is 'UUID.';
comment on column refunds.payment_id is 'The payment it gives back from.';
comment on column refunds.refund_no is 'Our number at the provider (out_refund_no): repeats use the same.';
comment on column refunds.amount_fen is 'Fen.';
comment on column refunds.reason is 'A key of contract/payment.ts refundReasons.';
comment on column refunds.state is 'contract/payment.ts refundMoves.';
comment on column refunds.tries is 'Requests and queries so far.';
comment on column refunds.due_at is 'When to ask for it, or about it, next.';
comment on column refunds.requested_at is 'When it was decided.';
comment on column refunds.refunded_at is 'When the provider says it was done.';

-- No payment gives back more than came in.
create function refunds_within_payment() returns trigger language plpgsql as $$
declare
  paid int;
  given int;
begin
  select paid_fen into paid from payments where id = new.payment_id for update;
  select coalesce(sum(amount_fen), 0) into given from refunds where payment_id = new.payment_id;
  if paid is null or given + new.amount_fen > paid then
    raise exception 'refund % gives back more than payment % took', new.id, new.payment_id;
  end if;
  return new;
end $$;
create trigger refunds_within_payment before insert on refunds
  for each row execute function refunds_within_payment();
