/** The database explains itself: every table and column says what it is, in the house's words. */
import { words } from '@jiyue/contract/words'
import { sql } from 'kysely'
import { type FreshDatabase, freshDatabase } from '../db.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})

interface Thing {
  name: string
  comment: string | null
}

/** Tables and columns; the migrations' own ledger is older than any migration. */
async function things(): Promise<Thing[]> {
  const { rows } = await sql<Thing>`
    select c.relname || coalesce('.' || a.attname, '') as name,
      col_description(c.oid, a.attnum) as comment
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'migrations'
    union all
    select relname, obj_description(oid, 'pg_class') from pg_class
    where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and relname <> 'migrations'
    order by 1`.execute(database.db)
  return rows
}

test('every table and every column has a comment', async () => {
  const all = await things()
  expect(all.length).toBeGreaterThan(150)
  const silent = all.filter(({ comment }) => !comment || comment.length < 4)
  expect(silent.map(({ name }) => name)).toEqual([])
})

test('comments are sentences, to their end', async () => {
  const loose = (await things()).filter(({ comment }) => !/[.…]$/.test(comment ?? ''))
  expect(loose.map(({ name, comment }) => `${name}: ${comment}`)).toEqual([])
})

test('no table and no column is named by a synonym', async () => {
  const never = Object.values(words).flatMap((word) => word.never.map((one) => one.toLowerCase()))
  const names = (await things()).map(({ name }) => name)
  const found = names.filter((name) => name.split(/[._]/).some((part) => never.includes(part)))
  expect(found).toEqual([])
})

test('amounts of money are whole fen and say so', async () => {
  const { rows } = await sql<{ name: string; type: string }>`
    select table_name || '.' || column_name as name, data_type as type
    from information_schema.columns where table_schema = 'public'
      and column_name ~ '(_fen|amount|price|fee(?!d))' and data_type <> 'text'`.execute(database.db)
  expect(rows.length).toBeGreaterThan(5)
  // What others say, and sums, may be more than one price ever is.
  for (const { name, type } of rows)
    expect([name, name.endsWith('_fen'), ['integer', 'bigint'].includes(type)]).toEqual([
      name,
      true,
      true,
    ])
})

test('every time knows its zone', async () => {
  const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type like 'timestamp without%'`.execute(database.db)
  expect(rows).toEqual([])
})
