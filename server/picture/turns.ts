/** Work that is heavy for the machine, a few at a time; who finds too many waiting is turned away. */

export class Crowded extends Error {}

/** `atOnce` run together, `waiting` more may wait; another one is `Crowded`. */
export function takeTurns(atOnce: number, waiting: number) {
  const queue: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new Crowded(`${waiting} wait already`)
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      // The place is handed on: whoever comes in between finds it taken.
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }
}
