import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { syncFolder } from './durable.ts'
import { lsnOf, type Segment, segmentOf } from './lsn.ts'
import { type Base, listBases, listSegments, type Vault } from './vault.ts'

const DAY_MS = 86_400_000

/**
 * Base backups nobody needs: all before the newest one that is older than `keepDays`, because from
 * that one on every instant of these days can be restored. Pure.
 */
export function surplusBases(bases: Base[], keepDays: number, now: Date): Base[] {
  const cut = new Date(now.getTime() - keepDays * DAY_MS).toISOString()
  const old = bases.filter(({ endedAt }) => endedAt < cut)
  return old.slice(0, -1)
}

/** Segments from before the first base backup that is kept. Pure; without any base none is surplus. */
export function surplusSegments(segments: Segment[], kept: Base[], bytes: number): Segment[] {
  const first = kept[0]
  if (!first) return []
  const needed = segmentOf(lsnOf(first.startLsn), bytes)
  return segments.filter(({ number, partial }) => number < needed && !partial)
}

/** Removes what is surplus, a base before its log, so that no cut leaves a base without its log. */
export function prune(vault: Vault, keepDays: number, now: Date): string[] {
  const bases = listBases(vault)
  const gone = surplusBases(bases, keepDays, now)
  for (const { folder } of gone) renameSync(folder, `${folder}.gone`)
  if (gone.length > 0) syncFolder(vault.bases)
  const kept = bases.filter((base) => !gone.includes(base))
  for (const { file } of surplusSegments(listSegments(vault), kept, vault.segmentBytes))
    rmSync(path.join(vault.wal, file))
  clearLeftOvers(vault, now)
  return gone.map(({ name }) => name)
}

/** What a kill left: bases on their way out, and half made ones that nobody can be making any more. */
function clearLeftOvers({ bases }: Vault, now: Date): void {
  for (const name of readdirSync(bases).filter((one) => /\.(gone|new)$/.test(one))) {
    const folder = path.join(bases, name)
    const old = now.getTime() - statSync(folder).mtimeMs > DAY_MS
    if (old || name.endsWith('.gone')) rmSync(folder, { recursive: true, force: true })
  }
}

/** Without bases of our own only the log's end matters: whole segments older than `keepDays` go. */
export function pruneTail(vault: Vault, keepDays: number, now: Date): void {
  for (const { file, partial } of listSegments(vault)) {
    const place = path.join(vault.wal, file)
    const old = now.getTime() - statSync(place).mtimeMs > keepDays * DAY_MS
    if (old && !partial) rmSync(place)
  }
}
