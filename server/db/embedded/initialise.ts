import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { diskFullError, folderError, StartError, saysDiskFull } from '../startError.ts'
import type { Account } from './account.ts'
import type { Place } from './place.ts'
import { MAJOR, type Programs } from './programs.ts'
import { run } from './run.ts'

/** The only role of the embedded server, and the name of its one database. */
export const OWNER = 'jiyue'

/**
 * Makes sure that a whole cluster of our version lies in `place.cluster`. A new one is made beside
 * it and renamed when complete, so an interrupted `initdb` is simply done again next time.
 * Refuses (`StartError`) a cluster of another major version; never touches an existing one.
 */
export async function ensureCluster(place: Place, programs: Programs): Promise<void> {
  if (existsSync(place.cluster)) return checkVersion(place)
  const draft = `${place.cluster}.new`
  try {
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { mode: 0o700 })
    own(draft, place.account)
    await initialise(draft, place, programs)
    renameSync(draft, place.cluster)
  } catch (error) {
    throw folderError(place.root, error)
  }
}

async function initialise(draft: string, place: Place, programs: Programs): Promise<void> {
  const handOver = `${place.password}.initdb`
  const password = randomBytes(24).toString('base64url')
  rmSync(handOver, { force: true })
  writeFileSync(place.password, password, { mode: 0o600 })
  writeFileSync(handOver, password, { mode: 0o600 })
  own(handOver, place.account)
  const args = ['-D', draft, '-U', OWNER, '-A', 'scram-sha-256', `--pwfile=${handOver}`]
  // Built-in C.UTF-8: code point order everywhere, the same on every machine; Chinese order is
  // asked for where it is wanted (COLLATE "zh-x-icu").
  const words = [
    '-E',
    'UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]
  const { code, output } = await run(programs.initdb, [...args, ...words], programs, place.account)
  rmSync(handOver, { force: true })
  if (code !== 0) throw initdbError(place.root, output)
}

function initdbError(folder: string, output: string): StartError {
  if (saysDiskFull(output)) return diskFullError(folder)
  const reason = output.match(/(?:error|fatal): .*/i)?.[0] ?? output.trim().split('\n').at(-1)
  return new StartError(
    `无法在 ${folder} 建立数据库：${reason}`,
    `The database cannot be created in ${folder}: ${reason}`,
  )
}

function checkVersion(place: Place): void {
  const found = readVersion(place.cluster)
  if (found === MAJOR) return
  throw new StartError(
    `${place.cluster} 是 PostgreSQL ${found ?? '（未知版本）'} 的数据，本程序使用 PostgreSQL ${MAJOR}。数据未被改动：请用 pg_upgrade 升级，或用 DATA_DIR=… 指定其他目录。`,
    `${place.cluster} holds data of PostgreSQL ${found ?? '(unknown version)'} and this program runs PostgreSQL ${MAJOR}. Nothing was changed: upgrade it with pg_upgrade or choose another folder with DATA_DIR=….`,
  )
}

function readVersion(cluster: string): string | undefined {
  const file = path.join(cluster, 'PG_VERSION')
  try {
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  } catch (error) {
    throw folderError(cluster, error)
  }
}

function own(target: string, { uid, gid }: Account): void {
  if (uid !== undefined) chownSync(target, uid, gid ?? uid)
}
