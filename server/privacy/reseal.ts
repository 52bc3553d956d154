/**
 * After a new key (people/seal.ts) everything sealed under an older one is sealed anew, a little at a
 * time. A round that finds nothing is written down; from then on nothing is looked for until the
 * next key.
 */
import { sql } from 'kysely'
import { type Tx, tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'
import type { Seal } from '../people/seal.ts'

/** Rows of one table sealed anew in one turn. */
export const RESEAL_AT_ONCE = 200

interface Sealed {
  table:
    | 'users'
    | 'people'
    | 'feedback'
    | 'contacts'
    | 'drafts'
    | 'registrations'
    | 'nudges'
    | 'amended_answers'
    | 'saved_views'
  key: string
  column: string
  /** json: seals stand somewhere inside. */
  form: 'text' | 'json'
}

const sealed: readonly Sealed[] = [
  { table: 'users', key: 'id', column: 'phone_sealed', form: 'text' },
  { table: 'people', key: 'id', column: 'phone_sealed', form: 'text' },
  { table: 'people', key: 'id', column: 'mail_sealed', form: 'text' },
  { table: 'people', key: 'id', column: 'second_sealed', form: 'text' },
  { table: 'people', key: 'id', column: 'second_offer_sealed', form: 'text' },
  { table: 'feedback', key: 'id', column: 'phone_sealed', form: 'text' },
  { table: 'contacts', key: 'id', column: 'sealed', form: 'text' },
  { table: 'drafts', key: 'order_id', column: 'answers', form: 'json' },
  { table: 'registrations', key: 'order_id', column: 'answers', form: 'json' },
  { table: 'nudges', key: 'id', column: 'before', form: 'json' },
  { table: 'nudges', key: 'id', column: 'after', form: 'json' },
  { table: 'amended_answers', key: 'id', column: 'before', form: 'json' },
  { table: 'amended_answers', key: 'id', column: 'after', form: 'json' },
  { table: 'saved_views', key: 'id', column: 'filter', form: 'json' },
]

/** Seals a batch anew; answers how many rows. */
export async function resealSome(parts: Parts): Promise<number> {
  const { db, seal } = parts
  const done = await db
    .selectFrom('seal_rounds')
    .select('seal')
    .where('seal', '=', seal.newest)
    .executeTakeFirst()
  if (done) return 0
  let count = 0
  for (const one of sealed) count += await tx(db, (t) => resealTable(t, seal, one))
  // Rows that another process works on were passed over; they are old until it has committed.
  if (count > 0 || (await isAnyOld(parts))) return count
  await db
    .insertInto('seal_rounds')
    .values({ seal: seal.newest, finished_at: parts.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  // Going back to an older key starts a round of its own.
  await db.deleteFrom('seal_rounds').where('seal', '<>', seal.newest).execute()
  return 0
}

async function resealTable(t: Tx, seal: Seal, one: Sealed): Promise<number> {
  const [table, key, column] = [sql.table(one.table), sql.ref(one.key), sql.ref(one.column)]
  const { rows } = await sql<{ id: string; value: unknown }>`
    select ${key} as id, ${column} as value from ${table}
    where ${isOld(seal, one)} limit ${RESEAL_AT_ONCE} for update skip locked`.execute(t)
  for (const { id, value } of rows) {
    const anew = reseal(seal, one.form === 'text' ? String(value) : JSON.stringify(value))
    const written = one.form === 'text' ? sql`${anew}` : sql`${anew}::jsonb`
    await sql`update ${table} set ${column} = ${written} where ${key} = ${id}`.execute(t)
  }
  return rows.length
}

async function isAnyOld({ db, seal }: Parts): Promise<boolean> {
  for (const one of sealed) {
    const { rows } = await sql`
      select 1 from ${sql.table(one.table)} where ${isOld(seal, one)} limit 1`.execute(db)
    if (rows.length > 0) return true
  }
  return false
}

/** In SQL: sealed under another key than the newest, as a whole or somewhere inside. */
function isOld(seal: Seal, { column, form }: Sealed) {
  const old = form === 'text' ? `^(?!${seal.newest})` : `"sealed": "(?!${seal.newest})v[12]:`
  return sql`${sql.ref(column)}::text ~ ${old}`
}

/** Every old seal in `text` (one seal, or JSON with seals in it) under the newest key. */
function reseal(seal: Seal, text: string): string {
  return text.replace(/v1:[\w-]{38,}|v2:[0-9a-f]{8}:[\w-]{38,}/g, (one) =>
    one.startsWith(seal.newest) ? one : seal.seal(seal.open(one)),
  )
}
