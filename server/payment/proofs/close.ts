import type { Tx } from '../../db/tx.ts'

/**
 * Money of an order came by itself: a proof of it that waits for a person is answered. In the
 * transaction that takes the money, so that nobody approves what has arrived.
 */
export async function closeProofs(t: Tx, orderId: string, now: Date): Promise<void> {
  await t
    .updateTable('proofs')
    .set({ state: 'approved', decided_by: 'payment', decided_at: now })
    .where('order_id', '=', orderId)
    .where('state', '=', 'submitted')
    .execute()
}
