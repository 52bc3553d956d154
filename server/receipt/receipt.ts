/** Receipts 支付凭证 (P9): issued once a payment, verified by whoever has the code, printed. */
import { randomBytes } from 'node:crypto'
import { type Receipt, readCode } from '@jiyue/contract/receipt'
import type { Reply } from '@jiyue/contract/schema/wire'
import type { Kysely } from 'kysely'
import { readMerchant } from '../booking/catalogue.ts'
import type { Database } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { OrderRow } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { type KeptPayment, keptPayments } from '../payment/kept.ts'
import { contentOf } from './content.ts'
import { refundedOf, type Sheet, type SheetRefund } from './sheet.ts'

/** Issues the receipt of an order's payment, or answers the one there is. Refuses: not_paid. */
export async function issueReceipt(
  parts: Parts,
  order: OrderRow,
): Promise<Reply<'putReceipt'> | Refused> {
  const [payment] = await keptPayments(parts.db, order.id)
  if (!payment) return refuse('not_paid')
  const code =
    (await codeOf(parts.db, payment.id)) ??
    (await tx(parts.db, (t) => issue(t, parts, order, payment)))
  return { code, verifyPath: verifyPathOf(code), pdfPath: `/v1/receipts/${code}/pdf` }
}

/** What a typed code verifies, with what went back since; null when nothing was issued under it. */
export async function verifyReceipt(
  parts: Parts,
  typed: string,
): Promise<Reply<'getReceipt'> | null> {
  const issued = await readIssued(parts.db, typed)
  if (!issued) return null
  const { receipt, refunds } = issued
  return { receipt, refundedFen: refundedOf(refunds), now: parts.now().toISOString() }
}

/** What is printed for a typed code, as of now; null when nothing was issued under it. */
export async function readSheet(parts: Parts, typed: string): Promise<Sheet | null> {
  const issued = await readIssued(parts.db, typed)
  if (!issued) return null
  const { name: merchant } = await readMerchant(parts.db)
  const verifyUrl = parts.publicUrl + verifyPathOf(issued.receipt.code)
  return { ...issued, merchant, verifyUrl, printedAt: parts.now().toISOString() }
}

/** The page of our H5 that verifies a code (src/lib/paths.ts). */
function verifyPathOf(code: string): string {
  return `/pages/receipt/index?code=${code}`
}

/** Many at once: the table has one receipt a payment, so one writes it and the others read it. */
async function issue(t: Tx, parts: Parts, order: OrderRow, payment: KeptPayment): Promise<string> {
  const now = parts.now()
  const code = newCode()
  const content = await contentOf({ db: t, seal: parts.seal }, order, payment, { code, at: now })
  const written = await t
    .insertInto('receipts')
    .values({
      code,
      order_id: order.id,
      payment_id: payment.id,
      content: JSON.stringify(content),
      issued_at: now,
    })
    .onConflict((conflict) => conflict.column('payment_id').doNothing())
    .returning('code')
    .executeTakeFirst()
  if (!written) return (await codeOf(t, payment.id)) ?? missing(payment.id)
  await t
    .insertInto('events')
    .values({
      order_id: order.id,
      slot_id: order.slot_id,
      what: 'issue_receipt',
      by: 'user',
      details: JSON.stringify({ payment: payment.id }),
      at: now,
    })
    .execute()
  return code
}

function missing(paymentId: string): never {
  throw new Error(`payment ${paymentId} has a receipt and has none`)
}

/** 80 random bits: not to be guessed at 60 tries a minute. */
function newCode(): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  return Array.from(randomBytes(16), (byte) => letters[byte % 32]).join('')
}

async function codeOf(db: Kysely<Database>, paymentId: string): Promise<string | null> {
  const row = await db
    .selectFrom('receipts')
    .select('code')
    .where('payment_id', '=', paymentId)
    .executeTakeFirst()
  return row?.code ?? null
}

async function readIssued(
  db: Kysely<Database>,
  typed: string,
): Promise<{ receipt: Receipt; refunds: SheetRefund[] } | null> {
  const code = readCode(typed)
  if (!code) return null
  const row = await db
    .selectFrom('receipts')
    .select(['payment_id', 'content'])
    .where('code', '=', code)
    .executeTakeFirst()
  if (!row) return null
  const refunds = await db
    .selectFrom('refunds')
    .selectAll()
    .where('payment_id', '=', row.payment_id)
    // One that a provider closed gave nothing back; another number follows it.
    .where('state', '<>', 'closed')
    .orderBy('requested_at')
    .orderBy('id')
    .execute()
  return {
    receipt: row.content,
    refunds: refunds.map(({ reason, state, amount_fen, refunded_at, requested_at }) => ({
      reason,
      state,
      amountFen: amount_fen,
      at: (refunded_at ?? requested_at).toISOString(),
    })),
  }
}
