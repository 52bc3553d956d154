import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { StartError } from '../../../server/db/startError.ts'
import type { ClusterSettings } from './settings.ts'

/** Runs pgBackRest on the stanza as the account that owns the data. Throws `StartError` with its words. */
export async function pgbackrest(
  { config, stanza }: ClusterSettings,
  owned: string,
  ...args: string[]
): Promise<string> {
  const { uid, gid } = statSync(owned)
  const { code, output } = await run(
    'pgbackrest',
    [`--config=${config}`, `--stanza=${stanza}`, ...args],
    process.getuid?.() === 0 ? { uid, gid } : {},
  )
  if (code === 0) return output
  const reason = output.match(/ERROR: .*/)?.[0] ?? output.trim()
  throw new StartError(
    `pgBackRest ${args.at(-1)} 未完成：${reason}`,
    `pgbackrest ${args.at(-1)} failed; nothing was changed in the repository's finished backups.`,
  )
}

function run(program: string, args: string[], as: { uid?: number; gid?: number }) {
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(program, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...as })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk
      })
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output }))
  })
}
