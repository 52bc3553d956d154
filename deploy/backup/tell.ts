import pg from 'pg'
import { reasonOf } from '../../server/db/startError.ts'

/** What the archive says of itself (table `archives`); sentences for a person. */
export type Word = {
  /** Why it is away; null while it follows. */
  reason: string | null
  /** End of the newest base backup, ISO; null where it takes none. */
  baseAt: string | null
  /** Why the last one did not come about. */
  baseReason: string | null
}

const EVERY_MS = 10_000

/**
 * Says in the database itself how its archive fares, at once when it changes and every ten seconds, so
 * that the console and /metrics know. On a connection of its own whose commits wait for nobody: what
 * is told is also that they hang. A database without our tables is told nothing.
 */
export function startTelling(url: string, say: (sentence: string) => void) {
  let client: pg.Client | undefined
  let word: Word | undefined
  let underWay: Promise<void> | undefined
  let again = false
  let failures = 0

  const connection = async () => {
    if (client) return client
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'jiyue_archive_word',
      options: '-c synchronous_commit=local -c statement_timeout=5000',
      connectionTimeoutMillis: 5_000,
    })
    fresh.on('error', () => {
      if (client === fresh) client = undefined
    })
    await fresh.connect()
    client = fresh
    return fresh
  }

  const write = async ({ reason, baseAt, baseReason }: Word) => {
    const to = await connection()
    const { rows } = await to.query("select to_regclass('archives') is not null as here")
    if (!rows[0]?.here) return
    await to.query(
      `insert into archives (name, state, reason, since, heard_at, base_at, base_reason)
       values ('log', $1, $2, clock_timestamp(), clock_timestamp(), $3, $4)
       on conflict (name) do update set state = excluded.state, reason = excluded.reason,
         since = case when archives.state = excluded.state then archives.since else excluded.since end,
         heard_at = excluded.heard_at, base_at = excluded.base_at, base_reason = excluded.base_reason`,
      [reason === null ? 'following' : 'away', reason, baseAt, baseReason],
    )
  }

  const beat = () => {
    if (!word) return
    if (underWay) {
      again = true
      return
    }
    underWay = write(word)
      .then(() => {
        failures = 0
      })
      .catch((error) => {
        failures += 1
        // A database that restarts is told about by the guard; once is enough for what lasts.
        if (failures === 2) say(`备份状态未写入数据库：${reasonOf(error)}`)
        void client?.end().catch(() => {})
        client = undefined
      })
      .finally(() => {
        underWay = undefined
        if (again) beat()
        again = false
      })
  }
  const timer = setInterval(beat, EVERY_MS)

  return {
    tell(next: Word) {
      const isNews = JSON.stringify(next) !== JSON.stringify(word)
      word = next
      if (isNews) beat()
    },
    async stop() {
      clearInterval(timer)
      await underWay
      await client?.end()
    },
  }
}
