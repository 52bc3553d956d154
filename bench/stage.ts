/**
 * The stage of a run: a durable PostgreSQL of its own (embedded, as shipped), the sandbox, one node,
 * the demo merchant, and a crowd of signed-in people.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { dayOf } from '@jiyue/contract/time'
import pg from 'pg'
import { type Child, startChild } from '../deploy/start/child.ts'
import { seedDemo } from '../deploy/start/demo.ts'
import { anyFreePort } from '../server/db/embedded/port.ts'
import { startPostgres } from '../server/db/embedded.ts'
import { migrate } from '../server/db/migrate.ts'
import { lecture } from '../server/demo/world.ts'

export interface Stage {
  dir: string
  databaseUrl: string
  pool: pg.Pool
  node: Child
  /** Starts one more node on the same database; its caller stops it. */
  another(): Promise<Child>
  sandbox: Child
  /** PostgreSQL's postmaster. */
  postmaster: number
  /** File with one token a line. */
  tokens: string
  service: string
  /** A fresh slot of `capacity` seats that anybody may book. */
  slot(capacity: number, hours?: number): Promise<string>
  close(): Promise<void>
}

export interface StageOptions {
  people: number
}

export async function openStage({ people }: StageOptions): Promise<Stage> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'jiyue-bench-'))
  const database = await startPostgres({ dir: path.join(dir, 'db'), say: () => {} })
  await migrate(database.url)
  await seedDemo(database.url)
  const pool = new pg.Pool({ connectionString: database.url, max: 4 })
  // What a merchant may set: one person of the crowd stands for many.
  await pool.query(
    `insert into rules values ('ordersPerUser', 1000000), ('holdsPerSlot', 1000000), ('bookingDays', 60)
     on conflict (key) do update set value = excluded.value`,
  )
  const tokens = path.join(dir, 'tokens')
  writeFileSync(tokens, (await signInCrowd(pool, people)).join('\n'))
  const sandboxDir = path.join(dir, 'sandbox')
  const sandbox = await startChild({
    title: 'sandbox',
    file: 'sandbox/main.ts',
    log: path.join(dir, 'sandbox.log'),
    env: { SANDBOX_DIR: sandboxDir },
  })
  const another = async (port?: number) =>
    startChild({
      title: 'node',
      file: 'bench/node.ts',
      log: path.join(dir, 'node.log'),
      env: {
        PORT: String(port ?? (await anyFreePort())),
        DATA_DIR: dir,
        DATABASE_URL: database.url,
        CREDENTIALS_FILE: path.join(sandboxDir, 'credentials.json'),
        REQUESTS_PER_MINUTE: '100000000',
      },
    })
  const node = await another(await anyFreePort())
  return {
    dir,
    databaseUrl: database.url,
    pool,
    node,
    another,
    sandbox,
    postmaster: database.pid,
    tokens,
    service: lecture,
    slot: (capacity, hours = 72) => addSlot(pool, capacity, hours),
    async close() {
      await node.stop()
      await sandbox.stop()
      await pool.end()
      await database.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Users with a session each, as sign-in writes them; answers the tokens. */
async function signInCrowd(pool: pg.Pool, count: number): Promise<string[]> {
  const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'))
  const users = tokens.map(() => randomUUID())
  const hashes = tokens.map((token) => createHash('sha256').update(token).digest())
  await pool.query(
    `insert into users (id, name) select id, '用户' from unnest($1::uuid[]) as x (id)`,
    [users],
  )
  await pool.query(
    `insert into sessions (token_hash, user_id, host, expires_at)
     select hash, id, 'h5', now() + interval '1 day' from unnest($1::bytea[], $2::uuid[]) as x (hash, id)`,
    [hashes, users],
  )
  await pool.query('vacuum analyze users, sessions')
  return tokens
}

async function addSlot(pool: pg.Pool, capacity: number, hours: number): Promise<string> {
  const id = randomUUID()
  const starts = new Date(Date.now() + hours * 3_600_000)
  await pool.query('update days set open = true, by_merchant = true where day = $1', [
    dayOf(starts.getTime()),
  ])
  await pool.query(
    `insert into slots (id, service_id, starts_at, ends_at, bookable_until, capacity)
     values ($1, $2, $3, $3::timestamptz + interval '1 h', $3, $4)`,
    [id, lecture, starts, capacity],
  )
  return id
}
