/** Gauges that the database answers: how late due work is, and what the auditor says. */
import { type RawBuilder, sql } from 'kysely'
import type { Parts } from '../parts.ts'
import { readArchives } from '../report/archive.ts'
import type { Sample } from './metrics.ts'

interface DatabaseGauge {
  name: string
  help: string
  labels: readonly string[]
  read(parts: Parts): Promise<Sample[]>
}

/** Each duty with the instant its oldest row was due. All are read off partial indexes. */
const duties: Record<string, RawBuilder<unknown>> = {
  'expire holds': sql`(select min(held_until) from orders where state in ('held', 'registered'))`,
  'ask about payments': sql`(select min(ask_at) from payments where ask_at is not null)`,
  'follow refunds': sql`(select min(due_at) from refunds where due_at is not null)`,
  'upload delivery info': sql`(select min(due_at) from deliveries where due_at is not null)`,
  'match bills': sql`(select min(due_at) from bills where due_at is not null)`,
  'send reminders': sql`(select min(due_at) from reminders where state in ('planned', 'sending'))`,
  'void lapsed moves': sql`(select min(expires_at) from moves where state = 'open')`,
  'tell of disruptions': sql`(select min(due_at) from disrupted_orders where due_at is not null)`,
  'chase answers': sql`(select min(asked_at) from chases where done_at is null)`,
  'offer seats to who waits': sql`(select min(offered_at) from waits
    where state = 'offered' and told_at is null)`,
  'tell who asked about a queue': sql`(select min(due_at) from queue_reminders
    where state in ('planned', 'sending'))`,
  'tell of complaints': sql`(select min(tell_at) from feedback_words where tell_at is not null)`,
  'fetch pictures of complaints': sql`(select min(fetch_at) from complaint_pictures
    where fetch_at is not null)`,
  'fill schedules': sql`(select min(fill_at) from schedules)`,
  'audit changes': sql`(select since from audit_due order by id limit 1)`,
}

export const databaseGauges: readonly DatabaseGauge[] = [
  {
    name: 'jiyue_due_age_seconds',
    help: 'How long the oldest due row of a duty has been waiting; 0 when nothing is late.',
    labels: ['duty'],
    async read({ db }) {
      const rows = Object.entries(duties).map(([duty, oldest]) => sql`(${duty}::text, ${oldest})`)
      const { rows: ages } = await sql<{ duty: string; value: number }>`
        select duty, coalesce(greatest(0, extract(epoch from clock_timestamp() - at)), 0)::float8 as value
        from (values ${sql.join(rows)}) as oldest (duty, at)`.execute(db)
      return ages.map(({ duty, value }) => ({ labels: { duty }, value }))
    },
  },
  {
    name: 'jiyue_findings_open',
    help: 'Findings of the auditor that differ at present, by whether a person took note.',
    labels: ['acknowledged'],
    async read({ db }) {
      const { rows } = await sql<{ no: number; yes: number }>`
        select count(*) filter (where acknowledged_at is null)::int as no,
          count(acknowledged_at)::int as yes
        from findings where resolved_at is null`.execute(db)
      const { no = 0, yes = 0 } = rows[0] ?? {}
      return [
        { labels: { acknowledged: 'no' }, value: no },
        { labels: { acknowledged: 'yes' }, value: yes },
      ]
    },
  },
  {
    name: 'jiyue_audit_age_seconds',
    help: 'Since a round of the auditor was last finished; since ever where none was.',
    labels: ['round'],
    async read({ db, now }) {
      const rounds = await db.selectFrom('audits').select(['name', 'finished_at']).execute()
      return rounds.map(({ name, finished_at }) => ({
        labels: { round: name },
        value: (now().getTime() - (finished_at?.getTime() ?? 0)) / 1000,
      }))
    },
  },
  {
    name: 'jiyue_archive_away',
    help: 'Archives of the database that do not follow: 1, or 0 while they do; nothing where there is none.',
    labels: ['archive'],
    async read(parts) {
      const archives = await readArchives(parts)
      return archives.map(({ name, state }) => ({
        labels: { archive: name },
        value: state === 'away' || state === 'silent' ? 1 : 0,
      }))
    },
  },
  {
    name: 'jiyue_base_age_seconds',
    help: 'Since the newest base backup ended; nothing where the product takes none.',
    labels: [],
    async read({ db }) {
      const { rows } = await sql<Sample>`
        select extract(epoch from clock_timestamp() - base_at)::float8 as value
        from archives where base_at is not null`.execute(db)
      return rows
    },
  },
  {
    name: 'jiyue_queue_waiting',
    help: 'People in the queues of all services, as every node sees them.',
    labels: [],
    async read({ queue: { keeper } }) {
      const counts = await Promise.all((await keeper.open()).map((one) => keeper.count(one)))
      return [{ value: counts.reduce((sum, { waiting }) => sum + waiting, 0) }]
    },
  },
  {
    name: 'jiyue_slots_stopped',
    help: 'Slots whose sale the auditor stopped.',
    labels: [],
    async read({ db }) {
      const { rows } = await sql<Sample>`
        select count(*)::int as value from slots where checking_since is not null`.execute(db)
      return rows
    },
  },
]
