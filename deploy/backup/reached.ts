import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { lsnOf } from './lsn.ts'
import { writtenBytes } from './segments.ts'
import { listSegments, type Vault } from './vault.ts'

/** A record this long was never written by us; what looks longer is broken. */
const LONGEST_RECORD = 2 ** 20
/** A record's own padding and the headers of pages that it may cross. */
const SLACK = 128
const PAGE = 8192

/** Where an archive's log ends now; undefined for none. One whose database lives goes on from there. */
export function endOfLog(vault: Vault): bigint | undefined {
  const last = listSegments(vault).at(-1)
  if (!last) return undefined
  const written = writtenBytes(path.join(vault.wal, last.file))
  return last.number * BigInt(vault.segmentBytes) + BigInt(written)
}

/**
 * Did a recovery read the archive to `end`, its end when it was laid out? PostgreSQL ends silently at the first record that makes
 * no sense, which is also how a broken byte looks. `cluster` has been recovered: its youngest
 * timeline branched off where reading ended. A last record that was cut off is in order: nobody was
 * told of it.
 */
export function readToTheEnd(vault: Vault, end: bigint | undefined, cluster: string): boolean {
  if (end === undefined) return true
  const size = BigInt(vault.segmentBytes)
  const ended = endOfRecovery(cluster)
  if (ended >= end) return true
  const holder = listSegments(vault).findLast(({ number }) => number === ended / size)
  if (!holder) return false
  const length = recordLength(path.join(vault.wal, holder.file), Number(ended % size))
  return length > 0 && length < LONGEST_RECORD && Number(end - ended) < length + SLACK
}

/** Length of the record that begins at byte `at` of a segment, behind a page's header if one is there. */
function recordLength(file: string, at: number): number {
  const header = at === 0 ? 40 : at % PAGE === 0 ? 24 : 0
  return readFileSync(file).readUInt32LE(at + header)
}

/** Where the youngest timeline branched off. */
function endOfRecovery(cluster: string): bigint {
  const wal = path.join(cluster, 'pg_wal')
  const youngest = readdirSync(wal)
    .filter((file) => file.endsWith('.history'))
    .sort()
    .at(-1)
  if (!youngest) throw new Error('recovery made no timeline')
  const lines = readFileSync(path.join(wal, youngest), 'utf8').trim().split('\n')
  return lsnOf(lines.at(-1)?.split('\t')[1] ?? '')
}
