/** A cluster of real programs for the tests: nginx, redis-server, nodes of server/main.ts. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Call } from '@jiyue/contract/client'
import { ensureClusterPrograms, nginxChild, redisChild } from '../../deploy/cluster/programs.ts'
import { type Child, type ChildOptions, startChild } from '../../deploy/start/child.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { anyFreePort } from '../../server/db/embedded/port.ts'
import { openSession } from '../../server/people/sessions.ts'
import { type FreshDatabase, freshDatabase } from '../db.ts'
import { newUsers, seedWorld } from '../races/setting.ts'
import { caller } from '../world.ts'
import { openRelay, type Relay } from './relay.ts'

/** A program that can be ended in every way and started again at its place. */
export interface Program {
  url: string
  start(): Promise<void>
  /** kill -9. */
  kill(): Promise<void>
  /** SIGTERM, as systemd does; answers its last words when it is gone. */
  end(): Promise<string>
  stop(): Promise<void>
}

export interface Cluster {
  /** nginx's. */
  url: string
  nodes: Program[]
  redis: Program
  /** The way to the database; every node's connections go through it. */
  toDatabase: Relay
  database: FreshDatabase
  sandbox: Sandbox
  dir: string
  close(): Promise<void>
}

export interface ClusterOptions {
  nodes: number
  requestsPerMinute?: number
  drainMs?: number
}

export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'jiyue-cluster-'))
  const files = ensureClusterPrograms(() => {})
  const [database, sandbox] = await Promise.all([freshDatabase(), startSandbox()])
  await seedWorld(database.db)
  const toDatabase = await openRelay(new URL(database.url))
  const viaRelay = new URL(database.url)
  viaRelay.host = `127.0.0.1:${toDatabase.port}`
  const credentials = path.join(dir, 'credentials.json')
  writeFileSync(credentials, JSON.stringify(sandbox.credentials))
  const log = (name: string) => path.join(dir, `${name}.log`)

  const ports: number[] = []
  while (ports.length < options.nodes + 2) ports.push(await anyFreePort())
  const [port, redisPort, ...nodePorts] = ports as [number, number, ...number[]]
  const redisAt = redisChild(files.redis, path.join(dir, 'redis'), redisPort, log('redis'))
  const redis = program(redisAt.child, redisAt.url)
  await redis.start()
  const env = {
    DATABASE_URL: viaRelay.href,
    REDIS_URL: redisAt.url,
    CREDENTIALS_FILE: credentials,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    SEAL_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'warn',
    REQUESTS_PER_MINUTE: String(options.requestsPerMinute ?? 1_000_000),
    DRAIN_MS: String(options.drainMs ?? 0),
  }
  const nodes = nodePorts.map((nodePort, i) => {
    const name = `node-${i + 1}`
    const own = { ...env, PORT: String(nodePort) }
    const child = { title: name, file: 'server/main.ts', env: own, log: log(name) }
    return program(child, `http://127.0.0.1:${nodePort}`)
  })
  await Promise.all(nodes.map((node) => node.start()))
  const at = nodePorts.map((nodePort) => `127.0.0.1:${nodePort}`)
  const nginx = program(
    nginxChild(files.nginx, { nodes: at, host: '127.0.0.1', port, dir, log: log('nginx') }),
    `http://127.0.0.1:${port}`,
  )
  await nginx.start()
  return {
    url: nginx.url,
    nodes,
    redis,
    toDatabase,
    database,
    sandbox,
    dir,
    async close() {
      await nginx.stop()
      await Promise.all(nodes.map((node) => node.stop()))
      await Promise.all([redis.stop(), toDatabase.close(), sandbox.stop()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function program(options: ChildOptions, url: string): Program {
  let child: Child | null = null
  const end = async (signal: NodeJS.Signals) => {
    const ending = child
    if (!ending) throw new Error(`${options.title} does not run`)
    process.kill(ending.pid, signal)
    child = null
    return (await ending.died).message
  }
  return {
    url,
    async start() {
      child = await startChild(options)
    },
    async kill() {
      await end('SIGKILL')
    },
    end: () => end('SIGTERM'),
    async stop() {
      await child?.stop()
      child = null
    },
  }
}

/** Signed-in users, without a phone's part in it; `at(url)` calls as one of them, in turn. */
export async function crowd({ database }: Cluster, count: number): Promise<(url: string) => Call> {
  const ids = await newUsers(database.db, count)
  const sessions = await Promise.all(
    ids.map((userId) => openSession(database.db, { userId, host: 'weapp' }, new Date())),
  )
  let next = 0
  return (url) => caller(url, sessions[next++ % count]?.token)
}

/** Runs `work` for 0 … count - 1, `atOnce` together. */
export async function inLanes<T>(
  count: number,
  atOnce: number,
  work: (i: number) => Promise<T>,
): Promise<T[]> {
  const done: T[] = []
  let next = 0
  const lane = async () => {
    while (next < count) {
      const i = next++
      done[i] = await work(i)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return done
}
