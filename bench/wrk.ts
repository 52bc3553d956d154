/** Load over HTTP by wrk (Debian's): written in C, it takes less of the machine than what it measures. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

export interface Load {
  url: string
  /** A script of bench/wrk. */
  script: string
  connections: number
  seconds: number
  env?: Record<string, string>
}

export interface Loaded {
  /** Answers of 2xx a second. */
  perSecond: number
  /** All of them. */
  done: number
  /** Answers that were no 2xx, and sockets that failed. */
  failed: number
  p50Ms: number
  p99Ms: number
}

const MICRO = 1000

export async function load({ url, script, connections, seconds, env }: Load): Promise<Loaded> {
  const file = path.join(import.meta.dirname, 'wrk', `${script}.lua`)
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', '-s', file, url]
  const { stdout } = await promisify(execFile)('wrk', args, {
    env: { ...process.env, ...env, BENCH: path.dirname(file) },
  })
  const line = stdout.split('\n').find((one) => one.startsWith('bench '))
  if (!line) throw new Error(`wrk said nothing to read:\n${stdout}`)
  const said = JSON.parse(line.slice('bench '.length)) as Record<
    'requests' | 'micros' | 'status' | 'socket' | 'p50' | 'p99',
    number
  >
  const done = said.requests - said.status
  return {
    perSecond: done / (said.micros / 1e6),
    done,
    failed: said.status + said.socket,
    p50Ms: said.p50 / MICRO,
    p99Ms: said.p99 / MICRO,
  }
}
