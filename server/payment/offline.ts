/**
 * 线下收款 (M7): money that a person of the merchant took by hand. It enters by the same door as all
 * money (settle.ts): the fact first, then the seat or the refund. A phone's own payment is closed at its
 * provider before, and what still comes of it afterwards goes back as paid twice.
 */
import { type Fen, price } from '@jiyue/contract/money'
import { type OrderState, stateAt } from '@jiyue/contract/order'
import { type OfflineWay, offlineWays } from '@jiyue/contract/payment'
import type { RefusalCode } from '@jiyue/contract/refusals'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField, Undone } from '../http/refusal.ts'
import { findOrder, lockOrder, type OrderRow } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { remind } from '../reminder/reminder.ts'
import { closeOpen, openPaymentOf } from './cancel.ts'
import { isSpent, lockNumber } from './proofs/numbers.ts'
import { audit } from './refunds/hand.ts'
import { type SettleVerdict, settleIn } from './settle.ts'

export interface OfflineWish {
  /** Named by the console. */
  id: string
  orderId: string
  amountFen: Fen
  way: OfflineWay
  /** Of the transfer or slip. */
  number: string | null
  evidence: string
  pictureId: string | null
  receivedBy: string
  reason: string
  /**
   * The money is here and cannot be handed back now: where the order has no use for it (paid already,
   * no seat left, over), it is written down all the same and all of it is owed back.
   */
  owe: boolean
}

/**
 * Writes money taken by hand down. The same wish again changes nothing. Refuses: not_found,
 * payment_id_reused, invalid_fields (another amount than is to pay), transaction_known, payment_pending
 * (the phone's own payment is not closed yet), and without `owe`: not_registered, already_paid,
 * order_state, slot_gone (its time is over and no seat is left).
 */
export async function takeByHand(
  parts: Parts,
  wish: OfflineWish,
  personId: string,
): Promise<'ok' | Refused> {
  const { db } = parts
  const by = `merchant:${personId}`
  const order = await findOrder(db, wish.orderId)
  if (!order || !(await hasPicture(db, wish.pictureId, personId))) return refuse('not_found')
  const known = await readOffline(db, wish.id)
  if (known) return isSame(known, wish, by) ? 'ok' : refuse('payment_id_reused')
  const no = whyNotNow(parts, order, wish)
  if (no) return no
  if (isPayable(stateOf(parts, order))) {
    // Before anybody's word counts: money that is at the provider already wins, an open trade is closed.
    const blocked = await closeOpen(parts, order)
    if (blocked?.refused === 'payment_pending') return blocked
    if (blocked && !wish.owe) return refuse('already_paid')
  }
  try {
    return await tx(db, (t) => take(t, parts, wish, by))
  } catch (error) {
    if (error instanceof Undone) return error.refusal
    // Another wish of this name in this very moment.
    if ((error as { constraint?: string }).constraint !== 'payments_pkey') throw error
    const twin = await readOffline(db, wish.id)
    return twin && isSame(twin, wish, by) ? 'ok' : refuse('payment_id_reused')
  }
}

/** Under the locks of all that may change: slot, order; the payment is new. */
async function take(t: Tx, parts: Parts, wish: OfflineWish, by: string): Promise<'ok' | Refused> {
  const { id, orderId, amountFen, number } = wish
  const order = await lockOrder(t, orderId)
  const twin = await readOffline(t, id)
  if (twin) return isSame(twin, wish, by) ? 'ok' : refuse('payment_id_reused')
  const no = whyNotNow(parts, order, wish)
  if (no) return no
  // Opened on the phone in this very moment: tried again, it is closed first.
  if (await openPaymentOf(t, orderId)) return refuse('payment_pending')
  if (number) {
    await lockNumber(t, number)
    if (await isSpent(t, number, id)) return refuse('transaction_known')
  }
  const now = parts.now()
  await insert(t, order, wish, by, now)
  const verdict = await settleIn(t, parts, factOf(wish, now), 'desk')
  if (verdict !== 'confirmed' && !wish.owe) throw new Undone(refuse(unwanted(verdict)))
  const details = { payment: id, amountFen, reason: wish.reason, verdict }
  await audit(t, orderId, 'mark_paid', by, details, now)
  const note = `商家已登记您的${offlineWays[wish.way]}付款 ${price(amountFen)}`
  const back = verdict === 'confirmed' ? '' : '，订单不需要这笔款项，商家将线下退还'
  await remind(t, { kind: 'by_hand', about: id, orderId, facts: { note: note + back }, now })
  after(t, () => parts.bus.changed({ topics: [`order:${orderId}`, 'console'] }))
  return 'ok'
}

