import { randomUUID } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { Store } from './store.ts'

/** A piece of work the platform does later: a refund that settles, a notice that is sent again. */
export type Job = { id: string; kind: string; at: number; ref: string }

export type Worker = (ref: string, dueAt: number) => Promise<void> | void

/**
 * Later work, kept in the store so that it survives a restart.
 * - `on` names the worker of a kind (once, at start); it is told when its work was due, which is
 *   earlier than now when the clock was moved by more than the delay.
 * - `plan` adds work for `delayMs` from now, in platform time: the delay is divided by the speed.
 * - `hurry` makes the waiting work of one ref due at once.
 * - `settle` runs everything that is due now and waits for it; tests call it instead of sleeping.
 */
export type Schedule = {
  on(kind: string, work: Worker): void
  plan(kind: string, ref: string, delayMs: number): void
  hurry(ref: string): void
  settle(): Promise<void>
  /** When the next work is due: of one ref, or of all. Undefined when nothing waits. */
  nextAt(ref?: string): number | undefined
  /** How many times faster than the real platform delays run. */
  speed(factor: number): void
  /** Looks again at what is due, after the clock was moved. */
  wake(): void
  stop(): Promise<void>
}

/** The longest sleep between two looks; moves of the clock wake it at once. */
const LONGEST_SLEEP = 60_000

export function makeSchedule(
  store: Store,
  clock: Clock,
  report: (error: unknown) => void,
): Schedule {
  const jobs = store.table<Job>('jobs')
  const workers = new Map<string, Worker>()
  const running = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let factor = 1

  /** Starts everything due; a job leaves the store when its work is done, so a crash repeats it. */
  const started = new Set<string>()
  const startDue = () => {
    if (stopped) return
    const now = clock.now()
    const due = jobs.all().filter((job) => job.at <= now && !started.has(job.id))
    for (const job of due.sort((a, b) => a.at - b.at)) {
      started.add(job.id)
      const run = work(job)
      running.add(run)
      run.finally(() => running.delete(run))
    }
    arm()
  }
  const work = async (job: Job) => {
    try {
      const worker = workers.get(job.kind)
      if (!worker) throw new Error(`Nobody does jobs of kind ${job.kind}`)
      await worker(job.ref, job.at)
    } catch (error) {
      report(error)
    } finally {
      jobs.remove(job.id)
      started.delete(job.id)
    }
  }
  const arm = () => {
    clearTimeout(timer)
    if (stopped) return
    const waiting = jobs.all().filter((job) => !started.has(job.id))
    if (!waiting.length) return
    const next = Math.min(...waiting.map((job) => job.at))
    const sleep = Math.min(Math.max(next - clock.now(), 0), LONGEST_SLEEP)
    timer = setTimeout(startDue, sleep)
    timer.unref()
  }

  return {
    on(kind, worker) {
      workers.set(kind, worker)
    },
    plan(kind, ref, delayMs) {
      jobs.put({ id: randomUUID(), kind, at: clock.now() + delayMs / factor, ref })
      arm()
    },
    hurry(ref) {
      for (const job of jobs.all())
        if (job.ref === ref && !started.has(job.id)) jobs.put({ ...job, at: clock.now() })
      arm()
    },
    nextAt(ref) {
      const waiting = jobs.all().filter((job) => ref === undefined || job.ref === ref)
      return waiting.length ? Math.min(...waiting.map((job) => job.at)) : undefined
    },
    async settle() {
      for (;;) {
        startDue()
        if (!running.size) return
        await Promise.all(running)
      }
    },
    speed(next) {
      factor = next
    },
    wake: startDue,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
