/** The two programs of Debian that a cluster needs besides ours, as children of ours. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ChildOptions } from '../start/child.ts'
import { ensurePrograms } from '../start/debian.ts'
import { nginxConf, redisConf } from './conf.ts'

export type ClusterPrograms = { nginx: string; redis: string }

/** nginx and redis-server of this machine; installed where that can be done (debian.ts). */
export function ensureClusterPrograms(say: (sentence: string) => void): ClusterPrograms {
  const wanted = [
    { program: 'nginx', package: 'nginx' },
    { program: 'redis-server', package: 'redis-server' },
  ]
  const files = ensurePrograms(wanted, '集群（nginx 与 Redis）', say)
  return { nginx: files.nginx as string, redis: files['redis-server'] as string }
}

/** A Redis of this cluster's own under `dir`, with a new password at each start; and its address. */
export function redisChild(program: string, dir: string, port: number, log: string) {
  const password = randomBytes(24).toString('hex')
  const file = path.join(dir, 'redis.conf')
  mkdirSync(dir, { recursive: true })
  writeFileSync(file, redisConf({ port, password, dir }), { mode: 0o600 })
  const child: ChildOptions = foreign('Redis', program, [file], `127.0.0.1:${port}`, log)
  return { child, url: `redis://:${password}@127.0.0.1:${port}` }
}

export interface NginxAt {
  nodes: readonly string[]
  host: string
  port: number
  /** Its configuration, pid and bodies on their way. */
  dir: string
  log: string
}

/** nginx before the nodes. Started by root its workers are root's too: the fronts may lie in their home. */
export function nginxChild(
  program: string,
  { nodes, host, port, dir, log }: NginxAt,
): ChildOptions {
  const file = path.join(dir, 'nginx.conf')
  mkdirSync(dir, { recursive: true })
  const user = process.getuid?.() === 0 ? 'root' : undefined
  const accessLog = path.join(dir, 'access.log')
  writeFileSync(file, nginxConf({ nodes, host, port, run: dir, log: accessLog, user }))
  const args = ['-p', dir, '-e', 'stderr', '-c', file, '-g', 'daemon off;']
  return foreign('nginx', program, args, `${host}:${port}`, log)
}

function foreign(title: string, program: string, args: string[], at: string, log: string) {
  const env = { PROGRAM: program, ARGS: JSON.stringify(args), AT: at }
  return { title, file: 'deploy/cluster/mind.ts', env, log }
}