/** What money that would go straight back is refused with. */
function unwanted(verdict: SettleVerdict): RefusalCode {
  return verdict === 'refunding:paid_twice' ? 'already_paid' : 'slot_gone'
}

const isPayable = (state: OrderState) => state === 'registered' || state === 'expired'

/** What an order has no use for, by its state; null where the door decides. */
const noUse: Record<OrderState, RefusalCode | null> = {
  held: 'not_registered',
  registered: null,
  confirmed: 'already_paid',
  completed: 'already_paid',
  missed: 'already_paid',
  cancelled: 'order_state',
  expired: null,
}

function whyNotNow(parts: Parts, order: OrderRow, wish: OfflineWish): Refused | null {
  const state = stateOf(parts, order)
  if (wish.owe) return null
  if (noUse[state]) return refuse(noUse[state])
  if (order.registered_at === null) return refuse('not_registered')
  if (wish.amountFen === order.payable_fen) return null
  return refuseField('amountFen', `应收 ${price(order.payable_fen ?? 0)}，请核对实收金额`)
}

function stateOf(parts: Parts, { state, held_until }: OrderRow): OrderState {
  const heldUntil = held_until?.toISOString() ?? null
  return stateAt({ state, heldUntil }, parts.now().getTime())
}

async function insert(
  t: Tx,
  order: OrderRow,
  wish: OfflineWish,
  by: string,
  now: Date,
): Promise<void> {
  const { id, orderId, amountFen, way, number, evidence, pictureId, receivedBy, reason } = wish
  // Asked for is what the order costs; what is not for its seat is asked for as it came.
  const asked = isPayable(order.state) ? (order.payable_fen ?? amountFen) : amountFen
  await t
    .insertInto('payments')
    .values({
      id,
      order_id: orderId,
      method: 'offline',
      scene: 'desk',
      client_ip: '',
      trade_no: tradeNoOf(id),
      amount_fen: asked,
      state: 'created',
      params: null,
      expires_at: now,
      ask_at: null,
      transaction_id: null,
      paid_fen: null,
      paid_at: null,
      created_at: now,
      move_id: null,
    })
    .execute()
  await t
    .insertInto('offline_payments')
    .values({
      payment_id: id,
      way,
      number,
      evidence,
      picture_id: pictureId,
      received_by: receivedBy,
      reason,
      by,
    })
    .execute()
}

const tradeNoOf = (id: string) => id.replaceAll('-', '')

function factOf({ id, amountFen, number, evidence }: OfflineWish, now: Date) {
  return {
    kind: 'trade',
    method: 'offline',
    tradeNo: tradeNoOf(id),
    state: 'paid',
    amountFen,
    paidAt: now,
    ...(number && { transactionId: number }),
    ...(evidence && { reference: evidence }),
  } as const
}

/** A picture is the evidence of who sent it. */
async function hasPicture(
  db: Kysely<Database>,
  pictureId: string | null,
  personId: string,
): Promise<boolean> {
  if (pictureId === null) return true
  const row = await db
    .selectFrom('pictures')
    .select('id')
    .where('id', '=', pictureId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return row !== undefined
}

function readOffline(db: Kysely<Database>, id: string) {
  return db
    .selectFrom('payments')
    .leftJoin('offline_payments', 'offline_payments.payment_id', 'payments.id')
    .selectAll('offline_payments')
    .select(['payments.order_id', 'payments.paid_fen', 'payments.id'])
    .where('payments.id', '=', id)
    .executeTakeFirst()
}

function isSame(
  known: NonNullable<Awaited<ReturnType<typeof readOffline>>>,
  wish: OfflineWish,
  by: string,
): boolean {
  return (
    known.by === by &&
    known.order_id === wish.orderId &&
    known.paid_fen === wish.amountFen &&
    known.way === wish.way &&
    known.number === wish.number &&
    known.evidence === wish.evidence &&
    known.picture_id === wish.pictureId &&
    known.received_by === wish.receivedBy &&
    known.reason === wish.reason
  )
}
