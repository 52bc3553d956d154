/** The press's thread: sheets in, PDFs out, one after another. */
import { parentPort } from 'node:worker_threads'
import { drawReceipt } from './draw.ts'
import type { Printed } from './press.ts'
import type { Sheet } from './sheet.ts'

parentPort?.on('message', async (sheet: Sheet) => {
  try {
    const pdf = new Uint8Array(await drawReceipt(sheet))
    const printed: Printed = { pdf }
    parentPort?.postMessage(printed, [pdf.buffer])
  } catch (error) {
    const failure = String((error as Error).stack ?? error)
    parentPort?.postMessage({ failure } satisfies Printed)
  }
})
