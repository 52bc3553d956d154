/** What only one of a run's workers may do at a time, or need do at all. */
import fs from 'node:fs'
import path from 'node:path'

/**
 * Waits until `file` is ours; answers what gives it up. The file names its owner: a dead owner's lock
 * is taken over.
 */
export async function lock(file: string): Promise<() => void> {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => fs.rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (!ownerLives(file)) fs.rmSync(file, { force: true })
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 200))
  }
}

function ownerLives(file: string): boolean {
  try {
    const owner = Number(fs.readFileSync(file, 'utf8'))
    // Between its creation and its first byte the file is empty: its owner is alive.
    if (owner > 0) process.kill(owner, 0)
    return true
  } catch (error) {
    // A lock that has just gone is nobody's to take over; the next try finds out.
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}
