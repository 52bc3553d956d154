/**
 * Reads by key, gathered: who asks while a query is on its way is answered by the next one, together
 * with all others. Nothing is remembered, so nobody gets an answer older than their question; a rush
 * of a hundred costs a few queries instead of a hundred.
 */
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

export type Load<Key, Row> = (
  db: Kysely<Database>,
  keys: readonly Key[],
) => Promise<ReadonlyMap<Key, Row>>

interface Waiting<Row> {
  answer: Promise<Row | undefined>
  resolve(row: Row | undefined): void
  reject(error: unknown): void
}

/** Keys of one query at most. */
const MOST = 500

/**
 * Makes `load`, which reads the rows of many keys, a reader of one: undefined where there is no row.
 * Inside a transaction it reads at once, in it.
 */
export function gathered<Key extends string, Row>(
  load: Load<Key, Row>,
): (db: Kysely<Database>, key: Key) => Promise<Row | undefined> {
  const readers = new WeakMap<Kysely<Database>, (key: Key) => Promise<Row | undefined>>()
  return async (db, key) => {
    if (db.isTransaction) return (await load(db, [key])).get(key)
    let read = readers.get(db)
    if (!read) {
      read = gather((keys) => load(db, keys))
      readers.set(db, read)
    }
    return read(key)
  }
}

/** The same for what is read whole, without a key. */
export function gatheredWhole<Row>(
  load: (db: Kysely<Database>) => Promise<Row>,
): (db: Kysely<Database>) => Promise<Row> {
  const read = gathered<'', Row>(async (db) => new Map([['', await load(db)]]))
  return async (db) => (await read(db, '')) as Row
}

function gather<Key, Row>(load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>) {
  const waiting = new Map<Key, Waiting<Row>>()
  let running = false

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, MOST)
      for (const [key] of batch) waiting.delete(key)
      try {
        const rows = await load(batch.map(([key]) => key))
        for (const [key, { resolve }] of batch) resolve(rows.get(key))
      } catch (error) {
        for (const [, { reject }] of batch) reject(error)
      }
    }
    running = false
  }

  return (key: Key): Promise<Row | undefined> => {
    const known = waiting.get(key)
    if (known) return known.answer
    const { promise: answer, ...settle } = Promise.withResolvers<Row | undefined>()
    waiting.set(key, { answer, ...settle })
    if (!running) {
      running = true
      // Those who ask in the same turn of the event loop come along.
      setImmediate(run)
    }
    return answer
  }
}

/** Rows by one of their columns; several of a key in the order in which they came. */
export function listsBy<Row, Key>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): ReadonlyMap<Key, Row[]> {
  return Map.groupBy(rows, keyOf)
}
