/**
 * Proof of a payment that was not recognised (P10): the last step, after notices, queries and bills.
 * Before a person's word counts the provider is asked once more; what it knows wins.
 */

import type { Fen } from '@jiyue/contract/money'
import { hasGateway } from '@jiyue/contract/payment'
import type { RefusalCode } from '@jiyue/contract/refusals'
import type { Rules } from '@jiyue/contract/rules'
import { dayMs, minuteMs } from '@jiyue/contract/time'
import type { Kysely, Selectable } from 'kysely'
import { anyOf } from '../db/conditions.ts'
import { gathered, listsBy } from '../db/gather.ts'
import type { Database, ProofTable } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { ownOrder } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { Crowded, takeTurns } from '../picture/turns.ts'
import { ask } from './ask.ts'
import { paymentsOf } from './kept.ts'
import { flagsOf, type Shown } from './proofs/flags.ts'
import { shownPayment } from './proofs/shown.ts'
import type { PaymentRow } from './view.ts'

type ProofRow = Selectable<ProofTable>

export interface ProofWish {
  id: string
  userId: string
  orderId: string
  pictureId: string
  /** What the person says they paid. */
  paidFen: Fen
  /** The number on their bill, the provider's or ours; without it the newest payment is meant. */
  transactionId?: string | undefined
}

/** Payments of an order a proof may be about; more attempts than that are nobody's honest evening. */
const ASKED = 5

/**
 * Takes a proof for review; the same again is the same proof. Refuses: not_found, proof_id_reused,
 * already_paid (also when asking just now found the money), proof_pending, proof_too_early, not_paid.
 */
export async function sendProof(parts: Parts, wish: ProofWish): Promise<'ok' | Refused> {
  const { db } = parts
  const order = await ownOrder(db, wish.orderId, wish.userId)
  const picture = await ownPicture(db, wish)
  if (!order || !picture) return refuse('not_found')
  const known = await readProof(db, wish.id)
  if (known) return isSame(known, wish) ? 'ok' : refuse('proof_id_reused')
  const unpaid = await askAll(parts, order.id)
  try {
    return await oneByOne(() => take(parts, wish, { picture, unpaid }), wish.userId)
  } catch (error) {
    if (error instanceof Crowded) return refuse('unavailable')
    throw error
  }
}

/** Comparing pictures is work: of taps that come together the first does it, the others see it done. */
const oneByOne = takeTurns(1, 20, 9)

async function take(
  parts: Parts,
  wish: ProofWish,
  { picture, unpaid }: { picture: Shown['picture']; unpaid: ReadonlySet<string> },
): Promise<'ok' | Refused> {
  const { db } = parts
  const answered = await answerNow(db, wish, parts.now())
  if (answered) return answered
  const payment = shownPayment(
    await openPayments(db, wish.orderId, parts.now()),
    wish.transactionId,
  )
  if (!payment) return refuse('not_paid')
  const flags = await flagsOf(db, { wish, payment, picture, saidUnpaid: unpaid.has(payment.id) })
  return tx(db, (t) => insert(t, parts, wish, { payment, flags }))
}

/** What a wish is answered without any work; null when it may be taken. */
async function answerNow(
  db: Kysely<Database>,
  wish: ProofWish,
  now: Date,
): Promise<'ok' | Refused | null> {
  const known = await readProof(db, wish.id)
  if (known) return isSame(known, wish) ? 'ok' : refuse('proof_id_reused')
  const refused = await whyNotProve(db, wish.orderId, await readRules(db), now)
  return refused && refuse(refused)
}

/**
 * Why no proof may be sent for an order now; null when one may. The same rule draws the button
 * (report/orderExtras.ts).
 */
export async function whyNotProve(
  db: Kysely<Database>,
  orderId: string,
  rules: Pick<Rules, 'proofAfterMinutes'>,
  now: Date,
): Promise<RefusalCode | null> {
  const payments = await openPayments(db, orderId, now)
  if (payments.length === 0) return (await isPaid(db, orderId)) ? 'already_paid' : 'not_paid'
  const proofs = await proofsOf(db, orderId)
  if (proofs.some(({ state }) => state === 'submitted')) return 'proof_pending'
  const since = now.getTime() - rules.proofAfterMinutes * minuteMs
  return payments.some((row) => row.created_at.getTime() <= since) ? null : 'proof_too_early'
}

