import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { diskFullError, reasonOf, StartError, saysDiskFull } from '../startError.ts'
import type { Place } from './place.ts'
import { disarmStalePidFile, type Postmaster, readPostmaster } from './postmaster.ts'
import type { Programs } from './programs.ts'
import { run, spawnAs } from './run.ts'

/** `-c name=value` for the server; what is not named here is PostgreSQL's own default. */
export type Settings = Record<string, string>

const DURABLE: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Plans follow the statistics; a minute between them is long in a rush.
  autovacuum_naptime: '15s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
}
const LOG_LIMIT = 5 * 1024 * 1024
const POLL_MS = 40
const SURVIVORS_MS = 15_000

/** Why a server did not come up; `portTaken` lets the caller try another port. */
export class LaunchError extends StartError {
  readonly portTaken: boolean
  readonly survivors: boolean
  constructor(place: Place, log: string) {
    const taken = /Address already in use|could not create any TCP/.test(log)
    const reason = log.match(/(?:FATAL|PANIC): .*/)?.[0] ?? log.trim().split('\n').at(-1) ?? ''
    super(
      `PostgreSQL 未能启动：${reason}（日志 ${place.log}）`,
      `PostgreSQL did not start: ${reason} (log: ${place.log})`,
    )
    this.portTaken = taken
    this.survivors = /pre-existing shared memory block/.test(log)
  }
}

/**
 * Starts PostgreSQL on `port` and waits until it accepts connections (after a crash that includes
 * its recovery). It runs in its own process group, so Ctrl-C reaches only us and the API can finish
 * first. Throws `LaunchError`; children of a killed server get a moment to go away.
 */
export async function launch(
  place: Place,
  programs: Programs,
  port: number,
  settings: Settings = {},
): Promise<Postmaster> {
  for (const started = Date.now(); ; await pause(250)) {
    try {
      return await launchOnce(place, programs, port, settings)
    } catch (error) {
      const wait = error instanceof LaunchError && error.survivors
      if (!wait || Date.now() - started > SURVIVORS_MS) throw error
    }
  }
}

async function launchOnce(place: Place, programs: Programs, port: number, settings: Settings) {
  disarmStalePidFile(place.cluster)
  const from = rotateLog(place.log)
  const child = spawnServer(place, programs, port, settings)
  let end: string | undefined
  child.on('error', (error) => {
    end = reasonOf(error)
  })
  child.on('exit', () => {
    end ??= ''
  })
  while (end === undefined) {
    const found = readPostmaster(place.cluster)
    if (found && found.pid === child.pid && found.status === 'ready') return found
    await pause(POLL_MS)
  }
  const words = end || readFileSync(place.log, 'utf8').slice(from)
  throw saysDiskFull(words) ? diskFullError(place.root) : new LaunchError(place, words)
}

function spawnServer(
  place: Place,
  programs: Programs,
  port: number,
  settings: Settings,
): ChildProcess {
  const flags = Object.entries({ ...DURABLE, ...settings, port: String(port) })
  const args = flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(place.log, 'a', 0o600)
  try {
    const child = spawn(programs.postgres, ['-D', place.cluster, ...args], {
      ...spawnAs(programs, place.account),
      detached: true,
      stdio: ['ignore', log, log],
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** Keeps one older log; returns the length of the present one, where this start's words begin. */
function rotateLog(log: string): number {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  if (size < LOG_LIMIT) return size
  renameSync(log, `${log}.1`)
  return 0
}

/** Ends the server: `fast` drops connections and writes a clean checkpoint; waits until it is gone. */
export async function shutDown(place: Place, programs: Programs): Promise<void> {
  const stop = (mode: string) =>
    run(
      programs.pgCtl,
      ['stop', '-D', place.cluster, '-m', mode, '-w', '-t', '60'],
      programs,
      place.account,
    )
  const { code } = await stop('fast')
  // `immediate` loses nothing committed: the next start recovers from the log.
  if (code !== 0 && readPostmaster(place.cluster)) await stop('immediate')
}
