/**
 * The compiled console for tests, built once per state of its sources and shared by all workers:
 * `.cache/console/<hash of sources>`. Nothing has to be built by hand.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { lock } from '../lock.ts'

const root = path.resolve(__dirname, '../..')
const sources = ['console', 'contract', 'src/tokens.scss', 'package-lock.json']
const notSources = new Set(['node_modules', 'dist'])

/** A folder with the product's console in it, as the server serves it. */
export async function builtConsole(): Promise<string> {
  const builds = path.join(root, '.cache/console')
  const folder = path.join(builds, hashOf(sources))
  if (existsSync(folder)) return folder
  const unlock = await lock(path.join(builds, 'lock'))
  try {
    // Somebody else may have built it while we waited.
    if (!existsSync(folder)) await build(folder)
    return folder
  } finally {
    unlock()
  }
}

/** Builds beside the folder and renames, so that a folder that exists is always whole. */
async function build(folder: string): Promise<void> {
  const half = `${folder}-half`
  rmSync(half, { recursive: true, force: true })
  const vite = path.join(root, 'console/node_modules/vite/bin/vite.js')
  await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', half], {
    cwd: path.join(root, 'console'),
    env: { ...process.env, NODE_ENV: 'production' },
  })
  renameSync(half, folder)
}

function hashOf(files: string[]): string {
  const hash = createHash('sha256')
  const add = (file: string): void => {
    const full = path.join(root, file)
    const entries = readdirSync(path.dirname(full), { withFileTypes: true })
    if (entries.find(({ name }) => name === path.basename(file))?.isDirectory()) {
      const names = readdirSync(full).sort()
      for (const name of names) if (!notSources.has(name)) add(path.join(file, name))
    } else hash.update(`${file}\0`).update(readFileSync(full))
  }
  for (const file of files) add(file)
  return hash.digest('hex').slice(0, 16)
}
