/**
 * The archive as a program of its own: receives the log of DATABASE_URL into BACKUP_DIR, takes base
 * backups when they are due, and removes what is too old. `npm start` runs it beside the embedded
 * database; a real cluster runs it as a unit of its own with BACKUP_BASES=off (docs/how-to/backup.md).
 */
import { statfsSync } from 'node:fs'
import { StartError } from '../../server/db/startError.ts'
import { takeBase } from './base.ts'
import { releaseVault } from './claim.ts'
import { freeCommits } from './commits.ts'
import { sentenceOf, startGuard } from './guard.ts'
import { keepKeys } from './keys.ts'
import { prune, pruneTail } from './retention.ts'
import { type BackupSettings, readBackupSettings } from './settings.ts'
import { startTelling, type Word } from './tell.ts'
import { findVault, listBases } from './vault.ts'

const HOUR_MS = 3_600_000
const LOOK_EVERY_MS = 1000
/** After a base backup failed. */
const AGAIN_MS = 60_000
/** Less than this share of the backup disk free is told. */
const LOW = 0.1

const say = (sentence: string) => console.log(`${new Date().toISOString()} ${sentence}`)

try {
  await main(readBackupSettings(process.env), process.env.DATABASE_URL)
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exit(1)
}

async function main(settings: BackupSettings, url: string | undefined): Promise<void> {
  if (!url) throw new StartError('缺少环境变量 DATABASE_URL。', 'DATABASE_URL is not set.')
  await freeCommits(url) // a predecessor may have died while commits waited for it
  let [root, due] = ['', false]
  let settled = () => {}
  const ready = new Promise<void>((resolve) => {
    settled = resolve
  })
  const streaming = (folder: string, joined: boolean) => {
    root = folder
    due ||= !joined
  }
  const telling = startTelling(url, say)
  const word: Word = { reason: null, baseAt: null, baseReason: null }
  const tell = (news: Partial<Word>) => telling.tell({ ...Object.assign(word, news) })
  const following = (away: string | null) => tell({ reason: away && firstLine(away) })
  const guard = startGuard({ url, settings, say, streaming, settled: () => settled(), following })
  let again = 0
  let told = ''
  let busy = false

  const tend = async () => {
    if (busy || !root || Date.now() < again) return
    busy = true
    try {
      const vault = findVault(root)
      keepKeys(vault, settings.dataDir)
      const last = listBases(vault).at(-1)
      if (settings.bases && last) tell({ baseAt: last.endedAt })
      const age = Date.now() - Date.parse(last?.endedAt ?? '1970-01-01')
      if (settings.bases && (due || age > settings.everyHours * HOUR_MS)) {
        const { base } = await takeBase(url, settings.dir)
        due = false
        tell({ baseAt: base.endedAt, baseReason: null })
        say(`基础备份完成：${base.name}，${megabytes(base.bytes)} MB`)
        for (const name of prune(vault, settings.keepDays, new Date()))
          say(`过期备份已删除：${name}`)
        warnWhenLow(settings.dir)
      }
      if (!settings.bases) pruneTail(vault, settings.keepDays, new Date())
      told = ''
    } catch (error) {
      const sentence = sentenceOf(error)
      if (sentence !== told) say(`备份未完成：${sentence}`)
      tell({ baseReason: firstLine(sentence) })
      told = sentence
      again = Date.now() + AGAIN_MS
    } finally {
      busy = false
    }
  }

  const timer = setInterval(() => void tend(), LOOK_EVERY_MS)
  await ready
  console.log(`ready ${settings.dir}`)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      clearInterval(timer)
      await guard.stop()
      if (root) releaseVault(findVault(root))
      await telling.stop()
      process.exit(0)
    })
  }
}

/** Chinese: the console's own language. */
function firstLine(sentence: string): string {
  return sentence.split('\n')[0] ?? ''
}

function warnWhenLow(dir: string): void {
  const { bavail, blocks, bsize } = statfsSync(dir)
  if (bavail / blocks > LOW) return
  say(`${dir} 所在磁盘只剩 ${megabytes(bavail * bsize)} MB，请尽快清理或换盘。`)
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20)
}
