/** A restored cluster under our own hands: recovered, worked on, and stopped, before anybody is let in. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { StartError } from '../../../server/db/startError.ts'
import { SERVERS } from '../../start/backupPrograms.ts'

type Account = { uid: number; gid: number }

/** Newest words of the server that are kept for the sentence that it did not recover. */
const WORDS = 20_000
const POLL_MS = 100

/**
 * Starts the cluster in `dataDir`, waits until it has recovered, and gives `work` the address of the
 * product's database; then stops it. Nobody else reaches it (a socket of our own), and it sends no log
 * anywhere: what it writes waits for the archiving of whoever starts it next. Throws `StartError` when
 * its programs are not here or it does not recover.
 */
export async function withCluster<T>(
  dataDir: string,
  account: Account,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const postgres = programOf(dataDir)
  const as = process.getuid?.() === 0 ? account : {}
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jiyue-restore-'))
  const at = (name: string) => path.join(folder, name)
  // Debian keeps these elsewhere than the data; a restored copy must not depend on them.
  writeFileSync(at('postgresql.conf'), '')
  writeFileSync(at('pg_hba.conf'), 'local all all trust\n')
  writeFileSync(at('pg_ident.conf'), '')
  if (process.getuid?.() === 0) chownSync(folder, account.uid, account.gid)
  const settings = {
    config_file: at('postgresql.conf'),
    hba_file: at('pg_hba.conf'),
    ident_file: at('pg_ident.conf'),
    listen_addresses: '',
    unix_socket_directories: folder,
    hot_standby: 'off', // ready means recovered
    archive_command: '',
    archive_library: '',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(postgres, ['-D', dataDir, ...args], {
    ...as,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (chunk) => {
    words = (words + chunk).slice(-WORDS)
  })
  const gone = once(child, 'close').catch((error) => {
    words += String(error)
  })
  let over = false
  void gone.then(() => {
    over = true
  })
  try {
    for (;;) {
      const url = await databaseIn(folder)
      if (url) return await work(url)
      if (over) throw recoveryError(dataDir, words)
      await pause(POLL_MS)
    }
  } finally {
    if (!over) child.kill('SIGINT') // fast: a clean checkpoint
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
}

/** PostgreSQL's own program of the version that wrote the data. */
function programOf(dataDir: string): string {
  const major = readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim()
  const program = path.join(SERVERS, major, 'bin', 'postgres')
  if (existsSync(program)) return program
  throw new StartError(
    `恢复到较早的时间需要 PostgreSQL ${major} 的程序（apt-get install postgresql-${major}）：要用它把已注销的人再次删除。`,
    `A restore to an earlier time needs the programs of PostgreSQL ${major} (apt-get install postgresql-${major}), to erase again who has erased themselves.`,
  )
}

/** The address of the database that has our migrations, once the server answers; undefined before. */
async function databaseIn(folder: string): Promise<string | undefined> {
  const asked = process.env.DATABASE_URL ? new URL(process.env.DATABASE_URL) : undefined
  const user = decodeURIComponent(asked?.username || 'postgres')
  const urlOf = (name: string) => `postgres://${user}@/${name}?host=${folder}`
  const known = await ask(urlOf('postgres'), 'select datname as name from pg_database')
  if (!known) return undefined
  for (const { name } of known.filter((one) => one.name !== 'template0')) {
    const found = await ask(urlOf(name), `select 'migrations' as name from migrations limit 1`)
    if (found?.length) return urlOf(name)
  }
  throw absentError()
}

function absentError(): StartError {
  return new StartError(
    '恢复的数据里没有本系统的数据库（或 DATABASE_URL 的用户读不到它）。',
    'There is no database of this product in the restored data, or the user of DATABASE_URL cannot read it.',
  )
}

/** SQLSTATE class 28: it answers, and does not know this user; waiting would never end. */
const isStranger = (error: unknown) => /^28/.test((error as { code?: string }).code ?? '')

async function ask(url: string, query: string): Promise<{ name: string }[] | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {}) // the query rejects
  try {
    await client.connect()
    return (await client.query(query)).rows
  } catch (error) {
    if (isStranger(error)) throw absentError()
    return undefined // not up yet, or another database
  } finally {
    await client.end().catch(() => {})
  }
}

function recoveryError(dataDir: string, words: string): StartError {
  // Whoever asks meanwhile is told that it starts up or ends: that is not the reason.
  const busy = /starting up|shutting down|not accepting connections|not yet accepting/
  const faults = words.match(/(?:FATAL|PANIC): .*/g)?.filter((one) => !busy.test(one))
  // The first is the reason, what follows comes of it.
  const reason = faults?.at(0) ?? words.trim().split('\n').at(-1) ?? ''
  return new StartError(
    `${dataDir} 没有恢复成功：${reason}`,
    `${dataDir} was not recovered: ${reason}`,
  )
}
