/** A payment as it is kept, and as phones see it. */
import type { Payment } from '@jiyue/contract/schema/wire'
import type { Selectable } from 'kysely'
import { anyOf } from '../db/conditions.ts'
import { gathered } from '../db/gather.ts'
import type { PaymentTable } from '../db/schema.ts'

export type PaymentRow = Selectable<PaymentTable>

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

/** By id. */
export const paymentRow = gathered(async (db, ids: readonly string[]) => {
  const rows = await db.selectFrom('payments').selectAll().where('id', '=', anyOf(ids)).execute()
  return new Map(rows.map((row) => [row.id, row]))
})
