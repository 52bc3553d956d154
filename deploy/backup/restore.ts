import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import path from 'node:path'
import { takeLock } from '../../server/db/embedded/lock.ts'
import { type Place, preparePlace } from '../../server/db/embedded/place.ts'
import { runningPostmaster } from '../../server/db/embedded/postmaster.ts'
import { startPostgres } from '../../server/db/embedded.ts'
import { diskFullError, folderError, reasonOf } from '../../server/db/startError.ts'
import { putKeys } from './keys.ts'
import { lsnOf, segmentName, segmentOf } from './lsn.ts'
import { endOfLog, readToTheEnd } from './reached.ts'
import {
  beyondError,
  brokenLogError,
  futureError,
  holeError,
  livingError,
  noBackupError,
  runningError,
  tooEarlyError,
} from './refusals.ts'
import { missingSegment } from './segments.ts'
import { askForRecovery, demandWhole, layLog, unpackBase } from './unpack.ts'
import { type Base, findVaults, listBases, listSegments, type Vault } from './vault.ts'

export type RestoreOptions = {
  /** The second place. */
  dir: string
  /** The data folder to make; it must have no database yet, but with `over`. */
  into: string
  /** The instant to go back to; undefined for all that the archive has. */
  to?: Date | undefined
  /** A database that lies in `into` is put aside (never removed) and put back if this fails. */
  over?: boolean
  /** A log that is broken or has a hole is read up to there; the answer's `whole` tells. */
  asFarAsItReads?: boolean
  /** Work on the recovered database before anybody else has it; when it fails, so does the restore. */
  finish?(url: string): Promise<void>
  say(sentence: string): void
}

/** What came of it. `lastChangeAt` as PostgreSQL tells it; undefined when nothing came after the base. */
export type Restored = {
  base: string
  segments: number
  lastChangeAt: string | undefined
  /** Everything that was asked for is there. */
  whole: boolean
}

/**
 * Makes a data folder of the embedded database from the second place, as it was at `to` (changes
 * committed up to and with that instant). The backup is only read. Throws `StartError`, and leaves
 * `into` as it was, when there is no backup for that instant, it is broken or has a hole, the target
 * is full, or a database lies there.
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { into, to, say, asFarAsItReads = false } = options
  const { vault, base } = demandPossible(options)
  const hole = to ? undefined : findHole(vault, base)
  if (hole && !asFarAsItReads) throw holeError(hole, vault)
  await demandWhole(base)
  const aside = await makeRoom(into)
  const postgres = path.join(into, 'postgres')
  let whole = false
  try {
    demandSpace(into, base, vault)
    const place = preparePlace(postgres, say)
    say(`从基础备份 ${base.name} 恢复…`)
    await unpackBase(base, place.cluster, place.account)
    const end = endOfLog(vault)
    const segments = layLog(vault, base.startLsn, place.cluster, place.account)
    askForRecovery(place.cluster, place.account)
    putKeys(vault, into)
    await recover(place, to, async (url) => {
      whole = to !== undefined || readToTheEnd(vault, end, place.cluster)
      if (!whole && !asFarAsItReads) throw brokenLogError(lastChange(place))
      await options.finish?.(url)
    })
    return { base: base.name, segments, lastChangeAt: lastChange(place), whole: whole && !hole }
  } catch (error) {
    removePlace(postgres)
    if (aside) renameSync(aside, postgres)
    throw folderError(into, error)
  }
}

/** Refuses at once what needs no look into the backup; answers what to restore from. */
export function demandPossible({ dir, into, to, over }: RestoreOptions): {
  vault: Vault
  base: Base
} {
  if (to && to.getTime() > Date.now()) throw futureError(to)
  const from = chooseBase(dir, to)
  if (isLiving(into) && !over) throw livingError(into)
  return from
}

const isLiving = (into: string) => {
  const postgres = path.join(into, 'postgres')
  return existsSync(postgres) && readdirSync(postgres).length > 0
}

