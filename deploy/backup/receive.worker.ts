/** The receiver's thread: a disk that hangs holds up this one and not its guard. */
import { parentPort, workerData } from 'node:worker_threads'
import { reasonOf, StartError } from '../../server/db/startError.ts'
import { receive } from './receive.ts'

/** What ends the thread. */
export type Fault = { what: 'fault'; reason: string }

const { url, dir } = workerData as { url: string; dir: string }

receive(url, dir, (told) => parentPort?.postMessage(told)).catch((error) => {
  const reason = error instanceof StartError ? error.message : `归档中断：${reasonOf(error)}`
  parentPort?.postMessage({ what: 'fault', reason } satisfies Fault)
})
