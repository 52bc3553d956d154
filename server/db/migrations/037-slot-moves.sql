-- A slot that is moved 改时间 (M1) becomes another slot: whoever saw the old time on a phone and taps it
-- a moment later asks for the old one, which is closed, and is never booked to a time they did not see.

create table slot_moves (
  slot_id uuid primary key references slots,
  from_id uuid not null references slots,
  moved_at timestamptz not null,
  back_at timestamptz,
  check (slot_id <> from_id)
);
comment on table slot_moves is 'Slots that a person moved or stretched in the calendar; the former ones are removed.';
comment on column slot_moves.slot_id is 'The slot that the move made.';
comment on column slot_moves.from_id is 'The slot it was before.';
comment on column slot_moves.moved_at is 'When.';
comment on column slot_moves.back_at is 'When the move was taken back; null while it stands.';