/** The newest base that had ended by then, of the cluster backed up last. */
function chooseBase(dir: string, to: Date | undefined): { vault: Vault; base: Base } {
  const [vault] = findVaults(dir)
  if (!vault) throw noBackupError(dir)
  const bases = listBases(vault)
  const base = bases.filter(({ endedAt }) => !to || Date.parse(endedAt) <= to.getTime()).at(-1)
  if (!base) throw tooEarlyError(to, bases[0]?.endedAt)
  return { vault, base }
}

/** The first segment that is missing, undefined for none. */
function findHole(vault: Vault, { startLsn, endLsn, timeline }: Base): string | undefined {
  const first = segmentOf(lsnOf(startLsn), vault.segmentBytes)
  const needed = segmentOf(lsnOf(endLsn) - 1n, vault.segmentBytes)
  const segments = listSegments(vault).filter(({ number }) => number >= first)
  const ends = segments.at(-1)?.number ?? -1n
  const missing = missingSegment(segments, first) ?? (ends < needed ? ends + 1n : undefined)
  return missing === undefined ? undefined : segmentName(timeline, missing, vault.segmentBytes)
}

/** Puts a database that lies there aside; answers where it is now. */
async function makeRoom(into: string): Promise<string | undefined> {
  const postgres = path.join(into, 'postgres')
  if (!lstatSync(postgres, { throwIfNoEntry: false })) return undefined
  if (isLiving(into)) {
    // Nobody may be using it: not a start of ours, and not a server that outlived its own.
    takeLock(path.join(postgres, 'lock'), postgres).release()
    const place = preparePlace(postgres, () => {})
    const running = runningPostmaster(place.cluster)
    if (running) throw runningError(into, running.pid)
  }
  const aside = `${postgres}.before-${new Date().toISOString().replace(/[-:.]/g, '')}`
  renameSync(postgres, aside)
  return aside
}

function demandSpace(into: string, base: Base, vault: Vault): void {
  const parent = existsSync(into) ? into : path.dirname(into)
  const first = segmentOf(lsnOf(base.startLsn), vault.segmentBytes)
  const log = listSegments(vault).filter(({ number }) => number >= first).length
  // A cluster that runs wants some segments of its own.
  const needed = base.clusterBytes + (log + 3) * vault.segmentBytes
  const { bavail, bsize } = statfsSync(existsSync(parent) ? parent : '/')
  if (bavail * bsize < needed) throw diskFullError(into)
}

/** Starts on what was laid out, waits until everything is replayed, does `work`, and stops cleanly. */
async function recover(
  place: Place,
  to: Date | undefined,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const settings = {
    restore_command: 'exit 1', // all of the log lies in pg_wal already
    recovery_target_action: 'promote',
    recovery_target_timeline: 'latest',
    hot_standby: 'off',
    ...(to && { recovery_target_time: zoned(to) }),
  }
  const server = await startPostgres({ dir: place.root, settings }).catch((error) => {
    throw /recovery ended before configured recovery target/.test(reasonOf(error)) && to
      ? beyondError(to, lastChange(place))
      : error
  })
  try {
    await work(server.url)
  } finally {
    await server.stop()
  }
}

function lastChange(place: Place): string | undefined {
  const log = readFileSync(place.log, 'utf8')
  return /last completed transaction was at log time (\S+ \S+)/
    .exec(log)?.[1]
    ?.replace(' ', 'T')
    .replace(/\+00$/, 'Z')
}

/** As PostgreSQL reads it: it knows no `T` and no `Z` there. */
export const zoned = (to: Date) => to.toISOString().replace('T', ' ').replace('Z', '+00')

/** Started by root in a closed folder, the place is a link to where the data really is. */
function removePlace(postgres: string): void {
  if (existsSync(postgres)) rmSync(realpathSync(postgres), { recursive: true, force: true })
  rmSync(postgres, { recursive: true, force: true })
}
