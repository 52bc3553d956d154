-- The disruption desk 紧急通知 (M9 X5): slots that fall through, closed in one act, and what each of
-- their orders may choose instead (docs/decisions/029-disruptions.md). The answers are the orders' own
-- moves and cancels; nothing here takes or frees a seat.

create table disruptions (
  id uuid primary key,
  reason text not null,
  note text,
  fallback text not null check (fallback in ('refund', 'keep')),
  deadline_at timestamptz not null,
  coupon_fen int check (coupon_fen > 0),
  coupon_days int check (coupon_days > 0),
  wish jsonb not null,
  by text not null,
  acted_at timestamptz not null,
  check ((coupon_fen is null) = (coupon_days is null))
);
create index disruptions_newest on disruptions (acted_at desc);
comment on table disruptions is 'Acts of the disruption desk: slots that fall through and the new arrangement (M9).';
comment on column disruptions.id is 'UUID made by the console: the same act again is the same.';
comment on column disruptions.reason is 'Why, in the merchant''s words; its people read it.';
comment on column disruptions.note is 'The new arrangement in words; null for none.';
comment on column disruptions.fallback is 'What silence means: refund at the deadline, or keep until the slot starts and refund then.';
comment on column disruptions.deadline_at is 'Answers are asked for until then; never after the first of its slots starts.';
comment on column disruptions.coupon_fen is 'Compensation: fen off the next order; null without.';
comment on column disruptions.coupon_days is 'Days for which the coupon is good.';
comment on column disruptions.wish is 'What was asked for, to tell a repeated act from another one of the same id.';
comment on column disruptions.by is 'Who: merchant:<id>.';
comment on column disruptions.acted_at is 'When its slots were closed.';

create table disruption_slots (
  disruption_id uuid not null references disruptions,
  slot_id uuid not null references slots,
  is_choice boolean not null,
  primary key (disruption_id, slot_id)
);
create index disruption_slots_by_slot on disruption_slots (slot_id);
comment on table disruption_slots is 'The slots of an act: those that fall through, and those offered instead.';
comment on column disruption_slots.disruption_id is 'The act.';
comment on column disruption_slots.slot_id is 'The slot.';
comment on column disruption_slots.is_choice is 'Offered instead; false for one that falls through.';

create table disrupted_orders (
  id uuid primary key default gen_random_uuid(),
  disruption_id uuid not null references disruptions,
  order_id uuid not null references orders,
  slot_id uuid not null references slots,
  refund_at timestamptz not null,
  due_at timestamptz,
  tries int not null default 0,
  told_at timestamptz,
  ruled_at timestamptz,
  unique (order_id, slot_id)
);
create index disrupted_orders_of on disrupted_orders (disruption_id);
create index disrupted_orders_due on disrupted_orders (due_at) where due_at is not null;
create index disrupted_orders_untold on disrupted_orders (disruption_id) where told_at is null;
comment on table disrupted_orders is 'Orders that a disruption affects; what became of one is read from the order itself (contract/disruption.ts).';
comment on column disrupted_orders.id is 'What its message is about.';
comment on column disrupted_orders.disruption_id is 'The act.';
comment on column disrupted_orders.order_id is 'The order.';
comment on column disrupted_orders.slot_id is 'The slot that falls through: while the order is in it, an answer is open.';
comment on column disrupted_orders.refund_at is 'Without an answer all of its money goes back then.';
comment on column disrupted_orders.due_at is 'When to look at it next: at once where nothing is paid, else at refund_at; null when it is over.';
comment on column disrupted_orders.tries is 'How often it was looked at.';
comment on column disrupted_orders.told_at is 'When its message was written down; null while that is due.';
comment on column disrupted_orders.ruled_at is 'When silence was taken for an answer, or an unpaid order was ended.';

create table chases (
  reminder_id uuid not null references reminders,
  channel text not null check (channel in ('wechat', 'alipay', 'sms', 'mail')),
  by text not null,
  asked_at timestamptz not null,
  lease_until timestamptz,
  done_at timestamptz,
  primary key (reminder_id, channel)
);
create index chases_due on chases (asked_at) where done_at is null;
comment on table chases is 'Messages to be sent once more by another channel (M9); sends says how each went.';
comment on column chases.reminder_id is 'The message.';
comment on column chases.channel is 'The way it is tried by: each once.';
comment on column chases.by is 'Who wanted it: merchant:<id>.';
comment on column chases.asked_at is 'When.';
comment on column chases.lease_until is 'Whoever sends it has until then; after that it is looked at again.';
comment on column chases.done_at is 'When it was tried, or needed no more.';

create table coupons (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users,
  off_fen int not null check (off_fen > 0),
  label text not null,
  given_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > given_at),
  disruption_id uuid references disruptions,
  order_id uuid references orders,
  unique (disruption_id, user_id)
);
create index coupons_by_user on coupons (user_id, expires_at);
create unique index coupons_one_an_order on coupons (order_id) where order_id is not null;
comment on table coupons is 'Fen off one order of one person, once (M9).';
comment on column coupons.id is 'UUID; the quote that counts it says so.';
comment on column coupons.user_id is 'Whose it is.';
comment on column coupons.off_fen is 'Off the price, never below 0 and never off the deposit.';
comment on column coupons.label is 'What the quote calls it.';
comment on column coupons.given_at is 'When it was given.';
comment on column coupons.expires_at is 'It counts on orders registered before then.';
comment on column coupons.disruption_id is 'What it makes good: one a person and act.';
comment on column coupons.order_id is 'The order it counts on. It is free again when that one is cancelled or expired.';
