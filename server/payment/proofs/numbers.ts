/** Transaction numbers that people type (P10): one number is one payment, and confirms one order. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../db/schema.ts'
import type { Tx } from '../../db/tx.ts'

/** True when `number`, the provider's or ours, is another payment's than `paymentId`. */
export async function isAnothers(
  db: Kysely<Database>,
  number: string,
  paymentId: string,
): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select from payments where id <> ${paymentId}
      and (transaction_id = ${number} or trade_no = lower(${number}))) as known`.execute(db)
  return rows[0]?.known ?? false
}

/** The same, or a person has approved it for another payment, whatever they wrote down of it. */
export async function isSpent(
  db: Kysely<Database>,
  number: string,
  paymentId: string,
): Promise<boolean> {
  if (await isAnothers(db, number, paymentId)) return true
  const approved = await db
    .selectFrom('proofs')
    .select('id')
    .where('transaction_id', '=', number)
    .where('payment_id', '<>', paymentId)
    .where('state', '=', 'approved')
    .where('decided_by', '<>', 'payment')
    .limit(1)
    .executeTakeFirst()
  return approved !== undefined
}

/** Makes approvals of one number wait for each other, until the caller's commit. */
export async function lockNumber(t: Tx, number: string): Promise<void> {
  await sql`select lock_number(${number})`.execute(t)
}
