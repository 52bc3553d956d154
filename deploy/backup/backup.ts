/**
 * `npm run backup`: a base backup now. Of the embedded database while `npm start` runs; with
 * PGBACKREST_CONFIG of the cluster it names, by pgBackRest (`-- --set-up` prepares it).
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { OWNER } from '../../server/db/embedded/initialise.ts'
import { runningPostmaster } from '../../server/db/embedded/postmaster.ts'
import { StartError } from '../../server/db/startError.ts'
import { takeBase } from './base.ts'
import { keepKeys } from './keys.ts'
import { backUpCluster } from './pgbackrest/backup.ts'
import { readClusterSettings } from './pgbackrest/settings.ts'
import { prune } from './retention.ts'
import { readBackupSettings } from './settings.ts'

try {
  const cluster = readClusterSettings(process.env)
  if (cluster) await backUpCluster(cluster, process.argv.slice(2), console.log)
  else await backUpEmbedded()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(`✗ ${error.message}`)
  process.exitCode = 1
}

async function backUpEmbedded(): Promise<void> {
  const settings = readBackupSettings(process.env)
  const url = process.env.DATABASE_URL || embeddedUrl(path.join(settings.dataDir, 'postgres'))
  const { vault, base } = await takeBase(url, settings.dir)
  keepKeys(vault, settings.dataDir)
  prune(vault, settings.keepDays, new Date())
  console.log(`✓ 基础备份完成：${base.folder}`)
}

/** The address of the database that runs in the data folder. */
function embeddedUrl(place: string): string {
  const running = runningPostmaster(path.join(place, 'cluster'))
  const password = path.join(place, 'password')
  if (!running || !existsSync(password)) throw notRunningError(place)
  return `postgres://${OWNER}:${readFileSync(password, 'utf8').trim()}@127.0.0.1:${running.port}/${OWNER}`
}

function notRunningError(place: string): StartError {
  return new StartError(
    `${place} 的数据库没有运行。请先 npm start，或用 DATA_DIR=… 指定数据目录。`,
    `The database of ${place} is not running. Run npm start first, or name its folder with DATA_DIR=….`,
  )
}
