import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { PreparingClient } from './prepared.ts'
import type { Database } from './schema.ts'

/** Everything a process needs of the database: typed SQL (`db`), the raw `pool`, and its end. */
export type Db = { db: Kysely<Database>; pool: pg.Pool; close(): Promise<void> }

export type PoolOptions = {
  /** Small on purpose: more clients make a hot row slower, not faster. */
  max?: number
  /** Longest wait for a free connection, ms. */
  waitMs?: number
  /** Shown in pg_stat_activity, so that a stuck connection has a name. */
  name?: string
  /** Hears of idle connections that broke (a database restart); the next query reconnects. */
  report?: (error: Error) => void
}

/** Limits every connection starts with; `tx` can narrow them for one transaction. */
const LIMITS = {
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 30_000,
}

/**
 * A statement outside of tx() is a transaction too (tx.ts). A page elsewhere costs hardly more than the
 * next one on what a database lies on today; PostgreSQL's own 4 is a turning disk's, and made it read
 * whole tables where one row was wanted (docs/decisions/044).
 */
const OPTIONS = '-c default_transaction_isolation=read\\ committed -c random_page_cost=1.1'

/**
 * Opens a pool on `url`. Values come out as: int8 → number (a RangeError beyond 2^53, never a
 * wrong amount), timestamptz → Date, date → 'YYYY-MM-DD', json → value; numeric stays a string, so
 * sums of fen are written `sum(x)::int8`.
 */
export function openPool(url: string, options: PoolOptions = {}): Db {
  const pool = new pg.Pool({
    Client: PreparingClient,
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? 'jiyue',
    keepAlive: true,
    connectionTimeoutMillis: options.waitMs ?? 5_000,
    types: { getTypeParser },
    options: OPTIONS,
    ...LIMITS,
  })
  // The pool listens to idle connections only. One that breaks while it is lent out, between two
  // queries of a transaction, would end the process; the next query on it rejects, and that tells.
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', options.report ?? ((error) => process.emitWarning(error.stack ?? error.message)))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  const close = async () => {
    await db.destroy() // ends the pool only if `db` was ever used
    if (!pool.ending) await pool.end()
  }
  return { db, pool, close }
}

const { builtins } = pg.types
const INT8_ARRAY = 1016
const DATE_ARRAY = 1182

const text = (value: string) => value
const parseTextArray = pg.types.getTypeParser(1009 as number, 'text') as (v: string) => string[]

const PARSERS: Record<number, (value: string) => unknown> = {
  [builtins.INT8]: toSafeNumber,
  [INT8_ARRAY]: (value) => parseTextArray(value).map((item) => item && toSafeNumber(item)),
  [builtins.DATE]: text,
  [DATE_ARRAY]: parseTextArray,
  // A time without a zone would be read in the machine's zone: keep the text.
  [builtins.TIMESTAMP]: text,
}

function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return PARSERS[oid] ?? pg.types.getTypeParser(oid, format as 'text')
}

function toSafeNumber(value: string): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new RangeError(`int8 ${value} does not fit a JavaScript number`)
}
