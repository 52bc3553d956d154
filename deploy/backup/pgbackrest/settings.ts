import path from 'node:path'
import { StartError } from '../../../server/db/startError.ts'

/** A cluster of the operator's own that pgBackRest looks after. */
export type ClusterSettings = {
  /** pgBackRest's file; the one thing that says "not the embedded database". */
  config: string
  stanza: string
  /** PostgreSQL's data folder on this machine, its port and the folder of its socket. */
  dataDir: string
  port: number
  socketDir: string
  /** The second place: a folder, `host:/folder` of a repository host, or `s3://bucket/folder`. */
  repo: string
  s3?: { endpoint: string; region: string }
  /** Full backups to keep, with all log since the oldest. */
  keepFull: number
  /** Where pgBackRest locks and logs; its own default when it is not given. */
  workDir?: string
}

/** Reads PGBACKREST_CONFIG and, with it, the rest; undefined where it is not set. */
export function readClusterSettings(env: NodeJS.ProcessEnv): ClusterSettings | undefined {
  if (!env.PGBACKREST_CONFIG) return undefined
  const { BACKUP_S3_ENDPOINT: endpoint, BACKUP_S3_REGION: region } = env
  const repo = env.BACKUP_REPO || '/var/lib/pgbackrest'
  if (repo.startsWith('s3://') && !(endpoint && region))
    throw new StartError(
      'BACKUP_REPO 是 s3:// 时还需要 BACKUP_S3_ENDPOINT 和 BACKUP_S3_REGION。',
      'With BACKUP_REPO=s3://… BACKUP_S3_ENDPOINT and BACKUP_S3_REGION are needed too.',
    )
  return {
    config: path.resolve(env.PGBACKREST_CONFIG),
    stanza: env.PGBACKREST_STANZA || 'jiyue',
    dataDir: path.resolve(env.PGDATA || '/var/lib/postgresql/15/main'),
    port: Number(env.PGPORT || 5432),
    socketDir: env.PGHOST || '/var/run/postgresql',
    repo,
    ...(endpoint && region && { s3: { endpoint, region } }),
    keepFull: Number(env.BACKUP_KEEP_FULL || 2),
  }
}
