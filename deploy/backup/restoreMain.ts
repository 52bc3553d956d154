/**
 * `npm run restore -- [--to <time>] [--into <folder>] [--over]`: makes a new data folder from the
 * backups, as it was at that time, or with everything the archive has.
 */
import { StartError } from '../../server/db/startError.ts'
import { readRestoreArgs } from './options.ts'
import { restoreCluster } from './pgbackrest/restore.ts'
import { readClusterSettings } from './pgbackrest/settings.ts'
import { restore } from './restore.ts'
import { readBackupSettings } from './settings.ts'

try {
  const args = readRestoreArgs(process.argv.slice(2))
  const cluster = readClusterSettings(process.env)
  const { dir, dataDir } = readBackupSettings(process.env)
  const stamp = new Date().toISOString().replace(/[-:.]/g, '')
  if (cluster) {
    const into = args.into ?? `${cluster.dataDir}-restored-${stamp}`
    await restoreCluster(
      { ...cluster, tailDir: process.env.BACKUP_DIR },
      { ...args, into },
      console.log,
    )
    console.log(`✓ 已恢复到 ${into}。启动它的 PostgreSQL 后会自动重放日志。`)
  } else {
    const into = args.into ?? (args.over ? dataDir : `${dataDir}-restored-${stamp}`)
    const { base, segments, lastChangeAt } = await restore({ ...args, dir, into, say: console.log })
    console.log(
      `✓ 已恢复到 ${into}（基础备份 ${base}，日志 ${segments} 段，最后一笔改动 ${lastChangeAt ?? '无'}）`,
    )
    if (into !== dataDir) console.log(`  用它启动：DATA_DIR=${into} npm start`)
  }
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(`✗ ${error.message}`)
  process.exitCode = 1
}
