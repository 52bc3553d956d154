import { spawn } from 'node:child_process'
import type { Account } from './account.ts'
import type { Programs } from './programs.ts'

/** What a finished program said; `code` is null when a signal ended it. */
export type Finished = { code: number | null; output: string }

/** Runs one of PostgreSQL's programs as the database account and waits for its end. */
export function run(
  program: string,
  args: string[],
  programs: Programs,
  account: Account,
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...spawnAs(programs, account),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** English messages (we read them), UTC, the shipped libraries, nothing of our own environment. */
export function spawnAs(programs: Programs, account: Account) {
  const { PATH = '', SystemRoot } = process.env
  return {
    cwd: '/',
    env: { PATH, SystemRoot, LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: programs.lib },
    ...(account.uid === undefined ? {} : { uid: account.uid, gid: account.gid }),
  }
}
