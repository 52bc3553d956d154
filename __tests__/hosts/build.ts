/**
 * Compiled fronts for tests, built once per state of the sources and shared by all workers.
 * A build lives in `.cache/front/<name>-<hash of sources>`; nothing has to be built by hand.
 */
import { spawn } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { lock } from '../lock.ts'

export type Target = 'weapp' | 'alipay' | 'h5'

const root = path.resolve(__dirname, '../..')
const builds = path.join(root, '.cache/front')
const probe = '__tests__/hosts/probe'

/** What every build is made of. Dependencies stand for themselves in the lockfile. */
const settings = ['contract', 'config', 'babel.config.js', 'package-lock.json']

/** Five cold builds, one after another, on two busy cores; give `beforeAll` this long. */
export const BUILD_MS = 600_000

/** The product's compiled front: the folder a vendor's tool would upload. */
export function builtFront(target: Target): Promise<string> {
  return built(target, target, 'src', ['src', ...settings])
}

/** The compiled probe, a small app that shows what src/platform does (probe/app.tsx). */
export function builtProbe(target: Target): Promise<string> {
  return built(`probe-${target}`, target, probe, ['src/platform', probe, ...settings])
}

async function built(name: string, target: Target, source: string, from: string[]) {
  const hash = hashOf([...from, '__tests__/hosts/taroBuild.mts'])
  const folder = path.join(builds, `${name}-${hash}`)
  if (fs.existsSync(folder)) return folder
  // Taro's plugin-html writes into node_modules while it works: one build at a time.
  const unlock = await lock(path.join(builds, 'lock'))
  try {
    // Somebody else may have built it while we waited.
    if (!fs.existsSync(folder)) {
      forget(name)
      await build(target, folder, source)
    }
    return folder
  } finally {
    unlock()
  }
}

/** Builds beside the folder and renames, so that a folder that exists is always whole. */
async function build(target: Target, folder: string, source: string): Promise<void> {
  const half = path.join(builds, `half-${process.pid}`)
  fs.rmSync(half, { recursive: true, force: true })
  const script = path.join(__dirname, 'taroBuild.mts')
  const args = [script, target, path.relative(root, half), source]
  const child = spawn(process.execPath, args, { cwd: root })
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  child.stderr.on('data', (text) => {
    said += text
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (code !== 0 || !fs.existsSync(path.join(half, target === 'h5' ? 'index.html' : 'app.js'))) {
    throw new Error(
      `The ${target} front does not build. See it with \`npm run build:${target}\`.\n${said}`,
    )
  }
  fs.renameSync(half, folder)
}

/** Old builds of this name go, and what builds that were ended left behind. */
function forget(name: string): void {
  const entries = fs.readdirSync(builds)
  for (const half of entries.filter((entry) => entry.startsWith('half-'))) {
    fs.rmSync(path.join(builds, half), { recursive: true, force: true })
  }
  const old = entries
    .filter((entry) => entry.startsWith(`${name}-`) && entry.length === name.length + 17)
    .map((entry) => path.join(builds, entry))
    // A test that began with an older state of the sources may still read its build.
    .filter((folder) => Date.now() - fs.statSync(folder).mtimeMs > BUILD_MS)
  for (const folder of old) fs.rmSync(folder, { recursive: true, force: true })
}

function hashOf(parts: string[]): string {
  const hash = crypto.createHash('sha256').update(process.env.JIYUE_API_BASE ?? '')
  const files = parts.flatMap((part) => filesIn(path.join(root, part))).sort()
  for (const file of files) {
    hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}

function filesIn(place: string): string[] {
  if (!fs.statSync(place).isDirectory()) return [place]
  return fs
    .readdirSync(place)
    .filter((entry) => entry !== 'node_modules')
    .flatMap((entry) => filesIn(path.join(place, entry)))
}
