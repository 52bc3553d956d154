/** CPU time that processes used, read from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs'

/** Ticks a second; Linux shows 100 to programs on every machine we know. */
const HZ = 100

/** CPU seconds so far of these processes and of all their living children. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = statOf(entry)
    if (stat && (pids.includes(Number(entry)) || pids.includes(stat.parent))) ticks += stat.ticks
  }
  return ticks / HZ
}

function statOf(pid: string): { parent: number; ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return null // it ended just now
  }
}
