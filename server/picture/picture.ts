/** Pictures people send (P10, R1): kept once, drawn anew, seen by the merchant only. */
import type { Reply } from '@jiyue/contract/schema/wire'
import { dayMs } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { type Drawn, digestOf, drawAnew } from './draw.ts'
import { Crowded, takeTurns } from './turns.ts'

/**
 * Files one person may send in 24 hours, pictures or not: some five honest proofs with second thoughts;
 * a desk writes down the money of a whole day.
 */
const PER_DAY = { user_id: 20, person_id: 300 }
/** Whose a picture is: a user's, or a person's of the merchant. */
type Whose = keyof typeof PER_DAY
/** Days after which a picture that no proof, registration or feedback shows is forgotten. */
const UNUSED_DAYS = 7

/** Drawing, at most two at once, of two people: passwords and files need libuv's other threads. */
export const atEasel = takeTurns(2, 20, 8)

/** Draws in somebody's turn. Refuses: picture_invalid, unavailable (too many are being drawn). */
export async function drawnFor<T>(
  { log }: Pick<Parts, 'log'>,
  /** A person of the merchant, or the complaint it came with. */
  who: string,
  draw: () => Promise<T>,
): Promise<T | Refused> {
  try {
    return await atEasel(draw, who)
  } catch (error) {
    if (error instanceof Crowded) return refuse('unavailable')
    log.info({ who, err: error }, 'picture refused')
    return refuse('picture_invalid')
  }
}

export interface PictureWish {
  id: string
  /** The sender; a user unless `whose` says a person of the merchant. */
  userId: string
  whose?: Whose
  base64: string
}

type Kept = Reply<'putPicture'>

/**
 * Keeps a picture under the caller's id. The same file again is the same picture; anything else
 * under a used id is refused, whoever used it. Refuses: picture_id_reused, picture_invalid,
 * too_many_requests (PER_DAY, failed tries included), unavailable (too many are being drawn).
 */
export async function keepPicture(parts: Parts, wish: PictureWish): Promise<Kept | Refused> {
  const { id } = wish
  const file = Buffer.from(wish.base64, 'base64')
  const known = await readKept(parts.db, id)
  if (known) return sameOrReused(known, wish, digestOf(file))
  if (await isOverLimit(parts.db, wish, parts.now())) return refuse('too_many_requests')
  const drawn = await draw(parts, wish, file)
  if ('refused' in drawn || 'id' in drawn) return drawn
  return tx(parts.db, (t) => insert(t, wish, drawn, parts.now()))
}

/** A picture as it is kept, or null. */
export async function readPicture(
  db: Kysely<Database>,
  id: string,
): Promise<Reply<'getPicture'> | null> {
  const row = await db.selectFrom('pictures').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  const { type, width, height } = row
  return { type, width, height, base64: row.bytes.toString('base64') }
}

/**
 * A picture that shows money: of a proof, of a payment taken by hand, or one that a person of the
 * merchant has just sent for that; null for any other, whoever knows its id. Those of registrations
 * may be of papers, and are for who has that right.
 */
export async function readMoneyPicture(
  db: Kysely<Database>,
  id: string,
  personId: string,
): Promise<Reply<'getPicture'> | null> {
  const { rows } = await sql`
    select 1 from proofs where picture_id = ${id}
    union all select 1 from offline_payments where picture_id = ${id}
    union all select 1 from pictures where id = ${id} and person_id = ${personId}
    limit 1`.execute(db)
  return rows.length > 0 ? readPicture(db, id) : null
}

/** A picture of `userId`'s own, or null. */
export async function readOwnPicture(
  db: Kysely<Database>,
  id: string,
  userId: string,
): Promise<Reply<'getMyPicture'> | null> {
  const own = await readKept(db, id)
  return own?.user_id === userId ? readPicture(db, id) : null
}

