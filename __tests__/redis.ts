/** A Redis of a test's own, with a disk to come back from: real restarts, real losses. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { ensurePrograms } from '../deploy/start/debian.ts'
import { anyFreePort } from '../server/db/embedded/port.ts'

export interface TestRedis {
  url: string
  /** Ends it as a machine does that is switched off or restarted in order. */
  stop(how?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts it again at the same address; `wiped`: its disk is gone. */
  start(disk?: 'kept' | 'wiped'): Promise<void>
  /** Ends it and takes its disk away. */
  close(): Promise<void>
}

export async function startRedis(): Promise<TestRedis> {
  const wanted = { program: 'redis-server', package: 'redis-server' }
  const say = (sentence: string) => process.stderr.write(`${sentence}\n`)
  const program = ensurePrograms([wanted], '集群测试', say)[wanted.program] as string
  const dir = mkdtempSync(path.join(os.tmpdir(), 'jiyue-redis-'))
  const port = await anyFreePort()
  let child: ChildProcess | null = null

  async function start(disk = 'kept'): Promise<void> {
    if (disk === 'wiped') rmSync(path.join(dir, 'appendonlydir'), { recursive: true, force: true })
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir]
    child = spawn(program, [...args, '--appendonly', 'yes', '--save', ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream }))
      if (line.includes('Ready to accept connections')) break
    child.stdout?.resume()
  }

  async function stop(how: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (!child) return
    const gone = once(child, 'exit')
    child.kill(how)
    child = null
    await gone
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    async close() {
      await stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
