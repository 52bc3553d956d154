/**
 * A start that cannot go on, told to the person at the terminal: what is wrong and what to do about
 * it, Chinese first, English below. Callers print `message` alone, never a stack.
 */
export class StartError extends Error {
  constructor(chinese: string, english: string) {
    super(`${chinese}\n${english}`)
    this.name = 'StartError'
  }
}

/** The part of an error that helps a person: `ENOSPC: no space left on device`, not the stack. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Turns what the operating system says about a folder into a sentence with a way out. */
export function folderError(folder: string, error: unknown): StartError {
  if (error instanceof StartError) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StartError(
      `磁盘已满，无法写入 ${folder}。请清理空间后重新启动，已有数据不受影响。`,
      `The disk is full: ${folder} cannot be written. Free some space and start again; no data is lost.`,
    )
  }
  return new StartError(
    `数据目录 ${folder} 无法使用（${reasonOf(error)}）。请检查权限，或用 DATA_DIR=… 指定其他目录。`,
    `The data folder ${folder} cannot be used (${reasonOf(error)}). Check its permissions or choose another with DATA_DIR=….`,
  )
}

/** Does PostgreSQL's output say that there is no room left? */
export function saysDiskFull(output: string): boolean {
  return /No space left|Disk quota exceeded|wrote only \d+ of \d+ bytes/.test(output)
}

/** The full-disk sentence for `folder`. */
export function diskFullError(folder: string): StartError {
  return folderError(folder, Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
}
