/**
 * Reads a query again when its news arrive, however many arrive: one reading at a time, at most a
 * few a second, and always one more after the last piece of news.
 */
import type { EndpointName } from '@jiyue/contract/api'
import { queries } from './asking.ts'

const gapMs = 300

/** `fresh` is reading; `stale` heard news meanwhile, so it reads once more. */
const busy = new Map<EndpointName, 'fresh' | 'stale'>()

export function readAgainSoon(name: EndpointName): void {
  if (busy.has(name)) busy.set(name, 'stale')
  else void readUntilFresh(name)
}

async function readUntilFresh(name: EndpointName): Promise<void> {
  do {
    busy.set(name, 'fresh')
    // Waits for the answer: cancelling it at each hint would starve a slow line.
    await queries.invalidateQueries({ queryKey: [name] })
    await new Promise((next) => setTimeout(next, gapMs))
  } while (busy.get(name) === 'stale')
  busy.delete(name)
}
