/**
 * `npm run erase-again -- --from <place> --into <place>`: erases again in `into` who has erased
 * themselves in `from`. A restore does this by itself from its archive (erased.ts); this is for newer
 * data that lies elsewhere. A place is a data folder of the embedded database, which must not run, or
 * a `postgres://` address.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../server/db/embedded.ts'
import { StartError } from '../../server/db/startError.ts'
import { freeCommits } from './commits.ts'
import { erasedIn, eraseIn } from './erased.ts'

try {
  const { from, into } = readPlaces(process.argv.slice(2))
  const erased = await opened(from, (url) => erasedIn(url, console.log))
  const count = await opened(into, (url) => eraseIn(url, erased, console.log))
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

/** Answers the address of a place to `work`, and stops what was started for it. */
async function opened<T>(place: string, work: (url: string) => Promise<T>): Promise<T> {
  if (/^postgres(ql)?:/.test(place)) return work(place)
  const dir = path.join(path.resolve(place), 'postgres')
  const server = await startPostgres({ dir, say: console.log })
  try {
    await freeCommits(server.url)
    return await work(server.url)
  } finally {
    await server.stop()
  }
}
