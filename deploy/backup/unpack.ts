import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chownSync,
  closeSync,
  copyFileSync,
  createReadStream,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Account } from '../../server/db/embedded/account.ts'
import { diskFullError, StartError, saysDiskFull } from '../../server/db/startError.ts'
import { lsnOf, segmentOf } from './lsn.ts'
import { type Base, listSegments, type Vault } from './vault.ts'

/** Throws `StartError` when the packed base backup is not, byte for byte, what was written. */
export async function demandWhole(base: Base): Promise<void> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path.join(base.folder, 'base.tar.gz')), hash)
  } catch {
    throw brokenError(base)
  }
  if (hash.digest('hex') !== base.sha256) throw brokenError(base)
}

/** Unpacks a base backup into the new folder `cluster`, as the account the database runs as. */
export async function unpackBase(base: Base, cluster: string, account: Account): Promise<void> {
  mkdirSync(cluster, { mode: 0o700 })
  own(cluster, account)
  const tar = openSync(path.join(base.folder, 'base.tar.gz'), 'r')
  try {
    const { uid, gid } = account
    const child = spawn('tar', ['-xzf', '-', '-C', cluster], {
      stdio: [tar, 'ignore', 'pipe'],
      ...(uid !== undefined && { uid, gid }),
    })
    let words = ''
    child.stderr?.on('data', (chunk) => {
      words += chunk
    })
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    if (code !== 0) throw saysDiskFull(words) ? diskFullError(cluster) : tarError(cluster, words)
  } finally {
    closeSync(tar)
  }
}

/**
 * Lays the log from the base on into the cluster's own folder, the living segment under its whole
 * name: PostgreSQL finds it there when its restore_command has nothing, so nothing of the second
 * place needs to be readable by its account. Answers how many segments.
 */
export function layLog(vault: Vault, from: string, cluster: string, account: Account): number {
  const first = segmentOf(lsnOf(from), vault.segmentBytes)
  const segments = listSegments(vault).filter(({ number }) => number >= first)
  const histories = readdirSync(vault.wal).filter((file) => file.endsWith('.history'))
  for (const file of [...segments.map((segment) => segment.file), ...histories]) {
    const to = path.join(cluster, 'pg_wal', file.replace(/\.partial$/, ''))
    copyLog(path.join(vault.wal, file), to)
    own(to, account)
  }
  return segments.length
}

/** A living segment may have been finished, and so renamed, since it was listed. */
function copyLog(from: string, to: string): void {
  try {
    copyFileSync(from, to)
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (!isGone || !from.endsWith('.partial')) throw error
    copyFileSync(from.replace(/\.partial$/, ''), to)
  }
}

/** The same with all of a log's kept end, where pgBackRest's repository has what comes before. */
export function layTail(vault: Vault, cluster: string, account: Account): number {
  return layLog(vault, '0/0', cluster, account)
}

/** Makes the next start a recovery, and one whose commits wait for nobody. */
export function askForRecovery(cluster: string, account: Account): void {
  const signal = path.join(cluster, 'recovery.signal')
  writeFileSync(signal, '')
  own(signal, account)
  const settings = path.join(cluster, 'postgresql.auto.conf')
  const lines = readFileSync(settings, 'utf8').split('\n')
  const kept = lines.filter((line) => !line.startsWith('synchronous_standby_names'))
  writeFileSync(settings, kept.join('\n'))
}

function own(target: string, { uid, gid }: Account): void {
  if (uid !== undefined) chownSync(target, uid, gid ?? uid)
}

function brokenError(base: Base): StartError {
  return new StartError(
    `基础备份 ${base.folder} 已损坏（校验和不符），未恢复任何数据。请把它移到别处后重试，将改用更早的备份。`,
    `The base backup ${base.folder} is broken (its checksum differs); nothing was restored. Move it away and try again: an earlier one is used then.`,
  )
}

function tarError(cluster: string, words: string): StartError {
  return new StartError(
    `无法解开备份到 ${cluster}：${words.trim().split('\n')[0]}`,
    `The backup cannot be unpacked into ${cluster}: ${words.trim().split('\n')[0]}`,
  )
}
