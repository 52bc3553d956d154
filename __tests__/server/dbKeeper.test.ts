import pg from 'pg'
import { freshDatabase } from '../db.ts'

/** What the tests themselves stand on. */

test('every test database is its own, migrated and empty', async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()])
  await one.pool.query('create table mine ()')
  await expect(two.pool.query('table mine')).rejects.toThrow('"mine" does not exist')
  expect(
    (await two.pool.query('select to_regclass($1) is not null as there', ['migrations'])).rows,
  ).toEqual([{ there: true }])
})

test('a connection left open is told by name when the database ends, and does not keep it', async () => {
  const base = await freshDatabase()
  const forgotten = new pg.Client({ connectionString: base.url, application_name: 'forgotten' })
  const cut = new Promise((resolve) => forgotten.on('error', resolve))
  await forgotten.connect()
  await forgotten.query('select 1')
  await expect(base.end()).rejects.toThrow('left open by this test file: forgotten (idle)')
  await cut
  await base.end()
})
