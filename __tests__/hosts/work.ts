/** What is under way in a host. Waiting is for the next stir, never for a time. */
export interface Work {
  /** Something visible may have changed. */
  stirred(): void
  /** Something began; the answer ends it. */
  begin(what: string): () => void
  /** Runs soon, as hosts answer: never within the call that asked. */
  soon(what: string, run: () => void): void
  /** What is under way now, for messages. */
  underWay(): string[]
  /** Resolves when `done()` is true, looked at after each stir; false at the deadline. */
  until(done: () => boolean, ms: number): Promise<boolean>
}

export function createWork(): Work {
  const waiting = new Set<(last?: boolean) => void>()
  const open = new Map<number, string>()
  let last = 0

  const work: Work = {
    stirred: () => {
      for (const look of Array.from(waiting)) look()
    },
    begin(what) {
      const id = ++last
      open.set(id, what)
      return () => {
        open.delete(id)
        work.stirred()
      }
    },
    soon(what, run) {
      const end = work.begin(what)
      setImmediate(() => {
        run()
        end()
      })
    },
    underWay: () => Array.from(open.values()),
    until(done, ms) {
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(deadline)
          waiting.delete(look)
          settle()
        }
        const look = (last = false) => {
          try {
            const answer = done()
            if (answer || last) finish(() => resolve(answer))
          } catch (error) {
            finish(() => reject(error))
          }
        }
        const deadline = setTimeout(() => look(true), ms)
        waiting.add(look)
        look()
      })
    },
  }
  return work
}
