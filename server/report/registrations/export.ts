/**
 * Registrations as an Excel file of any length (M2): read page by page, written by a worker thread,
 * sent as it grows. It is written down who takes what before the first byte goes (X11).
 */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { Worker } from 'node:worker_threads'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { orderStateWords } from '@jiyue/contract/order'
import { paidWords } from '@jiyue/contract/registration'
import type { RegistrationFilter } from '@jiyue/contract/schema/registrations'
import type { Reply } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import type { Parts } from '../../parts.ts'
import { maskFilter } from './filter.ts'
import { afterOf, readRegistrations } from './list.ts'
import { type Cell, type Column, cellsOf, columnsOf, type Question } from './sheet.ts'

/** Rows read at once: a few ms of unsealing between two turns of the event loop. */
const BATCH = 200

/** Starts an export for a person of the merchant; its end or its breaking off is written down. */
export async function openExport(
  parts: Parts,
  filter: RegistrationFilter,
  personId: string,
): Promise<Readable> {
  const id = randomUUID()
  await parts.db
    .insertInto('exports')
    .values({
      id,
      person_id: personId,
      filter: JSON.stringify(maskFilter(filter)),
      started_at: parts.now(),
      ended_at: null,
    })
    .execute()
  const questions = filter.serviceId ? await questionsOf(parts, filter.serviceId) : []
  const { bytes, worker } = await written(
    columnsOf(questions),
    batchesOf(parts, filter, questions, id),
  )
  const file = Readable.fromWeb(bytes)
  worker.once('exit', () => file.destroy(new Error('the export’s thread stopped')))
  file.once('close', () => {
    // Whoever took it all has it; a broken one stays without an end.
    const ended = file.readableEnded ? parts.now() : null
    const noted = parts.db
      .updateTable('exports')
      .set({ ended_at: ended })
      .where('id', '=', id)
      .execute()
    noted.catch((error) =>
      parts.log.error({ err: error, export: id }, 'export: its end is not noted'),
    )
    void worker.terminate()
  })
  return file
}

/** Batches of cells, read when they are asked for; how many went out is counted as they go. */
function batchesOf(
  parts: Parts,
  filter: RegistrationFilter,
  questions: readonly Question[],
  id: string,
): ReadableStream<Cell[][]> {
  let after: string | undefined
  return new ReadableStream(
    {
      async pull(controller) {
        const rows = await readRegistrations(parts, filter, { after, limit: BATCH, whole: true })
        const last = rows.at(-1)
        if (last) {
          after = afterOf(last)
          await parts.db
            .updateTable('exports')
            .set((eb) => ({ rows: eb('rows', '+', rows.length) }))
            .where('id', '=', id)
            .execute()
          controller.enqueue(rows.map((row) => cellsOf(row, questions)))
        }
        if (rows.length < BATCH) controller.close()
      },
    },
    { highWaterMark: 1 },
  )
}

/** The worker and its bytes. Throws when it dies before it began. */
async function written(columns: Column[], batches: ReadableStream<Cell[][]>) {
  const worker = new Worker(path.join(import.meta.dirname, 'export.worker.ts'), { execArgv: [] })
  const bytes = await new Promise<ReadableStream<Uint8Array>>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the export’s thread stopped')))
    worker.postMessage({ columns, batches }, [batches])
  })
  return { bytes, worker }
}

/** Every question that a version of the service's form asked, the newest version's first. */
async function questionsOf({ db }: Parts, serviceId: string): Promise<Question[]> {
  const forms = await db
    .selectFrom('forms')
    .select('fields')
    .where('service_id', '=', serviceId)
    .orderBy('version', 'desc')
    .execute()
  const questions = new Map<string, Question>()
  for (const { fields } of forms) {
    for (const { id, label } of fields as FormField[]) {
      if (!questions.has(id)) questions.set(id, { field: id, label })
    }
  }
  return [...questions.values()]
}

/** The last exports, newest first. */
export async function listExports({ db }: Parts): Promise<Reply<'listExports'>> {
  const rows = await db
    .selectFrom('exports')
    .innerJoin('people', 'people.id', 'exports.person_id')
    .select([
      'exports.id',
      'people.name as personName',
      'filter',
      'rows',
      'started_at',
      'ended_at',
      sql<string | null>`(select services.name from services
        where services.id::text = exports.filter ->> 'serviceId')`.as('serviceName'),
    ])
    .orderBy('started_at', 'desc')
    .limit(100)
    .execute()
  return {
    exports: rows.map((row) => ({
      id: row.id,
      personName: row.personName,
      filter: filterText(row.filter, row.serviceName),
      rows: row.rows,
      at: row.started_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
    })),
  }
}

/** 「亲子沟通讲座 · 2026-11-01 至 2026-11-30 · 已支付」 */
function filterText(filter: RegistrationFilter, serviceName: string | null): string {
  const { from, to, state, paid, text } = filter
  const parts = [
    serviceName,
    (from || to) && `${from ?? '最早'} 至 ${to ?? '最晚'}`,
    state && orderStateWords[state],
    paid && paidWords[paid],
    text && `“${text}”`,
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(' · ') : '全部报名'
}
