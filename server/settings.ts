/**
 * What a process is told from outside, checked once at start. The only reader of process.env.
 * Business numbers are not here: they are the merchant's rules (order/rules.ts).
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { StartError } from './db/startError.ts'

export interface Settings {
  host: string
  port: number
  databaseUrl: string
  /** The Redis that a cluster's nodes share; without it the one process keeps everything itself. */
  redisUrl?: string
  /** File with the platforms' addresses and keys (platforms/credentials.ts). */
  credentialsFile: string
  /** Where phones and providers reach us, without a slash at the end. */
  publicUrl: string
  /** 32 bytes that seal personal data; losing them loses the data. */
  sealKey: Buffer
  /** Keys it was followed by, the newest first: the first of them seals, all open (X11). */
  newerSealKeys: readonly Buffer[]
  production: boolean
  /** Built fronts to serve, where they exist. */
  h5Dir: string
  consoleDir: string
  logLevel: string
  /** Requests a minute from one session or address. */
  requestsPerMinute: number
  /** Proxies whose X-Forwarded-For is believed: addresses or networks, with commas between. */
  trustedProxies: string
  /** Time a node that was told to end serves on, ms: those who send to it must notice first. */
  drainMs: number
}

const ROOT = path.resolve(import.meta.dirname, '..')

/** Reads and checks the environment. Throws `StartError` with a sentence that names the variable. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const production = env.NODE_ENV === 'production'
  const port = whole(env, 'PORT', 7080)
  const host = env.HOST ?? '127.0.0.1'
  return {
    host,
    port,
    databaseUrl: needed(env, 'DATABASE_URL'),
    ...(env.REDIS_URL && { redisUrl: env.REDIS_URL }),
    credentialsFile: needed(env, 'CREDENTIALS_FILE'),
    publicUrl: (env.PUBLIC_URL ?? `http://${host}:${port}`).replace(/\/+$/, ''),
    sealKey: sealKey(env, production),
    newerSealKeys: newerSealKeys(env),
    production,
    h5Dir: path.join(ROOT, 'dist', 'h5'),
    consoleDir: path.join(ROOT, 'console', 'dist'),
    logLevel: env.LOG_LEVEL ?? 'info',
    requestsPerMinute: whole(env, 'REQUESTS_PER_MINUTE', 1200),
    trustedProxies: env.TRUSTED_PROXIES ?? 'loopback',
    drainMs: whole(env, 'DRAIN_MS', production ? 5_000 : 0),
  }
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name]
  if (!value) throw new StartError(`缺少环境变量 ${name}。`, `The variable ${name} is not set.`)
  return value
}

function whole(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = env[name] === undefined ? otherwise : Number(env[name])
  if (Number.isInteger(value) && value >= 0 && value < 1e9) return value
  throw new StartError(`环境变量 ${name} 应为整数。`, `${name} must be a whole number.`)
}

/** `SEAL_KEY` as 64 hex digits; outside production one is made and kept under `DATA_DIR`. */
function sealKey(env: NodeJS.ProcessEnv, production: boolean): Buffer {
  const given = env.SEAL_KEY
  if (given && /^[0-9a-f]{64}$/i.test(given)) return Buffer.from(given, 'hex')
  if (given || production) {
    throw new StartError('SEAL_KEY 应为 64 位十六进制数。', 'SEAL_KEY must be 64 hex digits.')
  }
  const file = path.join(path.resolve(env.DATA_DIR ?? path.join(ROOT, 'data')), 'seal.key')
  if (existsSync(file)) return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
  const key = randomBytes(32)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  return key
}

/** `SEAL_KEYS`: each 64 hex digits, with commas between, the newest first. */
function newerSealKeys(env: NodeJS.ProcessEnv): Buffer[] {
  const keys = (env.SEAL_KEYS ?? '').split(',').filter((key) => key.trim() !== '')
  return keys.map((key) => {
    if (/^[0-9a-f]{64}$/i.test(key.trim())) return Buffer.from(key.trim(), 'hex')
    throw new StartError(
      'SEAL_KEYS 中每一项应为 64 位十六进制数，用逗号分隔。',
      'Each of SEAL_KEYS must be 64 hex digits, with commas between.',
    )
  })
}
