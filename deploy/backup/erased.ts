/**
 * Who erased themselves stays erased through a restore to an earlier time (X11, T2): who it was is
 * read off everything the archive has, and is done again in the restored data before anybody is let in.
 */
import { rmSync } from 'node:fs'
import { migrate } from '../../server/db/migrate.ts'
import { type Db, openPool } from '../../server/db/pool.ts'
import { reasonOf, StartError } from '../../server/db/startError.ts'
import { eraseAgain, readErased } from '../../server/privacy/erase.ts'
import { demandPossible, type Restored, type RestoreOptions, restore } from './restore.ts'

export type Erased = Awaited<ReturnType<typeof readErased>>

/** `known`: everybody who had erased themselves; `again`: of those, who was back and is gone again. */
export type ErasedAgain = { known: number; again: number; whole: boolean }

type Source = Omit<RestoreOptions, 'finish' | 'asFarAsItReads'>

/**
 * `restore` to an earlier time, with everybody erased again who had erased themselves by the end of
 * the archive. That is restored first, beside `into`, read, and removed: twice the time, and no more
 * room at once. An archive whose end cannot be read does not stop a restore to what lies before it;
 * `whole` is false then, and it was said.
 */
export async function restoreErased(source: Source): Promise<Restored & { erased?: ErasedAgain }> {
  if (!source.to) return restore(source) // everything has everybody's end too
  demandPossible(source)
  const { erased, whole } = await byTheEnd(source)
  let again = 0
  const restored = await restore({
    ...source,
    finish: async (url) => {
      again = await eraseIn(url, erased, source.say)
    },
  })
  return { ...restored, erased: { known: erased.length, again, whole } }
}

async function byTheEnd({ dir, into, say }: Source): Promise<{ erased: Erased; whole: boolean }> {
  const latest = latestBeside(into)
  let erased: Erased = []
  const finish = async (url: string) => {
    erased = await erasedIn(url, say)
  }
  try {
    say('先读取归档末尾的注销记录…')
    const { whole } = await restore({ dir, into: latest, say, asFarAsItReads: true, finish })
    return { erased, whole }
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    say(error.message)
    return { erased, whole: false }
  } finally {
    rmSync(latest, { recursive: true, force: true })
  }
}

/** Where everything is laid out for a look, and removed again. */
export const latestBeside = (into: string) =>
  `${into}.latest-${new Date().toISOString().replace(/[-:.]/g, '')}`

/** Everybody who has erased themselves in the database at `url`, which is brought up to date first. */
export const erasedIn = (url: string, say: (sentence: string) => void): Promise<Erased> =>
  opened(url, say, ({ db }) => readErased(db))

/** Erases them again in the database at `url`; answers how many were back. */
export const eraseIn = (
  url: string,
  erased: Erased,
  say: (sentence: string) => void,
): Promise<number> => opened(url, say, ({ db }) => eraseAgain(db, erased))

async function opened<T>(
  url: string,
  say: (sentence: string) => void,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  try {
    await migrate(url, { say })
    const db = openPool(url, { name: 'jiyue-erase-again' })
    try {
      return await work(db)
    } finally {
      await db.close()
    }
  } catch (error) {
    throw error instanceof StartError ? error : erasingError(error)
  }
}

function erasingError(error: unknown): StartError {
  return new StartError(
    `恢复的数据里无法处理注销记录：${reasonOf(error)}`,
    `Who erased themselves cannot be read or erased again in the restored data: ${reasonOf(error)}`,
  )
}
