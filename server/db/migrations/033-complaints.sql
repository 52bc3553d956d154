-- Complaints of WeChat Pay (complaints-v2) in the list of feedback (M8), and what goes back to WeChat.

create table complaints (
  feedback_id uuid primary key references feedback,
  complaint_id text not null unique,
  trade_no text,
  transaction_id text,
  amount_fen int not null check (amount_fen >= 0),
  problem text not null,
  refund_asked boolean not null,
  state text not null check (state in ('PENDING', 'PROCESSING', 'PROCESSED')),
  heard_at timestamptz not null
);
comment on table complaints is 'What WeChat Pay says about a complaint of one of its payers.';
comment on column complaints.feedback_id is 'Where it stands in our list.';
comment on column complaints.complaint_id is 'WeChat''s number of it.';
comment on column complaints.trade_no is 'Our number of the payment it is about.';
comment on column complaints.transaction_id is 'WeChat''s number of that payment.';
comment on column complaints.amount_fen is 'What was paid, as WeChat says.';
comment on column complaints.problem is 'WeChat''s heading of it.';
comment on column complaints.refund_asked is 'The payer wants the money back.';
comment on column complaints.state is 'As WeChat has it: PENDING, PROCESSING, PROCESSED.';
comment on column complaints.heard_at is 'When WeChat was asked last.';

alter table feedback_words add column tell text check (tell in ('reply', 'complete'));
alter table feedback_words add column tell_at timestamptz;
alter table feedback_words add column tells int not null default 0;
alter table feedback_words add column told_at timestamptz;
alter table feedback_words add column tell_failure text;
alter table feedback_words add check (tell_at is null or told_at is null);
create index feedback_words_due on feedback_words (tell_at) where tell_at is not null;
comment on column feedback_words.tell is 'What WeChat is to be told by it: a reply, or that all is done; null: nothing.';
comment on column feedback_words.tell_at is 'When that is due; null when it is told, refused, or nothing is to be told.';
comment on column feedback_words.tells is 'Tries so far.';
comment on column feedback_words.told_at is 'When WeChat had it.';
comment on column feedback_words.tell_failure is 'WeChat''s code when it refused; nothing more is tried then.';
