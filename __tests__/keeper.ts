import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { takeLock } from '../server/db/embedded/lock.ts'
import { runningPostmaster } from '../server/db/embedded/postmaster.ts'
import { startPostgres } from '../server/db/embedded.ts'
import { migrate } from '../server/db/migrate.ts'
import { openPool } from '../server/db/pool.ts'
import { StartError } from '../server/db/startError.ts'
import { seed } from '../server/seed.ts'

/** Keeps the one PostgreSQL of a test run. Lives in Jest's parent process; `address` is for workers. */
export type Keeper = { address: string; close(): Promise<void> }

/** A server to make databases on, and what to do with it at the end. */
type Base = {
  admin: pg.Pool
  urlOf(name: string): string
  /** The same over a socket of this machine, where there is one: a ninth less work for a history (measured). */
  localOf(name: string): string
  /** The template with the demo world in it; made when the first one asks. */
  seeded(): Promise<string>
  close(): Promise<void>
}

const PREFIX = 'jiyue-test-'
const LEAK_GRACE_MS = 5000
/** Test data is thrown away, so nothing waits for a disk. The launcher's own tests keep the real settings. */
const SOCKETS = process.platform !== 'win32'
const THROW_AWAY = {
  // Beside its data, where no other account comes.
  ...(SOCKETS && { unix_socket_directories: '.' }),
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
}

/**
 * Answers workers over HTTP: `/create` makes a database from the migrated template, `/seeded` from one
 * with the demo world in it, `/drop?name` ends it and answers 409 with the names of connections left open. Starts PostgreSQL only when the
 * first test file asks, so pure tests cost nothing. `TEST_DATABASE_URL` uses a server that runs.
 */
export async function openKeeper(): Promise<Keeper> {
  let base: Promise<Base> | undefined
  const template = `template_${randomBytes(6).toString('hex')}`
  const ready = () => {
    base ??= openBase(template)
    return base
  }
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://keeper')
    try {
      const base = await ready()
      const reply =
        pathname === '/drop'
          ? await drop(base, searchParams.get('name') ?? '')
          : await create(base, pathname === '/seeded' ? await base.seeded() : template)
      response.end(JSON.stringify(reply))
    } catch (error) {
      response.statusCode = 409
      response.end(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await closeServer(server)
      await (await base?.catch(() => undefined))?.close()
    },
  }
}

async function create({ admin, urlOf, localOf }: Base, template: string) {
  const name = `test_${randomBytes(6).toString('hex')}`
  await admin.query(`create database ${name} template ${template}`)
  return { name, url: urlOf(name), local: localOf(name) }
}

/** Drops a database; fails when a connection of the test outlives the test. */
async function drop({ admin }: Base, name: string) {
  const left = await connectionsLeft(admin, name)
  await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`)
  if (left.length === 0) return {}
  throw new Error(`connections left open by this test file: ${left.join('; ')}`)
}

async function connectionsLeft(admin: pg.Pool, name: string): Promise<string[]> {
  for (const started = Date.now(); ; await pause(20)) {
    const { rows } = await admin.query(
      `select application_name || ' (' || coalesce(state, '?') || '): ' || left(query, 80) as what
       from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [name],
    )
    // A socket closed by the test is seen by the server a moment later.
    if (rows.length === 0 || Date.now() - started > LEAK_GRACE_MS) return rows.map((r) => r.what)
  }
}

async function openBase(template: string): Promise<Base> {
  const server = await openServer()
  const urlOf = (name: string) => {
    const url = new URL(server.url)
    url.pathname = `/${name}`
    return url.href
  }
  const localOf = (name: string) => {
    if (!server.sockets) return urlOf(name)
    const { username, password, port } = new URL(server.url)
    return `postgres://${username}:${password}@/${name}?host=${encodeURIComponent(server.sockets)}&port=${port}`
  }
  const admin = new pg.Pool({ connectionString: server.url, application_name: 'jiyue-keeper' })
  await admin.query(`create database ${template}`)
  await migrate(urlOf(template))
  let world: Promise<string> | undefined
  const seeded = () => {
    world ??= seedTemplate(admin, urlOf, template)
    return world
  }
  const close = async () => {
    await admin.query(`drop database if exists ${template} with (force)`)
    await admin.query(`drop database if exists ${template}_seeded with (force)`)
    // `end` answers before the sockets are closed: on a busy machine the server's own end comes first.
    admin.on('error', () => {})
    await admin.end()
    await server.stop()
  }
  return { admin, urlOf, localOf, seeded, close }
}

async function seedTemplate(
  admin: pg.Pool,
  urlOf: Base['urlOf'],
  template: string,
): Promise<string> {
  const name = `${template}_seeded`
  await admin.query(`create database ${name} template ${template}`)
  const { db, close } = openPool(urlOf(name), { name: 'seed' })
  await seed(db, new Date())
  await close()
  return name
}

async function openServer(): Promise<{ url: string; sockets?: string; stop(): Promise<void> }> {
  const url = process.env.TEST_DATABASE_URL
  if (url) return { url, stop: async () => {} }
  sweepDeadRuns()
  const dir = mkdtempSync(path.join(os.tmpdir(), PREFIX))
  const server = await startPostgres({ dir, settings: THROW_AWAY, say: console.warn })
  const stop = async () => {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  return { url: server.url, ...(SOCKETS && { sockets: path.join(dir, 'cluster') }), stop }
}

/** A run that was killed leaves its server and its folder; whoever runs next clears them away. */
function sweepDeadRuns(): void {
  for (const name of readdirSync(os.tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const dir = path.join(os.tmpdir(), name)
    try {
      const lock = takeLock(path.join(dir, 'lock'), dir)
      const server = runningPostmaster(path.join(dir, 'cluster'))
      if (server) process.kill(server.pid, 'SIGQUIT')
      lock.release()
      rmSync(dir, { recursive: true, force: true })
    } catch (error) {
      if (!(error instanceof StartError)) throw error // a living run, or another person's
    }
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
