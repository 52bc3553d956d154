/**
 * An export's thread: rows in, the bytes of an .xlsx out, each pulled by the next (a slow network slows
 * the reading down, nothing piles up). Compressing is what would hold up the event loop.
 */
import type { ReadableStream } from 'node:stream/web'
import { parentPort } from 'node:worker_threads'
import { writeXlsxStream } from 'hucre/xlsx'
import type { Cell, Column } from './sheet.ts'

/** What the worker is sent. */
export interface SheetWish {
  columns: Column[]
  batches: ReadableStream<Cell[][]>
}

// Listening on keeps the thread alive: its streams alone do not. The other side ends it.
parentPort?.on('message', ({ columns, batches }: SheetWish) => {
  const bytes = writeXlsxStream(rowsOf(batches), {
    name: '报名',
    columns,
    freezePane: { rows: 1 },
  })
  parentPort?.postMessage(bytes, [bytes as ReadableStream])
})

async function* rowsOf(batches: ReadableStream<Cell[][]>): AsyncGenerator<Cell[]> {
  for await (const batch of batches) yield* batch
}