/** Forgets pictures that nothing ever showed, and failures that count no more; answers how many pictures. */
export async function forgetUnused({ db, now }: Parts): Promise<number> {
  await db
    .deleteFrom('picture_failures')
    .where('at', '<', new Date(now().getTime() - dayMs))
    .execute()
  const gone = await db
    .deleteFrom('pictures')
    .where('created_at', '<', new Date(now().getTime() - UNUSED_DAYS * dayMs))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('proofs').select('proofs.id').whereRef('picture_id', '=', 'pictures.id')),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('registration_pictures')
            .select('order_id')
            .whereRef('picture_id', '=', 'pictures.id'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('offline_payments')
            .select('payment_id')
            .whereRef('picture_id', '=', 'pictures.id'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('feedback_pictures')
            .select('place')
            .whereRef('picture_id', '=', 'pictures.id'),
        ),
      ),
    )
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}

async function draw(
  parts: Parts,
  wish: PictureWish,
  file: Buffer,
): Promise<Drawn | Kept | Refused> {
  const { id, userId } = wish
  try {
    return await atEasel(async () => {
      // In the person's turn: what they send together is counted one by one, and a twin draws nothing.
      const known = await readKept(parts.db, id)
      if (known) return sameOrReused(known, wish, digestOf(file))
      if (await isOverLimit(parts.db, wish, parts.now())) return refuse('too_many_requests')
      return drawAnew(file).catch(async (error: Error) => {
        parts.log.info({ picture: id, bytes: file.length, err: error }, 'picture refused')
        await countFailure(parts, wish)
        return refuse('picture_invalid')
      })
    }, userId)
  } catch (error) {
    if (error instanceof Crowded) return refuse('unavailable')
    throw error
  }
}

/** A file that is no picture is work too: a hostile one costs more than a good one. */
async function countFailure({ db, now }: Parts, sender: Sender): Promise<void> {
  await db
    .insertInto('picture_failures')
    .values({ ...ownerOf(sender), at: now() })
    .execute()
}

async function insert(
  t: Tx,
  wish: Omit<PictureWish, 'base64'>,
  { bytes, width, height, digest, look }: Drawn,
  now: Date,
): Promise<Kept | Refused> {
  // Counting under the person's lock: many at once cannot slip past the limit together.
  const { id, userId, whose = 'user_id' } = wish
  await t
    .selectFrom(whose === 'user_id' ? 'users' : 'people')
    .select('id')
    .where('id', '=', userId)
    .forUpdate()
    .execute()
  const known = await readKept(t, id)
  if (known) return sameOrReused(known, wish, digest)
  if (await isOverLimit(t, wish, now)) return refuse('too_many_requests')
  const written = await t
    .insertInto('pictures')
    .values({
      id,
      ...ownerOf(wish),
      type: 'image/jpeg',
      bytes,
      width,
      height,
      digest,
      look,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  // Somebody else used the id in this very moment.
  return written ? { id, width, height } : refuse('picture_id_reused')
}

async function readKept(db: Kysely<Database>, id: string) {
  return db
    .selectFrom('pictures')
    .select(['id', 'user_id', 'person_id', 'digest', 'width', 'height'])
    .where('id', '=', id)
    .executeTakeFirst()
}

function sameOrReused(
  known: NonNullable<Awaited<ReturnType<typeof readKept>>>,
  { userId, whose = 'user_id' }: Sender,
  digest: string,
): Kept | Refused {
  const { id, width, height } = known
  const isSame = known[whose] === userId && known.digest === digest
  return isSame ? { id, width, height } : refuse('picture_id_reused')
}

type Sender = Pick<PictureWish, 'userId' | 'whose'>

const ownerOf = ({ userId, whose = 'user_id' }: Sender) => ({
  user_id: whose === 'user_id' ? userId : null,
  person_id: whose === 'person_id' ? userId : null,
})

async function isOverLimit(
  db: Kysely<Database>,
  { userId, whose = 'user_id' }: Sender,
  now: Date,
): Promise<boolean> {
  const since = new Date(now.getTime() - dayMs)
  const own = sql.ref(whose)
  const { rows } = await sql<{ count: number }>`
    select ((select count(*) from pictures where ${own} = ${userId} and created_at > ${since})
      + (select count(*) from picture_failures where ${own} = ${userId} and at > ${since}))::int
      as count`.execute(db)
  return (rows[0]?.count ?? 0) >= PER_DAY[whose]
}
