-- What the archive of the database says of itself (T2), for the console and /metrics. Nothing is decided by it.
create table archives (
  name text primary key,
  state text not null check (state in ('following', 'away')),
  reason text,
  since timestamptz not null,
  heard_at timestamptz not null,
  base_at timestamptz,
  base_reason text
);
comment on table archives is 'What the archive program says of itself, every few seconds (deploy/backup/tell.ts).';
comment on column archives.name is 'Which archive: `log`, the receiver that commits wait for.';
comment on column archives.state is 'following: commits are in both places; away: on the data disk alone.';
comment on column archives.reason is 'Why it is away, a Chinese sentence for a person; null while it follows.';
comment on column archives.since is 'In this state since.';
comment on column archives.heard_at is 'When it last spoke: after a minute of silence it is taken for dead.';
comment on column archives.base_at is 'End of the newest base backup; null where it takes none.';
comment on column archives.base_reason is 'Why the last base backup did not come about, a Chinese sentence; null when it did.';
