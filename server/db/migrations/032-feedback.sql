-- What people tell the merchant 投诉与建议 (G8), looked after in the console (M8).

create table feedback (
  id uuid primary key,
  source text not null check (source in ('app', 'wechat')),
  user_id uuid references users,
  order_id uuid references orders,
  kind text not null check (kind in ('complaint', 'suggestion', 'question')),
  text text not null,
  phone_sealed text,
  page text not null default '',
  state text not null default 'open' check (state in ('open', 'answered', 'closed')),
  assignee_id uuid references people,
  due_at timestamptz,
  late boolean not null default false,
  replied_at timestamptz,
  cause text check (cause in ('quality', 'attitude', 'late', 'slots', 'price', 'refund', 'payment',
    'information', 'app', 'other')),
  solution text,
  created_at timestamptz(3) not null,
  changed_at timestamptz not null,
  closed_at timestamptz,
  check (source = 'wechat' or user_id is not null),
  check ((state = 'open') = (due_at is not null)),
  check ((state = 'closed') = (closed_at is not null)),
  check ((state = 'closed') = (cause is not null)),
  check ((state = 'closed') = (solution is not null))
);
create index feedback_by_time on feedback (created_at desc, id desc);
create index feedback_by_user on feedback (user_id, created_at desc);
create index feedback_open on feedback (due_at) where state = 'open';
create index feedback_closed on feedback (closed_at) where state = 'closed';
comment on table feedback is 'What a person tells the merchant (G8), and how it is looked after (M8); contract/feedback.ts says which states follow which.';
comment on column feedback.id is 'UUID made by the phone before it is sent; our own for a complaint of WeChat Pay.';
comment on column feedback.source is 'app: our own pages; wechat: a complaint that WeChat Pay handed on.';
comment on column feedback.user_id is 'Who tells; null where WeChat''s payer is nobody we know.';
comment on column feedback.order_id is 'The order it is about, if any.';
comment on column feedback.kind is 'complaint, suggestion or question.';
comment on column feedback.text is 'In their own words; empty once the person is erased.';
comment on column feedback.phone_sealed is 'Sealed number they left for being called; null when they left none.';
comment on column feedback.page is 'Path of the page it was written on.';
comment on column feedback.state is 'A key of contract/feedback.ts feedbackMoves.';
comment on column feedback.assignee_id is 'Who of the merchant looks after it.';
comment on column feedback.due_at is 'To be answered until then; null when nobody waits.';
comment on column feedback.late is 'It was once answered or closed after its time.';
comment on column feedback.replied_at is 'The first reply.';
comment on column feedback.cause is 'A key of contract/feedback.ts feedbackCauseWords; null unless closed.';
comment on column feedback.solution is 'What was done; null unless closed.';
comment on column feedback.created_at is 'When it came, to the millisecond: pages go on by it.';
comment on column feedback.changed_at is 'When anybody wrote last.';
comment on column feedback.closed_at is 'When it was closed.';

create table feedback_words (
  id uuid primary key,
  feedback_id uuid not null references feedback,
  seq bigint generated always as identity,
  kind text not null check (kind in ('said', 'reply', 'note', 'log')),
  by text not null,
  text text not null,
  at timestamptz not null
);
create index feedback_words_of on feedback_words (feedback_id, seq);
comment on table feedback_words is 'The conversation about a feedback, the team''s notes and what was done; append-only.';
comment on column feedback_words.id is 'UUID made by whoever writes.';
comment on column feedback_words.feedback_id is 'About which.';
comment on column feedback_words.seq is 'Order of writing.';
comment on column feedback_words.kind is 'said: by the person; reply: to them; note: for the team; log: what was done.';
comment on column feedback_words.by is 'user, merchant:<id>, or wechat.';
comment on column feedback_words.text is 'The words; empty once the person is erased.';
comment on column feedback_words.at is 'When.';

create table feedback_pictures (
  feedback_id uuid not null references feedback,
  place int not null,
  picture_id uuid not null references pictures,
  primary key (feedback_id, place)
);
create index feedback_pictures_by_picture on feedback_pictures (picture_id);
comment on table feedback_pictures is 'Pictures that came with a feedback.';
comment on column feedback_pictures.feedback_id is 'With which.';
comment on column feedback_pictures.place is 'Which of them, from 0.';
comment on column feedback_pictures.picture_id is 'The picture.';

select log_changes('feedback', 'id');
