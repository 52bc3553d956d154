/**
 * What an order's money comes to: the payments that stand for it, what may still be given back of
 * each, and how a sum that goes back is spread over them. Integer fen.
 */

import type { Fen } from '@jiyue/contract/money'
import type { RefundReason } from '@jiyue/contract/payment'
import { type Kysely, type Selectable, sql } from 'kysely'
import { anyOf } from '../db/conditions.ts'
import { gathered, listsBy } from '../db/gather.ts'
import type { Database, PaymentTable } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import { requestRefund } from './refund.ts'

/** `refundable_fen`: paid, less what went or is going back. */
export type KeptPayment = Selectable<PaymentTable> & { refundable_fen: Fen }

/** Reasons for which all of a payment goes back because it never stood for a seat. */
const WHOLE: readonly RefundReason[] = ['paid_twice', 'wrong_amount', 'slot_gone', 'move_failed']

/** True of a payment that came and stays: it does not go back whole. */
export const standsForOrder = sql<boolean>`(payments.state = 'succeeded' and payments.paid_fen > 0
  and not exists (select from refunds where refunds.payment_id = payments.id
    and refunds.reason = any (${sql.lit(`{${WHOLE.join(',')}}`)}::text[])))`

/**
 * The succeeded payments that stand for an order, oldest first (of one second, WeChat tells no finer,
 * by their opening); not those that go back whole.
 */
export async function keptPayments(db: Kysely<Database>, orderId: string): Promise<KeptPayment[]> {
  return (await paymentsOf(db, orderId)).filter((row) => row.stands)
}

/** Every payment of an order, those that came first first. */
export async function paymentsOf(
  db: Kysely<Database>,
  orderId: string,
): Promise<(KeptPayment & { stands: boolean })[]> {
  return (await paymentLists(db, orderId)) ?? []
}

const paymentLists = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('payments')
    .selectAll()
    .select([
      standsForOrder.as('stands'),
      sql<Fen>`coalesce(paid_fen, 0) - coalesce((select sum(amount_fen) from refunds
        where refunds.payment_id = payments.id and refunds.state <> 'closed'), 0)::int8`.as(
        'refundable_fen',
      ),
    ])
    .where('order_id', '=', anyOf(orderIds))
    .orderBy('paid_at')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return listsBy(rows, (row) => row.order_id)
})

export interface Kept {
  payments: KeptPayment[]
  /** What is still here of it. */
  keptFen: Fen
  /** Of that, fees of moves: earned, never given back by rule. */
  feesFen: Fen
  /** Given back by hand so far: of the deposit first, then of the price (decisions/013). */
  byHandFen: Fen
}

/** An order's money as it stands. */
export async function keptOf(db: Kysely<Database>, orderId: string): Promise<Kept> {
  const came = await paymentsOf(db, orderId)
  // Fees and what was given back are parts of payments.
  if (came.length === 0) return { payments: [], keptFen: 0, feesFen: 0, byHandFen: 0 }
  const payments = came.filter((row) => row.stands)
  const [fees = 0, byHandFen = 0] = await Promise.all([
    feesOfMoves(db, orderId),
    givenByHand(db, orderId),
  ])
  const keptFen = payments.reduce((sum, payment) => sum + payment.refundable_fen, 0)
  return { payments, keptFen, feesFen: Math.min(fees, keptFen), byHandFen }
}

/** By order: the fees of its moves. */
const feesOfMoves = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('moves')
    .select(['order_id', sql<Fen>`sum(fee_fen)::int8`.as('fees')])
    .where('order_id', '=', anyOf(orderIds))
    .where('state', '=', 'done')
    .groupBy('order_id')
    .execute()
  return new Map(rows.map((row) => [row.order_id, row.fees]))
})

/** By order: what a person gave back of it by hand. */
const givenByHand = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .select(['payments.order_id', sql<Fen>`sum(refunds.amount_fen)::int8`.as('fen')])
    .where('payments.order_id', '=', anyOf(orderIds))
    .where('refunds.reason', '=', 'manual')
    .where('refunds.state', '<>', 'closed')
    .groupBy('payments.order_id')
    .execute()
  return new Map(rows.map((row) => [row.order_id, row.fen]))
})

export interface Share {
  paymentId: string
  amountFen: Fen
}

/**
 * Spreads `amountFen` over payments, the newest first: a difference paid for a move goes back before
 * the payment of the order. Throws when there is not as much.
 */
export function spread(
  amountFen: Fen,
  payments: readonly { id: string; refundable_fen: Fen }[],
): Share[] {
  const shares: Share[] = []
  let left = amountFen
  for (const { id, refundable_fen } of [...payments].reverse()) {
    const share = Math.min(left, refundable_fen)
    if (share <= 0) continue
    shares.push({ paymentId: id, amountFen: share })
    left -= share
  }
  if (left > 0) throw new Error(`${amountFen} fen are ${left} more than is left to give back`)
  return shares
}

/** Owes `amountFen` of an order's money back, in the caller's transaction. */
export async function owe(
  t: Tx,
  { payments }: Kept,
  amountFen: Fen,
  why: { reason: RefundReason; now: Date; dueAt?: Date; by?: string; note?: string },
): Promise<void> {
  for (const share of spread(amountFen, payments)) await requestRefund(t, { ...share, ...why })
}
