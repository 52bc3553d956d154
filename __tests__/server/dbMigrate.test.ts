import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { migrate } from '../../server/db/migrate.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import { until } from '../world.ts'

let dir: string
let base: FreshDatabase

beforeEach(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'jiyue-migrate-'))
  base = await freshDatabase()
  await base.pool.query('drop schema public cascade; create schema public')
})

afterEach(() => rmSync(dir, { recursive: true }))

const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text)
}

const run = () => migrate(base.url, { dir })

const tables = async () => {
  const { rows } = await base.pool.query(
    `select tablename from pg_tables where schemaname = 'public' order by 1`,
  )
  return rows.map((row) => row.tablename)
}

const COLOUR = 'create table colour (name text); insert into colour values ($$红$$);'

test("the product's own migrations apply to an empty database, all of them, once", async () => {
  const files = readdirSync(path.resolve('server/db/migrations')).sort()
  expect(await migrate(base.url)).toEqual(files)
  expect(await migrate(base.url)).toEqual([])
})

test('files are applied in order of their number and never again', async () => {
  write({ '002-shade.sql': 'alter table colour add shade int;', '001-colour.sql': COLOUR })
  expect(await run()).toEqual(['001-colour.sql', '002-shade.sql'])
  write({ '003-tint.sql': 'alter table colour add tint int;' })
  expect(await run()).toEqual(['003-tint.sql'])
  expect(await run()).toEqual([])
  const { rows } = await base.pool.query('select * from colour')
  expect(rows).toEqual([{ name: '红', shade: null, tint: null }])
})

test('nodes that start together apply every file exactly once', async () => {
  write({
    '001-colour.sql': `${COLOUR} select pg_sleep(0.05);`,
    '002-shade.sql': 'create table shade ();',
  })
  const done = await Promise.all([run(), run(), run(), run()])
  expect(done.flat().sort()).toEqual(['001-colour.sql', '002-shade.sql'])
  const { rows } = await base.pool.query('select count(*) from colour')
  expect(rows).toEqual([{ count: 1 }])
})

test('a file whose SQL fails leaves nothing of itself, keeps those before, and is tried again', async () => {
  write({ '001-colour.sql': COLOUR, '002-shade.sql': 'create table shade (); select nonsense;' })
  await expect(run()).rejects.toThrow(/002-shade\.sql: column "nonsense" does not exist/)
  expect(await tables()).toEqual(['colour', 'migrations'])
  write({ '002-shade.sql': 'create table shade ();' })
  expect(await run()).toEqual(['002-shade.sql'])
})

test('a file that meets in a deadlock whoever works meanwhile is done again, and they are let through', async () => {
  write({ '001-two.sql': 'create table orders (n int); create table acts (n int);' })
  await run()
  write({
    '002-index.sql': 'create index on acts (n); select pg_sleep(0.5); create index on orders (n);',
  })
  const other = await base.pool.connect()
  // The one of the two whom PostgreSQL ends is the migration.
  await other.query(`begin; set local deadlock_timeout = '1min'; insert into orders values (1)`)
  const done = run()
  try {
    await until('the file to hold acts', async () => {
      const { rows } = await base.pool.query(
        `select 1 from pg_locks where relation = 'acts'::regclass and mode = 'ShareLock'`,
      )
      return rows.length > 0
    })
    await other.query('insert into acts values (1)')
    await other.query('commit')
  } finally {
    other.release(true)
  }
  expect(await done).toEqual(['002-index.sql'])
  const { rows } = await base.pool.query('select count(*) from orders join acts using (n)')
  expect(rows).toEqual([{ count: 1 }])
})

test('the indexes of the searches wait for whoever works meanwhile, holding nothing that these need', async () => {
  const product = path.resolve('server/db/migrations')
  for (const name of readdirSync(product).filter((name) => name < '052'))
    cpSync(path.join(product, name), path.join(dir, name))
  await run()
  cpSync(path.join(product, '052-search.sql'), path.join(dir, '052-search.sql'))
  const other = await base.pool.connect()
  // As an act of the console on an order: first the order, then the log.
  await other.query(
    `begin; set local lock_timeout = '500ms'; lock table orders in row exclusive mode`,
  )
  const done = run()
  try {
    await until('the file to wait for orders', async () => {
      const { rows } = await base.pool.query(
        `select 1 from pg_locks where relation = 'orders'::regclass and not granted`,
      )
      return rows.length > 0
    })
    for (const table of ['registration_marks', 'acts', 'act_changes', 'feedback', 'users'])
      await other.query(`lock table ${table} in row exclusive mode`)
    await other.query('commit')
  } finally {
    other.release(true)
  }
  expect(await done).toEqual(['052-search.sql'])
})

test('an applied file that was changed is refused before anything is done', async () => {
  write({ '001-colour.sql': COLOUR })
  await run()
  write({
    '001-colour.sql': `${COLOUR} -- later thought`,
    '002-shade.sql': 'create table shade ();',
  })
  await expect(run()).rejects.toThrow('001-colour.sql: an applied migration was changed')
  expect(await tables()).toEqual(['colour', 'migrations'])
})

test('line ends alone are not a change', async () => {
  write({ '001-colour.sql': 'create table colour\n(name text);\n' })
  await run()
  write({ '001-colour.sql': 'create table colour\r\n(name text);\r\n' })
  expect(await run()).toEqual([])
})

test('a database newer than the program is refused', async () => {
  write({ '001-colour.sql': COLOUR, '002-shade.sql': 'create table shade ();' })
  await run()
  rmSync(path.join(dir, '002-shade.sql'))
  await expect(run()).rejects.toThrow('the database is newer than this program')
})

test.each([
  ['a number below one already applied', '002-late.sql', '', 'give it a higher number'],
  ['a number used twice', '003-again.sql', '', 'same number'],
  ['a name without a number', 'shade.sql', '', 'must be NNN-name.sql'],
  ['a file that commits by itself', '004-own.sql', 'select 1;\nCOMMIT;', 'control its transaction'],
])('%s is refused', async (_, name, text, reason) => {
  write({ '001-colour.sql': COLOUR, '003-shade.sql': 'create table shade ();' })
  await run()
  write({ [name]: text })
  await expect(run()).rejects.toThrow(reason)
})
