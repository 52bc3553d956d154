/** Work that is heavy for the machine, a few at a time; who finds too many waiting is turned away. */

export class Crowded extends Error {}

/**
 * `atOnce` run together, `waiting` more may wait; another one is `Crowded`. Work that says `who` it is
 * for runs one at a time for them, and `each` of theirs may wait: nobody keeps all places busy.
 */
export function takeTurns(atOnce: number, waiting: number, each = waiting) {
  const line: { who: string | undefined; go: () => void }[] = []
  const busy = new Set<string>()
  let running = 0

  const isFree = (who: string | undefined) => who === undefined || !busy.has(who)

  function begin(who: string | undefined): void {
    running++
    if (who !== undefined) busy.add(who)
  }

  async function wait(who: string | undefined): Promise<void> {
    const own = line.filter((one) => one.who === who).length
    if (line.length >= waiting) throw new Crowded(`${waiting} wait already`)
    if (who !== undefined && own >= each) throw new Crowded(`${each} of theirs wait already`)
    await new Promise<void>((go) => line.push({ who, go }))
  }

  function end(who: string | undefined): void {
    running--
    if (who !== undefined) busy.delete(who)
    const at = line.findIndex((one) => isFree(one.who))
    const [next] = at < 0 ? [] : line.splice(at, 1)
    if (!next) return
    // The place is handed on: whoever comes in between finds it taken.
    begin(next.who)
    next.go()
  }

  return async <T>(work: () => Promise<T>, who?: string): Promise<T> => {
    if (running < atOnce && isFree(who)) begin(who)
    else await wait(who)
    try {
      return await work()
    } finally {
      end(who)
    }
  }
}
