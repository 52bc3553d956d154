-- Payment truth, what was left: one new customer's discount, sums of money wider than 32 bits, refunds
-- paid back otherwise, failed pictures (P5, P10, P11, M3).

-- ── one person at a time ────────────────────────────────────────────────────────────────────────

-- What a person's orders decide together is decided one by one; hold_slots waits here too. Lock order:
-- slot → staff → user → order → payment.
create function lock_user(p_user uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(2, hashtext(p_user::text));
end $$;
