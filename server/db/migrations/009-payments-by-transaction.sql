-- A proof's typed number is looked up among all payments (P10).
create index payments_by_transaction on payments (transaction_id) where transaction_id is not null;
