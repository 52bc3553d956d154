import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'

/** The project's root folder. */
export const ROOT = path.resolve(import.meta.dirname, '..', '..')

/** What `npm start` can be told by the environment; every default makes a whole local product. */
export type Options = {
  host: string
  /** API, H5 and console. */
  port: number
  sandboxPort: number
  dataDir: string
  /** A PostgreSQL of the operator's own instead of the embedded one. */
  databaseUrl: string | undefined
  /** Real keys of the platforms; the sandbox does not start then. */
  credentialsFile: string | undefined
}

/** Reads PORT, SANDBOX_PORT, HOST, DATA_DIR, DATABASE_URL and CREDENTIALS_FILE. */
export function readOptions(env: NodeJS.ProcessEnv): Options {
  return {
    host: env.HOST || '127.0.0.1',
    port: portOf(env, 'PORT', 7080),
    sandboxPort: portOf(env, 'SANDBOX_PORT', 7090),
    dataDir: path.resolve(ROOT, env.DATA_DIR || 'data'),
    databaseUrl: env.DATABASE_URL || undefined,
    credentialsFile: env.CREDENTIALS_FILE ? path.resolve(ROOT, env.CREDENTIALS_FILE) : undefined,
  }
}

function portOf(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const port = Number(env[name] || otherwise)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new StartError(
    `${name}=${env[name]} 不是端口号，应为 1 到 65535 的整数。`,
    `${name}=${env[name]} is not a port: it must be a whole number from 1 to 65535.`,
  )
}
