import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { reasonOf, StartError } from '../../server/db/startError.ts'
import { commitsHang, letCommitsWait } from './commits.ts'
import type { Told } from './receive.ts'
import type { Fault } from './receive.worker.ts'
import type { BackupSettings } from './settings.ts'

export type GuardOptions = {
  url: string
  settings: Pick<BackupSettings, 'dir' | 'sync'>
  say(sentence: string): void
  /** It streams into the folder `root`; not `joined` to what lay there: a base backup is due. */
  streaming(root: string, joined: boolean): void
  /** For the first time the archive has caught up, or said why it cannot. */
  settled(): void
  /** Commits are in both places (null), or why they are not. */
  following(away: string | null): void
}

export type Guard = { stop(): Promise<void> }

const LOOK_EVERY_MS = 500
/** A commit waits this long for an archive that is away; then trade goes on without it. */
const PATIENCE_MS = 3000
const BACKOFF_MS = [100, 250, 500, 1000, 2000, 5000, 15_000, 30_000]

/**
 * Keeps the receiver running, and decides what commits wait for: both places while the archive is
 * there, the server's own disk alone when it is not (full, hung, dead), and says so. Shops go on
 * selling on a broken backup disk.
 */
export function startGuard(options: GuardOptions): Guard {
  const { url, settings, say, streaming, settled, following } = options
  let worker: Worker | undefined
  let client: pg.Client | undefined
  let [failures, strict, stopped, away] = [0, false, false, false]
  let next: NodeJS.Timeout | undefined

  const connection = async () => {
    if (client) return client
    const fresh = new pg.Client({ connectionString: url, application_name: 'jiyue_archive_guard' })
    fresh.on('error', () => forget(fresh))
    await fresh.connect()
    client = fresh
    return fresh
  }
  const forget = (broken: pg.Client | undefined) => {
    if (client === broken) client = undefined
  }
  const setStrict = async (wait: boolean) => {
    await letCommitsWait(await connection(), wait)
    strict = wait
  }

  const begin = () => {
    const started = new Worker(path.join(import.meta.dirname, 'receive.worker.ts'), {
      workerData: { url, dir: settings.dir },
      execArgv: [],
    })
    worker = started
    started.on('message', (told: Told | Fault) => {
      if (worker === started) void hear(told).catch((error) => failed(reasonOf(error)))
    })
    started.on('error', (error) => worker === started && failed(reasonOf(error)))
  }

  const hear = async (told: Told | Fault) => {
    if (told.what === 'streaming') streaming(told.root, told.joined)
    if (told.what === 'fault') return failed(told.reason)
    if (told.what !== 'caught up') return
    failures = 0
    if (settings.sync) await setStrict(true)
    if (away) say('归档已恢复。')
    away = false
    following(null)
    settled()
  }

  const tell = (reason: string, more = '') => {
    away = true
    following(reason)
    say(`${reason}${more}`)
  }
  const failed = (reason: string) => {
    void worker?.terminate()
    worker = undefined
    const wait = BACKOFF_MS[Math.min(failures++, BACKOFF_MS.length - 1)]
    // A database that restarts breaks the line once; that is no news.
    if (failures > 1) tell(reason, `（第 ${failures} 次，${(wait ?? 0) / 1000} 秒后再试）`)
    if (failures > 1) settled()
    if (!stopped) next = setTimeout(begin, wait)
  }

  const look = async () => {
    while (!stopped) {
      await pause(LOOK_EVERY_MS)
      try {
        if (!strict || !(await commitsHang(await connection(), PATIENCE_MS))) continue
        await setStrict(false)
        tell('备份位置没有响应：提交暂不等待归档，只保存在数据盘上，直到归档恢复。')
        if (worker) failed('归档没有响应')
      } catch {
        forget(client) // the database restarts; the receiver says so if it lasts
      }
    }
  }

  begin()
  const looking = look()
  return {
    async stop() {
      stopped = true
      clearTimeout(next)
      await looking
      await setStrict(false).catch((error) => say(`归档停止时：${reasonOf(error)}`))
      void worker?.terminate()
      await client?.end()
    },
  }
}

/** The sentence for the log. */
export const sentenceOf = (error: unknown) =>
  error instanceof StartError ? error.message : reasonOf(error)
