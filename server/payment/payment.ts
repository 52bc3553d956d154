/**
 * Payment 缴费: opening one with a provider, and cancelling an order with what is owed back.
 * No transaction is open while a provider is asked.
 */

import { type Method, methodsOf, type PayParams, type Scene } from '@jiyue/contract/payment'
import type { RefusalCode } from '@jiyue/contract/refusals'
import type { Payment } from '@jiyue/contract/schema/wire'
import type { Kysely, Selectable } from 'kysely'
import type { Database, PaymentTable } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { type OrderRow, readOrder } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { askSparingly, closeTrade, nextAsk } from './ask.ts'
import { confirm } from './confirm.ts'
import { readMove } from './moves.ts'
import { termsOf } from './terms.ts'

export type PaymentRow = Selectable<PaymentTable>

export interface PaymentWish {
  id: string
  method: Method
  scene: Scene
  /** Pays the difference of this open move instead of the order itself (B9). */
  moveId?: string | undefined
  /** Path of our H5 to come back to. */
  returnPath?: string | undefined
  ip: string
}

/** A payment as phones see it. */
export function paymentView(row: PaymentRow): Payment {
  return {
    id: row.id,
    orderId: row.order_id,
    method: row.method,
    state: row.state,
    amountFen: row.amount_fen,
    expiresAt: row.expires_at.toISOString(),
    paidAt: row.paid_at?.toISOString() ?? null,
    transactionId: row.transaction_id,
  }
}

/**
 * Opens a payment of `order` or of its open move, named by the phone. The same wish again answers the same. An earlier
 * open payment is closed at its provider first, so that nobody can pay twice.
 */
export async function openPayment(
  parts: Parts,
  order: OrderRow,
  wish: PaymentWish,
): Promise<(Payment & { params: PayParams }) | Refused> {
  const move = await moveOf(parts.db, order.id, wish)
  if (move === 'not_found') return refuse(move)
  const known = await readPayment(parts, wish.id)
  if (known && !isSame(known, order, wish)) return refuse('payment_id_reused')
  const before = known && answerAgain(known)
  if (before) return before
  const terms = termsOf(order, move, await readRules(parts.db), parts.now())
  if ('refused' in terms) return terms
  if (!methodsOf[wish.scene].includes(wish.method)) return refuse('method_not_offered')
  const blocked = await closeOthers(parts, order, wish.id)
  if (blocked) return refuse(blocked)
  const payment = known ?? (await create(parts, order, wish))
  if ('refused' in payment) return payment
  if (payment.amount_fen === 0) return { ...paymentView(payment), params: { way: 'none' } }
  return prepare(parts, payment, wish)
}

/** The move a wish pays for; null when it pays for the order itself. */
async function moveOf(db: Kysely<Database>, orderId: string, { moveId }: PaymentWish) {
  if (moveId === undefined) return null
  const move = await readMove(db, moveId)
  return move?.order_id === orderId ? move : 'not_found'
}

/**
 * What a repeated wish is answered; null while the first one has no answer yet. One that failed or
 * was closed is never opened again: nobody would ask the provider about its money.
 */
function answerAgain(payment: PaymentRow): (Payment & { params: PayParams }) | Refused | null {
  if (payment.params) return { ...paymentView(payment), params: payment.params }
  if (payment.amount_fen === 0) return { ...paymentView(payment), params: { way: 'none' } }
  if (payment.state === 'failed') return refuse('gateway_refused')
  return payment.state === 'closed' ? refuse('payment_id_reused') : null
}

async function closeOthers(
  parts: Parts,
  order: OrderRow,
  exceptId: string,
): Promise<RefusalCode | null> {
  const open = await parts.db
    .selectFrom('payments')
    .selectAll()
    .where('order_id', '=', order.id)
    .where('id', '<>', exceptId)
    .where('state', 'in', ['created', 'pending'])
    .execute()
  for (const payment of open) {
    const verdict = await closeTrade(parts, payment)
    if (verdict === 'confirmed' || verdict === 'moved') return 'already_paid'
    if (verdict === 'unknown') return 'payment_pending'
  }
  return null
}

async function create(
  parts: Parts,
  order: OrderRow,
  wish: PaymentWish,
): Promise<PaymentRow | Refused> {
  try {
    return await tx(parts.db, (t) => insert(t, parts, order.id, wish))
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string }
    if (code !== '23505') throw error
    if (constraint === 'payments_one_open') return refuse('payment_pending')
    const same = await readPayment(parts, wish.id)
    return same && isSame(same, order, wish) ? same : refuse('payment_id_reused')
  }
}

