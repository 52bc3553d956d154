/** A shop on a durable database of its own, its archive as a process, and a crowd that books. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { hold } from '../../server/booking/booking.ts'
import { runningPostmaster } from '../../server/db/embedded/postmaster.ts'
import { startPostgres } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Db, openPool } from '../../server/db/pool.ts'
import { lecture } from '../../server/demo/world.ts'
import { deafBus, newSlot, newUsers, seedWorld } from '../races/setting.ts'

/** Ended by `endAll` whatever became of the test. */
const children = new Set<ChildProcess>()
const clusters = new Set<string>()

const ROOT = path.join(__dirname, '../..')

export const newFolder = () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jiyue-backup-'))
  chmodSync(folder, 0o755) // PostgreSQL's own account looks through it
  return folder
}

/** A database that lives in a process of its own, so that everything of it can be killed at once. */
export type Shop = {
  url: string
  db: Db
  /** Ends launcher and server as a power cut would. */
  kill(): Promise<void>
}

/** Starts the embedded database in `dataDir`, in a process of its own, with the demo world in it. */
export async function openShop(dataDir: string): Promise<Shop> {
  const dir = path.join(dataDir, 'postgres')
  const script = `const { startPostgres } = await import('./server/db/embedded.ts')
    const { url } = await startPostgres({ dir: ${JSON.stringify(dir)} })
    console.log(url)
    setInterval(() => {}, 1000)`
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(launcher)
  clusters.add(dir)
  const [line] = await once(createInterface(launcher.stdout), 'line')
  const url = String(line)
  await migrate(url)
  const db = openPool(url, { name: 'shop', report: () => {}, max: 20 })
  await seedWorld(db.db)
  const kill = async () => {
    const server = runningPostmaster(path.join(realpathSync(dir), 'cluster'))
    launcher.kill('SIGKILL')
    await once(launcher, 'exit')
    if (server) process.kill(server.pid, 'SIGKILL')
    await db.close()
  }
  return { url, db, kill }
}

export type Archive = {
  child: ChildProcess
  /** What it said so far. */
  said(): string
  /** Waits until it has said this. */
  says(sentence: string | RegExp): Promise<void>
  stop(): Promise<void>
}

/** Starts the archive as `npm start` does, and waits until it says that it is ready. */
export async function startArchive(
  url: string,
  backupDir: string,
  env: Record<string, string> = {},
): Promise<Archive> {
  const child = spawn(process.execPath, ['deploy/backup/archive.ts'], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: url, BACKUP_DIR: backupDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const gone = once(child, 'exit')
  const says = async (sentence: string | RegExp) => {
    const end = Date.now() + 120_000 // the archive itself waits up to 30 s between two tries
    while (output.search(sentence) < 0) {
      if (child.exitCode !== null || Date.now() > end)
        throw new Error(`the archive never said ${sentence}:\n${output}`)
      await pause(20)
    }
  }
  await says(/^ready /m)
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await gone
  }
  return { child, said: () => output, says, stop }
}

/** Orders that the product has acknowledged, by slot. */
export type Sold = { slot: string; orders: string[] }

/** More than are sold while a backup is made, however long that takes on a busy machine. */
export const MANY = 50_000

/** Makes a slot and lets `count` people book it, a few at a time; every one is acknowledged. */
export async function sell(db: Db, count: number): Promise<Sold> {
  const slot = await newSlot(db.db, { serviceId: lecture, capacity: MANY })
  const sold: Sold = { slot, orders: [] }
  await sellInto(db, sold, count)
  return sold
}

/** Goes on selling seats of a slot; an order counts when its hold was answered. */
export async function sellInto(db: Db, sold: Sold, count: number): Promise<void> {
  const next = people(db, count)
  const buyer = async () => {
    for await (const user of next) {
      const order = randomUUID()
      const [held] = await hold(db.db, deafBus, [{ order, user, slot: sold.slot, party: 1 }])
      if (held?.verdict === 'granted') sold.orders.push(order)
    }
  }
  await Promise.all([buyer(), buyer(), buyer(), buyer()])
}

async function* people(db: Db, count: number): AsyncGenerator<string> {
  for (let made = 0; made < count; made += 500)
    yield* await newUsers(db.db, Math.min(500, count - made))
}

/** What a database knows of a slot: its orders, and the seats it counts as taken. */
export async function soldIn(
  url: string,
  slot: string,
): Promise<{ orders: string[]; taken: number }> {
  const { db, close } = openPool(url, { name: 'auditor' })
  try {
    const rows = await db.selectFrom('orders').select('id').where('slot_id', '=', slot).execute()
    const seen = await db
      .selectFrom('slots')
      .select('taken')
      .where('id', '=', slot)
      .executeTakeFirst()
    return { orders: rows.map(({ id }) => id).sort(), taken: seen?.taken ?? -1 }
  } finally {
    await close()
  }
}

/** Starts a restored data folder for a look. */
export async function lookInto<T>(dataDir: string, look: (url: string) => Promise<T>): Promise<T> {
  const server = await startPostgres({ dir: path.join(dataDir, 'postgres') })
  try {
    return await look(server.url)
  } finally {
    await server.stop()
  }
}

/** Ends every process a test started, by its own id, and waits for it. */
export async function endAll(): Promise<void> {
  for (const dir of clusters) {
    const server = existsSync(dir) && runningPostmaster(path.join(realpathSync(dir), 'cluster'))
    if (server) process.kill(server.pid, 'SIGQUIT')
  }
  clusters.clear()
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  children.clear()
}

export const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true })
