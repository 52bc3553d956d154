/**
 * Payment 缴费: opening one with a provider, and cancelling an order with what is owed back.
 * No transaction is open while a provider is asked.
 */

import { type Method, methodsOf, type PayParams, type Scene } from '@jiyue/contract/payment'
import type { RefusalCode } from '@jiyue/contract/refusals'
import type { Payment } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import { anyOf } from '../db/conditions.ts'
import { gathered } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { OrderRow } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { askSparingly, closeTrade, nextAsk } from './ask.ts'
import { openPaymentOf } from './cancel.ts'
import { confirm } from './confirm.ts'
import { readMove } from './moves.ts'
import { type Terms, termsOf } from './terms.ts'
import { type PaymentRow, paymentRow, paymentView } from './view.ts'

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

/**
 * Opens a payment of `order` or of its open move, named by the phone. The same wish again answers the same. An earlier
 * open payment is closed at its provider first, so that nobody can pay twice.
 */
export async function openPayment(
  parts: Parts,
  order: OrderRow,
  wish: PaymentWish,
): Promise<(Payment & { params: PayParams }) | Refused> {
  const [move, known, rules] = await Promise.all([
    moveOf(parts.db, order.id, wish),
    paymentRow(parts.db, wish.id),
    readRules(parts.db),
  ])
  if (move === 'not_found') return refuse(move)
  if (known && !isSame(known, order, wish)) return refuse('payment_id_reused')
  const before = known && answerAgain(known)
  if (before) return before
  const terms = termsOf(order, move, rules, parts.now())
  if ('refused' in terms) return terms
  if (!methodsOf[wish.scene].includes(wish.method)) return refuse('method_not_offered')
  const blocked = await closeOther(parts, order, wish.id)
  if (blocked) return refuse(blocked)
  const payment = known ?? (await create(parts, order, wish, terms))
  if ('refused' in payment) return payment
  if (payment.amount_fen === 0) return { ...paymentView(payment), params: { way: 'none' } }
  return prepare(parts, order, payment, wish)
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

/** Closes the order's other open payment; why this one cannot be opened, or null. */
async function closeOther(
  parts: Parts,
  order: OrderRow,
  exceptId: string,
): Promise<RefusalCode | null> {
  const open = await openPaymentOf(parts.db, order.id)
  if (!open || open.id === exceptId) return null
  const verdict = await closeTrade(parts, open)
  if (verdict === 'confirmed' || verdict === 'moved') return 'already_paid'
  return verdict === 'unknown' ? 'payment_pending' : null
}

async function create(
  parts: Parts,
  order: OrderRow,
  wish: PaymentWish,
  terms: Terms,
): Promise<PaymentRow | Refused> {
  try {
    const plain = terms.amountFen > 0 && wish.moveId === undefined
    const payment = plain && (await insertPlain(parts, order, wish, terms))
    return payment || (await tx(parts.db, (t) => insert(t, parts, order.id, wish)))
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string }
    if (code !== '23505') throw error
    if (constraint === 'payments_one_open') return refuse('payment_pending')
    const same = await paymentRow(parts.db, wish.id)
    return same && isSame(same, order, wish) ? same : refuse('payment_id_reused')
  }
}

/**
 * The usual one in one statement: while the order is locked it must be as it was when its terms were
 * read. Undefined when it is not: something happened meanwhile.
 */
function insertPlain(
  { db, now }: Parts,
  order: OrderRow,
  wish: PaymentWish,
  terms: Terms,
): Promise<PaymentRow | undefined> {
  const row = newPayment(order.id, wish, terms, now())
  const columns = Object.keys(row) as (keyof typeof row)[]
  const still = db
    .selectFrom('orders')
    .select(columns.map((column) => sql.val(row[column]).as(column)))
    .where('id', '=', order.id)
    .where('state', '=', order.state)
    // As precise as it was read.
    .where(sql`date_trunc('milliseconds', held_until)`, '=', order.held_until)
    .where('payable_fen', '=', order.payable_fen)
    .forNoKeyUpdate()
  return db
    .insertInto('payments')
    .columns(columns)
    .expression(still)
    .returningAll()
    .executeTakeFirst()
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
  const payment = await t
    .insertInto('payments')
    .values(newPayment(orderId, wish, terms, now))
    .returningAll()
    .executeTakeFirstOrThrow()
  if (payment.amount_fen === 0) await confirm(t, parts, orderId)
  return payment
}

