/**
 * Connections that prepare what is asked again and again: PostgreSQL reads and plans a statement once
 * for each connection instead of each time, which was a third of its work in a booking (measured).
 * It keeps planning anew for as long as that pays (plan_cache_mode auto).
 */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import pg from 'pg'

/** A statement is worth it from this use on. */
const OFTEN = 5
/** Most prepared on one connection; each keeps some memory in PostgreSQL. */
const MOST = 400
/** Only these have plans. */
const PLANNED = /^\s*(select|insert|update|delete|with)\b/i

const uses = new LRUCache<string, number>({ max: 4 * MOST })
const names = new Map<string, string>()

/** The name under which `text` is prepared; undefined while it is not worth it. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= MOST) return known
  const times = (uses.get(text) ?? 0) + 1
  uses.set(text, times)
  if (times >= OFTEN && PLANNED.test(text)) rename(text, 0)
  return undefined
}

function rename(text: string, generation: number): void {
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 20)
  names.set(text, `${hash}.${generation}`)
}

export class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's own overloads are for its users, not its heirs.
  override query(...args: any[]): any {
    const [text, values, callback] = args
    const name = typeof text === 'string' && !callback ? nameOf(text) : undefined
    const plain = () => super.query(...(args as Parameters<pg.Client['query']>))
    if (!name) return plain()
    return super.query({ name, text, values: values ?? [] }).catch((error) => {
      if (!isOutdated(error)) throw error
      // A newer version of the product changed the tables: prepared anew from now on.
      rename(text, Number(name.split('.')[1]) + 1)
      // In a transaction this fails too, as all does by now; who opened it tries again (tx.ts).
      return Promise.resolve(plain()).catch(() => Promise.reject(error))
    })
  }
}

/** Tables changed under a prepared statement. */
export function isOutdated(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === '0A000' && message === 'cached plan must not change result type'
}
