-- Coupons that the merchant gives to people of its choice 优惠券 (M11).

create table coupon_grants (
  id uuid primary key,
  label text not null,
  off_fen int not null check (off_fen > 0),
  expires_at timestamptz not null check (expires_at > given_at),
  note text not null,
  by text not null,
  given_at timestamptz not null,
  revoked_at timestamptz
);
create index coupon_grants_by_time on coupon_grants (given_at desc, id desc);
comment on table coupon_grants is 'One act by which people were given a coupon each 优惠券 (M11).';
comment on column coupon_grants.id is 'UUID made by the console.';
comment on column coupon_grants.label is 'What the quote calls it.';
comment on column coupon_grants.off_fen is 'Off the price, never below 0 and never off the deposit.';
comment on column coupon_grants.expires_at is 'They count on orders registered before then.';
comment on column coupon_grants.note is 'Why, as its people read it.';
comment on column coupon_grants.by is 'merchant:<id> who gave them.';
comment on column coupon_grants.given_at is 'When.';
comment on column coupon_grants.revoked_at is 'What was not used was taken back then; null while it counts.';
select log_changes('coupon_grants', 'id', 'label');

alter table coupons add column grant_id uuid references coupon_grants;
create unique index coupons_once_a_grant on coupons (grant_id, user_id) where grant_id is not null;
comment on column coupons.grant_id is 'The act it was given by: one a person and act; null for what makes a disruption good.';
