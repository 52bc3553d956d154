import {
  type ClusterSettings,
  databaseOf,
  type Remote,
  repositoryOf,
  type Tls,
} from './settings.ts'

/**
 * pgBackRest's configuration, of the database's machine or (with `database`) of the repository's. Pure.
 * Keys of an object store are not written: the operator adds repo1-s3-key and repo1-s3-key-secret, and
 * repo1-cipher-pass where the place is not trusted.
 */
export function renderConfig(settings: ClusterSettings): string {
  const { stanza, dataDir, port, socketDir, keepFull, workDir, database, tls } = settings
  const work = workDir && { 'lock-path': `${workDir}/lock`, 'log-path': `${workDir}/log` }
  const other = databaseOf(database) ?? repositoryOf(settings.repo)
  return [
    section('global', {
      ...repoOf(settings),
      'repo1-retention-full': keepFull,
      'start-fast': 'y',
      'compress-type': 'lz4',
      'log-level-console': 'warn',
      ...work,
      ...(tls && other && serverOf(tls, other, stanza)),
    }),
    section(stanza, {
      ...hostOf('pg1', databaseOf(database), settings),
      'pg1-path': dataDir,
      'pg1-port': port,
      'pg1-socket-path': socketDir,
    }),
  ].join('\n')
}

/**
 * What the cluster is told: each segment goes to the repository when it is full, and after a minute
 * at the latest. A segment that cannot go is tried again and stays where it is.
 */
export function archiveSettings({ config, stanza }: ClusterSettings): Record<string, string> {
  return {
    archive_mode: 'on',
    archive_command: `pgbackrest --config=${config} --stanza=${stanza} archive-push %p`,
    archive_timeout: '60',
  }
}

function repoOf(settings: ClusterSettings): Record<string, string | number> {
  const { repo, s3 } = settings
  const [, bucket, prefix] = /^s3:\/\/([^/]+)(\/.*)?$/.exec(repo) ?? []
  if (bucket && s3) {
    return {
      'repo1-type': 's3',
      'repo1-path': prefix || '/',
      'repo1-s3-bucket': bucket,
      'repo1-s3-endpoint': s3.endpoint,
      'repo1-s3-region': s3.region,
    }
  }
  const remote = repositoryOf(repo)
  if (!remote) return { 'repo1-path': repo }
  return { ...hostOf('repo1', remote, settings), 'repo1-path': remote.folder ?? '' }
}

/** How the other machine is reached, and where its own configuration lies. */
function hostOf(
  what: 'repo1' | 'pg1',
  remote: Remote | undefined,
  { tls, config, otherConfig = config }: ClusterSettings,
): Record<string, string | number> {
  if (!remote) return {}
  const { wire, host, port } = remote
  const known = { [`${what}-host`]: host, [`${what}-host-config`]: otherConfig }
  if (wire === 'ssh' || !tls) return known
  return {
    ...known,
    [`${what}-host-type`]: 'tls',
    [`${what}-host-port`]: port ?? tls.port,
    [`${what}-host-ca-file`]: `${tls.folder}/ca.crt`,
    [`${what}-host-cert-file`]: `${tls.folder}/own.crt`,
    [`${what}-host-key-file`]: `${tls.folder}/own.key`,
  }
}

/** Who may ask this machine's `pgbackrest server`: the other one, by its certificate, and nobody else. */
function serverOf({ folder, address, port }: Tls, { host }: Remote, stanza: string) {
  return {
    'tls-server-address': address,
    'tls-server-port': port,
    'tls-server-ca-file': `${folder}/ca.crt`,
    'tls-server-cert-file': `${folder}/own.crt`,
    'tls-server-key-file': `${folder}/own.key`,
    'tls-server-auth': `${host}=${stanza}`,
  }
}

function section(name: string, values: Record<string, string | number>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}`)
  return `[${name}]\n${lines.join('\n')}\n`
}
