/**
 * `npm test`: finds what the tests need beyond npm, then runs Jest with the arguments given.
 * A run of chosen folders or files asks for no browser that it may not use.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'
import { ensureClusterPrograms } from '../cluster/programs.ts'
import { ensureBackupPrograms } from './backupPrograms.ts'
import { ensureChromium, findChromium } from './chromium.ts'

const root = path.resolve(import.meta.dirname, '..', '..')
const args = process.argv.slice(2)
const chosen = args.some((arg) => !arg.startsWith('-'))

try {
  if (!chosen) ensureClusterPrograms(console.log)
  const chromium = chosen ? findChromium() : ensureChromium(console.log)
  if (!chosen || args.some((arg) => arg.includes('backup'))) ensureBackupPrograms(console.log)
  runJest({ ...process.env, ...(chromium ? { CHROMIUM_PATH: chromium } : {}) })
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

function runJest(env: NodeJS.ProcessEnv): void {
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js')
  const child = spawn(process.execPath, [jest, ...args], { cwd: root, env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
