/**
 * Refunds (P11): owed in the transaction that decides so, and the one door for what providers say of
 * them. `refunds/` has the rest: following them, refunds by hand, the console's list.
 */
import { randomUUID } from 'node:crypto'
import type { Fen } from '@jiyue/contract/money'
import {
  byHandFailure,
  byHandHint,
  type HeardBy,
  type RefundReason,
  refundHints,
} from '@jiyue/contract/payment'
import type { Refund } from '@jiyue/contract/schema/wire'
import { type Selectable, sql } from 'kysely'
import type { PaymentTable, RefundTable } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'
import { remind } from '../reminder/reminder.ts'
import type { RefundFact } from './gateways/gateway.ts'
import { decideRefund, type RefundDecision, type RefundVerdict } from './refunds/decide.ts'
import { isSaidAgain, recordRefund } from './refunds/evidence.ts'
import { CALL_AFTER, followerDue, hintedDue, nextRefundTry } from './refunds/patience.ts'

export type RefundRow = Selectable<RefundTable>

export interface RefundWanted {
  paymentId: string
  amountFen: Fen
  reason: RefundReason
  now: Date
  /** When to ask for it; now by default. */
  dueAt?: Date
  /** `rule` (default) or `merchant:<id>`, with what they wrote. */
  by?: string
  note?: string | null
  /** Named by the caller; by us otherwise. */
  id?: string
  /** The closed refund it makes good, and what to show of that. */
  replaces?: string
  failure?: string | null
}

/**
 * Owes a refund, in the caller's transaction. The database refuses more than came in. Refunds of one
 * payment are asked for a minute apart: WeChat refuses closer ones (facts 1.9).
 */
export async function requestRefund(t: Tx, wanted: RefundWanted): Promise<void> {
  const { id = randomUUID(), now } = wanted
  await t
    .insertInto('refunds')
    .values({
      id,
      payment_id: wanted.paymentId,
      refund_no: `R${id.replaceAll('-', '')}`,
      amount_fen: wanted.amountFen,
      reason: wanted.reason,
      state: 'requested',
      // Nobody can be asked for money that was taken by hand: a person gives it back (otherwise.ts).
      due_at: sql<Date | null>`case when not ${isByHand(wanted.paymentId)} then
        greatest(${wanted.dueAt ?? now}::timestamptz,
          (select max(requested_at) + interval '1 minute' from refunds
            where payment_id = ${wanted.paymentId}
              and requested_at > ${now}::timestamptz - interval '1 minute')) end`,
      requested_at: now,
      by: wanted.by ?? 'rule',
      note: wanted.note ?? null,
      replaces: wanted.replaces ?? null,
      failure: sql<string | null>`case when ${isByHand(wanted.paymentId)} then ${byHandFailure}
        else ${wanted.failure ?? null}::text end`,
    })
    .execute()
}

const isByHand = (paymentId: string) =>
  sql<boolean>`exists (select from payments where id = ${paymentId} and method = 'offline')`

/** A refund as phones see it. */
export function refundView(row: RefundRow): Refund {
  return {
    id: row.id,
    amountFen: row.amount_fen,
    state: row.state,
    reason: row.reason,
    at: (row.refunded_at ?? row.requested_at).toISOString(),
    hint: waitsForHand(row) ? byHandHint : refundHints[row.state],
  }
}

const waitsForHand = ({ state, failure }: RefundRow) =>
  state === 'requested' && failure === byHandFailure

/** Writes down what a provider says of a refund and does what it means; the same again does nothing. */
export async function settleRefund(
  parts: Parts,
  fact: RefundFact,
  heardBy: HeardBy,
): Promise<RefundVerdict> {
  return tx(parts.db, async (t) => {
    const found = await lockRefund(t, fact)
    if (!found) return settleUnknown(t, parts, fact, heardBy)
    const { refund, payment } = found
    const now = parts.now()
    const known = { state: refund.state, amountFen: refund.amount_fen }
    const decision = decideRefund(fact, known, heardBy)
    await act(t, parts, refund, fact, decision, heardBy)
    if (decision.event === 'succeed') await tellArrived(t, refund, payment.order_id, now)
    const { verdict } = decision
    const said = { paymentId: payment.id, heardBy, verdict, now }
    if (decision.event || !(await isSaidAgain(t, fact, said))) await recordRefund(t, fact, said)
    after(t, () => tellRefund(parts, payment.order_id))
    return verdict
  })
}

/** The person hears that their money is back. */
async function tellArrived(t: Tx, refund: RefundRow, orderId: string, now: Date): Promise<void> {
  const facts = { amountFen: refund.amount_fen }
  await remind(t, { kind: 'refunded', about: refund.id, orderId, facts, now })
}

