-- Pictures that payers send with complaints to WeChat Pay (M8): fetched from there and drawn anew.

create table complaint_pictures (
  id uuid primary key,
  feedback_id uuid not null references complaints,
  words_id uuid references feedback_words,
  place int not null,
  address text not null,
  bytes bytea,
  width int,
  height int,
  fetch_at timestamptz,
  fetches int not null default 0,
  failure text,
  check (num_nulls(bytes, width, height) in (0, 3)),
  check (bytes is null or fetch_at is null)
);
create index complaint_pictures_by_feedback on complaint_pictures (feedback_id);
create index complaint_pictures_by_words on complaint_pictures (words_id);
create index complaint_pictures_due on complaint_pictures (fetch_at) where fetch_at is not null;
comment on table complaint_pictures is 'A picture that came with a complaint of WeChat Pay.';
comment on column complaint_pictures.id is 'Always the same for the same place of the same complaint or step.';
comment on column complaint_pictures.feedback_id is 'The complaint.';
comment on column complaint_pictures.words_id is 'What was said with it; null: it came with the complaint itself.';
comment on column complaint_pictures.place is 'Which of them, from 0.';
comment on column complaint_pictures.address is 'Where WeChat keeps it; empty once the person was erased.';
comment on column complaint_pictures.bytes is 'JPEG, drawn anew; null while it is not here.';
comment on column complaint_pictures.width is 'Pixels.';
comment on column complaint_pictures.height is 'Pixels.';
comment on column complaint_pictures.fetch_at is 'When it is to be fetched; null when it is here or was given up.';
comment on column complaint_pictures.fetches is 'Tries so far.';
comment on column complaint_pictures.failure is 'Why it was given up: WeChat''s code, or no_picture.';
