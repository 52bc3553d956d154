/**
 * The one door through which money news enters (P10): notice, query, close. The fact is written down
 * first, then decided on, in one transaction. Lock order: slot → order → payment.
 */
import type { HeardBy, RefundReason } from '@jiyue/contract/payment'
import { sql } from 'kysely'
import { after, type Tx, tx } from '../db/tx.ts'
import { readOrder, tell } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { confirm } from './confirm.ts'
import { decide } from './decide.ts'
import type { TradeFact } from './gateways/gateway.ts'
import { completeMove, type MoveRow } from './moved.ts'
import { closeProofs } from './proofs/close.ts'
import { requestRefund } from './refund.ts'
import { moveLapsed } from './terms.ts'
import type { PaymentRow } from './view.ts'

/**
 * What became of it: `confirmed`, `moved` (it was the difference of a move), `refunding:<reason>`,
 * `closed`, `waiting`, `known`, or `unknown_trade` for money that names no payment of ours (kept and logged for a person).
 */
export type SettleVerdict =
  | 'confirmed'
  | 'moved'
  | `refunding:${RefundReason}`
  | 'closed'
  | 'waiting'
  | 'known'
  | 'unknown_trade'

/** Records `fact` and does what it means. Hearing the same again, or many at once, changes nothing. */
export function settle(parts: Parts, fact: TradeFact, heardBy: HeardBy): Promise<SettleVerdict> {
  return tx(parts.db, (t) => settleIn(t, parts, fact, heardBy))
}

/** The same in the caller's transaction; what that has locked before is at most `lockTrade`'s. */
export async function settleIn(
  t: Tx,
  parts: Parts,
  fact: TradeFact,
  heardBy: HeardBy,
): Promise<SettleVerdict> {
  const found = await findTrade(t, fact)
  if (!found) {
    parts.log.error(
      { tradeNo: fact.tradeNo, method: fact.method, state: fact.state },
      'money names no payment',
    )
    await record(t, null, fact, heardBy, 'unknown_trade', parts.now())
    return 'unknown_trade'
  }
  const payment = await lock(t, found.id)
  const verdict = await act(t, parts, payment, fact, heardBy)
  await record(t, payment.id, fact, heardBy, verdict, parts.now())
  after(t, () => tell(parts.bus, [{ id: found.order_id, slot_id: found.slot_id }]))
  return verdict
}

type TradeName = Pick<TradeFact, 'method' | 'tradeNo'>

/** Locks a payment with all that news of it may change: slot, order, payment. Throws without one. */
export async function lockTrade(t: Tx, trade: TradeName): Promise<PaymentRow> {
  const found = await findTrade(t, trade)
  if (!found) throw new Error(`there is no trade ${trade.tradeNo}`)
  return lock(t, found.id)
}

function findTrade(t: Tx, { method, tradeNo }: TradeName) {
  return t
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .select(['payments.id', 'payments.order_id', 'orders.slot_id'])
    .where('payments.trade_no', '=', tradeNo)
    .where('payments.method', '=', method)
    .executeTakeFirst()
}

/** db/migrations/040-living-holds.sql */
async function lock(t: Tx, paymentId: string): Promise<PaymentRow> {
  const { rows } = await sql<PaymentRow>`select * from lock_trade(${paymentId}::uuid)`.execute(t)
  const [payment] = rows
  if (!payment) throw new Error(`there is no payment ${paymentId}`)
  return payment
}

