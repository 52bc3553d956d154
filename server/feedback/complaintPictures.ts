/**
 * Pictures of WeChat Pay's complaints (M8). WeChat names addresses; what is there is fetched by a duty
 * of its own and drawn anew, as every picture from outside (decisions/009).
 */
import type { ConsoleFeedback } from '@jiyue/contract/schema/feedback'
import type { Reply } from '@jiyue/contract/schema/wire'
import { minuteMs } from '@jiyue/contract/time'
import type { Kysely, Selectable } from 'kysely'
import type { ComplaintPictureTable, Database } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import { isRefused } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import type { Complaints } from '../payment/gateways/gateway.ts'
import { drawAnew } from '../picture/draw.ts'
import { drawnFor } from '../picture/picture.ts'
import { claimDue, eachDue } from '../sweep/claim.ts'
import { uuidOf } from './uuidOf.ts'

type PictureRow = Selectable<ComplaintPictureTable>

/** Drawn by one process at once: people who send their own wait for the same two easels. */
export const FETCHED_AT_ONCE = 4
/** Tries, over some nine hours; what WeChat did not hand out by then it does not have. */
const TRIES = 14

export interface PicturesFrom {
  feedbackId: string
  /** What was said with them; null: they came with the complaint itself. */
  wordsId: string | null
  /** WeChat's number of the complaint or of the step. */
  of: string
  addresses: readonly string[]
}

/** Writes down what is to be fetched. Known ones stay as they are. */
export async function expectPictures(t: Tx, from: PicturesFrom, now: Date): Promise<void> {
  for (const [place, address] of from.addresses.entries()) {
    await t
      .insertInto('complaint_pictures')
      .values({
        id: uuidOf(`picture ${place} of ${from.of}`),
        feedback_id: from.feedbackId,
        words_id: from.wordsId,
        place,
        address,
        fetch_at: now,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
  }
}

/** Fetches what is due, oldest first; answers how many were. */
export async function fetchPicturesDue(parts: Parts): Promise<number> {
  const wechat = parts.gateways.wechat.complaints
  if (!wechat) return 0
  const now = parts.now()
  const due = await claimDue<PictureRow>(
    parts.db,
    {
      table: 'complaint_pictures',
      due: 'fetch_at',
      tries: 'fetches',
      key: ['id'],
      limit: FETCHED_AT_ONCE,
    },
    now,
    (_, tries) => new Date(now.getTime() + Math.min(60, 2 ** (tries - 1)) * minuteMs),
  )
  await eachDue(parts, due, (row) => fetchOne(parts, wechat, row))
  return due.length
}

async function fetchOne(parts: Parts, wechat: Complaints, row: PictureRow): Promise<void> {
  const file = await wechat.picture(row.address, parts.now())
  if (!file.ok) {
    parts.log.warn({ picture: row.id, code: file.code }, 'complaint: a picture did not come')
    const isOver = file.kind === 'refused' || row.fetches >= TRIES
    return isOver ? giveUp(parts, row, file.code) : undefined
  }
  const drawn = await drawnFor(parts, row.feedback_id, () => drawAnew(file.value))
  if (!isRefused(drawn)) {
    const { bytes, width, height } = drawn
    return keep(parts, row, { bytes, width, height, failure: null })
  }
  // Many being drawn at once is no fault of this one: it is due again.
  if (drawn.refused !== 'unavailable') await giveUp(parts, row, 'no_picture')
}

const giveUp = (parts: Parts, row: PictureRow, failure: string) => keep(parts, row, { failure })

/** Not where the person was erased meanwhile. */
async function keep(
  { db, bus }: Parts,
  { id }: PictureRow,
  what: { bytes?: Buffer; width?: number; height?: number; failure: string | null },
): Promise<void> {
  await db
    .updateTable('complaint_pictures')
    .set({ ...what, fetch_at: null })
    .where('id', '=', id)
    .where('fetch_at', 'is not', null)
    .execute()
  bus.changed({ topics: ['console'] })
}

/** Of one complaint, in the order they came; `due`: on their way, `lost`: WeChat does not have them. */
export async function complaintPicturesOf(
  db: Kysely<Database>,
  feedbackId: string,
): Promise<ConsoleFeedback['pictures']> {
  const rows = await db
    .selectFrom('complaint_pictures')
    .select(['id', 'words_id', 'fetch_at', 'failure'])
    .where('feedback_id', '=', feedbackId)
    .where('address', '<>', '')
    .orderBy('words_id')
    .orderBy('place')
    .execute()
  return rows.map(({ id, words_id, fetch_at, failure }) => ({
    id,
    wordsId: words_id,
    state: failure !== null ? 'lost' : fetch_at === null ? 'here' : 'due',
  }))
}

/** Null where it is not here, or is of another one. */
export async function readComplaintPicture(
  db: Kysely<Database>,
  feedbackId: string,
  id: string,
): Promise<Reply<'getFeedbackPicture'> | null> {
  const row = await db
    .selectFrom('complaint_pictures')
    .select(['bytes', 'width', 'height'])
    .where('id', '=', id)
    .where('feedback_id', '=', feedbackId)
    .executeTakeFirst()
  if (!row?.bytes || row.width === null || row.height === null) return null
  const { bytes, width, height } = row
  return { type: 'image/jpeg', width, height, base64: bytes.toString('base64') }
}
