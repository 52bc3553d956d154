/** The product as it really runs: PostgreSQL with durable settings, sandbox and server as processes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { anyFreePort } from '../../server/db/embedded/port.ts'
import { type Postgres, startPostgres } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Db, openPool } from '../../server/db/pool.ts'
import { seed } from '../../server/seed.ts'

const ROOT = path.join(__dirname, '../..')

export interface Programs {
  url: string
  sandboxUrl: string
  postgres: Postgres
  db: Db
  /** Ends the server as a power cut would. */
  kill(): Promise<void>
  /** Starts it again, and waits until it answers. */
  start(): Promise<void>
  /** Where its inspector listens, when `nodeOptions` asked for one. */
  inspectorUrl(): Promise<string>
  close(): Promise<void>
}

interface Program {
  child: ChildProcess
  gone: Promise<unknown>
  /** What it said on stderr so far. */
  words: string[]
}

export interface ProgramOptions {
  /** Stands between server and sandbox: answers the address that the server is told instead. */
  front?: (sandboxUrl: string) => Promise<string>
  /** The server's NODE_OPTIONS. */
  nodeOptions?: string
  /** Requests a minute that one person may send; the product's own limit by default. */
  requestsPerMinute?: number
}

/** Starts everything in a folder of its own. */
export async function startPrograms({
  front,
  nodeOptions,
  requestsPerMinute,
}: ProgramOptions = {}): Promise<Programs> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'jiyue-crash-'))
  chmodSync(dir, 0o755) // PostgreSQL's own account looks through it
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), say: () => {} })
  await migrate(postgres.url)
  // The tests look over the server's shoulder with a pool of their own; a crash breaks that too.
  const db = openPool(postgres.url, { name: 'onlooker', report: () => {} })
  await seed(db.db, new Date())
  const [port, sandboxPort] = [await anyFreePort(), await anyFreePort()]
  const sandboxDir = path.join(dir, 'sandbox')
  const sandbox = await run('sandbox/main.ts', {
    SANDBOX_DIR: sandboxDir,
    SANDBOX_PORT: String(sandboxPort),
  })
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  const credentials = path.join(dir, 'credentials.json')
  const given = readFileSync(path.join(sandboxDir, 'credentials.json'), 'utf8')
  const told = front ? await front(sandboxUrl) : sandboxUrl
  writeFileSync(credentials, given.replaceAll(sandboxUrl, told))
  const env = {
    PORT: String(port),
    DATABASE_URL: postgres.url,
    CREDENTIALS_FILE: credentials,
    SEAL_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'silent',
    ...(nodeOptions && { NODE_OPTIONS: nodeOptions }),
    ...(requestsPerMinute && { REQUESTS_PER_MINUTE: String(requestsPerMinute) }),
  }
  const start = () => run('server/main.ts', env)
  let server = await start()
  const kill = async ({ child, gone }: Program) => {
    child.kill('SIGKILL')
    await gone
  }
  return {
    url: `http://127.0.0.1:${port}`,
    sandboxUrl,
    postgres,
    db,
    kill: () => kill(server),
    async inspectorUrl() {
      const url = /ws:\/\/\S+/.exec(server.words.join(' '))?.[0]
      if (!url) throw new Error('the server said nothing of an inspector')
      return url
    },
    async start() {
      server = await start()
    },
    async close() {
      await kill(server)
      await kill(sandbox)
      await db.close()
      await postgres.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function run(file: string, env: Record<string, string>): Promise<Program> {
  const child = spawn(process.execPath, [file], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const words: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => words.push(line))
  const lines = createInterface({ input: child.stdout })
  const gone = once(child, 'exit')
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => line.startsWith('ready ') && resolve())
  })
  const died = gone.then(() => {
    throw new Error(`${file} ended before it was ready:\n${words.join('\n')}`)
  })
  died.catch(() => {}) // later it is killed on purpose
  await Promise.race([ready, died])
  return { child, gone, words }
}
