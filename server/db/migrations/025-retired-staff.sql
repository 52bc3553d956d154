-- Staff may retire, as rooms do (B3): their past stays, new slots do not come.
alter table staff add column retired_at timestamptz;
comment on column staff.retired_at is 'No new slots from then on; null while in use.';
