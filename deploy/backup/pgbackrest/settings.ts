import path from 'node:path'
import { StartError } from '../../../server/db/startError.ts'

/** A cluster of the operator's own that pgBackRest looks after. */
export type ClusterSettings = {
  /** pgBackRest's file; the one thing that says "not the embedded database". */
  config: string
  stanza: string
  /** PostgreSQL's data folder on its machine, its port and the folder of its socket. */
  dataDir: string
  port: number
  socketDir: string
  /**
   * The second place: a folder, a repository machine (`host:/folder` by SSH, `tls://host:port/folder`),
   * or `s3://bucket/folder`.
   */
  repo: string
  s3?: { endpoint: string; region: string }
  /** On the repository machine: where the database is, as `host` by SSH or `tls://host:port`. */
  database?: string
  tls?: Tls
  /** pgBackRest's file on the other machine; the same path as here unless said otherwise. */
  otherConfig?: string
  /** Full backups to keep, with all log since the oldest. */
  keepFull: number
  /** Where pgBackRest locks and logs; its own default when it is not given. */
  workDir?: string
}

/** How the two machines know each other without SSH. */
export type Tls = {
  /** Holds ca.crt, and this machine's own.crt and own.key. */
  folder: string
  /** Where this machine's `pgbackrest server` listens. */
  address: string
  port: number
}

/** The other machine of a pair, by either wire. */
export type Remote = { wire: 'ssh' | 'tls'; host: string; port?: number; folder?: string }

/** Reads `tls://host:port/folder` or `host:/folder`; undefined for a folder of this machine. */
export function repositoryOf(text: string): Remote | undefined {
  const [, host, folder] = /^([\w.-]+):(\/.+)$/.exec(text) ?? []
  return host && folder && !text.startsWith('tls:') ? { wire: 'ssh', host, folder } : tlsOf(text)
}

/** Reads `tls://host:port` or `host`; undefined where it is not given. */
export function databaseOf(text: string | undefined): Remote | undefined {
  return text ? (tlsOf(text) ?? { wire: 'ssh', host: text }) : undefined
}

function tlsOf(text: string): Remote | undefined {
  const [, host, port, folder] = /^tls:\/\/([\w.-]+):(\d+)(\/.+)?$/.exec(text) ?? []
  return host ? { wire: 'tls', host, port: Number(port), ...(folder && { folder }) } : undefined
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
  if (repo.startsWith('tls://') && !repositoryOf(repo)?.folder)
    throw new StartError(
      'BACKUP_REPO 应写成 tls://备份机:端口/目录。',
      'BACKUP_REPO must be tls://host:port/folder.',
    )
  const { BACKUP_DATABASE: database, BACKUP_TLS: tls } = env
  const isTls = (databaseOf(database) ?? repositoryOf(repo))?.wire === 'tls'
  if (isTls && !tls)
    throw new StartError(
      'tls:// 还需要 BACKUP_TLS：存有 ca.crt、own.crt 和 own.key 的目录。',
      'With tls:// BACKUP_TLS is needed too: the folder of ca.crt, own.crt and own.key.',
    )
  return {
    config: path.resolve(env.PGBACKREST_CONFIG),
    stanza: env.PGBACKREST_STANZA || 'jiyue',
    dataDir: path.resolve(env.PGDATA || '/var/lib/postgresql/15/main'),
    port: Number(env.PGPORT || 5432),
    socketDir: env.PGHOST || '/var/run/postgresql',
    repo,
    ...(endpoint && region && { s3: { endpoint, region } }),
    ...(database && { database }),
    ...(isTls &&
      tls && {
        tls: {
          folder: path.resolve(tls),
          address: env.BACKUP_TLS_ADDRESS || '0.0.0.0',
          port: Number(env.BACKUP_TLS_PORT || 8432),
        },
      }),
    ...(env.BACKUP_OTHER_CONFIG && { otherConfig: env.BACKUP_OTHER_CONFIG }),
    keepFull: Number(env.BACKUP_KEEP_FULL || 2),
  }
}
