import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { ensurePrograms, installPackages, missingError } from './debian.ts'

/** Where Debian has the servers, one folder a major version. */
export const SERVERS = '/usr/lib/postgresql'

/** Debian's PostgreSQL server programs (the newest), or undefined. */
export function findServerPrograms(): string | undefined {
  if (!existsSync(SERVERS)) return undefined
  const majors = readdirSync(SERVERS).sort((a, b) => Number(b) - Number(a))
  return majors
    .map((major) => path.join(SERVERS, major, 'bin'))
    .find((bin) => existsSync(path.join(bin, 'initdb')) && existsSync(path.join(bin, 'postgres')))
}

/** pgBackRest for backups of a cluster; installed where that can be done (debian.ts). */
export function ensurePgbackrest(say: (sentence: string) => void): void {
  ensurePrograms([{ program: 'pgbackrest', package: 'pgbackrest' }], '备份', say)
}

/** What the drill on Debian's own PostgreSQL needs, the same way. Answers the server's programs. */
export function ensureBackupPrograms(say: (sentence: string) => void): string {
  ensurePgbackrest(say)
  if (!findServerPrograms()) installPackages(['postgresql'], '备份演练', say)
  const bin = findServerPrograms()
  if (!bin) throw missingError(['postgresql'], '备份演练')
  return bin
}
