/**
 * One history at a time goes on in the second place. A restored copy of a database has its number and
 * would write its own timeline beside the living one's, and the next restore follows the youngest: a
 * copy that was started for a look would swallow everything the shop has sold since.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { writeDurably } from './durable.ts'
import { continuedError, occupiedError } from './refusals.ts'
import { listSegments, type Vault } from './vault.ts'

/** An owner that has not shown itself for so long, ms, is gone. */
const LIFE_MS = 60_000

const ownerFile = ({ root }: Vault) => path.join(root, 'owner.json')

/**
 * Refuses (`StartError`) a timeline while another one is being written here, and one that has been left
 * for a younger.
 */
export function demandClaimable(vault: Vault, timeline: number): void {
  const youngest = Math.max(0, ...listSegments(vault).map((segment) => segment.timeline))
  if (youngest > timeline) throw continuedError(vault, youngest)
  const owner = ownerOf(vault)
  if (owner && owner.timeline !== timeline && nowAt(vault) - owner.at < LIFE_MS)
    throw occupiedError(vault)
}

/** Makes a timeline the one that goes on here; whoever claimed shows itself by `renew`. */
export function claimVault(vault: Vault, timeline: number): { renew(): void } {
  demandClaimable(vault, timeline)
  const note = JSON.stringify({ timeline })
  // Written over in place: it needs no room on a full disk, and its time is the place's own.
  const renew = () => writeFileSync(ownerFile(vault), note, { flag: 'r+' })
  if (ownerOf(vault)?.timeline === timeline) renew()
  else writeDurably(ownerFile(vault), note)
  return { renew }
}

/** An orderly end: whoever goes on with the archive need not wait until this one is taken for dead. */
export function releaseVault(vault: Vault): void {
  rmSync(ownerFile(vault), { force: true })
}

function ownerOf(vault: Vault): { timeline: number; at: number } | undefined {
  const file = ownerFile(vault)
  if (!existsSync(file)) return undefined
  const { timeline } = JSON.parse(readFileSync(file, 'utf8')) as { timeline: number }
  return { timeline, at: statSync(file).mtimeMs }
}

/** What the place's own clock says: it may be another machine's disk. */
function nowAt({ root }: Vault): number {
  const probe = path.join(root, `.${randomUUID()}`)
  try {
    writeFileSync(probe, '')
    return statSync(probe).mtimeMs
  } finally {
    rmSync(probe, { force: true })
  }
}
