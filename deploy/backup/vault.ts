/**
 * The second place. One folder per database cluster, named by the number PostgreSQL gave it, so that
 * another cluster's log never meets it:
 *
 *     about.json                 size of a segment, version of PostgreSQL
 *     wal/                       the log: whole segments, the living one as .partial, histories
 *     base/<time>/               base.tar.gz, manifest.json, about.json (written last)
 *     keys/                      seal.key and the database's password
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { reasonOf, StartError } from '../../server/db/startError.ts'
import { syncFolder, writeDurably } from './durable.ts'
import { readSegmentName, type Segment } from './lsn.ts'

export type Vault = {
  systemId: string
  root: string
  wal: string
  bases: string
  keys: string
  segmentBytes: number
  major: string
}

/** A base backup. LSNs as text; `endedAt` is the first instant it can be restored to. */
export type Base = {
  name: string
  folder: string
  startedAt: string
  endedAt: string
  timeline: number
  startLsn: string
  endLsn: string
  /** Of base.tar.gz. */
  sha256: string
  bytes: number
  /** Unpacked. */
  clusterBytes: number
}

type About = Pick<Vault, 'segmentBytes' | 'major'>

/** Opens the folder of a cluster, made when it is not there. Throws `StartError` when it cannot be. */
export function openVault(dir: string, systemId: string, about: About): Vault {
  const { segmentBytes, major } = about
  const vault = vaultAt(dir, systemId, { segmentBytes, major })
  try {
    for (const folder of [vault.wal, vault.bases, vault.keys])
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    const note = path.join(vault.root, 'about.json')
    if (!existsSync(note)) writeDurably(note, JSON.stringify({ segmentBytes, major }))
    syncFolder(vault.root)
  } catch (error) {
    throw placeError(dir, error)
  }
  return vault
}

/** The vault that lies in folder `root`. */
export function findVault(root: string): Vault {
  const about = JSON.parse(readFileSync(path.join(root, 'about.json'), 'utf8')) as About
  return vaultAt(path.dirname(root), path.basename(root), about)
}

/** All clusters that have a base backup here, the one backed up last first. */
export function findVaults(dir: string): Vault[] {
  const found = allVaults(dir)
  const last = (vault: Vault) => listBases(vault).at(-1)?.endedAt ?? ''
  return found.filter(last).sort((a, b) => last(b).localeCompare(last(a)))
}

/** All clusters of which something lies here, a base backup or only the log's end. */
export function allVaults(dir: string): Vault[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir).flatMap((systemId) => {
    const root = path.join(dir, systemId)
    return existsSync(path.join(root, 'about.json')) ? [findVault(root)] : []
  })
}

/** Finished base backups, the oldest first. */
export function listBases({ bases }: Vault): Base[] {
  if (!existsSync(bases)) return []
  return readdirSync(bases)
    .filter((name) => existsSync(path.join(bases, name, 'about.json')) && !name.includes('.'))
    .sort()
    .map((name) => {
      const folder = path.join(bases, name)
      return { ...JSON.parse(readFileSync(path.join(folder, 'about.json'), 'utf8')), name, folder }
    })
}

/** The segments that lie here, in the order of the log. */
export function listSegments({ wal, segmentBytes }: Vault): Segment[] {
  return readdirSync(wal)
    .flatMap((file) => readSegmentName(file, segmentBytes) ?? [])
    .sort((a, b) => Number(a.number - b.number) || a.timeline - b.timeline)
}

export function placeError(dir: string, error: unknown): StartError {
  if (error instanceof StartError) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StartError(
      `备份磁盘已满，无法写入 ${dir}。请清理空间，或用 BACKUP_DIR=… 换一个磁盘。`,
      `The backup disk is full: ${dir} cannot be written. Free some space or choose another with BACKUP_DIR=….`,
    )
  }
  return new StartError(
    `备份目录 ${dir} 无法使用（${reasonOf(error)}）。请检查权限，或用 BACKUP_DIR=… 指定其他目录。`,
    `The backup folder ${dir} cannot be used (${reasonOf(error)}). Check its permissions or choose another with BACKUP_DIR=….`,
  )
}

function vaultAt(dir: string, systemId: string, about: About): Vault {
  const root = path.join(dir, systemId)
  const at = (name: string) => path.join(root, name)
  return { systemId, root, wal: at('wal'), bases: at('base'), keys: at('keys'), ...about }
}
