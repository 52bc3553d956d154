/**
 * The auditor: looks at every commit, not only at the end. Deferred constraint triggers run as the
 * last thing of each transaction and write down what no transaction may leave behind:
 * - money is kept only for a seat, or for a fee of a cancelled order (the promise), to the fen;
 * - no order is confirmed without its money, or a price of nothing;
 * - a slot counts exactly the seats its orders take, and never more than it has;
 * - a payment that succeeded has its fact, and a fact of money has its payment succeeded: nothing
 *   can die between the two.
 */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../server/db/schema.ts'

const AUDIT = `
create table wrongs (id bigint generated always as identity, what text not null);
create index test_orders_by_slot on orders (slot_id);

create function audit_order(p_order uuid) returns void language plpgsql as $$
declare
  o orders;
  paid int;
  back int;
  by_hand int;
  deposit int;
  first int;
  fees int;
  kept int;
  fine boolean;
begin
  select * into o from orders where id = p_order;
  select coalesce(sum(paid_fen), 0) into paid from payments
    where order_id = p_order and state = 'succeeded';
  select coalesce(sum(amount_fen), 0),
         coalesce(sum(amount_fen) filter (where reason = 'manual'), 0),
         coalesce(sum(amount_fen) filter (where reason = 'deposit'), 0)
    into back, by_hand, deposit
    from refunds where state <> 'closed'
      and payment_id in (select id from payments where order_id = p_order);
  select coalesce(sum(fee_fen), 0) into fees from moves where order_id = p_order and state = 'done';
  -- The deposit is given back once: what a person gave back of it before does not go back by itself.
  select coalesce(sum(amount_fen), 0) into first from refunds
    where state <> 'closed' and reason = 'manual' and replaces is null and requested_at < o.ended_at
      and payment_id in (select id from payments where order_id = p_order);
  if deposit > greatest(0, (o.quote ->> 'depositFen')::int - first) then
    insert into wrongs (what) values (format(
      'order %s gives %s fen of its deposit back by itself, after %s by hand', o.number, deposit, first));
  end if;
  kept := paid - back;
  fine := case
    when o.state in ('held', 'registered', 'expired') then kept = 0
    when o.state = 'cancelled' then kept between 0 and fees + (paid * 20 + 50) / 100
      and (kept = 0 or o.confirmed_at is not null)
    -- What was given back by hand may be more than a cheaper slot would have given back.
    when by_hand > 0 then kept between greatest(0, o.payable_fen + fees - by_hand - deposit)
      and o.payable_fen + fees
    when o.state = 'confirmed' then kept = o.payable_fen + fees
    else kept = o.payable_fen + fees - deposit
  end;
  if not fine then
    insert into wrongs (what) values (format(
      'order %s is %s and keeps %s fen: paid %s, going back %s (by hand %s, deposit %s), payable %s, fees of moves %s',
      o.number, o.state, kept, paid, back, by_hand, deposit, o.payable_fen, fees));
  end if;
end $$;

create function audit_slot(p_slot uuid) returns void language plpgsql as $$
declare
  s record;
begin
  -- In one look: who registers or confirms does not hold the slot, and others may book meanwhile.
  select taken, capacity, (select coalesce(sum(party), 0) from orders where slot_id = p_slot
      and state in ('held', 'registered', 'confirmed', 'completed', 'missed')) as seats
    into s from slots where id = p_slot;
  if s.seats <> s.taken or s.seats > s.capacity then
    insert into wrongs (what) values (format(
      'slot counts %s of %s seats taken, its orders take %s', s.taken, s.capacity, s.seats));
  end if;
end $$;

create function audit_orders() returns trigger language plpgsql as $$
begin
  perform audit_order(new.id);
  perform audit_slot(new.slot_id);
  if tg_op = 'UPDATE' and old.slot_id <> new.slot_id then
    perform audit_slot(old.slot_id);
  end if;
  return null;
end $$;
create constraint trigger audit_orders_new after insert on orders
  deferrable initially deferred for each row execute function audit_orders();
create constraint trigger audit_orders after update on orders
  deferrable initially deferred for each row
  when (old.state <> new.state or old.slot_id <> new.slot_id or old.payable_fen <> new.payable_fen)
  execute function audit_orders();

create function audit_slots() returns trigger language plpgsql as $$
begin
  perform audit_slot(new.id);
  return null;
end $$;
create constraint trigger audit_slots after update on slots
  deferrable initially deferred for each row when (old.taken <> new.taken)
  execute function audit_slots();

create function audit_payments() returns trigger language plpgsql as $$
begin
  perform audit_order(new.order_id);
  if new.paid_fen > 0 and not exists (select from facts
      where payment_id = new.id and kind = 'trade' and state = 'paid') then
    insert into wrongs (what) values (format('payment %s succeeded without a fact', new.trade_no));
  end if;
  return null;
end $$;
create constraint trigger audit_payments_new after insert on payments
  deferrable initially deferred for each row when (new.state = 'succeeded')
  execute function audit_payments();
create constraint trigger audit_payments after update on payments
  deferrable initially deferred for each row when (old.state <> new.state)
  execute function audit_payments();

create function audit_refunds() returns trigger language plpgsql as $$
begin
  perform audit_order((select order_id from payments where id = new.payment_id));
  return null;
end $$;
create constraint trigger audit_refunds_new after insert on refunds
  deferrable initially deferred for each row execute function audit_refunds();
create constraint trigger audit_refunds after update on refunds
  deferrable initially deferred for each row when (old.state <> new.state)
  execute function audit_refunds();

create function audit_facts() returns trigger language plpgsql as $$
begin
  if (select state from payments where id = new.payment_id) <> 'succeeded' then
    insert into wrongs (what) values (format('a fact of money for %s, but its payment does not know', new.trade_no));
  end if;
  return null;
end $$;
create constraint trigger audit_facts after insert on facts
  deferrable initially deferred for each row
  when (new.kind = 'trade' and new.state = 'paid' and new.payment_id is not null)
  execute function audit_facts();
`

/** From now on every commit in `db` is looked at. */
export async function audit(db: Kysely<Database>): Promise<void> {
  await sql.raw(AUDIT).execute(db)
}

/** What was wrong since the last time, oldest first. */
export async function wrongsOf(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`select what from wrongs order by id`.execute(db)
  if (rows.length > 0) await sql`delete from wrongs`.execute(db)
  return [...new Set(rows.map((row) => row.what))]
}
