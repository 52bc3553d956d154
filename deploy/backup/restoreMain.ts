/**
 * `npm run restore -- [--to <time>] [--into <folder>] [--over]`: makes a new data folder from the
 * backups, as it was at that time, or with everything the archive has.
 */
import { StartError } from '../../server/db/startError.ts'
import { type ErasedAgain, restoreErased } from './erased.ts'
import { readRestoreArgs } from './options.ts'
import { restoreCluster } from './pgbackrest/restore.ts'
import { readClusterSettings } from './pgbackrest/settings.ts'
import { readBackupSettings } from './settings.ts'

try {
  const args = readRestoreArgs(process.argv.slice(2))
  const cluster = readClusterSettings(process.env)
  const { dir, dataDir } = readBackupSettings(process.env)
  const stamp = new Date().toISOString().replace(/[-:.]/g, '')
  if (cluster) {
    const into = args.into ?? `${cluster.dataDir}-restored-${stamp}`
    const source = { ...cluster, tailDir: process.env.BACKUP_DIR }
    const erased = await restoreCluster(source, { ...args, into }, console.log)
    console.log(`✓ 已恢复到 ${into}。${erased ? '' : '启动它的 PostgreSQL 后会自动重放日志。'}`)
    if (erased) tellErased(erased, into)
  } else {
    const into = args.into ?? (args.over ? dataDir : `${dataDir}-restored-${stamp}`)
    const restored = await restoreErased({ ...args, dir, into, say: console.log })
    const { base, segments, lastChangeAt, erased } = restored
    console.log(
      `✓ 已恢复到 ${into}（基础备份 ${base}，日志 ${segments} 段，最后一笔改动 ${lastChangeAt ?? '无'}）`,
    )
    if (erased) tellErased(erased, into)
    if (into !== dataDir) console.log(`  用它启动：DATA_DIR=${into} npm start`)
  }
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(`✗ ${error.message}`)
  process.exitCode = 1
}

function tellErased({ known, again, whole }: ErasedAgain, into: string): void {
  console.log(`  到归档末尾共 ${known} 人注销，其中 ${again} 人在恢复的数据里，已再次删除。`)
  if (whole) return
  console.log(`⚠ 归档末尾读不完整，其后注销的人可能还在恢复的数据里。如果旧数据还能启动，请在开放前执行：
  npm run erase-again -- --from <旧数据> --into ${into}`)
}
