/** Confirming an order, with what follows from it in the same transaction. */
import type { Tx } from '../db/tx.ts'
import { type Applying, type ApplyVerdict, apply } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { planFor } from '../reminder/reminder.ts'

/** Confirms because it is paid (or nothing is to pay) and plans the reminders. */
export async function confirm(
  t: Tx,
  parts: Parts,
  orderId: string,
  applying: Applying = { by: 'payment' },
): Promise<ApplyVerdict> {
  const verdict = await apply(t, parts.bus, orderId, 'confirm', applying)
  if (verdict === 'ok') await planFor(t, orderId, parts.now())
  return verdict
}
