import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type pg from 'pg'
import { claimVault } from './claim.ts'
import { writeDurably } from './durable.ts'
import { segmentOf } from './lsn.ts'
import {
  connectReplication,
  type Identity,
  identify,
  makeSlot,
  type News,
  slotStart,
  stream,
  timelineHistory,
} from './replication.ts'
import { openWriter, otherLogError, type Start, whereToStart } from './segments.ts'
import { openVault, placeError, type Vault } from './vault.ts'

/** What the receiver tells its guard. */
export type Told =
  /** It streams. `joined` false: the log here has a hole before this; a new base backup is due. */
  | { what: 'streaming'; root: string; joined: boolean }
  /** All that the server had when it was asked lies here: commits may wait for us from now on. */
  | { what: 'caught up' }

const STATUS_EVERY_MS = 1000
/** The server calls at least every half minute; a minute of silence is a dead line. */
const SILENCE_MS = 60_000

/**
 * Receives the log into the second place, from where it stopped the last time, until something goes
 * wrong: then it rejects, with a `StartError` where a person has to act. Each piece is
 * acknowledged when it is on the disk, so a commit that waits for it is safe in two places.
 */
export async function receive(
  url: string,
  dir: string,
  tell: (told: Told) => void,
): Promise<never> {
  const client = await connectReplication(url)
  try {
    const server = await identify(client)
    const vault = openVault(dir, server.systemId, server)
    const claim = claimVault(vault, server.timeline)
    if (server.timeline > 1) await keepHistory(client, vault, server.timeline)
    const start = await settleStart(client, vault, server)
    tell({ what: 'streaming', root: vault.root, joined: start.joined })
    return await follow(client, vault, server, { from: start.lsn, claim, tell })
  } catch (error) {
    throw isDisk(error) ? placeError(dir, error) : error
  } finally {
    client.end().catch(() => {}) // it is over either way
  }
}

/** Where to begin, with a slot that keeps the server's log from there. */
async function settleStart(client: pg.Client, vault: Vault, server: Identity): Promise<Start> {
  const start = whereToStart(vault, server.timeline, server.flushed)
  if (start.knownEnd > server.flushed) throw otherLogError(vault, vault.wal)
  const reaches = (kept: bigint | undefined) =>
    kept !== undefined &&
    segmentOf(kept, vault.segmentBytes) <= segmentOf(start.lsn, vault.segmentBytes)
  if (reaches(await slotStart(client))) return start
  await makeSlot(client)
  if (reaches(await slotStart(client))) return start
  // The server has thrown away what we missed.
  const size = BigInt(vault.segmentBytes)
  const lsn = (server.flushed / size) * size
  return { lsn, joined: false, knownEnd: lsn }
}

interface Following {
  from: bigint
  claim: { renew(): void }
  tell: (told: Told) => void
}

function follow(
  client: pg.Client,
  vault: Vault,
  { timeline }: Identity,
  { from, claim, tell }: Following,
): Promise<never> {
  const writer = openWriter(vault, timeline)
  return new Promise<never>((_, reject) => {
    let [received, safe, heardAt] = [from, from, Date.now()]
    let [behind, planned] = [true, false]

    // All that came in one read of the socket shares one sync.
    const settle = (serverEnd: bigint) => {
      planned = false
      try {
        writer.sync()
        safe = received
        line.acknowledge(safe)
        if (behind && safe >= serverEnd) tell({ what: 'caught up' })
        if (safe >= serverEnd) behind = false
      } catch (error) {
        reject(error)
      }
    }
    const hear = (news: News, serverEnd: bigint) => {
      heardAt = Date.now()
      if ('data' in news) {
        writer.write(news.lsn, news.data)
        received = news.lsn + BigInt(news.data.length)
      }
      if (planned) return
      planned = true
      setImmediate(settle, serverEnd)
    }
    const line = stream(client, from, timeline, hear)
    const timer = setInterval(() => {
      if (Date.now() - heardAt > SILENCE_MS) return reject(new Error('the server is silent'))
      line.acknowledge(safe)
      try {
        claim.renew()
      } catch (error) {
        reject(error)
      }
    }, STATUS_EVERY_MS)
    line.ended.catch((error) => {
      clearInterval(timer)
      reject(error)
    })
  }).finally(() => writer.close())
}

/** Keeps how the timeline came to be: a restore finds its way over several timelines by it. */
async function keepHistory(client: pg.Client, vault: Vault, timeline: number): Promise<void> {
  const { file, content } = await timelineHistory(client, timeline)
  const place = path.join(vault.wal, file)
  if (!existsSync(place)) return writeDurably(place, content)
  if (!readFileSync(place).equals(content)) throw otherLogError(vault, place)
}

const DISK = /^E(NOSPC|DQUOT|ACCES|PERM|ROFS|IO|NOENT|NOTDIR|EXIST)$/

const isDisk = (error: unknown) => DISK.test((error as NodeJS.ErrnoException).code ?? '')
