/** The committed sources, for the tests of the house. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(__dirname, '../..')

/** Committed files below `folders` whose names fit, from the root of the repository. */
export function committed(fits: RegExp, ...folders: string[]): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--', ...folders], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  })
  return list.split('\0').filter((file) => fits.test(file) && existsSync(path.join(ROOT, file)))
}

export const readSource = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

export interface Import {
  /** The file that imports, from the root. */
  file: string
  /** What it names: a package, or a file from the root (`contract/time.ts`). */
  of: string
  /** True when nothing of it is left at run time. */
  typeOnly: boolean
}

const IMPORT =
  /(?:^|\n)\s*(import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|\bimport\('([^']+)'\)|\brequire\('([^']+)'\)/g

/** Every import of a file, with relative paths and our own workspaces resolved to files. */
export function importsOf(file: string): Import[] {
  return [...readSource(file).matchAll(IMPORT)].map((match) => {
    const named = match[3] ?? match[4] ?? match[5] ?? match[6] ?? ''
    return { file, of: resolved(file, named), typeOnly: match[2] !== undefined }
  })
}

function resolved(file: string, named: string): string {
  if (named.startsWith('.'))
    return path.posix.join(path.posix.dirname(file), named.replace(/\?\w+$/, ''))
  const own = /^@jiyue\/(\w+)\/(.+)$/.exec(named)
  return own ? `${own[1]}/${own[2]}.ts` : named
}
