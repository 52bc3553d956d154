import pg from 'pg'
import { ARCHIVE } from './replication.ts'

/** Lets commits wait for the second place (`true`), or for the server's own disk only. */
export async function letCommitsWait(client: pg.Client, wait: boolean): Promise<void> {
  // ALTER SYSTEM itself commits nothing, so it works while commits hang.
  await client.query(
    wait
      ? `alter system set synchronous_standby_names = '${ARCHIVE}'`
      : 'alter system reset synchronous_standby_names',
  )
  await client.query('select pg_reload_conf()')
}

/**
 * Lets commits go that wait for an archive which is not there: after a kill of everything but the
 * database nobody else would.
 */
export async function freeCommits(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {}) // the query rejects
  try {
    await client.connect()
    await letCommitsWait(client, false)
  } finally {
    await client.end()
  }
}

/** Has any commit waited longer than `ms` for the second place? */
export async function commitsHang(client: pg.Client, ms: number): Promise<boolean> {
  const { rows } = await client.query(
    `select 1 from pg_stat_activity
     where wait_event = 'SyncRep' and state_change < clock_timestamp() - $1::int * interval '1 ms'
     limit 1`,
    [ms],
  )
  return rows.length > 0
}
