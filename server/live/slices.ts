/** Work over thousands of sockets in slices, so that the event loop never stalls for all of them. */

/** Sockets served before others' turn comes: a millisecond or two of sending. */
const AT_ONCE = 200

export interface Slices {
  /** Does `act` for each of `items`, after all that was asked for before; a few may be left out that leave meanwhile. */
  each<T>(items: Iterable<T>, act: (item: T) => void): void
}

/** Nothing runs while nothing waits. The first slice is done at once: few sockets wait for nothing. */
export function createSlices(atOnce = AT_ONCE): Slices {
  const line: Generator<void>[] = []
  let running = false

  function turn(): void {
    for (let left = atOnce; left > 0 && line[0]; left--) if (line[0].next().done) line.shift()
    running = line.length > 0
    if (running) setImmediate(turn)
  }

  return {
    each(items, act) {
      line.push(acts(items, act))
      if (running) return
      running = true
      turn()
    },
  }
}

function* acts<T>(items: Iterable<T>, act: (item: T) => void): Generator<void> {
  for (const item of items) {
    act(item)
    yield
  }
}
