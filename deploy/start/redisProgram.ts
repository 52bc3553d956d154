import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'

const PACKAGE = 'redis-server'

/** A Redis server of this machine: `REDIS_SERVER_PATH`, else the first on the PATH. */
export function findRedis(): string | undefined {
  const given = process.env.REDIS_SERVER_PATH
  if (given) return given
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return [...folders, '/usr/bin'].map((folder) => path.join(folder, PACKAGE)).find(isProgram)
}

/**
 * The Redis server for tests of a cluster. On Debian, started by root, a missing one is installed;
 * elsewhere a `StartError` names the line to type.
 */
export function ensureRedis(say: (sentence: string) => void): string {
  const found = findRedis()
  if (found && isProgram(found)) return found
  if (!mayInstall()) throw missingError()
  say(`正在安装集群测试所需的 ${PACKAGE}…`)
  try {
    apt('update')
    apt('install', '-y', '--no-install-recommends', PACKAGE)
  } catch {
    throw missingError() // apt-get has said on stderr what went wrong
  }
  const installed = findRedis()
  if (!installed) throw missingError()
  return installed
}

function apt(...args: string[]): void {
  // The package would start a server of its own at once: ours is enough.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  execFileSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

function missingError(): StartError {
  const line = existsSync('/etc/debian_version')
    ? `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${PACKAGE}`
    : 'REDIS_SERVER_PATH=/path/to/redis-server npm test'
  return new StartError(
    `集群测试需要 Redis，本机没有找到。请执行：\n  ${line}`,
    'The tests of a cluster need a Redis server, not found here. Type the line above.',
  )
}

const mayInstall = () => process.getuid?.() === 0 && existsSync('/etc/debian_version')

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
