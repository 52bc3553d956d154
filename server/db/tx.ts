import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { acting } from './acting.ts'
import { isOutdated } from './prepared.ts'
import type { Database } from './schema.ts'

/** One open transaction; what has it may write, and may ask for work `after` its commit. */
export type Tx = Transaction<Database>

export type TxOptions = {
  /** Longest wait for one lock, ms; the pool's default otherwise. */
  lockMs?: number
  /** Longest single statement, ms; the pool's default otherwise. */
  statementMs?: number
}

const TRIES = 5
const RETRIED = new Set(['40001', '40P01']) // serialization failure, deadlock
const inside = new AsyncLocalStorage<true>()
const hooks = new WeakMap<Tx, (() => unknown)[]>()

/**
 * Runs `work` in one READ COMMITTED transaction (REPEATABLE READ oversells: it decides on an old
 * picture of the slot) and answers what it answered, once that is committed.
 *
 * **Lock order: slot → order → payment.** Whoever needs several rows locks them in this order, rows
 * of one table by ascending id. Taking a seat needs the slot lock; freeing one, or keeping one's own
 * longer (docs/decisions/036), does not.
 *
 * A deadlock, a serialization failure or a table changed under its statements runs `work` again (five
 * times at most), so it must do nothing outside the database: publishing belongs into `after`. Any
 * other error rolls back and is thrown as it is. Refuses to nest: two connections waiting for each
 * other is how a pool dies.
 */
export async function tx<T>(
  db: Kysely<Database>,
  work: (t: Tx) => Promise<T>,
  options: TxOptions = {},
): Promise<T> {
  if (inside.getStore() || db.isTransaction) {
    throw new Error('tx() inside tx(): hand the open transaction on instead')
  }
  return again(async () => {
    const { value, callbacks } = await inside.run(true, () => runOnce(db, work, options))
    await runCallbacks(callbacks)
    return value
  })
}

/**
 * A transaction of one statement, which is READ COMMITTED by the pool's own default (db/pool.ts): no
 * BEGIN and no COMMIT to wait for, where a rush waits (two of three round trips). Tried again as `tx`
 * does; what is to be published is published by the caller, when it answers.
 */
export async function txOfOne<Row>(
  db: Kysely<Database>,
  statement: RawBuilder<Row>,
): Promise<readonly Row[]> {
  if (inside.getStore() || db.isTransaction) throw new Error('txOfOne() inside tx()')
  return again(async () => (await statement.execute(db)).rows)
}

async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt()
    } catch (error) {
      const passes = isOutdated(error) || RETRIED.has((error as { code?: string }).code ?? '')
      if (tried === TRIES || !passes) throw error
      await pause(Math.random() * 10 * 2 ** tried)
    }
  }
}

/**
 * Does `callback` once `t` is committed, and never when it is rolled back or tried again. Callbacks
 * run in the order they were asked for, before `tx` answers. The change stands by then, so a
 * callback that throws is a process warning and not a failure of the transaction.
 */
export function after(t: Tx, callback: () => unknown): void {
  const callbacks = hooks.get(t)
  if (!callbacks) throw new Error('after() needs the transaction that tx() handed out')
  callbacks.push(callback)
}

async function runOnce<T>(db: Kysely<Database>, work: (t: Tx) => Promise<T>, options: TxOptions) {
  const callbacks: (() => unknown)[] = []
  const value = await db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (t) => {
      hooks.set(t, callbacks)
      await tellWho(t)
      await limit(t, 'lock_timeout', options.lockMs)
      await limit(t, 'statement_timeout', options.statementMs)
      return work(t)
    })
  return { value, callbacks }
}

async function limit(t: Tx, name: string, ms: number | undefined): Promise<void> {
  if (ms !== undefined) await sql`select set_config(${name}, ${String(ms)}, true)`.execute(t)
}

/** What a person of the merchant changes is on the log by this, in the change's own transaction. */
async function tellWho(t: Tx): Promise<void> {
  const act = acting.getStore()
  if (act) await sql`select set_config('jiyue.act', ${JSON.stringify(act)}, true)`.execute(t)
}

async function runCallbacks(callbacks: (() => unknown)[]): Promise<void> {
  for (const callback of callbacks) {
    try {
      await callback()
    } catch (error) {
      process.emitWarning(String((error as Error | undefined)?.stack ?? error))
    }
  }
}
