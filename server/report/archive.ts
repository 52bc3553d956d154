/**
 * How the archive of the database fares (T2): what its program says in `archives`, and what PostgreSQL
 * counts of an archive_command (pgBackRest). Trade never waits for it: /readyz does not ask.
 */
import type { ArchiveState } from '@jiyue/contract/archive'
import type { Reply } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import type { Parts } from '../parts.ts'

/** Seconds after its last word for which the archive's program is taken for alive. */
const SILENT_SECONDS = 60

type Archive = Reply<'getAudit'>['archives'][number]

/** Every archive that this database has or had; none where nobody keeps one. */
export async function readArchives({ db }: Pick<Parts, 'db'>): Promise<Archive[]> {
  const { rows } = await sql<{
    name: string
    state: ArchiveState
    reason: string | null
    since: Date
    base_at: Date | null
  }>`
    select name, case
        when heard_at < clock_timestamp() - ${SILENT_SECONDS} * interval '1 second' then 'silent'
        when state = 'away' then 'away'
        when base_reason is not null then 'late'
        else state end as state,
      case when state = 'away' then reason else base_reason end as reason,
      case when heard_at < clock_timestamp() - ${SILENT_SECONDS} * interval '1 second'
        then heard_at else since end as since,
      base_at
    from archives
    union all
    select 'segments', case when last_failed_time > coalesce(last_archived_time, '-infinity')
        then 'away' else 'following' end,
      case when last_failed_time > coalesce(last_archived_time, '-infinity')
        then 'archive_command: ' || last_failed_wal end,
      coalesce(last_archived_time, last_failed_time), null
    from pg_stat_archiver
    where current_setting('archive_mode') <> 'off'
      and coalesce(last_archived_time, last_failed_time) is not null
    order by name`.execute(db)
  return rows.map(({ name, state, reason, since, base_at }) => ({
    name,
    state,
    reason: state === 'silent' ? null : reason,
    since: since.toISOString(),
    baseAt: base_at?.toISOString() ?? null,
  }))
}

/** What each process last saw, to tell the console of a change once. */
const seen = new WeakMap<Parts['bus'], string>()

/** Tells the log and the console's screens when an archive's state has changed; answers how many did. */
export async function watchArchives(parts: Parts): Promise<number> {
  const archives = await readArchives(parts)
  const now = archives.map(({ name, state }) => `${name} ${state}`).join(', ')
  const before = seen.get(parts.bus) ?? ''
  seen.set(parts.bus, now)
  if (now === before) return 0
  const away = archives.filter(({ state }) => state !== 'following')
  if (away.length > 0) parts.log.warn({ archives: away }, 'archive: not following')
  else if (before !== '') parts.log.info({ archives: now }, 'archive: following')
  parts.bus.changed({ topics: ['console'] })
  return 1
}
