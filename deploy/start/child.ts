import { type ChildProcess, spawn } from 'node:child_process'
import {
  createWriteStream,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  type WriteStream,
} from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { reasonOf, StartError } from '../../server/db/startError.ts'
import { ROOT } from './options.ts'

/** A program of ours (a `.ts` file) as a process of its own. */
export type ChildOptions = {
  /** Its Chinese name for sentences, and its log file's name. */
  title: string
  log: string
  file: string
  env: NodeJS.ProcessEnv
}

/** A child that has said `ready <address>`. `died` settles when it ends without being told to. */
export type Child = {
  pid: number
  address: string
  died: Promise<StartError>
  stop(): Promise<void>
}

const LEASH = pathToFileURL(path.join(import.meta.dirname, 'leash.ts')).href
const LOG_LIMIT = 10 * 1024 * 1024
const STOP_MS = 20_000
const TAIL = 25

/**
 * Starts a child and waits for its `ready` line. Its words go to its log file; the last of them
 * are shown when it dies. Runs in its own process group, so Ctrl-C reaches only the orchestrator,
 * which stops everything in order. Throws `StartError` when it ends before it is ready; `giveUp`
 * ends it while it is not.
 */
export async function startChild(options: ChildOptions, giveUp?: AbortSignal): Promise<Child> {
  const { child, tail, address, gone } = spawnChild(options)
  let told = false
  const died = gone.then(() => deathError(options, child, tail))
  const abort = () => child.kill('SIGTERM')
  giveUp?.addEventListener('abort', abort)
  const ready = await Promise.race([address, died])
  giveUp?.removeEventListener('abort', abort)
  if (ready instanceof StartError) throw ready
  const stop = async () => {
    told = true
    child.kill('SIGTERM')
    const hammer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await gone
    clearTimeout(hammer)
  }
  const unasked = new Promise<StartError>((resolve) => died.then((e) => told || resolve(e)))
  return { pid: child.pid ?? 0, address: ready, died: unasked, stop }
}

function spawnChild({ file, env, log }: ChildOptions) {
  const child = spawn(process.execPath, ['--import', LEASH, path.resolve(ROOT, file)], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const tail: string[] = []
  const book = openLog(log)
  book.on('error', (error) => tail.push(`(log lost: ${error.message})`)) // a full disk, mostly
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => book.end(() => resolve()))
  })
  child.on('error', (error) => tail.push(reasonOf(error)))
  const address = new Promise<string>((resolve) => {
    const hear = (line: string) => {
      book.write(`${line}\n`)
      tail.push(line)
      if (tail.length > TAIL) tail.shift()
    }
    createInterface(child.stdout).on('line', (line) => {
      hear(line)
      if (line.startsWith('ready ')) resolve(line.slice(6).trim())
    })
    createInterface(child.stderr).on('line', hear)
  })
  return { child, tail, address, gone }
}

function openLog(file: string): WriteStream {
  mkdirSync(path.dirname(file), { recursive: true })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_LIMIT) renameSync(file, `${file}.1`)
  return createWriteStream(file, { fd: openSync(file, 'a') })
}

function deathError({ title, log }: ChildOptions, child: ChildProcess, tail: string[]): StartError {
  const how = child.signalCode ?? `${child.exitCode}`
  const words = tail.map((line) => `  | ${line}`).join('\n')
  return new StartError(
    `${title}意外退出（${how}）。日志：${log}`,
    `It ended by itself (${how}); its last words:\n${words}`,
  )
}
