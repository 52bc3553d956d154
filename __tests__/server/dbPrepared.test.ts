/** Statements that are asked often are prepared, and a newer version's migration breaks none of them. */
import { sql } from 'kysely'
import { type Db, openPool } from '../../server/db/pool.ts'
import { tx } from '../../server/db/tx.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'

let base: FreshDatabase
let one: Db
beforeAll(async () => {
  base = await freshDatabase()
  // One connection: what it has prepared is asked on it.
  one = openPool(base.url, { name: 'prepared', max: 1 })
  await sql`create table things (id int primary key, name text)`.execute(base.db)
  await sql`insert into things values (1, 'eins')`.execute(base.db)
})
afterAll(() => one.close())

const read = (id: number) => sql`select * from things where id = ${id}`

async function prepared(): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from pg_prepared_statements
    where statement like 'select * from things%'`.execute(one.db)
  return rows[0]?.n ?? 0
}

test('asked once it is not kept, asked often it is', async () => {
  await read(1).execute(one.db)
  expect(await prepared()).toBe(0)
  for (let times = 0; times < 10; times++) await read(1).execute(one.db)
  expect(await prepared()).toBe(1)
  expect((await read(1).execute(one.db)).rows).toEqual([{ id: 1, name: 'eins' }])
})

test('a column more under a prepared statement: the next reader sees it, and hears of no error', async () => {
  await sql`alter table things add column colour text default 'rot'`.execute(base.db)
  const seen = { rows: [{ id: 1, name: 'eins', colour: 'rot' }] }
  for (let times = 0; times < 3; times++) expect(await read(1).execute(one.db)).toMatchObject(seen)
})

test('in a transaction it is tried again from its beginning, and done once', async () => {
  for (let times = 0; times < 10; times++) await read(2).execute(one.db)
  await sql`alter table things add column size int default 7`.execute(base.db)
  let tries = 0
  const seen = await tx(one.db, async (t) => {
    tries += 1
    await sql`insert into things (id, name) values (2, 'zwei')`.execute(t)
    return (await read(2).execute(t)).rows
  })
  expect(tries).toBe(2)
  expect(seen).toEqual([{ id: 2, name: 'zwei', colour: 'rot', size: 7 }])
})

test('other errors come as they are', async () => {
  const twice = () =>
    sql`insert into things (id, name) values (${1}, ${'noch eins'})`.execute(one.db)
  for (let times = 0; times < 10; times++)
    await expect(twice()).rejects.toMatchObject({ code: '23505', constraint: 'things_pkey' })
})