async function insert(
  t: Tx,
  parts: Parts,
  orderId: string,
  wish: PaymentWish,
): Promise<PaymentRow | Refused> {
  const rules = await readRules(t)
  // The lock keeps a cancel from slipping in between looking and writing.
  const order = await t
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const now = parts.now()
  const move = await moveOf(t, orderId, wish)
  if (move === 'not_found') return refuse(move)
  const terms = termsOf(order, move, rules, now)
  if ('refused' in terms) return terms
  const { amountFen, expiresAt } = terms
  const free = amountFen === 0
  const payment = await t
    .insertInto('payments')
    .values({
      id: wish.id,
      order_id: orderId,
      method: free ? null : wish.method,
      scene: wish.scene,
      client_ip: wish.ip,
      trade_no: wish.id.replaceAll('-', ''),
      amount_fen: amountFen,
      state: free ? 'succeeded' : 'created',
      params: null,
      expires_at: expiresAt,
      ask_at: free ? null : nextAsk({ created_at: now, expires_at: expiresAt }, 0, now),
      transaction_id: null,
      paid_fen: free ? 0 : null,
      paid_at: free ? now : null,
      created_at: now,
      move_id: move?.id ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  if (free) await confirm(t, parts, orderId)
  return payment
}

async function prepare(
  parts: Parts,
  payment: PaymentRow,
  wish: PaymentWish,
): Promise<(Payment & { params: PayParams }) | Refused> {
  const payerId = await payerOf(parts, payment)
  const description = await describe(parts, payment)
  const answer = await parts.gateways[wish.method].prepare(
    {
      tradeNo: payment.trade_no,
      amountFen: payment.amount_fen,
      description,
      expiresAt: payment.expires_at,
      scene: wish.scene,
      ...(payerId && { payerId }),
      clientIp: payment.client_ip,
      ...(wish.returnPath && { returnUrl: parts.publicUrl + wish.returnPath }),
    },
    parts.now(),
  )
  if (!answer.ok) {
    parts.log.warn(
      { payment: payment.id, code: answer.code, kind: answer.kind },
      'payment not opened',
    )
    if (answer.kind === 'unknown') return refuse('unavailable')
    await move(parts, payment.id, 'failed', null)
    return refuse('gateway_refused')
  }
  // A notice may have overtaken this answer: only a created payment becomes pending.
  await move(parts, payment.id, 'pending', answer.value)
  const fresh = (await readPayment(parts, payment.id)) ?? payment
  // Closed or refused (another try of it) while it was being opened: what was opened stays here, so
  // that nobody can pay it.
  if (fresh.state === 'closed') return refuse('payment_id_reused')
  if (fresh.state === 'failed') return refuse('gateway_refused')
  return { ...paymentView(fresh), params: answer.value }
}

async function move(
  { db }: Parts,
  paymentId: string,
  state: 'pending' | 'failed',
  params: PayParams | null,
): Promise<void> {
  await db
    .updateTable('payments')
    .set({
      state,
      params: params && JSON.stringify(params),
      ...(state === 'failed' && { ask_at: null }),
    })
    .where('id', '=', paymentId)
    .where('state', '=', 'created')
    .execute()
}

/** The payer's id at the host the order is paid from, where the host wants one. */
async function payerOf({ db }: Parts, payment: PaymentRow): Promise<string | null> {
  const { user_id } = await readOrder(db, payment.order_id)
  const identity = await db
    .selectFrom('identities')
    .select('subject')
    .where('user_id', '=', user_id)
    .where('host', '=', payment.scene)
    .executeTakeFirst()
  return identity?.subject ?? null
}

async function describe({ db }: Parts, payment: PaymentRow): Promise<string> {
  const { name, number } = await db
    .selectFrom('orders')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .select(['services.name', 'orders.number'])
    .where('orders.id', '=', payment.order_id)
    .executeTakeFirstOrThrow()
  return `${name} ${number}${payment.move_id ? ' 改期差价' : ''}`
}

/**
 * One payment of the caller's, asked for at the provider when it is still open. `returnQuery`: what
 * the cashier sent the person back with, for the record (ask.ts).
 */
export async function readOwnPayment(
  parts: Parts,
  paymentId: string,
  userId: string,
  returnQuery?: string,
): Promise<Payment | null> {
  const row = await parts.db
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .selectAll('payments')
    .where('payments.id', '=', paymentId)
    .where('orders.user_id', '=', userId)
    .executeTakeFirst()
  if (!row) return null
  if (row.state !== 'pending' && row.state !== 'created') return paymentView(row)
  await askSparingly(parts, row, returnQuery)
  return paymentView((await readPayment(parts, paymentId)) ?? row)
}

async function readPayment({ db }: Parts, id: string): Promise<PaymentRow | undefined> {
  return db.selectFrom('payments').selectAll().where('id', '=', id).executeTakeFirst()
}

function isSame(payment: PaymentRow, order: OrderRow, wish: PaymentWish): boolean {
  const sameMethod = payment.method === null || payment.method === wish.method
  const sameMove = payment.move_id === (wish.moveId ?? null)
  return payment.order_id === order.id && sameMethod && sameMove && payment.scene === wish.scene
}
