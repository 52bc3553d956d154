import path from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { reasonOf, StartError } from '../../server/db/startError.ts'
import { freeCommits } from '../backup/commits.ts'
import type { Closing } from './closing.ts'
import type { Options } from './options.ts'
import { say, step } from './say.ts'

/** Log kept for an archive that is away, so that a full backup disk does not fill the data's too. */
const LOG_LIMIT = '4GB'

/** Starts the embedded PostgreSQL or tries `DATABASE_URL`, migrates it, and answers its address. */
export async function prepareDatabase(options: Options, closing: Closing): Promise<string> {
  const url = options.databaseUrl ?? (await startEmbedded(options.dataDir, closing))
  if (options.databaseUrl) await demandConnection(url)
  await step('数据库结构', closing.hold(migrate(url, { say })))
  return url
}

async function startEmbedded(dataDir: string, closing: Closing): Promise<string> {
  const dir = path.join(dataDir, 'postgres')
  const settings = { max_slot_wal_keep_size: LOG_LIMIT }
  const started = startPostgres({ dir, say, settings, gone: (error) => closing.ask(error) })
  const server = await step(
    '数据库 PostgreSQL',
    closing.hold(started, (value) => value.stop(), '数据库'),
  )
  await freeCommits(server.url)
  return server.url
}

async function demandConnection(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {}) // connect() rejects with the same error
  try {
    await client.connect()
  } catch (error) {
    const { host, port, database } = client
    throw new StartError(
      `无法连接 DATABASE_URL 指定的数据库 ${host}:${port}/${database}：${reasonOf(error)}`,
      'The database of DATABASE_URL cannot be reached. Unset DATABASE_URL to use the embedded one.',
    )
  } finally {
    await client.end()
  }
}