async function act(
  t: Tx,
  parts: Parts,
  payment: PaymentRow,
  fact: TradeFact,
  heardBy: HeardBy,
): Promise<SettleVerdict> {
  const order = await readOrder(t, payment.order_id)
  const asked = heardBy === 'query' || heardBy === 'return'
  // “Closed” from before its end may be about a trade that nobody had opened yet (stopAsking).
  const final = asked || (fact.askedAt ?? parts.now()) >= payment.expires_at
  const move = payment.move_id ? await lockMoveRow(t, payment.move_id) : null
  const lapsed = move !== null && moveLapsed(move, await readRules(t), fact.paidAt ?? parts.now())
  const decision = decide(
    fact,
    { state: payment.state, amountFen: payment.amount_fen },
    order.state,
    move && { state: move.state, lapsed },
  )
  switch (decision.do) {
    case 'wait':
      return 'waiting'
    case 'known':
      if (fact.state === 'paid' && fact.amountFen !== payment.paid_fen) {
        // A person approved another sum, or the provider changed its word: the bill lists it too.
        parts.log.error(
          { payment: payment.id, said: fact.amountFen, known: payment.paid_fen },
          'a provider names another amount than is in the books: a person is needed',
        )
      }
      if (payment.state === 'closed' && fact.state === 'closed' && final)
        await stopAsking(t, payment)
      return 'known'
    case 'close':
      await t
        .updateTable('payments')
        .set({ state: 'closed' })
        .where('id', '=', payment.id)
        .execute()
      if (final) await stopAsking(t, payment)
      return 'closed'
    case 'refund':
      await take(t, parts, payment, fact)
      return giveBack(t, parts, payment, fact, decision.reason)
    case 'confirm': {
      await take(t, parts, payment, fact)
      const verdict = await confirm(t, parts, order.id)
      return verdict === 'ok' ? 'confirmed' : giveBack(t, parts, payment, fact, 'slot_gone')
    }
    case 'move': {
      if (!move) throw new Error(`payment ${payment.id} is for no move`)
      await take(t, parts, payment, fact)
      const verdict = await completeMove(t, parts, move)
      return verdict === 'ok' ? 'moved' : giveBack(t, parts, payment, fact, 'move_failed')
    }
  }
}

/** Locked against the sweep that makes lapsed moves void. */
function lockMoveRow(t: Tx, id: string): Promise<MoveRow> {
  return t
    .selectFrom('moves')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/**
 * Nobody can pay it any more: the provider itself says closed, or its time is over. Until then also a
 * closed payment is asked about: an Alipay address that nobody opened has no trade to close, and can
 * still be opened and paid while its notice is lost.
 */
async function stopAsking(t: Tx, payment: PaymentRow): Promise<void> {
  await t.updateTable('payments').set({ ask_at: null }).where('id', '=', payment.id).execute()
}

/** The money is here: whatever happens next, this stays true. */
async function take(t: Tx, parts: Parts, payment: PaymentRow, fact: TradeFact): Promise<void> {
  await t
    .updateTable('payments')
    .set({
      state: 'succeeded',
      transaction_id: fact.transactionId ?? null,
      paid_fen: fact.amountFen,
      paid_at: fact.paidAt ?? parts.now(),
      ask_at: null,
    })
    .where('id', '=', payment.id)
    .execute()
  await closeProofs(t, payment.order_id, parts.now())
}

async function giveBack(
  t: Tx,
  parts: Parts,
  payment: PaymentRow,
  fact: TradeFact,
  reason: RefundReason,
): Promise<SettleVerdict> {
  await requestRefund(t, {
    paymentId: payment.id,
    amountFen: fact.amountFen,
    reason,
    now: parts.now(),
  })
  return `refunding:${reason}`
}

async function record(
  t: Tx,
  paymentId: string | null,
  fact: TradeFact,
  heardBy: HeardBy,
  verdict: SettleVerdict,
  now: Date,
): Promise<void> {
  await t
    .insertInto('facts')
    .values({
      payment_id: paymentId,
      method: fact.method,
      kind: 'trade',
      trade_no: fact.tradeNo,
      refund_no: null,
      state: fact.state,
      amount_fen: fact.amountFen,
      transaction_id: fact.transactionId ?? null,
      heard_by: heardBy,
      reference: fact.reference ?? null,
      verdict,
      heard_at: now,
    })
    .execute()
}