async function act(
  t: Tx,
  parts: Parts,
  refund: RefundRow,
  fact: RefundFact,
  { event, verdict }: RefundDecision,
  heardBy: HeardBy,
): Promise<void> {
  const now = parts.now()
  const said = { refund: refund.id, said: fact.state, amountFen: fact.amountFen }
  if (verdict === 'amount_differs') {
    after(t, () => parts.log.error(said, 'a provider speaks of another amount to refund'))
  }
  if (verdict === 'refunded_twice') {
    after(t, () =>
      parts.log.error(said, 'refunded twice, otherwise and by its provider: a person is needed'),
    )
    return
  }
  switch (event) {
    case 'succeed': {
      const refunded_at = fact.refundedAt ?? now
      return change(t, refund, { state: 'succeeded', refunded_at, due_at: null, failure: null })
    }
    case 'fail': {
      const failure = verdict === 'amount_differs' ? 'AMOUNT_DIFFERS' : (fact.reason ?? 'FAILED')
      after(t, () => parts.log.error({ ...said, failure }, 'refund failed: a person is needed'))
      return fail(t, refund, failure, now)
    }
    case 'retry':
      return change(t, refund, { state: 'requested', ...afresh(now) })
    case 'close': {
      const failure = fact.reason ?? 'CLOSED'
      await change(t, refund, { state: 'closed', failure, due_at: null })
      return follow(t, parts, refund, now)
    }
    case null:
      if (verdict === 'known') return
      if (heardBy === 'notice') return change(t, refund, { due_at: hintedDue(refund.due_at, now) })
      // What it was waiting for came: from here on the steps are short again.
      if (verdict === 'processing' && refund.failure) return change(t, refund, afresh(now))
  }
}

/** A person is needed; asked about slowly all the same. */
export function fail(t: Tx, refund: RefundRow, failure: string, now: Date): Promise<void> {
  const due_at = nextRefundTry({ state: 'failed' }, 1, now)
  return change(t, refund, { state: 'failed', failure, due_at })
}

/** The state of a refund that was accepted just now. */
function afresh(now: Date) {
  const due_at = nextRefundTry({ state: 'requested' }, 1, now)
  return { failure: null, tries: 1, due_at } as const
}

type PaymentOfRefund = Pick<Selectable<PaymentTable>, 'id' | 'order_id' | 'trade_no'>

/** Locks payment, then refund: a follower's insert locks the payment too. */
async function lockRefund(
  t: Tx,
  { refundNo, method, tradeNo }: RefundFact,
): Promise<{ refund: RefundRow; payment: PaymentOfRefund } | null> {
  const payment = await t
    .selectFrom('payments')
    .innerJoin('refunds', 'refunds.payment_id', 'payments.id')
    .select(['payments.id', 'payments.order_id', 'payments.trade_no'])
    .where('refunds.refund_no', '=', refundNo)
    .where('payments.method', '=', method)
    .forUpdate('payments')
    .executeTakeFirst()
  // A number of ours with another trade's is nobody's.
  if (!payment || (tradeNo !== undefined && tradeNo !== payment.trade_no)) return null
  const refund = await t
    .selectFrom('refunds')
    .selectAll()
    .where('refund_no', '=', refundNo)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return { refund, payment }
}

/** Writes what became of a refund. */
export async function change(
  t: Tx,
  refund: RefundRow,
  to: Partial<Pick<RefundRow, 'state' | 'refunded_at' | 'due_at' | 'failure' | 'tries'>>,
): Promise<void> {
  await t.updateTable('refunds').set(to).where('id', '=', refund.id).execute()
}

/** A closed refund never pays: another number takes its place, with more patience each time. */
async function follow(t: Tx, parts: Parts, refund: RefundRow, now: Date): Promise<void> {
  const { rows } = await sql<{ closed: number }>`
    with recursive chain as (
      select id, replaces from refunds where id = ${refund.id}
      union all select r.id, r.replaces from refunds r join chain on r.id = chain.replaces)
    select count(*)::int as closed from chain`.execute(t)
  const closed = rows[0]?.closed ?? 1
  const calls = closed >= CALL_AFTER
  await requestRefund(t, {
    paymentId: refund.payment_id,
    amountFen: refund.amount_fen,
    reason: refund.reason,
    now,
    dueAt: followerDue(closed, now),
    by: refund.by,
    note: refund.note,
    replaces: refund.id,
    failure: calls ? 'CLOSED' : null,
  })
  const said = { refund: refund.id, closed }
  after(t, () =>
    calls
      ? parts.log.error(said, 'refund closed again and again: a person is needed')
      : parts.log.warn(said, 'refund closed by the provider; another number follows'),
  )
}

/** A refund made in the provider's own console: our books do not have it, its trade may be ours. */
async function settleUnknown(
  t: Tx,
  parts: Parts,
  fact: RefundFact,
  heardBy: HeardBy,
): Promise<RefundVerdict> {
  const payment = await t
    .selectFrom('payments')
    .select('id')
    .where('trade_no', '=', fact.tradeNo ?? '')
    .where('method', '=', fact.method)
    .executeTakeFirst()
  const { refundNo, tradeNo, method } = fact
  after(t, () => parts.log.error({ refundNo, tradeNo, method }, 'a refund names none of ours'))
  const verdict = 'unknown_refund'
  const paymentId = payment?.id ?? null
  await recordRefund(t, fact, { paymentId, heardBy, verdict, now: parts.now() })
  return verdict
}

/** Says that an order's money changed. */
export function tellRefund({ bus }: Parts, orderId: string): void {
  bus.changed({ topics: [`order:${orderId}`, 'console'] })
}
