import http from 'node:http'
import { type Db, openPool } from '../server/db/pool.ts'

/** Where a test file's databases wait for the environment to end them. */
export const DATABASES = Symbol.for('jiyue.test.databases')

/**
 * A database of a test file's own: its `url` (`local`: over a socket of this machine, for those who ask
 * very often), and a ready `db` and `pool` on it. `end()` is called by the environment after the file.
 */
export type FreshDatabase = Omit<Db, 'close'> & { url: string; local: string; end(): Promise<void> }

/**
 * Makes a migrated, empty database in some 30 ms. Call it where you like (`beforeAll` mostly), as
 * often as you like. Nothing to clean up: `db`/`pool` are closed and the database is dropped after
 * the file. Whatever else you open on `url` you close in `afterAll`: a connection left open fails
 * the file. `seeded`: with the demo world of the day on which the run began.
 */
export async function freshDatabase({ seeded = false } = {}): Promise<FreshDatabase> {
  const open = (globalThis as { [DATABASES]?: FreshDatabase[] })[DATABASES]
  const keeper = process.env.JIYUE_TEST_KEEPER
  if (!open || !keeper) throw new Error('freshDatabase() needs the Node environment of our Jest')
  const { url, local, name } = await ask<{ url: string; local: string; name: string }>(
    `${keeper}/${seeded ? 'seeded' : 'create'}`,
  )
  const { db, pool, close } = openPool(url, { name: 'test' })
  const end = async () => {
    await close()
    await ask(`${keeper}/drop?name=${name}`)
  }
  const database = { url, local, db, pool, end }
  open.push(database)
  return database
}

function ask<T>(url: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(body))
        else reject(new Error(body))
      })
    })
    request.on('error', reject)
  })
}
