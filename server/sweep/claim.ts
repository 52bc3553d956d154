/**
 * Claiming due rows: one way for every duty. The next turn is written in the same transaction as the
 * claim (the lease), so that a killed process loses nothing and several processes share the work.
 */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { Parts } from '../parts.ts'

export interface Duty {
  table:
    | 'payments'
    | 'refunds'
    | 'bills'
    | 'deliveries'
    | 'schedules'
    | 'disrupted_orders'
    | 'feedback_words'
    | 'complaint_pictures'
  /** Column that says when the row is due. */
  due: string
  /** Column that counts the tries. */
  tries: string
  /** Columns that name a row. */
  key: readonly string[]
  /** Most rows at once; `BATCH` unless said otherwise. */
  limit?: number
}

/** Most rows of a duty that one process works on at once. */
export const BATCH = 50

/** Takes due rows, oldest first; `next` says when each is due again, by its tries so far. */
export async function claimDue<Row extends object>(
  db: Kysely<Database>,
  { table, due, tries, key, limit = BATCH }: Duty,
  now: Date,
  next: (row: Row, tries: number) => Date,
): Promise<Row[]> {
  return db.transaction().execute(async (t) => {
    const { rows } = await sql<Row & Record<string, unknown>>`
      select * from ${sql.table(table)} where ${sql.ref(due)} <= ${now}
      order by ${sql.ref(due)} limit ${limit} for update skip locked`.execute(t)
    for (const row of rows) {
      const count = Number(row[tries]) + 1
      Object.assign(row, { [tries]: count })
      const named = sql.join(
        key.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
        sql` and `,
      )
      await sql`update ${sql.table(table)}
        set ${sql.ref(tries)} = ${count}, ${sql.ref(due)} = ${next(row, count)}
        where ${named}`.execute(t)
    }
    return rows
  })
}

/** Works off what was claimed: one failing row must not keep the others waiting. */
export async function eachDue<Row extends object>(
  parts: Parts,
  rows: readonly Row[],
  work: (row: Row) => Promise<unknown>,
): Promise<void> {
  const results = await Promise.allSettled(rows.map(work))
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') continue
    parts.log.error(
      { err: result.reason, row: idOf(rows[index]) },
      'due work failed; it is due again',
    )
  }
}

function idOf(row: object | undefined): unknown {
  return row && 'id' in row ? row.id : undefined
}
