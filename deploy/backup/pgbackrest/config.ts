import type { ClusterSettings } from './settings.ts'

/**
 * pgBackRest's configuration. Pure. Keys of an object store are not written: the operator adds
 * repo1-s3-key and repo1-s3-key-secret, and repo1-cipher-pass where the place is not trusted.
 */
export function renderConfig(settings: ClusterSettings): string {
  const { stanza, dataDir, port, socketDir, keepFull, workDir } = settings
  const work = workDir && { 'lock-path': `${workDir}/lock`, 'log-path': `${workDir}/log` }
  return [
    section('global', {
      ...repoOf(settings),
      'repo1-retention-full': keepFull,
      'start-fast': 'y',
      'compress-type': 'lz4',
      'log-level-console': 'warn',
      ...work,
    }),
    section(stanza, { 'pg1-path': dataDir, 'pg1-port': port, 'pg1-socket-path': socketDir }),
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

function repoOf({ repo, s3 }: ClusterSettings): Record<string, string> {
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
  const [, host, folder] = /^([\w.-]+):(\/.+)$/.exec(repo) ?? []
  return host && folder ? { 'repo1-host': host, 'repo1-path': folder } : { 'repo1-path': repo }
}

function section(name: string, values: Record<string, string | number>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}`)
  return `[${name}]\n${lines.join('\n')}\n`
}
