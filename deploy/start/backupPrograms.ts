import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'

const SERVERS = '/usr/lib/postgresql'

/** Debian's PostgreSQL server programs (the newest), or undefined. */
export function findServerPrograms(): string | undefined {
  if (!existsSync(SERVERS)) return undefined
  const majors = readdirSync(SERVERS).sort((a, b) => Number(b) - Number(a))
  return majors
    .map((major) => path.join(SERVERS, major, 'bin'))
    .find((bin) => existsSync(path.join(bin, 'initdb')) && existsSync(path.join(bin, 'postgres')))
}

/** pgBackRest for backups of a cluster; installed on Debian by root, else a `StartError` names the line. */
export function ensurePgbackrest(say: (sentence: string) => void): void {
  if (!onPath('pgbackrest')) install(['pgbackrest'], say)
}

/** What the drill on Debian's own PostgreSQL needs, the same way. Answers the server's programs. */
export function ensureBackupPrograms(say: (sentence: string) => void): string {
  const missing = [
    ...(onPath('pgbackrest') ? [] : ['pgbackrest']),
    ...(findServerPrograms() ? [] : ['postgresql']),
  ]
  if (missing.length > 0) install(missing, say)
  const bin = findServerPrograms()
  if (!bin) throw missingError(['postgresql'])
  return bin
}

function install(packages: string[], say: (sentence: string) => void): void {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw missingError(packages)
  say(`正在安装 ${packages.join('、')}…`)
  try {
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...packages)
  } catch {
    throw missingError(packages) // apt-get has said on stderr what went wrong
  }
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

function missingError(packages: string[]): StartError {
  return new StartError(
    `缺少 ${packages.join('、')}。请执行：\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    `${packages.join(', ')} not found here. Type the line above.`,
  )
}

function onPath(name: string): boolean {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
