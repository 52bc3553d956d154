import { existsSync, writeFileSync } from 'node:fs'
import { ensurePgbackrest } from '../../start/backupPrograms.ts'
import { archiveSettings, renderConfig } from './config.ts'
import { pgbackrest } from './program.ts'
import type { ClusterSettings } from './settings.ts'

/**
 * A backup of the cluster: incremental on the last full one, full when there is none or with
 * `--full`. `--set-up` writes the configuration (never over one that is there) and makes the stanza.
 */
export async function backUpCluster(
  settings: ClusterSettings,
  args: string[],
  say: (sentence: string) => void,
): Promise<void> {
  ensurePgbackrest(say)
  if (args.includes('--set-up')) return setUp(settings, say)
  const type = args.includes('--full') ? 'full' : 'incr'
  await pgbackrest(settings, settings.dataDir, `--type=${type}`, 'backup')
  say(`✓ pgBackRest 备份完成（${settings.repo}）`)
}

async function setUp(settings: ClusterSettings, say: (sentence: string) => void): Promise<void> {
  if (!existsSync(settings.config)) {
    writeFileSync(settings.config, renderConfig(settings), { mode: 0o644 })
    say(`已写入 ${settings.config}`)
  }
  say('PostgreSQL 需要以下设置（ALTER SYSTEM，archive_mode 重启后生效）：')
  for (const [name, value] of Object.entries(archiveSettings(settings)))
    say(`  alter system set ${name} = '${value}';`)
  await pgbackrest(settings, settings.dataDir, 'stanza-create')
  await pgbackrest(settings, settings.dataDir, 'check')
  say('✓ 归档已验证：一段日志已到达备份位置')
}