/** Asks about every payment that has not succeeded; answers those that its provider says nobody paid. */
async function askAll(parts: Parts, orderId: string): Promise<Set<string>> {
  const payments = await openPayments(parts.db, orderId, parts.now())
  const unpaid = await Promise.all(
    payments.slice(0, ASKED).map(async (payment) => {
      const verdict = await ask(parts, payment)
      return verdict === 'waiting' || verdict === 'closed' || verdict === 'known'
        ? [payment.id]
        : []
    }),
  )
  return new Set(unpaid.flat())
}

/** Days in which the unpaid difference of a move may still be shown to have been paid. */
const MOVE_DAYS = 3

/**
 * Payments a proof may be about, newest first: at a provider, not succeeded. Of an order that is paid
 * itself only the differences of recent moves are left to be recognised.
 */
async function openPayments(
  db: Kysely<Database>,
  orderId: string,
  now: Date,
): Promise<PaymentRow[]> {
  const paid = await isPaid(db, orderId)
  const since = new Date(now.getTime() - MOVE_DAYS * dayMs)
  return (await paymentsOf(db, orderId))
    .filter(({ method, state }) => hasGateway(method) && state !== 'succeeded')
    .filter((row) => !paid || (row.move_id !== null && row.created_at > since))
    .sort((a, b) => b.created_at.getTime() - a.created_at.getTime() || (a.id < b.id ? 1 : -1))
}

/** True when the order itself is paid; the differences of its moves are not it. */
async function isPaid(db: Kysely<Database>, orderId: string): Promise<boolean> {
  const payments = await paymentsOf(db, orderId)
  return payments.some(({ move_id, state }) => move_id === null && state === 'succeeded')
}

/** The proofs of an order, newest first. */
export async function proofsOf(db: Kysely<Database>, orderId: string): Promise<ProofRow[]> {
  return (await proofLists(db, orderId)) ?? []
}

const proofLists = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('proofs')
    .selectAll()
    .where('order_id', '=', anyOf(orderIds))
    .orderBy('created_at', 'desc')
    .execute()
  return listsBy(rows, (row) => row.order_id)
})

/** Under the order's lock the questions are asked again: money may have come, another tap won. */
async function insert(
  t: Tx,
  parts: Parts,
  wish: ProofWish,
  { payment, flags }: { payment: PaymentRow; flags: ProofRow['flags'] },
): Promise<'ok' | Refused> {
  const { id, orderId } = wish
  const { slot_id } = await t
    .selectFrom('orders')
    .select('slot_id')
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const now = parts.now()
  const answered = await answerNow(t, wish, now)
  if (answered) return answered
  const written = await t
    .insertInto('proofs')
    .values({
      id,
      order_id: orderId,
      payment_id: payment.id,
      picture_id: wish.pictureId,
      paid_fen: wish.paidFen,
      transaction_id: wish.transactionId ?? null,
      flags,
      state: 'submitted',
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!written) return refuse('proof_id_reused')
  await t
    .insertInto('events')
    .values({
      order_id: orderId,
      slot_id,
      what: 'prove',
      by: 'user',
      details: JSON.stringify({ proof: id, paidFen: wish.paidFen, flags }),
      at: now,
    })
    .execute()
  after(t, () => parts.bus.changed({ topics: [`order:${orderId}`, 'console'] }))
  return 'ok'
}

function ownPicture(db: Kysely<Database>, { pictureId, userId }: ProofWish) {
  return db
    .selectFrom('pictures')
    .select(['id', 'digest', 'look', 'bytes'])
    .where('id', '=', pictureId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
}

function readProof(db: Kysely<Database>, id: string): Promise<ProofRow | undefined> {
  return db.selectFrom('proofs').selectAll().where('id', '=', id).executeTakeFirst()
}

function isSame(proof: ProofRow, wish: ProofWish): boolean {
  return (
    proof.order_id === wish.orderId &&
    proof.picture_id === wish.pictureId &&
    proof.paid_fen === wish.paidFen &&
    proof.transaction_id === (wish.transactionId ?? null)
  )
}
