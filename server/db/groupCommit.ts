/**
 * Group commit in the process: requests that arrive while a batch is in flight form the next batch.
 * No timer: an idle process decides in the same turn of its event loop, a busy one in larger steps, so
 * one durable commit (and one lock of a hot row) serves as many requests as came meanwhile.
 */

interface Waiting<Asked, Said> {
  asked: Asked
  resolve(said: Said): void
  reject(error: unknown): void
}

export interface GroupCommitOptions {
  /** Requests of one batch at most: a longer one keeps the first too long from their answer. */
  most?: number
  /** Hears of each batch: how many requests it had, how many waited behind it, how long it took. */
  seen?: (requests: number, waiting: number, ms: number) => void
}

/**
 * `decide` gets the requests in the order in which they came and answers each, in one transaction.
 * When one of several breaks a rule of the database itself, each is decided alone, so that only that
 * one fails. A database that is away fails the whole batch at once: it would keep each of them waiting.
 */
export function groupCommit<Asked, Said>(
  decide: (batch: readonly Asked[]) => Promise<readonly Said[]>,
  { most = 128, seen }: GroupCommitOptions = {},
): (asked: Asked) => Promise<Said> {
  const line: Waiting<Asked, Said>[] = []
  let running = false

  async function run(): Promise<void> {
    while (line.length > 0) {
      const batch = line.splice(0, most)
      const since = performance.now()
      await settle(batch)
      seen?.(batch.length, line.length, performance.now() - since)
    }
    running = false
  }

  async function settle(batch: readonly Waiting<Asked, Said>[]): Promise<void> {
    try {
      const said = await decide(batch.map(({ asked }) => asked))
      if (said.length !== batch.length) throw new Error('a batch without all its answers')
      for (const [index, { resolve }] of batch.entries()) resolve(said[index] as Said)
    } catch (error) {
      const [only, ...others] = batch
      if (others.length === 0) only?.reject(error)
      else if (isOneRowsFault(error)) for (const one of batch) await settle([one])
      else for (const one of batch) one.reject(error)
    }
  }

  return (asked) =>
    new Promise((resolve, reject) => {
      line.push({ asked, resolve, reject })
      if (running) return
      running = true
      // Those who ask in the same turn of the event loop come along.
      setImmediate(run)
    })
}

/** PostgreSQL's classes 22 (bad data) and 23 (a constraint says no). */
function isOneRowsFault(error: unknown): boolean {
  return /^2[23]/.test((error as { code?: string } | null)?.code ?? '')
}
