-- One at a time decides where a refund's money comes from: the provider's turn, or a person (P11).
alter table refunds add column asking_until timestamptz;
comment on column refunds.asking_until is
  'Until then at the latest somebody has its turn: asks the provider for the money, or a person ends it otherwise; null when nobody does.';
