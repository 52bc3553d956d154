import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { StartError } from '../../server/db/startError.ts'
import { ROOT } from './options.ts'

/** A front that is compiled before it can be served. `page` is the file that proves it was. */
export type Front = { title: string; script: string; sources: string[]; page: string }

const COMMON = ['contract', 'package.json', 'package-lock.json', 'tsconfig.json']

export const FRONTS: Front[] = [
  {
    title: '用户端 H5',
    script: 'build:h5',
    sources: ['src', 'config', 'types', 'babel.config.js', ...COMMON],
    page: 'dist/h5/index.html',
  },
  {
    title: '商家后台',
    script: 'build:console',
    sources: ['console', 'src/tokens.scss', ...COMMON],
    page: 'console/dist/index.html',
  },
]

/** A build under way: `done` rejects with a `StartError`, `stop()` gives it up. */
export type Build = { done: Promise<void>; stop(): Promise<void> }

const NOT_SOURCES = new Set(['node_modules', 'dist', '.cache'])

/**
 * Builds a front unless what lies in its output was built by us from exactly these sources. The
 * stamp also names the page itself, so a build made by hand in between is noticed.
 */
export function buildIfChanged(front: Front, root = ROOT): Build | undefined {
  const notes = path.join(root, '.cache', 'builds', front.script.replace(':', '-'))
  const stamp = `${notes}.stamp`
  const sources = hashOf(root, front.sources)
  const stampNow = () => `${sources} ${hashOf(root, [front.page])}`
  const built = existsSync(path.join(root, front.page)) && existsSync(stamp)
  if (built && readFileSync(stamp, 'utf8') === stampNow()) return undefined
  const build = runBuild(front, root, `${notes}.log`)
  const done = build.done.then(() => writeFileSync(stamp, stampNow()))
  return { ...build, done }
}

function runBuild({ title, script }: Front, root: string, log: string): Build {
  mkdirSync(path.dirname(log), { recursive: true })
  const child = spawnNpm(['run', '--silent', script], root, log)
  const done = new Promise<void>((resolve, reject) => {
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(buildError(title, script, log))
    })
  })
  const stop = async () => {
    if (child.exitCode === null && child.pid) process.kill(-child.pid, 'SIGTERM')
    await done.catch(() => {}) // it was told to end
  }
  return { done, stop }
}

/** npm tells its scripts where it is; without it (`node deploy/start/start.ts`) the PATH has it. */
function spawnNpm(args: string[], root: string, log: string): ChildProcess {
  const npm = process.env.npm_execpath
  const [program, ...before] = npm ? [process.execPath, npm] : ['npm']
  const book = openSync(log, 'w')
  try {
    return spawn(program as string, [...before, ...args], {
      cwd: root,
      stdio: ['ignore', book, book],
      detached: true,
    })
  } finally {
    closeSync(book)
  }
}

function hashOf(root: string, sources: string[]): string {
  const hash = createHash('sha256').update(process.env.JIYUE_API_BASE ?? '')
  for (const source of sources) addTo(hash, root, source)
  return hash.digest('hex')
}

function addTo(hash: Hash, root: string, source: string): void {
  const file = path.join(root, source)
  if (!existsSync(file)) return
  if (!statSync(file).isDirectory()) {
    hash.update(`${source}\0`).update(readFileSync(file))
    return
  }
  for (const name of readdirSync(file).sort()) {
    if (!NOT_SOURCES.has(name)) addTo(hash, root, path.join(source, name))
  }
}

function buildError(title: string, script: string, log: string): StartError {
  const words = readFileSync(log, 'utf8').trim().split('\n').slice(-12)
  return new StartError(
    `${title}构建失败（npm run ${script}）。完整日志：${log}`,
    words.map((line) => `  | ${line}`).join('\n'),
  )
}
