-- What messages say, as the merchant wants it (M11).
create table message_words (
  kind text primary key,
  text text,
  hint text,
  off boolean not null
);
comment on table message_words is 'The merchant''s own words of a kind of message; without a row the house''s are said.';
comment on column message_words.kind is 'A name of contract/reminder.ts reminderKinds.';
comment on column message_words.text is 'What our own pages, text messages and e-mails say, with placeholders; null for the house''s.';
comment on column message_words.hint is 'The short line of platforms'' templates; null for the house''s.';
comment on column message_words.off is 'Messages of this kind are not sent.';

create table host_templates (
  host text not null check (host in ('weapp', 'alipay')),
  template text not null,
  template_id text not null,
  keys jsonb not null,
  primary key (host, template)
);
comment on table host_templates is 'Templates at WeChat and Alipay that the merchant set in the console; without a row that of the credentials is used.';
comment on column host_templates.host is 'Where it is registered.';
comment on column host_templates.template is 'A name of contract/reminder.ts templateNames.';
comment on column host_templates.template_id is 'Its id there.';
comment on column host_templates.keys is 'Which of our facts each of its keys shows.';

select log_changes('message_words', 'kind', 'kind');
select log_changes('host_templates', 'host,template', 'template_id');

alter table consents add column template_id text;
comment on column consents.template_id is 'The template at the host that was consented to: another one needs another consent. Null in rows that are older than this column, which may be any.';
