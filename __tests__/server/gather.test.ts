/** Reads that are gathered: a rush is answered by few queries, each by one that began after it was asked. */
import { sql } from 'kysely'
import { gathered } from '../../server/db/gather.ts'
import { tx } from '../../server/db/tx.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await sql`create table things (id text primary key, n int not null)`.execute(database.db)
  await sql`insert into things select 'k' || i, i from generate_series(1, 100) i`.execute(
    database.db,
  )
})

/** A reader of things that tells which keys each of its queries asked for. */
function reader() {
  const queries: string[][] = []
  const read = gathered(async (db, keys: readonly string[]) => {
    queries.push([...keys])
    const { rows } = await sql<{ id: string; n: number }>`
      select id, n from things where id = any (${keys})`.execute(db)
    return new Map(rows.map(({ id, n }) => [id, n]))
  })
  return { read, queries }
}
const keys = (count: number) => Array.from({ length: count }, (_, i) => `k${i + 1}`)

test('a hundred who ask at once are answered by one query, each with their own', async () => {
  const { read, queries } = reader()
  const answers = await Promise.all(keys(100).map((key) => read(database.db, key)))
  expect(answers).toEqual(keys(100).map((_, i) => i + 1))
  expect(queries).toHaveLength(1)
})

test('a key that many ask for is asked once; one without a row is undefined', async () => {
  const { read, queries } = reader()
  const asked = ['k1', 'k1', 'none', 'k1']
  expect(await Promise.all(asked.map((key) => read(database.db, key)))).toEqual([
    1,
    1,
    undefined,
    1,
  ])
  expect(queries).toEqual([['k1', 'none']])
})

test('who asks while a query is on its way is answered by a later one: never by an old picture', async () => {
  const { read, queries } = reader()
  const first = read(database.db, 'k2')
  await new Promise((resolve) => setImmediate(resolve))
  expect(queries).toHaveLength(1)
  await sql`update things set n = 200 where id = 'k2'`.execute(database.db)
  const later = read(database.db, 'k2')
  await first
  expect(await later).toBe(200)
  expect(queries).toHaveLength(2)
})

test('a query that fails fails those who asked it, and nobody after them', async () => {
  let broken = true
  const read = gathered(async (_, asked: readonly string[]) => {
    if (broken) throw new Error('away')
    return new Map(asked.map((key) => [key, key]))
  })
  const both = await Promise.allSettled([read(database.db, 'a'), read(database.db, 'b')])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  broken = false
  expect(await read(database.db, 'a')).toBe('a')
})

test('inside a transaction it is read in it: what it wrote is seen, and by nobody else', async () => {
  const { read } = reader()
  await tx(database.db, async (t) => {
    await sql`update things set n = 300 where id = 'k3'`.execute(t)
    expect(await read(t, 'k3')).toBe(300)
    expect(await read(database.db, 'k3')).toBe(3)
  })
  expect(await read(database.db, 'k3')).toBe(300)
})