/** A payment as it is written first; of nothing it has succeeded at once. */
function newPayment(orderId: string, wish: PaymentWish, terms: Terms, now: Date) {
  const { amountFen, expiresAt } = terms
  const free = amountFen === 0
  return {
    id: wish.id,
    order_id: orderId,
    method: free ? null : wish.method,
    scene: wish.scene,
    client_ip: wish.ip,
    trade_no: wish.id.replaceAll('-', ''),
    amount_fen: amountFen,
    state: free ? ('succeeded' as const) : ('created' as const),
    params: null,
    expires_at: expiresAt,
    ask_at: free ? null : nextAsk({ created_at: now, expires_at: expiresAt }, 0, now),
    transaction_id: null,
    paid_fen: free ? 0 : null,
    paid_at: free ? now : null,
    created_at: now,
    move_id: wish.moveId ?? null,
  }
}

async function prepare(
  parts: Parts,
  order: OrderRow,
  payment: PaymentRow,
  wish: PaymentWish,
): Promise<(Payment & { params: PayParams }) | Refused> {
  const [payerId, service] = await Promise.all([
    subjectAt(parts.db, `${payment.scene} ${order.user_id}`),
    serviceName(parts.db, order.service_id),
  ])
  const description = `${service} ${order.number}${payment.move_id ? ' 改期差价' : ''}`
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
  const moved = await move(parts, payment.id, 'pending', answer.value)
  const fresh = moved ?? (await paymentRow(parts.db, payment.id)) ?? payment
  // Closed or refused (another try of it) while it was being opened: what was opened stays here, so
  // that nobody can pay it.
  if (fresh.state === 'closed') return refuse('payment_id_reused')
  if (fresh.state === 'failed') return refuse('gateway_refused')
  return { ...paymentView(fresh), params: answer.value }
}

/** Of a created one; undefined when it is no longer that. */
function move(
  { db }: Parts,
  paymentId: string,
  state: 'pending' | 'failed',
  params: PayParams | null,
): Promise<PaymentRow | undefined> {
  return db
    .updateTable('payments')
    .set({
      state,
      params: params && JSON.stringify(params),
      ...(state === 'failed' && { ask_at: null }),
    })
    .where('id', '=', paymentId)
    .where('state', '=', 'created')
    .returningAll()
    .executeTakeFirst()
}

/** By `<host> <user>`: the person's id at that host, where the host wants one of its payers. */
const subjectAt = gathered(async (db, keys: readonly string[]) => {
  const { rows } = await sql<{ key: string; subject: string }>`
    select host || ' ' || user_id as key, subject from identities
    where (host, user_id) in (
      select split_part(key, ' ', 1), split_part(key, ' ', 2)::uuid
      from unnest(${keys}::text[]) as key)`.execute(db)
  return new Map(rows.map(({ key, subject }) => [key, subject]))
})

const serviceName = gathered(async (db, ids: readonly string[]) => {
  const rows = await db
    .selectFrom('services')
    .select(['id', 'name'])
    .where('id', '=', anyOf(ids))
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
})

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
  return paymentView((await paymentRow(parts.db, paymentId)) ?? row)
}

function isSame(payment: PaymentRow, order: OrderRow, wish: PaymentWish): boolean {
  const sameMethod = payment.method === null || payment.method === wish.method
  const sameMove = payment.move_id === (wish.moveId ?? null)
  return payment.order_id === order.id && sameMethod && sameMove && payment.scene === wish.scene
}
