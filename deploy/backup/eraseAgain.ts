/**
 * `npm run erase-again -- --from <place> --into <place>`: after a restore to an earlier time, erases
 * again in `into` who has erased themselves in `from`, before anybody is let in. A place is a data
 * folder of the embedded database, which must not run, or a `postgres://` address.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Db, openPool } from '../../server/db/pool.ts'
import { StartError } from '../../server/db/startError.ts'
import { eraseAgain, readErased } from '../../server/privacy/erase.ts'
import { freeCommits } from './commits.ts'

try {
  const { from, into } = readPlaces(process.argv.slice(2))
  const erased = await opened(from, ({ db }) => readErased(db))
  const count = await opened(into, ({ db }) => eraseAgain(db, erased))
  console.log(`✓ ${erased.length} 人已注销，其中 ${count} 人在恢复后的数据里，已再次删除。`)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(`✗ ${error.message}`)
  process.exitCode = 1
}

function readPlaces(args: string[]): { from: string; into: string } {
  const usage = new StartError(
    '用法：npm run erase-again -- --from 最新数据 --into 恢复后的数据（目录，或 postgres:// 地址）',
    'Usage: npm run erase-again -- --from <latest data> --into <restored data>',
  )
  try {
    const options = { from: { type: 'string' }, into: { type: 'string' } } as const
    const { from, into } = parseArgs({ args, options }).values
    if (from && into && from !== into) return { from, into }
  } catch {
    throw usage
  }
  throw usage
}

/** Brings a database up to date, runs `work` on it, and stops what was started for it. */
async function opened<T>(place: string, work: (db: Db) => Promise<T>): Promise<T> {
  if (/^postgres(ql)?:/.test(place)) return pooled(place, work)
  const dir = path.join(path.resolve(place), 'postgres')
  const server = await startPostgres({ dir, say: console.log })
  try {
    await freeCommits(server.url)
    return await pooled(server.url, work)
  } finally {
    await server.stop()
  }
}

async function pooled<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  await migrate(url, { say: console.log })
  const db = openPool(url, { name: 'jiyue-erase-again' })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}
