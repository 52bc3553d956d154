-- The console's lists answer as fast over a hundred thousand orders as over a thousand (M2 M3): each is
-- read in the order of an index, and what waits for a person is not looked for among what is done.
create index proofs_waiting on proofs (created_at, id) where state = 'submitted';
create index proofs_decided on proofs (decided_at desc, id desc) where state <> 'submitted';
create index refunds_by_state on refunds (state, requested_at desc, id desc);
create index deliveries_waiting on deliveries (since, payment_id) where state <> 'sent';
