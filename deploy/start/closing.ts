import { reasonOf } from '../../server/db/startError.ts'

/** Thrown out of whatever is being waited for when the person asks to stop. */
export class Stopped extends Error {}

/**
 * Remembers what has been started and ends it in reverse order, also when Ctrl-C comes in the
 * middle of the start.
 */
export type Closing = {
  /**
   * Waits for `work`, but no longer than until somebody asks to end; the end itself still waits
   * for it, and then calls `stop` with what came of it. A `title` is told when it has stopped.
   */
  hold<T>(work: Promise<T>, stop?: (value: T) => Promise<void>, title?: string): Promise<T>
  /** Asks everything to end: without an error by Ctrl-C, with one when a part has died. */
  ask(error?: Error): void
  /** Rejects when asked: `Stopped`, or the error. */
  asked: Promise<never>
  /** Aborted when asked, for what can be given up half way. */
  giveUp: AbortSignal
  /** Ends what was started, the last first. */
  closeAll(): Promise<void>
}

export function makeClosing(say: (sentence: string) => void): Closing {
  const stops: { title?: string | undefined; stop: () => Promise<void> }[] = []
  const pending = new Set<Promise<unknown>>()
  const asking = new AbortController()
  const asked = new Promise<never>((_, reject) => {
    asking.signal.addEventListener('abort', () => reject(asking.signal.reason))
  })
  asked.catch(() => {}) // whoever waits hears of it

  const hold: Closing['hold'] = (work, stop, title) => {
    const kept = work.then((value) => {
      if (stop) stops.push({ title, stop: () => stop(value) })
      return value
    })
    pending.add(kept)
    kept.catch(() => {}).finally(() => pending.delete(kept))
    return Promise.race([kept, asked])
  }

  const closeAll = async () => {
    await Promise.allSettled(pending)
    for (let next = stops.pop(); next; next = stops.pop()) {
      try {
        await next.stop()
        if (next.title) say(`已停止：${next.title}`)
      } catch (error) {
        say(`停止${next.title ?? ''}时出错：${reasonOf(error)}`)
      }
    }
  }

  const ask = (error: Error = new Stopped()) => asking.abort(error)
  return { hold, ask, asked, giveUp: asking.signal, closeAll }
}
