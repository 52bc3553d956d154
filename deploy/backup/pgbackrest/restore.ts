import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { StartError } from '../../../server/db/startError.ts'
import { ensurePgbackrest } from '../../start/backupPrograms.ts'
import { type ErasedAgain, erasedIn, eraseIn, latestBeside } from '../erased.ts'
import { futureError, livingError } from '../refusals.ts'
import { zoned } from '../restore.ts'
import { askForRecovery, layTail } from '../unpack.ts'
import { allVaults } from '../vault.ts'
import { pgbackrest } from './program.ts'
import { withCluster } from './server.ts'
import type { ClusterSettings } from './settings.ts'

/** `tailDir`: where an archive of ours kept the log's end (BACKUP_DIR), if one ran. */
type Source = ClusterSettings & { tailDir?: string | undefined }

/**
 * Restores the cluster into the new folder `into`, up to `to` or to the end of the log. The end of the
 * log that pgBackRest had not yet got is laid beside it. All of it recovers at its first start; an
 * earlier time is recovered here, and who has erased themselves since is erased again in it. Refuses
 * (`StartError`) a folder that holds something, also with `over`: pgBackRest's own `--delta` is for that.
 */
export async function restoreCluster(
  source: Source,
  { to, into }: { to: Date | undefined; into: string },
  say: (sentence: string) => void,
): Promise<ErasedAgain | undefined> {
  ensurePgbackrest(say)
  if (existsSync(into) && readdirSync(into).length > 0) throw livingError(into)
  if (to && to.getTime() > Date.now()) throw futureError(to)
  const account = accountOf(source)
  if (!to) return void (await layOut(source, into, undefined, account))
  say('先读取归档末尾的注销记录…')
  const latest = latestBeside(into)
  const { erased, whole } = await layOut(source, latest, undefined, account)
    .then(() => withCluster(latest, account, (url) => erasedIn(url, say)))
    .then((erased) => ({ erased, whole: true }))
    .catch((error) => {
      if (!(error instanceof StartError)) throw error
      say(error.message)
      return { erased: [], whole: false }
    })
    .finally(() => rmSync(latest, { recursive: true, force: true }))
  await layOut(source, into, to, account)
  try {
    const again = await withCluster(into, account, (url) => eraseIn(url, erased, say))
    return { known: erased.length, again, whole }
  } catch (error) {
    empty(into)
    throw error
  }
}

/** Lays a cluster out that recovers at its first start; leaves the folder empty when it cannot. */
async function layOut(
  source: Source,
  into: string,
  to: Date | undefined,
  account: { name: string; uid: number; gid: number },
): Promise<void> {
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
    empty(into)
    if (made) rmSync(into, { recursive: true })
    throw error
  }
}

function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true })
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
