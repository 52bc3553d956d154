/** A reference that serves from a process of its own, so that it and ours do not slow each other down. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export interface Forked {
  child: ChildProcess
  /** Where it listens: the first thing it says. */
  address: string
  stop(): Promise<void>
}

/** Starts `file` (a path) with these arguments, and waits for its address. */
export async function forked(file: string, args: readonly string[]): Promise<Forked> {
  const child = fork(file, args)
  const [address] = (await once(child, 'message')) as [string]
  return {
    child,
    address,
    async stop() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}
