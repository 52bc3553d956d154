-- What reconciliation and bills look things up by (M3).

create index refunds_done on refunds (refunded_at) where state = 'succeeded';

-- What a bill told is not told twice.
create index facts_of_bills on facts (method, kind, coalesce(refund_no, trade_no))
  where heard_by = 'bill';
