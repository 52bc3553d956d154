import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What PostgreSQL writes about itself into `postmaster.pid` of its cluster. */
export type Postmaster = { pid: number; port: number; status: string }

/** Reads `postmaster.pid`; undefined when there is none or it is not written to its end yet. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  const lines = readLines(cluster)
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  return pid > 0 && port > 0 ? { pid, port, status: lines[7]?.trim() ?? '' } : undefined
}

/**
 * Is a PostgreSQL of this very cluster alive under the id in `postmaster.pid`? After a power cut
 * that id may belong to any other program (or to a dead child nobody reaped), so the command line
 * has to name the cluster: we always start with `-D <cluster>`.
 */
export function runningPostmaster(cluster: string): Postmaster | undefined {
  const found = readPostmaster(cluster)
  return found && isPostmasterOf(found.pid, cluster) ? found : undefined
}

/** True while process `pid` is a postmaster of `cluster`. */
export function isPostmasterOf(pid: number, cluster: string): boolean {
  const args = `${commandLine(pid)} `
  return args.includes('postgres') && (args.includes(`${cluster} `) || args.includes(`${cluster}"`))
}

/**
 * Makes a left-over `postmaster.pid` harmless. PostgreSQL refuses to start while *any* process of
 * its account has the id in that file; it ignores the id of its own parent. So the file gets ours,
 * and PostgreSQL still checks the shared memory named in it for survivors of the old server.
 */
export function disarmStalePidFile(cluster: string): void {
  const lines = readLines(cluster)
  if (lines.length === 0) return
  lines[0] = String(process.pid)
  writeFileSync(path.join(cluster, 'postmaster.pid'), lines.join('\n'))
}

function readLines(cluster: string): string[] {
  try {
    return readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/**
 * The cheap look of the guard, four times a second: is this process alive? On Linux a dead server
 * that nobody reaped (a zombie) counts as dead; elsewhere our own children never stay zombies.
 */
export function isAlive(pid: number, cluster: string): boolean {
  if (process.platform === 'linux') return isPostmasterOf(pid, cluster)
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The command line of a live process; empty for a dead one and for a zombie. */
function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    }
    if (process.platform === 'win32') {
      const query = `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`
      return execFileSync('powershell', ['-NoProfile', '-Command', query], { encoding: 'utf8' })
    }
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return '' // it ended while we looked
  }
}
