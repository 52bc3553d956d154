import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { folderError, StartError } from '../startError.ts'

/** A lock that the operating system takes back when its holder dies, however it dies. */
export type Lock = { release(): void }

const SQLITE_BUSY = 5

/**
 * One launcher per data folder. Node has no flock of its own; SQLite's exclusive transaction is the
 * same thing with the same promise: a `kill -9` frees it, and a reused process id cannot fool it.
 * Throws `StartError` naming the holder when another start has the folder.
 */
export function takeLock(file: string, folder: string): Lock {
  const database = openLock(file, folder)
  try {
    writeFileSync(`${file}.holder`, String(process.pid))
    return { release: () => database.close() }
  } catch (error) {
    database.close()
    throw folderError(folder, error)
  }
}

function openLock(file: string, folder: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    // In memory: the file itself never changes, so the lock also works on an almost full disk.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database?.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) throw heldError(file, folder)
    throw folderError(folder, error)
  }
}

function heldError(file: string, folder: string): StartError {
  const pid = readHolder(file)
  return new StartError(
    `数据目录 ${folder} 正被另一个进程使用（PID ${pid}）。请先停止它，或用 DATA_DIR=… 指定其他目录。`,
    `The data folder ${folder} is in use by process ${pid}. Stop it first or choose another folder with DATA_DIR=….`,
  )
}

/** The holder's process id for the sentence only; the lock itself never depends on it. */
function readHolder(file: string): string {
  try {
    return readFileSync(`${file}.holder`, 'utf8').trim() || '?'
  } catch {
    return '?'
  }
}
