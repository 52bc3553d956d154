import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { isFree } from '../../server/db/embedded/port.ts'
import { StartError } from '../../server/db/startError.ts'

/**
 * Throws a `StartError` when somebody listens on the port: it names who, and how to choose another
 * (`variable` is what the person sets).
 */
export async function demandPort(
  port: number,
  variable: string,
  what: string,
  host = '127.0.0.1',
): Promise<void> {
  if (await isFree(port, host)) return
  const who = whoListens(port)
  throw new StartError(
    `${what}的端口 ${port} 已被${who ? ` ${who} ` : '其他程序'}占用。请先停止它，或换一个端口：${variable}=${port + 1000} npm start`,
    `Port ${port} is taken by ${who ?? 'another program'}. Stop it, or choose another port: ${variable}=${port + 1000} npm start`,
  )
}

/** `node (PID 1234)`, or undefined where the system does not tell (another user's program). */
export function whoListens(port: number): string | undefined {
  return process.platform === 'linux' ? linuxListener(port) : lsofListener(port)
}

/** The socket's inode stands in /proc/net/tcp, and its owner has a descriptor of that inode. */
function linuxListener(port: number): string | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    lines(table)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => state === '0A' && local?.endsWith(suffix))
      .map((fields) => `socket:[${fields[9]}]`),
  )
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && hasAny(name, inodes))
  return pid && `${lines(`/proc/${pid}/comm`)[0]} (PID ${pid})`
}

function hasAny(pid: string, inodes: string[]): boolean {
  try {
    const folder = `/proc/${pid}/fd`
    return readdirSync(folder).some((fd) => inodes.includes(readlinkSync(`${folder}/${fd}`)))
  } catch {
    return false // another user's process, or one that ended meanwhile
  }
}

function lines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return [] // no IPv6 on this machine
  }
}

function lsofListener(port: number): string | undefined {
  try {
    const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']
    const output = execFileSync('lsof', args, { encoding: 'utf8' })
    const [, pid, name] = /^p(\d+)\nc(.+)$/m.exec(output) ?? []
    return pid && `${name} (PID ${pid})`
  } catch {
    return undefined // no lsof here
  }
}
