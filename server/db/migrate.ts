import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { Database } from './schema.ts'
import { reasonOf, StartError } from './startError.ts'

/** One `NNN-name.sql` file; `sha256` is of its text with line ends as \n. */
type Migration = { number: number; name: string; text: string; sha256: string }
type Applied = { number: number; name: string; sha256: string }

export type MigrateOptions = {
  /** Folder of the `.sql` files; the product's own by default. */
  dir?: string
  say?: (sentence: string) => void
}

const FOLDER = path.join(import.meta.dirname, 'migrations')
const LOCK = 7_414_001 // any number, but always this one: what all nodes queue on
/** How often a file is begun that meets those who work meanwhile in a deadlock. */
const TRIES = 5

/**
 * Brings the database at `url` up to date, forward only, and answers the names of the files it
 * applied. Each file is one transaction whose first act inserts its own number, so a file is applied
 * wholly, once, or not at all, also when several nodes start together (they queue on a lock).
 * Throws `StartError` when an applied file was changed or is missing (the database is newer than
 * this program), when a file comes out of order, and when a file's SQL fails, or keeps losing deadlocks.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = readMigrations(options.dir ?? FOLDER)
  const client = new pg.Client({ connectionString: url, application_name: 'jiyue-migrate' })
  client.on('error', () => {}) // a lost connection also fails the query, and that is thrown
  await client.connect()
  try {
    checkHistory(migrations, await readApplied(client))
    const done: string[] = []
    for (const migration of migrations) {
      if (await applyAgain(client, migration, migrations, options)) done.push(migration.name)
    }
    return done
  } finally {
    await client.end()
  }
}

/**
 * Has the database everything this program was written for? One that is newer is good too: while a
 * release goes round, the old nodes work on with what the new one has added.
 */
export async function isMigrated(db: Kysely<Database>): Promise<boolean> {
  const { rows } = await sql<Applied>`select number, name, sha256 from migrations`.execute(db)
  const applied = new Set(rows.map(({ number, sha256 }) => `${number} ${sha256}`))
  own ??= readMigrations(FOLDER)
  return own.every(({ number, sha256 }) => applied.has(`${number} ${sha256}`))
}

/** The files of this program, read once: they do not change while it runs. */
let own: Migration[] | undefined

/** Old nodes work on while a file is applied: one that PostgreSQL ends for a deadlock with them is done again. */
async function applyAgain(...given: Parameters<typeof apply>): Promise<boolean> {
  for (let tried = 1; ; tried++) {
    try {
      return await apply(...given)
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: string }
      if (code !== '40P01' || tried === TRIES) throw error
    }
  }
}

async function apply(
  client: pg.Client,
  migration: Migration,
  all: Migration[],
  { say }: MigrateOptions,
): Promise<boolean> {
  const { number, name, sha256, text } = migration
  return inLock(client, async () => {
    const applied = await readRows(client)
    checkHistory(all, applied)
    if (applied.some((row) => row.number === number)) return false
    say?.(`数据库升级：${name}`)
    await client.query('insert into migrations (number, name, sha256) values ($1, $2, $3)', [
      number,
      name,
      sha256,
    ])
    try {
      await client.query(text)
    } catch (error) {
      throw sqlError(name, error)
    }
    return true
  })
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  return inLock(client, async () => {
    await client.query(`create table if not exists migrations (
      number int primary key,
      name text not null,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`)
    return readRows(client)
  })
}

async function readRows(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query('select number, name, sha256 from migrations order by number')
  return rows
}

async function inLock<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK])
    const value = await work()
    await client.query('commit')
    return value
  } catch (error) {
    await client.query('rollback').catch(() => {}) // the first error is the one to tell
    throw error
  }
}

function checkHistory(migrations: Migration[], applied: Applied[]): void {
  for (const row of applied) {
    const file = migrations.find((migration) => migration.number === row.number)
    if (!file) {
      throw refuse(
        row.name,
        '数据库比本程序新，请使用更新的程序',
        'the database is newer than this program; start the newer program',
      )
    }
    if (file.sha256 !== row.sha256) {
      throw refuse(
        file.name,
        '已执行的升级文件被改动，请还原它并另写新文件',
        'an applied migration was changed; restore it and write a new file',
      )
    }
  }
  const last = applied.at(-1)?.number ?? 0
  const late = migrations.find(
    ({ number }) => number < last && !applied.some((row) => row.number === number),
  )
  if (late) {
    throw refuse(
      late.name,
      '升级文件的编号小于已执行的编号，请改用更大的编号',
      'its number is below one already applied; give it a higher number',
    )
  }
}

/** The files in order of number. Refuses names that say no number and numbers said twice. */
function readMigrations(dir: string): Migration[] {
  const names = readdirSync(dir).filter((name) => name.endsWith('.sql'))
  const migrations = names.sort().map((name) => readMigration(dir, name))
  for (const [index, { number, name }] of migrations.entries()) {
    if (migrations[index + 1]?.number === number) {
      throw refuse(name, '升级文件编号重复', 'two migrations have the same number')
    }
  }
  return migrations
}

function readMigration(dir: string, name: string): Migration {
  const number = Number(/^(\d{3})-[\w-]+\.sql$/.exec(name)?.[1])
  if (!(number > 0)) throw refuse(name, '文件名应为 NNN-name.sql', 'the name must be NNN-name.sql')
  const text = readFileSync(path.join(dir, name), 'utf8').replaceAll('\r\n', '\n')
  if (/^\s*(begin|commit|rollback|start\s+transaction)\s*;/im.test(text)) {
    throw refuse(name, '升级文件不得自行控制事务', 'a migration may not control its transaction')
  }
  return { number, name, text, sha256: createHash('sha256').update(text).digest('hex') }
}

function refuse(name: string, chinese: string, english: string): StartError {
  return new StartError(`数据库升级已停止：${name}：${chinese}。`, `Migration ${name}: ${english}.`)
}

function sqlError(name: string, error: unknown): StartError {
  const { position, where } = error as { position?: string; where?: string }
  const place = position ? ` (at character ${position})` : where ? ` (${where})` : ''
  const told = refuse(
    name,
    `SQL 出错，未作任何改动：${reasonOf(error)}`,
    `${reasonOf(error)}${place}`,
  )
  told.cause = error
  return told
}
