import { reasonOf, StartError } from '../startError.ts'
import type { Place } from './place.ts'
import { isAlive, type Postmaster } from './postmaster.ts'

/** What the guard needs from its owner. */
export type GuardOptions = {
  restart(): Promise<Postmaster>
  say(sentence: string): void
  gone(error: StartError): void
}

/** Watches one server; `pid` is the present server's. `stop()` waits for a restart under way. */
export type Guard = { readonly pid: number; stop(): Promise<void> }

const LOOK_EVERY_MS = 250
const BACKOFF_MS = [0, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000]
const HEALTHY_AFTER_MS = 60_000

/**
 * Brings a crashed server back, waiting longer after each failure, and gives up (`gone`) when the
 * last wait did not help. Looks at the process rather than at a child's exit, so a server adopted
 * from a killed predecessor is guarded just the same.
 */
export function supervise(pid: number, place: Place, options: GuardOptions): Guard {
  let present = pid
  let failures = 0
  let since = Date.now()
  let stopped = false
  let timer: NodeJS.Timeout
  let busy: Promise<void> = Promise.resolve()

  const look = () => {
    if (isAlive(present, place.cluster)) return plan(LOOK_EVERY_MS)
    if (Date.now() - since > HEALTHY_AFTER_MS) failures = 0
    options.say(`数据库进程（PID ${present}）意外退出，正在重新启动…`)
    plan(BACKOFF_MS[failures++] ?? 0, bringBack)
  }

  const bringBack = () => {
    busy = options.restart().then(
      (server) => {
        present = server.pid
        since = Date.now()
        options.say(`数据库已恢复（PID ${present}）`)
        plan(LOOK_EVERY_MS)
      },
      (error) => failed(error),
    )
  }

  const failed = (error: unknown) => {
    const wait = BACKOFF_MS[failures++]
    if (wait === undefined) return options.gone(goneError(place, error))
    options.say(`数据库未能恢复：${reasonOf(error).split('\n')[0]}；${wait / 1000} 秒后再试`)
    plan(wait, bringBack)
  }

  const plan = (ms: number, next: () => void = look) => {
    if (!stopped) timer = setTimeout(next, ms).unref()
  }

  plan(LOOK_EVERY_MS)
  return {
    get pid() {
      return present
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await busy
    },
  }
}

function goneError(place: Place, error: unknown): StartError {
  return new StartError(
    `数据库反复退出且无法恢复，数据仍在 ${place.cluster}。原因：${reasonOf(error).split('\n')[0]}`,
    `The database keeps ending and cannot be brought back; its data is still in ${place.cluster}. See ${place.log}.`,
  )
}
