import { existsSync, writeFileSync } from 'node:fs'
import { StartError } from '../../../server/db/startError.ts'
import { ensurePgbackrest } from '../../start/backupPrograms.ts'
import { archiveSettings, renderConfig } from './config.ts'
import { pgbackrest } from './program.ts'
import { type ClusterSettings, repositoryOf } from './settings.ts'

/**
 * A backup of the cluster: incremental on the last full one, full when there is none or with
 * `--full`. `--set-up` writes the configuration (never over one that is there) and makes the stanza.
 * With a repository machine, backups and the stanza are made there: refused here (`StartError`).
 */
export async function backUpCluster(
  settings: ClusterSettings,
  args: string[],
  say: (sentence: string) => void,
): Promise<void> {
  ensurePgbackrest(say)
  if (args.includes('--set-up')) return setUp(settings, say)
  const remote = repositoryOf(settings.repo)
  if (remote) throw elsewhereError(remote.host)
  const type = args.includes('--full') ? 'full' : 'incr'
  await pgbackrest(settings, ownedHere(settings), `--type=${type}`, 'backup')
  say(`✓ pgBackRest 备份完成（${settings.repo}）`)
}

async function setUp(settings: ClusterSettings, say: (sentence: string) => void): Promise<void> {
  const remote = repositoryOf(settings.repo)
  if (!existsSync(settings.config)) {
    writeFileSync(settings.config, renderConfig(settings), { mode: 0o644 })
    say(`已写入 ${settings.config}`)
  }
  if (!settings.database) {
    say('PostgreSQL 需要以下设置（ALTER SYSTEM，archive_mode 重启后生效）：')
    for (const [name, value] of Object.entries(archiveSettings(settings)))
      say(`  alter system set ${name} = '${value}';`)
  }
  if (settings.tls)
    say(`本机还要一直运行（deploy/backup/systemd）：pgbackrest server --config=${settings.config}`)
  // The stanza is the repository's: its own machine makes it, once both ends can be reached.
  if (remote) return say(`接下来在备份机 ${remote.host} 上执行 npm run backup -- --set-up`)
  await pgbackrest(settings, ownedHere(settings), 'stanza-create')
  await pgbackrest(settings, ownedHere(settings), 'check')
  say('✓ 归档已验证：一段日志已到达备份位置')
}

/** Whose account pgBackRest runs as: the owner of the data, on a repository machine of the repository. */
const ownedHere = ({ database, repo, dataDir }: ClusterSettings) => (database ? repo : dataDir)

function elsewhereError(host: string): StartError {
  return new StartError(
    `备份由备份机执行：请在 ${host} 上运行 npm run backup（pgBackRest 不允许从数据库所在的机器发起）。`,
    `The repository machine makes the backups: run npm run backup on ${host} (pgBackRest refuses it here).`,
  )
}
