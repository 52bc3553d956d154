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
