import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { StartError } from '../../server/db/startError.ts'
import { demandClaimable } from './claim.ts'
import { syncFile, syncFolder, writeDurably } from './durable.ts'
import { connectReplication, identify } from './replication.ts'
import { type Base, openVault, placeError, type Vault } from './vault.ts'

/**
 * Takes a base backup of a running server into the second place: the whole cluster as one packed tar
 * with PostgreSQL's manifest of checksums, read over the wire, so it needs no right to its files.
 * It shows up when it is complete. Throws `StartError` when the place is full or closed.
 */
export async function takeBase(url: string, dir: string): Promise<{ vault: Vault; base: Base }> {
  const client = await connectReplication(url, 'jiyue_base')
  try {
    const server = await identify(client)
    const vault = openVault(dir, server.systemId, server)
    demandClaimable(vault, server.timeline)
    return { vault, base: await takeInto(client, vault) }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall ? placeError(dir, error) : error
  } finally {
    await client.end()
  }
}

async function takeInto(client: pg.Client, vault: Vault): Promise<Base> {
  const startedAt = new Date().toISOString()
  const name = startedAt.replace(/[-:.]/g, '')
  const folder = path.join(vault.bases, name)
  const draft = `${folder}.new`
  mkdirSync(draft, { mode: 0o700 })
  try {
    const copied = await copyCluster(client, draft)
    const about = { startedAt, endedAt: new Date().toISOString(), ...copied }
    writeDurably(path.join(draft, 'about.json'), JSON.stringify(about, null, 2))
    renameSync(draft, folder)
    syncFolder(vault.bases)
    return { ...about, name, folder }
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  }
}

/** Receives BASE_BACKUP: messages `n` (a tar begins), `d` (its bytes), `m` (the manifest begins). */
async function copyCluster(client: pg.Client, draft: string) {
  const tar = openTar(path.join(draft, 'base.tar.gz'))
  const manifest: Buffer[] = []
  const { connection } = client
  let [inManifest, tars, paused] = [false, 0, false]
  connection.on('copyData', ({ chunk }: { chunk: Buffer }) => {
    const kind = String.fromCharCode(chunk[0] ?? 0)
    if (kind === 'n') tars++
    if (kind === 'm') inManifest = true
    if (kind !== 'd') return
    const data = Buffer.from(chunk.subarray(1)) // the connection uses its buffer again
    if (inManifest) manifest.push(data)
    else if (!tar.write(data) && !paused) {
      paused = true
      connection.stream.pause()
      tar.drained(() => {
        paused = false
        connection.stream.resume()
      })
    }
  })
  const asked = client.query(
    `BASE_BACKUP (LABEL 'jiyue', CHECKPOINT 'fast', WAIT false, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256')`,
  ) as unknown as Promise<pg.QueryResult[]>
  const results = await Promise.race([asked, tar.failed])
  const packed = await tar.end()
  if (tars !== 1) throw tablespaceError()
  writeDurably(path.join(draft, 'manifest.json'), Buffer.concat(manifest))
  const places = results.flatMap(({ rows }) => rows).filter((row) => row.recptr)
  const [start, end] = [places.at(0), places.at(-1)]
  return {
    timeline: Number(start.tli),
    startLsn: start.recptr as string,
    endLsn: end.recptr as string,
    ...packed,
  }
}

function openTar(file: string) {
  const hash = createHash('sha256')
  const gzip = createGzip({ level: 1 })
  const out = createWriteStream(file, { mode: 0o600 })
  let [bytes, clusterBytes] = [0, 0]
  gzip.on('data', (packed: Buffer) => {
    hash.update(packed)
    bytes += packed.length
  })
  const failed = new Promise<never>((_, reject) => out.once('error', reject))
  failed.catch(() => {}) // whoever waits hears of it
  gzip.pipe(out)
  return {
    failed,
    write(data: Buffer): boolean {
      clusterBytes += data.length
      return gzip.write(data)
    },
    drained: (go: () => void) => gzip.once('drain', go),
    async end() {
      gzip.end()
      await finished(out)
      syncFile(file)
      return { sha256: hash.digest('hex'), bytes, clusterBytes }
    },
  }
}

function tablespaceError(): StartError {
  return new StartError(
    '数据库使用了表空间，内置备份不支持。请使用 pgBackRest（见 docs/how-to/backup.md）。',
    'The database has tablespaces, which the built-in backup does not know. Use pgBackRest (docs/how-to/backup.md).',
  )
}
