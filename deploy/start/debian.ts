import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'

/** A program of the system, and the Debian package it comes in. */
export type Wanted = { program: string; package: string }

/** Where a person's PATH does not always look. */
const ALSO = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin']

/** A program of this machine by its name, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...ALSO]
  return folders.map((folder) => path.join(folder, name)).find(isProgram)
}

/**
 * The programs' files by name; missing ones are installed as `installPackages` can. `what` needs them,
 * for its sentence.
 */
export function ensurePrograms(
  wanted: readonly Wanted[],
  what: string,
  say: (sentence: string) => void,
): Record<string, string> {
  const missing = wanted.filter(({ program }) => !findProgram(program))
  const packages = missing.map((one) => one.package)
  if (missing.length > 0) installPackages(packages, what, say)
  return Object.fromEntries(
    wanted.map(({ program }) => {
      const file = findProgram(program)
      if (!file) throw missingError([program], what)
      return [program, file]
    }),
  )
}

/**
 * Installs Debian packages, on Debian and started by root; else throws a `StartError` that names the
 * line to type (`elsewhere`: on other systems).
 */
export function installPackages(
  packages: readonly string[],
  what: string,
  say: (sentence: string) => void,
  elsewhere?: string,
): void {
  if (process.getuid?.() !== 0 || !isDebian()) throw missingError(packages, what, elsewhere)
  say(`正在安装${what}所需的 ${packages.join('、')}…`)
  try {
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...packages)
  } catch {
    throw missingError(packages, what, elsewhere) // apt-get has said on stderr what went wrong
  }
}

function apt(...args: string[]): void {
  // Some packages would start a server of their own at once: ours are enough.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  execFileSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** What is missing, and the line that brings it. */
export function missingError(
  packages: readonly string[],
  what: string,
  elsewhere = `# ${packages.join(' ')}`,
): StartError {
  const line = isDebian()
    ? `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
    : elsewhere
  return new StartError(
    `${what}需要 ${packages.join('、')}，本机没有找到。请执行：\n  ${line}`,
    `${packages.join(', ')} not found here. Type the line above.`,
  )
}

const isDebian = () => existsSync('/etc/debian_version')

/** True of a file that this process may run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
