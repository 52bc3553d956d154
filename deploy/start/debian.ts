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
 * The programs' files by name. On Debian, started by root, missing ones are installed; elsewhere a
 * `StartError` names the line to type. `what` needs them, for that sentence.
 */
export function ensurePrograms(
  wanted: readonly Wanted[],
  what: string,
  say: (sentence: string) => void,
): Record<string, string> {
  const missing = wanted.filter(({ program }) => !findProgram(program))
  if (missing.length > 0) install(missing, what, say)
  return Object.fromEntries(
    wanted.map(({ program }) => {
      const file = findProgram(program)
      if (!file) throw missingError(missing, what)
      return [program, file]
    }),
  )
}

function install(missing: readonly Wanted[], what: string, say: (sentence: string) => void): void {
  const packages = missing.map((one) => one.package)
  if (!mayInstall()) throw missingError(missing, what)
  say(`正在安装${what}所需的 ${packages.join('、')}…`)
  try {
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...packages)
  } catch {
    throw missingError(missing, what) // apt-get has said on stderr what went wrong
  }
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

function missingError(missing: readonly Wanted[], what: string): StartError {
  const names = missing.map((one) => one.program).join('、')
  const packages = missing.map((one) => one.package).join(' ')
  const line = existsSync('/etc/debian_version')
    ? `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages}`
    : `# ${packages}`
  return new StartError(
    `${what}需要 ${names}，本机没有找到。请安装后重试：\n  ${line}`,
    `${missing.map((one) => one.program).join(', ')} not found here. Install: type the line above.`,
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
