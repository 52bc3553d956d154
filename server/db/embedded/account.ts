import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../startError.ts'

/** The operating-system account PostgreSQL runs as; without ids it is the account we run as. */
export type Account = { name: string; uid?: number; gid?: number }

/**
 * PostgreSQL refuses to run as root. Started by root it runs as the owner of an existing cluster,
 * else as `postgres` or `nobody`; started by anyone else it runs as that person.
 */
export function chooseAccount(cluster: string): Account {
  if (process.getuid?.() !== 0) return { name: 'self' }
  const owner = statSync(cluster, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) {
    return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid }
  }
  const account = findAccount('postgres') ?? findAccount('nobody')
  if (account) return account
  throw new StartError(
    '以 root 启动时需要一个普通账号运行 PostgreSQL，但系统中没有 postgres 或 nobody。请用普通用户启动，或设置 DATABASE_URL。',
    'PostgreSQL does not run as root and this system has neither a postgres nor a nobody account. Start as an ordinary user or set DATABASE_URL.',
  )
}

function findAccount(name: string): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid && uid !== '0' ? { name, uid: Number(uid), gid: Number(gid) } : undefined
}

/**
 * The first folder on the way to `target` that the account may not pass through (`/root` for
 * instance), or undefined when the way is free. Folders that do not exist yet are ours to open.
 */
export function closedFolder(target: string, account: Account): string | undefined {
  if (account.uid === undefined) return undefined
  return parentsOf(target).find((folder) => !mayPass(folder, account))
}

function parentsOf(target: string): string[] {
  const parent = path.dirname(target)
  return parent === target ? [] : [...parentsOf(parent), parent]
}

function mayPass(folder: string, account: Account): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (!stat) return true
  if (stat.uid === account.uid) return (stat.mode & 0o100) !== 0
  if (stat.gid === account.gid) return (stat.mode & 0o010) !== 0
  return (stat.mode & 0o001) !== 0
}
