/**
 * Reads a query again when its news arrive, however many arrive: one reading at a time, at most a
 * few a second, and always one more after the last piece of news.
 */
import type { EndpointName } from '@jiyue/contract/api'
import type { QueryClient } from '@tanstack/react-query'

const gapMs = 300

/** Makes the function that is told of news: the endpoint whose queries on screen may be old. */
export function readingAgain(queries: QueryClient): (name: EndpointName) => void {
  /** `fresh` is reading; `stale` heard news meanwhile, so it reads once more. */
  const busy = new Map<EndpointName, 'fresh' | 'stale'>()

  async function readUntilFresh(name: EndpointName): Promise<void> {
    do {
      // A first reading cannot be begun anew: it may have been answered before the news, so once more.
      busy.set(name, isFirstReading(name) ? 'stale' : 'fresh')
      // Waits for the answer: cancelling it at each hint would starve a slow line.
      await queries.invalidateQueries({ queryKey: [name] })
      await new Promise((next) => setTimeout(next, gapMs))
    } while (busy.get(name) === 'stale')
    busy.delete(name)
  }

  const isFirstReading = (name: EndpointName) =>
    queries.isFetching({ queryKey: [name], predicate: ({ state }) => state.data === undefined }) > 0

  return (name) => {
    if (busy.has(name)) busy.set(name, 'stale')
    else void readUntilFresh(name)
  }
}
