/**
 * What everybody reads (T6): services, slots, prices, from memory, to be sent as ready bytes. Told of
 * changes by the bus on every node, and never older than `maxAgeMs` whatever happens; many who ask at
 * once are answered by one reading.
 */
import { LRUCache } from 'lru-cache'
import { type Packed, pack } from '../http/packed.ts'
import type { Bus } from './bus.ts'

export interface Cache {
  /**
   * The reply under `key`, made by `make` when it is not here. `about`: the services it tells of; a
   * change of one of them drops it. Null (there is no such thing) is not kept: a stranger's made-up
   * ids must not push real replies out.
   */
  get(
    key: string,
    about: readonly string[],
    make: () => Promise<object | null>,
  ): Promise<Packed | null>
  /** The same for what is not sent as it is. A key is for `get` or for this, never for both. */
  value<T extends object>(
    key: string,
    about: readonly string[],
    make: () => Promise<T | null>,
  ): Promise<T | null>
}

/** What a reply is about that tells of all services: a change of any drops it, also of a new one. */
export const everyService = '*'

export interface CacheOptions {
  /** Oldest a reply may be, ms: the promise of T6 also for what no news tells. */
  maxAgeMs?: number
  /** Most replies kept. */
  most?: number
  /** Hears of each question whether it was answered from memory. */
  seen?: (hit: boolean) => void
}

export function createCache(
  bus: Bus,
  { maxAgeMs = 1000, most = 2000, seen }: CacheOptions = {},
): Cache {
  const flying = new Map<string, { reading: Promise<object | null>; about: readonly string[] }>()
  const kept = new LRUCache<string, { value: object; about: readonly string[] }>({
    max: most,
    ttl: maxAgeMs,
    dispose: (one, key) => forget(key, one.about),
  })
  const keysAbout = new Map<string, Set<string>>()

  function remember(key: string, about: readonly string[]): void {
    for (const service of about) {
      const keys = keysAbout.get(service) ?? new Set()
      keysAbout.set(service, keys.add(key))
    }
  }

  function forget(key: string, about: readonly string[]): void {
    if (flying.has(key)) return
    for (const service of about) {
      const keys = keysAbout.get(service)
      keys?.delete(key)
      if (keys?.size === 0) keysAbout.delete(service)
    }
  }

  /** What is being read now may be read too early: who asks from now on gets a new reading. */
  function drop(service: string): void {
    const keys = [...(keysAbout.get(service) ?? [])]
    for (const key of keys) {
      flying.delete(key)
      kept.delete(key)
    }
    keysAbout.delete(service)
  }

  bus.hear((news) => {
    for (const { serviceId } of news.slots) drop(serviceId)
    const changed = news.topics.filter((topic) => topic.startsWith('service:'))
    for (const topic of changed) drop(topic.slice(8))
    if (changed.length > 0) drop(everyService)
  })
  bus.onGap(() => {
    flying.clear()
    kept.clear()
    keysAbout.clear()
  })

  async function read(key: string, about: readonly string[], make: () => Promise<object | null>) {
    const value = await make()
    if (value && flying.get(key)?.about === about) {
      kept.set(key, { value, about })
      remember(key, about)
    }
    return value
  }

  async function value(key: string, about: readonly string[], make: () => Promise<object | null>) {
    const ready = kept.get(key) ?? flying.get(key)
    seen?.(ready !== undefined)
    if (ready) return 'value' in ready ? ready.value : ready.reading
    const reading = read(key, about, make)
    flying.set(key, { reading, about })
    remember(key, about)
    try {
      return await reading
    } finally {
      if (flying.get(key)?.about === about) flying.delete(key)
      if (!kept.has(key)) forget(key, about)
    }
  }

  return {
    value: value as Cache['value'],
    get: (key, about, make) =>
      value(key, about, async () => {
        const made = await make()
        return made && pack(made, (it) => kept.get(key)?.value === it)
      }) as Promise<Packed | null>,
  }
}
