import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  symlinkSync,
} from 'node:fs'
import path from 'node:path'
import { folderError, StartError } from '../startError.ts'
import { type Account, chooseAccount, closedFolder } from './account.ts'

/**
 * Where one embedded database keeps its things. `cluster` (PostgreSQL's own folder) belongs to
 * `account`; everything else belongs to whoever starts us.
 */
export type Place = {
  root: string
  cluster: string
  password: string
  port: string
  log: string
  lock: string
  account: Account
}

/** Shared by all installations on this machine, for what root has but PostgreSQL may not reach. */
export const OPEN_FOLDER = '/var/lib/jiyue'

/**
 * Makes the data folder ready for use. Started by root inside a folder that the database account
 * may not enter (`/root/…`), the data lives under /var/lib/jiyue and `dir` becomes a link to it, so
 * the person still finds it where it was asked for.
 */
export function preparePlace(dir: string, say: (sentence: string) => void): Place {
  try {
    const wanted = path.resolve(dir)
    const account = chooseAccount(path.join(wanted, 'cluster'))
    mkdirSync(path.dirname(wanted), { recursive: true })
    const root = openRoot(wanted, account, say)
    return {
      root,
      cluster: path.join(root, 'cluster'),
      password: path.join(root, 'password'),
      port: path.join(root, 'port'),
      log: path.join(root, 'postgres.log'),
      lock: path.join(root, 'lock'),
      account,
    }
  } catch (error) {
    throw folderError(dir, error)
  }
}

function openRoot(wanted: string, account: Account, say: (sentence: string) => void): string {
  refuseLostLink(wanted)
  const root = existsSync(wanted) ? realpathSync(wanted) : wanted
  const closed = closedFolder(root, account)
  if (!closed) {
    // 0711: the database account passes through to `cluster` but lists and reads nothing else.
    mkdirSync(root, { recursive: true })
    chmodSync(root, account.uid === undefined ? 0o700 : 0o711)
    return realpathSync(root)
  }
  if (existsSync(wanted) && readdirSync(wanted).length > 0) throw closedError(root, closed, account)
  return linkElsewhere(wanted, closed, say)
}

function linkElsewhere(wanted: string, closed: string, say: (sentence: string) => void): string {
  const root = path.join(OPEN_FOLDER, `postgres-${randomBytes(6).toString('hex')}`)
  mkdirSync(OPEN_FOLDER, { recursive: true })
  chmodSync(OPEN_FOLDER, 0o711)
  mkdirSync(root)
  chmodSync(root, 0o711)
  if (existsSync(wanted)) rmdirSync(wanted)
  symlinkSync(root, wanted)
  say(`数据库账号无法进入 ${closed}，数据改存于 ${root}（${wanted} 是指向它的链接）`)
  return root
}

function refuseLostLink(wanted: string): void {
  const stat = lstatSync(wanted, { throwIfNoEntry: false })
  if (!stat?.isSymbolicLink() || existsSync(wanted)) return
  throw new StartError(
    `${wanted} 是一个失效的链接，它指向的数据目录不见了。请恢复该目录，或删除此链接后从空数据库开始。`,
    `${wanted} is a link whose data folder is gone. Bring that folder back, or delete the link to start with an empty database.`,
  )
}

function closedError(root: string, closed: string, account: Account): StartError {
  return new StartError(
    `数据目录 ${root} 位于 ${closed} 之内，数据库账号 ${account.name} 无法进入。请把它移到别处并设置 DATA_DIR=…。`,
    `The data folder ${root} lies inside ${closed}, which the database account ${account.name} may not enter. Move it and set DATA_DIR=….`,
  )
}
