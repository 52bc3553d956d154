import { type Child, type ChildOptions, startChild } from '../start/child.ts'
import type { Closing } from '../start/closing.ts'

/** So many deaths of one node within a minute are no accident. */
const DEATHS = 3
const WITHIN_MS = 60_000

/**
 * Starts a node, and starts it again whenever it dies: the others carry on meanwhile. A node that
 * dies `DEATHS` times in a minute ends everything, with its last words.
 */
export async function keepNode(
  node: ChildOptions,
  closing: Closing,
  say: (sentence: string) => void,
): Promise<Child> {
  const deaths: number[] = []
  let current = startChild(node, closing.giveUp)

  async function watch(running: Child): Promise<void> {
    const error = await running.died
    deaths.push(performance.now())
    if (closing.giveUp.aborted) return
    if ((deaths.at(-1) ?? 0) - (deaths.at(-DEATHS) ?? -WITHIN_MS) < WITHIN_MS)
      return closing.ask(error)
    say(`${error.message.split('\n')[0]}，正在重新启动`)
    current = startChild(node, closing.giveUp)
    try {
      const next = await current
      say(`${node.title}已恢复`)
      watch(next)
    } catch (failed) {
      closing.ask(failed as Error)
    }
  }

  const stop = async () => {
    const last = await current.catch(() => null) // it died and has said so
    await last?.stop()
  }
  const first = await closing.hold(current, stop, node.title)
  watch(first)
  return first
}
