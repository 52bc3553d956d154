/** What looks wrong about a proof (P10): hints for the merchant, who decides. */
import type { ProofFlag } from '@jiyue/contract/proof'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { Database, PaymentTable } from '../../db/schema.ts'
import { greyOf, isAlike, LOOK_DISTANCE } from '../../picture/look.ts'
import { atEasel } from '../../picture/picture.ts'
import { isAnothers } from './numbers.ts'

export interface Shown {
  wish: { userId: string; orderId: string; paidFen: number; transactionId?: string | undefined }
  payment: Pick<Selectable<PaymentTable>, 'id' | 'amount_fen' | 'trade_no'>
  picture: { digest: string; look: string; bytes: Buffer }
  /** The provider answered just now that nobody paid. */
  saidUnpaid: boolean
}

/** Pictures looked at closely, the likest first: half a second's work. */
const CLOSELY = 24

/** The flags of a proof that is about to be written, in the order of contract/proof.ts. */
export async function flagsOf(db: Kysely<Database>, shown: Shown): Promise<ProofFlag[]> {
  const { wish, payment, saidUnpaid } = shown
  const isSame = await isKnownFile(db, shown)
  const flags: Record<ProofFlag, boolean> = {
    same_picture: isSame,
    alike_picture: !isSame && (await isLikeAnother(db, shown)),
    amount_differs: wish.paidFen !== payment.amount_fen,
    transaction_known: await isKnownNumber(db, shown),
    gateway_says_unpaid: saidUnpaid,
  }
  return (Object.keys(flags) as ProofFlag[]).filter((flag) => flags[flag])
}

/** The very file was sent with another proof, of whomever. */
async function isKnownFile(db: Kysely<Database>, { picture }: Shown): Promise<boolean> {
  const found = await db
    .selectFrom('pictures')
    .innerJoin('proofs', 'proofs.picture_id', 'pictures.id')
    .select('proofs.id')
    .where('pictures.digest', '=', picture.digest)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Nearly the same picture was sent for another order. */
async function isLikeAnother(db: Kysely<Database>, { wish, picture }: Shown): Promise<boolean> {
  const candidates = await likePictures(db, picture.look, wish.orderId)
  if (candidates.length === 0) return false
  const mine = await atEasel(() => greyOf(picture.bytes), wish.userId)
  for (const { id } of candidates) {
    const { bytes } = await db
      .selectFrom('pictures')
      .select('bytes')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (isAlike(mine, await atEasel(() => greyOf(bytes), wish.userId))) return true
  }
  return false
}

/** Pictures of other orders' proofs that look alike from afar, the likest and newest first. */
export async function likePictures(
  db: Kysely<Database>,
  look: string,
  exceptOrder: string,
): Promise<{ id: string }[]> {
  const { rows } = await sql<{ id: string }>`
    select pictures.id
    from pictures, lateral (
      select bit_count(('x' || look)::bit(64) # ('x' || ${look}::text)::bit(64)) as distance) as d
    where distance <= ${LOOK_DISTANCE}
      and exists (select from proofs where picture_id = pictures.id and order_id <> ${exceptOrder})
    order by distance, created_at desc limit ${CLOSELY}`.execute(db)
  return rows
}

/** The typed number belongs to another payment, or to another order's proof. */
async function isKnownNumber(
  db: Kysely<Database>,
  { wish: { orderId, transactionId }, payment }: Shown,
): Promise<boolean> {
  if (transactionId === undefined) return false
  if (await isAnothers(db, transactionId, payment.id)) return true
  const proof = await db
    .selectFrom('proofs')
    .select('id')
    .where('transaction_id', '=', transactionId)
    .where('order_id', '<>', orderId)
    .limit(1)
    .executeTakeFirst()
  return proof !== undefined
}
