import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Makes names in a folder (new, renamed, removed) survive a power cut. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return // folders cannot be opened there
  syncFile(folder)
}

/** Makes what was written to a file survive a power cut. */
export function syncFile(file: string): void {
  const fd = openSync(file, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Writes a whole file or nothing: whoever reads it never sees a part. For its owner only. */
export function writeDurably(file: string, data: string | Buffer): void {
  const draft = `${file}.new`
  writeFileSync(draft, data, { mode: 0o600, flush: true })
  renameSync(draft, file)
  syncFolder(path.dirname(file))
}
