import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'
import { ROOT } from '../start/options.ts'

/** What backup and restore are told by the environment. */
export type BackupSettings = {
  /** The second place. It should be another disk; beside the data it survives only mistakes. */
  dir: string
  dataDir: string
  /** Hours between base backups. */
  everyHours: number
  /** Days back to which any instant can be restored. */
  keepDays: number
  /** Whether a commit waits for the second place (`sync`); without, the last moments may be lost. */
  sync: boolean
  /** Base backups of our own. Off where pgBackRest makes them and we only keep the log's end. */
  bases: boolean
}

/** Reads BACKUP_DIR, DATA_DIR, BACKUP_EVERY_HOURS, BACKUP_KEEP_DAYS, BACKUP_SYNC and BACKUP_BASES. */
export function readBackupSettings(env: NodeJS.ProcessEnv): BackupSettings {
  const dataDir = path.resolve(ROOT, env.DATA_DIR || 'data')
  return {
    dir: path.resolve(ROOT, env.BACKUP_DIR || `${dataDir}-backup`),
    dataDir,
    everyHours: positive(env, 'BACKUP_EVERY_HOURS', 24),
    keepDays: positive(env, 'BACKUP_KEEP_DAYS', 7),
    sync: env.BACKUP_SYNC !== 'off',
    bases: env.BACKUP_BASES !== 'off',
  }
}

function positive(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = Number(env[name] || otherwise)
  if (value > 0 && value < 10_000) return value
  throw new StartError(
    `${name}=${env[name]} 应为大于 0 的数。`,
    `${name}=${env[name]} must be a number above 0.`,
  )
}
