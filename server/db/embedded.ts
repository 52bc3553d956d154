import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { ensureCluster, OWNER } from './embedded/initialise.ts'
import { LaunchError, launch, type Settings, shutDown } from './embedded/launch.ts'
import { takeLock } from './embedded/lock.ts'
import { type Place, preparePlace } from './embedded/place.ts'
import { anyFreePort, isFree } from './embedded/port.ts'
import { type Postmaster, runningPostmaster } from './embedded/postmaster.ts'
import { findPrograms, type Programs } from './embedded/programs.ts'
import { supervise } from './embedded/supervise.ts'
import { StartError } from './startError.ts'

export { StartError } from './startError.ts'

/** `dir`: the data folder, ours alone. `port`: insisted on when given, else any free one, kept. */
export type StartOptions = {
  dir: string
  port?: number
  settings?: Settings
  /** Hears one sentence for whatever takes long or went wrong and was mended. */
  say?: (sentence: string) => void
  /** Hears why, when a crashed server cannot be brought back; the database is gone then. */
  gone?: (error: StartError) => void
}

/** A running PostgreSQL. `url` stays the same through crashes; `pid` is the present server's. */
export type Postgres = { url: string; readonly pid: number; stop(): Promise<void> }

/**
 * Starts the embedded PostgreSQL on `dir`, or takes over the one a killed predecessor left running
 * there. Durable settings, 127.0.0.1 only, random password kept 0600 in the folder. A crashed
 * server is restarted on the same port. Throws `StartError`, a sentence for a person, when the
 * folder is in use, unusable, full or of another version, or the port is taken; data is never lost.
 */
export async function startPostgres(options: StartOptions): Promise<Postgres> {
  const say = options.say ?? (() => {})
  const place = preparePlace(options.dir, say)
  const lock = takeLock(place.lock, place.root)
  try {
    const programs = findPrograms(place.account)
    await slow(ensureCluster(place, programs), '正在建立数据库…', say)
    const server = await slow(comeUp(place, programs, options), '正在启动数据库…', say)
    writeFileSync(place.port, String(server.port))
    const url = await openDatabase(place, server.port)
    const guard = supervise(server.pid, place, {
      restart: () => launch(place, programs, server.port, options.settings),
      say,
      gone: options.gone ?? ((error) => say(error.message)),
    })
    const stop = async () => {
      await guard.stop()
      await shutDown(place, programs)
      lock.release()
    }
    return {
      url,
      get pid() {
        return guard.pid
      },
      stop: once(stop),
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Adopts the server that already runs on this cluster, else launches one. */
async function comeUp(place: Place, programs: Programs, options: StartOptions) {
  const running = runningPostmaster(place.cluster)
  if (running && (await adopt(running, place, options.port))) return running
  if (running) await shutDown(place, programs)
  return launchOnPort(place, programs, options)
}

/** True when the running server answers to our password and is worth keeping. */
async function adopt(running: Postmaster, place: Place, port?: number): Promise<boolean> {
  if (port !== undefined && port !== running.port) return false
  for (let left = 1500; left > 0; left--) {
    const now = runningPostmaster(place.cluster)
    if (!now || now.status === 'stopping') return false
    if (now.status === 'ready') return answers(urlOf(place, running.port, 'postgres'), place)
    await pause(40)
  }
  return false
}

async function answers(url: string, place: Place): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {}) // the failed query below reports it
  try {
    await client.connect()
    const { rows } = await client.query('show data_directory')
    return rows[0]?.data_directory === place.cluster
  } catch {
    return false
  } finally {
    await client.end()
  }
}

async function launchOnPort(place: Place, programs: Programs, options: StartOptions) {
  if (options.port !== undefined && !(await isFree(options.port))) throw portError(options.port)
  for (let tries = 5; ; tries--) {
    const port = options.port ?? (await keptPort(place)) ?? (await anyFreePort())
    try {
      return await launch(place, programs, port, options.settings)
    } catch (error) {
      // Between the probe and the bind another program may take the port.
      if (!(error instanceof LaunchError && error.portTaken)) throw error
      if (options.port !== undefined) throw portError(options.port)
      if (tries === 1) throw error
    }
  }
}

async function keptPort(place: Place): Promise<number | undefined> {
  const port = existsSync(place.port) ? Number(readFileSync(place.port, 'utf8')) : 0
  return port > 0 && port < 65_536 && (await isFree(port)) ? port : undefined
}

/** Makes the product's one database if it is not there, and returns its address. */
async function openDatabase(place: Place, port: number): Promise<string> {
  const client = new pg.Client({ connectionString: urlOf(place, port, 'postgres') })
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [OWNER])
    if (found.rowCount === 0) await client.query(`create database ${OWNER}`)
    return urlOf(place, port, OWNER)
  } finally {
    await client.end()
  }
}

function urlOf(place: Place, port: number, database: string): string {
  const password = readFileSync(place.password, 'utf8').trim()
  return `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}`
}

function portError(port: number): StartError {
  return new StartError(
    `数据库端口 ${port} 已被其他程序占用。请停止该程序或改用其他端口。`,
    `Database port ${port} is taken by another program. Stop it or choose another port.`,
  )
}

/** Says the sentence when the work takes longer than two seconds. */
async function slow<T>(work: Promise<T>, sentence: string, say: (s: string) => void): Promise<T> {
  const timer = setTimeout(() => say(sentence), 2000)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
