/**
 * Where receipts are printed: one worker thread, started with the first receipt, so that drawing
 * (60 ms, 500 the first time) never holds up the event loop.
 */
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { takeTurns } from '../picture/turns.ts'
import type { Sheet } from './sheet.ts'

/** What the worker answers. */
export type Printed = { pdf: Uint8Array<ArrayBuffer> } | { failure: string }

export interface Press {
  /** The PDF of a receipt. Throws `Crowded` when too many wait, and what went wrong while drawing. */
  print(sheet: Sheet): Promise<Buffer>
  close(): Promise<void>
}

/** Three seconds of work. */
const WAITING = 50
/** A receipt that takes longer is stuck, and its worker with it. */
const SECONDS = 20

export function openPress(): Press {
  const inTurn = takeTurns(1, WAITING)
  let worker: Worker | null = null

  function start(): Worker {
    const started = new Worker(path.join(import.meta.dirname, 'press.worker.ts'), { execArgv: [] })
    started.on('exit', () => {
      if (worker === started) worker = null
    })
    // It keeps no process alive that has nothing else to do.
    started.unref()
    return started
  }

  return {
    print: (sheet) =>
      inTurn(async () => {
        worker ??= start()
        const printed = await ask(worker, sheet)
        if ('failure' in printed) throw new Error(`receipt not drawn: ${printed.failure}`)
        return Buffer.from(printed.pdf.buffer)
      }),
    async close() {
      await worker?.terminate()
      worker = null
    },
  }
}

/** One sheet at a time, so the next message is its answer. */
function ask(worker: Worker, sheet: Sheet): Promise<Printed> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      settle()
    }
    const onMessage = (printed: Printed) => end(() => resolve(printed))
    const onError = (error: Error) => end(() => reject(error))
    const onExit = () => end(() => reject(new Error('the press stopped')))
    const timer = setTimeout(() => {
      void worker.terminate()
    }, SECONDS * 1000)
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(sheet)
  })
}
