/**
 * Moving an order to another slot 改期 (B9). With nothing to pay it happens at once; else it stays
 * open until its money comes, and its new seat is not held: an order never has two. What decides is
 * move_order (db/migrations/006-move.sql) and moving.ts.
 */
import { disruptedMoveRule } from '@jiyue/contract/disruption'
import type { Fen } from '@jiyue/contract/money'
import type { Quote } from '@jiyue/contract/pricing'
import { moveRuleText, type Rules } from '@jiyue/contract/rules'
import type { Reply } from '@jiyue/contract/schema/wire'
import { minuteMs } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import { quoteInSlot } from '../booking/quote.ts'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { isDisrupted } from '../order/disrupted.ts'
import { lockMove, mayNotMove } from '../order/move.ts'
import { type OrderRow, readOrder, tell } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { closeOpen, openPaymentOf } from './cancel.ts'
import { voidOpen } from './giveUp.ts'
import { keptOf } from './kept.ts'
import { doMove, type MoveRow } from './moved.ts'
import { type MoveSeen, readMove } from './moves.ts'
import { type Moving, moving } from './moving.ts'

/** What moving to the slot would cost now. Refuses as `putMove` would, but for the payment's sake. */
export async function readMoveQuote(
  parts: Parts,
  order: OrderRow,
  slotId: string,
): Promise<Reply<'getMoveQuote'> | Refused> {
  const { db } = parts
  const refused = await mayNotMove(db, order.id, slotId)
  if (refused) return refuse(refused)
  const now = parts.now()
  const rules = await readRules(db)
  const price = await priceMove(db, order, slotId, rules, now)
  if (!price) return refuse('order_state')
  const rule = (await isDisrupted(db, order)) ? disruptedMoveRule : moveRuleText(rules)
  return { ...price, rule, now: now.toISOString() }
}

export interface MoveWish {
  /** Named by the phone. */
  id: string
  slotId: string
  /** What the person saw. */
  dueFen: Fen
  refundFen: Fen
}

/**
 * Moves `order` at once, or opens a move that its payment completes. The same wish again is the same
 * move, whatever became of it. An earlier open move is given up, its payment closed first.
 */
export async function putMove(
  parts: Parts,
  order: OrderRow,
  wish: MoveWish,
): Promise<MoveSeen | Refused> {
  const { db } = parts
  const known = await readMove(db, wish.id)
  if (known) return sameMove(known, order.id, wish)
  if ((await mayNotMove(db, order.id, wish.slotId)) === 'order_state') return refuse('order_state')
  const blocked = await closeOpen(parts, order)
  if (blocked) return blocked
  try {
    const refused = await tx(db, (t) => write(t, parts, order.id, wish))
    if (refused) return refused
  } catch (error) {
    if (!isNamedTwice(error)) throw error
  }
  const move = await readMove(db, wish.id)
  if (!move) throw new Error(`move ${wish.id} vanished`)
  return sameMove(move, order.id, wish)
}

function sameMove(move: MoveSeen, orderId: string, wish: MoveWish): MoveSeen | Refused {
  const same =
    move.order_id === orderId &&
    move.to_slot === wish.slotId &&
    move.due_fen === wish.dueFen &&
    move.refund_fen === wish.refundFen
  return same ? move : refuse('move_id_reused')
}

/** Somebody else named a move so in this very moment. */
function isNamedTwice(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code === '23505' && constraint === 'moves_pkey'
}

/** Decides under the locks; null when the move is written, by this call or by a twin of it. */
async function write(
  t: Tx,
  parts: Parts,
  orderId: string,
  wish: MoveWish,
): Promise<Refused | null> {
  const refused = await lockMove(t, orderId, wish.slotId)
  if (await readMove(t, wish.id)) return null
  if (refused === 'order_state') return refuse(refused)
  // A payment of an earlier move, opened since we looked: its money must find its move.
  if (await openPaymentOf(t, orderId)) return refuse('payment_pending')
  if (refused) return refuse(refused)
  const order = await readOrder(t, orderId)
  const now = parts.now()
  const rules = await readRules(t)
  const price = await priceMove(t, order, wish.slotId, rules, now)
  if (!price) return refuse('order_state')
  if (price.dueFen !== wish.dueFen || price.refundFen !== wish.refundFen)
    return refuse('price_changed')
  const move = {
    id: wish.id,
    order_id: orderId,
    from_slot: order.slot_id,
    to_slot: wish.slotId,
    fee_fen: price.feeFen,
    due_fen: price.dueFen,
    refund_fen: price.refundFen,
    quote: price.quote,
  }
  const open = price.dueFen > 0
  if (!open) {
    const verdict = await doMove(t, parts, move, 'user')
    if (verdict !== 'ok') return refuse(verdict)
  }
  await voidOpen(t, orderId, now)
  await t
    .insertInto('moves')
    .values({
      ...move,
      quote: JSON.stringify(price.quote),
      state: open ? 'open' : 'done',
      reason: null,
      created_at: now,
      expires_at: open ? await openUntil(t, move, rules, now) : now,
      ended_at: open ? null : now,
    })
    .execute()
  after(t, () => tell(parts.bus, [{ id: orderId, slot_id: order.slot_id }]))
  return null
}

type Priced = Moving & { quote: Quote }

/** Null once the old slot has begun. */
async function priceMove(
  db: Kysely<Database>,
  order: OrderRow,
  slotId: string,
  rules: Rules,
  now: Date,
): Promise<Priced | null> {
  if (!order.quote) throw new Error(`order ${order.id} is confirmed without a price`)
  const quote = await quoteInSlot(db, order, slotId)
  const { starts_at } = await db
    .selectFrom('slots')
    .select('starts_at')
    .where('id', '=', order.slot_id)
    .executeTakeFirstOrThrow()
  const kept = await keptOf(db, order.id)
  // Who leaves a slot that falls through (M9) pays no fee for it, however late.
  const fees = (await isDisrupted(db, order)) ? { ...rules, cancelFeePercent: 0 } : rules
  const price = moving(kept, { from: order.quote, to: quote }, starts_at, fees, now)
  return price && { ...price, quote }
}

/** Until the difference may be paid: by the rule, and as long as the order may go from here to there. */
async function openUntil(
  t: Tx,
  { from_slot, to_slot }: Pick<MoveRow, 'from_slot' | 'to_slot'>,
  { movePayMinutes }: Rules,
  now: Date,
): Promise<Date> {
  const { ends } = await t
    .selectFrom('slots as from')
    .innerJoin('slots as to', (join) => join.on('to.id', '=', to_slot))
    .select(
      sql<Date>`least(${new Date(now.getTime() + movePayMinutes * minuteMs)}::timestamptz,
        "from".starts_at, "to".bookable_until)`.as('ends'),
    )
    .where('from.id', '=', from_slot)
    .executeTakeFirstOrThrow()
  return ends
}
