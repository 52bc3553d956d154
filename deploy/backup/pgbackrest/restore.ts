import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../../../server/db/startError.ts'
import { ensurePgbackrest } from '../../start/backupPrograms.ts'
import { livingError } from '../refusals.ts'
import { zoned } from '../restore.ts'
import { askForRecovery, layTail } from '../unpack.ts'
import { allVaults } from '../vault.ts'
import { pgbackrest } from './program.ts'
import type { ClusterSettings } from './settings.ts'

/** `tailDir`: where an archive of ours kept the log's end (BACKUP_DIR), if one ran. */
type Source = ClusterSettings & { tailDir?: string | undefined }

/**
 * Restores the cluster into the new folder `into`, up to `to` or to the end of the log; it recovers
 * at its first start. The end of the log that pgBackRest had not yet got is laid beside it.
 * Refuses (`StartError`) a folder that holds something, also with `over`: pgBackRest's own
 * `--delta` is for that.
 */
export async function restoreCluster(
  source: Source,
  { to, into }: { to: Date | undefined; into: string },
  say: (sentence: string) => void,
): Promise<void> {
  ensurePgbackrest(say)
  if (existsSync(into) && readdirSync(into).length > 0) throw livingError(into)
  const account = accountOf(source)
  const made = !existsSync(into)
  mkdirSync(into, { recursive: true, mode: 0o700 })
  if (process.getuid?.() === 0) chownSync(into, account.uid, account.gid)
  const target = to
    ? ['--type=time', `--target=${zoned(to)}`, '--target-action=promote']
    : ['--type=default']
  try {
    await pgbackrest(source, into, `--pg1-path=${into}`, ...target, 'restore')
    askForRecovery(into, account)
    const vaults = source.tailDir ? allVaults(source.tailDir) : []
    if (vaults.length > 1) throw manyTailsError(source.tailDir ?? '')
    for (const vault of vaults) layTail(vault, into, account)
  } catch (error) {
    for (const name of readdirSync(into)) rmSync(path.join(into, name), { recursive: true })
    if (made) rmSync(into, { recursive: true })
    throw error
  }
}

/** Who is to own the data: the owner of a repository here, as PostgreSQL's account is. */
function accountOf({ repo, dataDir }: Source): { name: string; uid: number; gid: number } {
  const owned = [repo, dataDir, '/var/lib/postgresql', '/'].find((one) => existsSync(one)) ?? '/'
  const { uid, gid } = statSync(owned)
  return { name: 'owner', uid, gid }
}

function manyTailsError(dir: string): StartError {
  return new StartError(
    `${dir} 中有多个数据库的日志，无法确定用哪一个。请只留下要恢复的那一个。`,
    `${dir} holds the log of several databases. Leave only the one to restore.`,
  )
}
