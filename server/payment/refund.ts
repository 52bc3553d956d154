/**
 * Refunds (P11): decided in the transaction that owes them, carried out by the sweep under one number
 * for ever, followed until the provider says they are done.
 */
import { randomUUID } from 'node:crypto'
import type { Fen } from '@jiyue/contract/money'
import { type HeardBy, type RefundReason, refundReasons } from '@jiyue/contract/payment'
import { minuteMs } from '@jiyue/contract/time'
import type { Kysely, Selectable } from 'kysely'
import type { Database, RefundTable } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'
import type { RefundFact } from './gateways/gateway.ts'

export interface RefundWanted {
  paymentId: string
  amountFen: Fen
  reason: RefundReason
  now: Date
  /** When to ask for it; now by default. */
  dueAt?: Date
  /** `rule` (default) or `merchant:<id>`, with what they wrote. */
  by?: string
  note?: string
  /** Named by the caller; by us otherwise. */
  id?: string
  /** The closed refund it makes good. */
  replaces?: string
}

/** Owes a refund, in the caller's transaction. The database refuses more than came in. */
export async function requestRefund(t: Tx, wanted: RefundWanted): Promise<void> {
  const id = wanted.id ?? randomUUID()
  await t
    .insertInto('refunds')
    .values({
      id,
      payment_id: wanted.paymentId,
      refund_no: `R${id.replaceAll('-', '')}`,
      amount_fen: wanted.amountFen,
      reason: wanted.reason,
      state: 'requested',
      due_at: wanted.dueAt ?? wanted.now,
      requested_at: wanted.now,
      by: wanted.by ?? 'rule',
      note: wanted.note ?? null,
      replaces: wanted.replaces ?? null,
    })
    .execute()
}

type RefundRow = Selectable<RefundTable>

/** Does or asks for one due refund; its next turn was already written by the sweep's claim. */
export async function followRefund(parts: Parts, refund: RefundRow): Promise<void> {
  const payment = await parts.db
    .selectFrom('payments')
    .select(['trade_no', 'method', 'paid_fen', 'order_id'])
    .where('id', '=', refund.payment_id)
    .executeTakeFirstOrThrow()
  if (!payment.method || payment.paid_fen === null)
    throw new Error(`refund ${refund.id} of no money`)
  const gateway = parts.gateways[payment.method]
  const now = parts.now()
  // After a first try the answer may have been lost: ask before asking for money again.
  const known =
    refund.tries > 1 ? await gateway.queryRefund(refund.refund_no, payment.trade_no, now) : null
  const answer =
    known?.ok && known.value.state !== 'missing'
      ? known
      : known && !known.ok
        ? known
        : await gateway.refund(
            {
              refundNo: refund.refund_no,
              tradeNo: payment.trade_no,
              amountFen: refund.amount_fen,
              totalFen: payment.paid_fen,
              reason: refundReasons[refund.reason],
            },
            now,
          )
  if (answer.ok) await settleRefund(parts, answer.value, 'answer')
  else
    parts.log.warn(
      { refund: refund.id, code: answer.code, kind: answer.kind },
      'refund not accepted yet',
    )
}

/** Records what a provider says of a refund and moves it; the same again changes nothing. */
export async function settleRefund(
  parts: Parts,
  fact: RefundFact,
  heardBy: HeardBy,
): Promise<void> {
  const now = parts.now()
  await tx(parts.db, async (t) => {
    const refund = await t
      .selectFrom('refunds')
      .innerJoin('payments', 'payments.id', 'refunds.payment_id')
      .innerJoin('orders', 'orders.id', 'payments.order_id')
      .select([
        'refunds.id',
        'refunds.state',
        'refunds.payment_id',
        'payments.order_id',
        'orders.slot_id',
      ])
      .where('refund_no', '=', fact.refundNo)
      .where('payments.method', '=', fact.method)
      .forUpdate('refunds')
      .executeTakeFirst()
    await recordRefund(t, fact, refund?.payment_id ?? null, heardBy, now)
    if (!refund || refund.state === 'succeeded') return
    if (fact.state === 'succeeded') {
      await t
        .updateTable('refunds')
        .set({ state: 'succeeded', refunded_at: fact.refundedAt ?? now, due_at: null })
        .where('id', '=', refund.id)
        .execute()
    } else if (fact.state === 'failed') {
      parts.log.error(
        { refund: refund.id },
        'refund failed at the provider; it will be tried again',
      )
      await t.updateTable('refunds').set({ state: 'failed' }).where('id', '=', refund.id).execute()
    }
    after(t, () => parts.bus.changed({ topics: [`order:${refund.order_id}`, 'console'] }))
  })
}

async function recordRefund(
  t: Kysely<Database>,
  fact: RefundFact,
  paymentId: string | null,
  heardBy: HeardBy,
  now: Date,
): Promise<void> {
  await t
    .insertInto('facts')
    .values({
      payment_id: paymentId,
      method: fact.method,
      kind: 'refund',
      trade_no: fact.tradeNo ?? null,
      refund_no: fact.refundNo,
      state: fact.state,
      amount_fen: fact.amountFen,
      transaction_id: null,
      heard_by: heardBy,
      reference: fact.reference ?? null,
      verdict: paymentId ? fact.state : 'unknown_refund',
      heard_at: now,
    })
    .execute()
}

/** Minutes until the next try, by how many there were: providers ask for patience. */
const BACKOFF_MINUTES = [0.1, 1, 1, 5, 10, 30, 60] as const

/** When a refund is due again after `tries` tries. */
export function nextRefundTry(tries: number, now: Date): Date {
  const minutes = BACKOFF_MINUTES[Math.min(tries, BACKOFF_MINUTES.length - 1)] ?? 60
  return new Date(now.getTime() + minutes * minuteMs)
}
