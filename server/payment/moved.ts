/** Doing a move (B9), in the caller's transaction: the seat, the price, what goes back, the messages. */
import type { Selectable } from 'kysely'
import type { MoveTable } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import { type MoveRefusal, moveOrder } from '../order/move.ts'
import { readOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { planFor, remind } from '../reminder/reminder.ts'
import { keptOf, owe } from './kept.ts'

export type MoveRow = Selectable<MoveTable>
export type MoveTerms = Pick<
  MoveRow,
  'id' | 'order_id' | 'from_slot' | 'to_slot' | 'fee_fen' | 'due_fen' | 'refund_fen' | 'quote'
>

/**
 * Moves the order by these terms; they were computed for `from_slot`, so an order that is elsewhere
 * by now is refused with `order_state`. What is refused leaves everything as it was.
 */
export async function doMove(
  t: Tx,
  parts: Parts,
  move: MoveTerms,
  by: 'user' | 'payment',
): Promise<'ok' | MoveRefusal> {
  const { id, order_id, to_slot, quote, fee_fen, due_fen, refund_fen } = move
  const { slot_id } = await readOrder(t, order_id)
  if (slot_id !== move.from_slot) return 'order_state'
  const kept = await keptOf(t, order_id)
  const details = { move: id, feeFen: fee_fen, dueFen: due_fen, refundFen: refund_fen }
  const verdict = await moveOrder(t, parts.bus, order_id, { slotId: to_slot, quote, by, details })
  if (verdict !== 'ok') return verdict
  const now = parts.now()
  if (refund_fen > 0) await owe(t, kept, refund_fen, { reason: 'moved', now })
  await planFor(t, order_id, now)
  await remind(t, { orderId: order_id, kind: 'moved', about: id, now })
  return 'ok'
}

/** The money of an open move is here: does it, or makes it void with the reason. */
export async function completeMove(
  t: Tx,
  parts: Parts,
  move: MoveRow,
): Promise<'ok' | MoveRefusal> {
  const verdict = await doMove(t, parts, move, 'payment')
  await t
    .updateTable('moves')
    .set({
      ended_at: parts.now(),
      ...(verdict === 'ok' ? { state: 'done' } : { state: 'void', reason: verdict }),
    })
    .where('id', '=', move.id)
    .execute()
  return verdict
}
