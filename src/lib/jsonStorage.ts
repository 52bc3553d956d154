import type { Storage } from './phone.ts'

/** A host's storage as it is: texts by name. */
export interface TextStorage {
  get(name: string): string | null
  set(name: string, text: string): boolean
  remove(name: string): void
  names(): string[]
}

/** Values instead of texts. What cannot be read any more is treated as not there. */
export function jsonStorage(texts: TextStorage): Storage {
  return {
    get<T>(name: string): T | undefined {
      const text = texts.get(name)
      if (text === null) return undefined
      try {
        return JSON.parse(text) as T
      } catch {
        // Written half by a phone that died, or not ours: of no use to anyone.
        texts.remove(name)
        return undefined
      }
    },
    set: (name, value) => texts.set(name, JSON.stringify(value)),
    remove: texts.remove,
    names: texts.names,
  }
}
