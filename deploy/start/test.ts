/**
 * `npm test`: finds what the tests need beyond npm, then runs Jest with the arguments given.
 * A run of chosen folders or files asks for no browser that it may not use. After a whole run few
 * failed files are judged once more, alone, and named (decision 045).
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'
import { ensureClusterPrograms } from '../cluster/programs.ts'
import { filesAgain, type Told, together } from './again.ts'
import { ensureBackupPrograms } from './backupPrograms.ts'
import { ensureChromium, findChromium } from './chromium.ts'

const root = path.resolve(import.meta.dirname, '..', '..')
const args = process.argv.slice(2)
const chosen = args.some((arg) => !arg.startsWith('-'))

try {
  if (!chosen) ensureClusterPrograms(console.log)
  const chromium = chosen ? findChromium() : ensureChromium(console.log)
  if (!chosen || args.some((arg) => arg.includes('backup'))) ensureBackupPrograms(console.log)
  const env = { ...process.env, ...(chromium ? { CHROMIUM_PATH: chromium } : {}) }
  process.exitCode = chosen ? (await runJest(args, env)).code : await runWhole(env)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** The whole suite; what a busy machine may have failed is judged again, and the totals are told. */
async function runWhole(env: NodeJS.ProcessEnv): Promise<number> {
  const first = await runJest(args, env)
  if (first.code === 0 || !first.told) return first.code
  const files = filesAgain(first.told)
  if (files.length === 0) return first.code
  console.log(`Failed beside others, now once more alone: ${files.join(', ')}`)
  const again = await runJest([...args, '--runInBand', '--runTestsByPath', ...files], env)
  if (!again.told) return again.code
  const { passed, failed } = together(first.told, again.told)
  if (failed === 0) console.log(`Passed alone, failed beside others: ${files.join(', ')}`)
  console.log(`${passed} passed, ${failed} failed`)
  return again.code
}

/** Runs Jest; answers its code and what it told of itself, undefined where it never came so far. */
async function runJest(more: string[], env: NodeJS.ProcessEnv) {
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js')
  const file = path.join(root, '.cache', 'told.json')
  mkdirSync(path.dirname(file), { recursive: true })
  rmSync(file, { force: true })
  const child = spawn(process.execPath, [jest, ...more], {
    cwd: root,
    env: { ...env, JIYUE_TOLD: file },
    stdio: 'inherit',
  })
  const kill = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, kill)
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (status) => resolve(status ?? 1))
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, kill)
  const told = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Told) : undefined
  return { code, told }
}
