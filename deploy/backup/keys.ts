import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'
import { writeDurably } from './durable.ts'
import type { Vault } from './vault.ts'

/** What a restored database is useless without: where it lies under DATA_DIR. */
const KEYS = { 'seal.key': 'seal.key', password: path.join('postgres', 'password') }

/**
 * Copies the key that opens personal data, and the database's password, into the second place as soon
 * as they exist. Another key under the same name is never overwritten: refused (`StartError`).
 */
export function keepKeys(vault: Vault, dataDir: string): void {
  for (const [name, where] of Object.entries(KEYS)) {
    const [from, to] = [path.join(dataDir, where), path.join(vault.keys, name)]
    if (!existsSync(from)) continue
    const key = readFileSync(from)
    if (!existsSync(to)) writeDurably(to, key)
    else if (!readFileSync(to).equals(key)) throw otherKeyError(to, from)
  }
}

/** Puts them where a restored data folder needs them. */
export function putKeys(vault: Vault, dataDir: string): void {
  for (const [name, where] of Object.entries(KEYS)) {
    const [from, to] = [path.join(vault.keys, name), path.join(dataDir, where)]
    if (!existsSync(from)) continue
    mkdirSync(path.dirname(to), { recursive: true })
    writeDurably(to, readFileSync(from))
  }
}

function otherKeyError(kept: string, found: string): StartError {
  return new StartError(
    `${found} 与备份中的 ${kept} 不同，未覆盖。请确认哪一个能打开现有数据，并另存另一个。`,
    `${found} differs from ${kept} in the backup; it was not overwritten. Find out which one opens the data and keep the other elsewhere.`,
  )
}
