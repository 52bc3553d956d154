import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'
import { syncFolder } from './durable.ts'
import { type Segment, segmentName, segmentOf } from './lsn.ts'
import { listSegments, type Vault } from './vault.ts'

/** The log of one timeline on its way to disk. Everything is synchronous: it has its own thread. */
export type Writer = {
  /** Writes `data` at `lsn`; what lies there already has to be the same. */
  write(lsn: bigint, data: Buffer): void
  /** Makes all of it safe, and answers up to where. */
  sync(): bigint
  close(): void
}

/** Where to go on with a timeline, and whether what lies here reaches up to there without a hole. */
export type Start = { lsn: bigint; joined: boolean; knownEnd: bigint }

/**
 * A living segment is received again from its beginning, and compared. Without any segment of the
 * timeline it begins with the one the server writes now.
 */
export function whereToStart(vault: Vault, timeline: number, flushed: bigint): Start {
  const all = listSegments(vault)
  const last = all.filter((segment) => segment.timeline === timeline).at(-1)
  const size = BigInt(vault.segmentBytes)
  if (last?.partial) {
    const lsn = last.number * size
    const knownEnd = lsn + BigInt(writtenBytes(path.join(vault.wal, last.file)))
    return { lsn, joined: true, knownEnd }
  }
  if (last) {
    const lsn = (last.number + 1n) * size
    return { lsn, joined: true, knownEnd: lsn }
  }
  const number = segmentOf(flushed, vault.segmentBytes)
  // A timeline begins with a copy of the segment that it branched from.
  const joined = all.some((segment) => segment.number === number || segment.number === number - 1n)
  return { lsn: number * size, joined: joined && timeline > 1, knownEnd: number * size }
}

/** Opens the writer of a timeline's log. Throws `StartError` where another log lies already. */
export function openWriter(vault: Vault, timeline: number): Writer {
  let open: { number: bigint; fd: number; file: string; known: number } | undefined
  let dirty = false
  let end = 0n

  const openSegment = (number: bigint) => {
    const file = path.join(vault.wal, segmentName(timeline, number, vault.segmentBytes))
    if (existsSync(file)) throw otherLogError(vault, file)
    const draft = `${file}.partial`
    const known = writtenBytes(draft)
    const fd = openSync(draft, existsSync(draft) ? 'r+' : 'w+', 0o600)
    // Its length never changes again, so that each later sync has only bytes to write.
    if (statSync(draft).size !== vault.segmentBytes) fill(fd, vault.segmentBytes)
    fsyncSync(fd)
    syncFolder(vault.wal)
    return { number, fd, file, known }
  }

  const finish = ({ fd, file }: { fd: number; file: string }) => {
    fsyncSync(fd)
    open = undefined
    dirty = false
    closeSync(fd)
    renameSync(`${file}.partial`, file)
    syncFolder(vault.wal)
  }

  const write = (lsn: bigint, data: Buffer) => {
    const number = segmentOf(lsn, vault.segmentBytes)
    const segment = open?.number === number ? open : openSegment(number)
    open = segment
    const at = Number(lsn - number * BigInt(vault.segmentBytes))
    const now = data.subarray(0, vault.segmentBytes - at)
    if (at < segment.known) demandSame(vault, segment, at, now)
    for (let done = 0; done < now.length; )
      done += writeSync(segment.fd, now, done, now.length - done, at + done)
    dirty = true
    end = lsn + BigInt(now.length)
    if (at + now.length === vault.segmentBytes) finish(segment)
    if (now.length < data.length) write(end, data.subarray(now.length))
  }

  const sync = () => {
    if (open && dirty) fdatasyncSync(open.fd)
    dirty = false
    return end
  }

  const close = () => {
    if (open) closeSync(open.fd)
    open = undefined
  }

  return { write, sync, close }
}

/** Bytes of a living segment up to its last one that is not zero; 0 for none. */
export function writtenBytes(file: string): number {
  if (!existsSync(file)) return 0
  const bytes = readFileSync(file)
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}

function fill(fd: number, bytes: number): void {
  const zeros = Buffer.alloc(2 ** 20)
  ftruncateSync(fd, 0)
  for (let at = 0; at < bytes; )
    at += writeSync(fd, zeros, 0, Math.min(zeros.length, bytes - at), at)
}

function demandSame(
  vault: Vault,
  { fd, file, known }: { fd: number; file: string; known: number },
  at: number,
  data: Buffer,
): void {
  const here = Buffer.alloc(Math.min(data.length, known - at))
  readSync(fd, here, 0, here.length, at)
  if (!here.equals(data.subarray(0, here.length))) throw otherLogError(vault, file)
}

/** Somebody put an older copy of the data back, or two databases share a folder. */
export function otherLogError(vault: Vault, what: string): StartError {
  return new StartError(
    `备份目录中已有另一段历史（${what}），与当前数据库不符，未覆盖。请把 ${vault.root} 移到别处保存；归档会重新开始。`,
    `The backup folder holds another history (${what}) than this database; nothing was overwritten. Move ${vault.root} elsewhere and keep it; the archive then begins anew.`,
  )
}

/** Is there no hole from `first` on? Answers the first number that is missing, else undefined. */
export function missingSegment(segments: Segment[], first: bigint): bigint | undefined {
  const numbers = new Set(segments.map((segment) => segment.number))
  const last = segments.at(-1)?.number ?? -1n
  for (let number = first; number <= last; number++) if (!numbers.has(number)) return number
  return numbers.has(first) ? undefined : first
}
