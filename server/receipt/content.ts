/** What stands on a receipt when it is issued (P9); it stays so, whatever happens afterwards. */
import type { Quote } from '@jiyue/contract/pricing'
import type { Receipt } from '@jiyue/contract/receipt'
import type { Kysely } from 'kysely'
import { readMerchant } from '../booking/catalogue.ts'
import type { Database } from '../db/schema.ts'
import type { OrderRow } from '../order/order.ts'
import type { KeptPayment } from '../payment/kept.ts'
import type { Seal } from '../people/seal.ts'
import { openAnswer } from '../registration/answers.ts'

/** The content of a receipt of `payment`, which stands for `order`. */
export async function contentOf(
  { db, seal }: { db: Kysely<Database>; seal: Seal },
  order: OrderRow,
  payment: KeptPayment,
  issued: { code: string; at: Date },
): Promise<Receipt> {
  const { method, paid_at, paid_fen } = payment
  if (!method || !paid_at || paid_fen === null) throw new Error(`payment ${payment.id} is no money`)
  const { payee } = await readMerchant(db)
  const of = await db
    .selectFrom('orders')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('slots', 'slots.id', 'orders.slot_id')
    .innerJoin('users', 'users.id', 'orders.user_id')
    .leftJoin('registrations', 'registrations.order_id', 'orders.id')
    .select(['services.name as service', 'slots.starts_at', 'slots.ends_at'])
    .select(['users.name as user', 'registrations.answers'])
    .where('orders.id', '=', order.id)
    .executeTakeFirstOrThrow()
  return {
    code: issued.code,
    orderNumber: order.number,
    payee,
    payer: payerOf(seal, of.answers ?? {}, of.user),
    service: of.service,
    slot: { startsAt: of.starts_at.toISOString(), endsAt: of.ends_at.toISOString() },
    lines: linesOf(order.quote, payment, of.service),
    paidFen: paid_fen,
    method,
    paidAt: paid_at.toISOString(),
    transactionId: payment.transaction_id,
    issuedAt: issued.at.toISOString(),
  }
}

/**
 * The lines of the price, where they come to what was paid. An order that moved has another price
 * since, and a payment of a move is a difference: these have one line each, that adds up.
 */
export function linesOf(
  quote: Quote | null,
  { paid_fen, move_id }: Pick<KeptPayment, 'paid_fen' | 'move_id'>,
  service: string,
): Receipt['lines'] {
  const amountFen = paid_fen ?? 0
  const lines = (quote?.lines ?? []).map(({ label, amountFen }) => ({ label, amountFen }))
  const sum = lines.reduce((total, line) => total + line.amountFen, 0)
  if (move_id === null && lines.length > 0 && sum === amountFen) return lines
  return [{ label: move_id === null ? service : `${service}（改期差价）`, amountFen }]
}

/**
 * Who paid, shortened: the name or company they registered with, else what we call them (「微信用户」,
 * which is nobody's name).
 */
export function payerOf(
  seal: Seal,
  answers: Readonly<Record<string, unknown>>,
  user: string,
): string {
  const name = openAnswer(seal, answers.name)
  if (typeof name === 'string' && name !== '') return shortened(name, 1)
  const company = openAnswer(seal, answers.company) as { name?: unknown } | null | undefined
  if (typeof company?.name === 'string' && company.name !== '') return shortened(company.name, 2)
  return shortened(user, 2)
}

/** Its first characters and two stars, however long it is: 「林**」. By character: 𬭎 is one. */
function shortened(name: string, count: number): string {
  return `${[...name].slice(0, count).join('')}**`
}
