import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Child, startChild } from './child.ts'
import type { Closing } from './closing.ts'
import type { Options } from './options.ts'
import { say, step } from './say.ts'

const AGAIN_MS = 1000

/**
 * Starts the archive of the embedded database beside it (deploy/backup/archive.ts). Backups that
 * cannot begin end the start with their sentence; an archive that dies later is started again while
 * trade goes on.
 */
export async function startBackup(
  { dataDir }: Options,
  databaseUrl: string,
  closing: Closing,
): Promise<void> {
  const child = {
    title: '备份归档',
    file: 'deploy/backup/archive.ts',
    log: path.join(dataDir, 'logs', 'backup.log'),
    env: { DATABASE_URL: databaseUrl, DATA_DIR: dataDir },
  }
  let present: Child | undefined
  let stopping = false
  const watch = async (running: Child): Promise<void> => {
    present = running
    say(`${(await running.died).message.split('\n')[0]}；正在重新启动`)
    while (!stopping) {
      await pause(AGAIN_MS)
      const next = await startChild(child, closing.giveUp).catch((error: Error) =>
        say(error.message),
      )
      if (next) return watch(next)
    }
  }
  const stop = async () => {
    stopping = true
    await present?.stop()
  }
  const started = step(child.title, startChild(child, closing.giveUp))
  void watch(await closing.hold(started, stop, child.title))
}
