/** What is held about a person's orders besides answers and money, for themselves (X11). */
import type { FormField } from '@jiyue/contract/fields/kinds'
import { fieldKinds } from '@jiyue/contract/fields/registry'
import type { MyData } from '@jiyue/contract/schema/privacy'
import { sql } from 'kysely'
import { readForm } from '../booking/catalogue.ts'
import type { Parts } from '../parts.ts'
import { openAnswer } from '../registration/answers.ts'

type OrderData = MyData['orders'][number]
type Order = { id: string; service_id: string; form_version: number }

/** How an order was booked, asked about, changed, moved and receipted. */
export async function traceOf(
  parts: Parts,
  order: Order,
): Promise<Pick<OrderData, 'nudges' | 'amendments' | 'moves' | 'receipts' | 'looks'>> {
  const fields = (await readForm(parts.db, order.service_id, order.form_version))
    .fields as FormField[]
  const [nudges, amendments, moves, receipts, looks] = await Promise.all([
    nudgesOf(parts, order.id, fields),
    amendmentsOf(parts, order.id, fields),
    movesOf(parts, order.id),
    receiptsOf(parts, order.id),
    looksOf(parts, order.id, fields),
  ])
  return { nudges, amendments, moves, receipts, looks }
}

const labelOf = (fields: readonly FormField[], id: string) =>
  fields.find((field) => field.id === id)?.label ?? id

function opened({ seal }: Parts, fields: readonly FormField[], id: string, stored: unknown) {
  const field = fields.find((one) => one.id === id)
  if (!field || stored === null || stored === undefined) return null
  return fieldKinds[field.kind].show(openAnswer(seal, stored), field)
}

async function nudgesOf(parts: Parts, orderId: string, fields: readonly FormField[]) {
  const rows = await parts.db
    .selectFrom('nudges')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('asked_at')
    .execute()
  return rows.map(({ field_id, note, state, asked_at, before, after }) => ({
    label: labelOf(fields, field_id),
    note,
    state,
    at: asked_at.toISOString(),
    before: opened(parts, fields, field_id, before),
    after: opened(parts, fields, field_id, after),
  }))
}

async function amendmentsOf(parts: Parts, orderId: string, fields: readonly FormField[]) {
  const rows = await parts.db
    .selectFrom('amendments')
    .innerJoin('amended_answers', 'amended_answers.amendment_id', 'amendments.id')
    .select(['reason', 'at', 'field_id', 'before', 'after'])
    .where('order_id', '=', orderId)
    .orderBy('at')
    .execute()
  return rows.map(({ reason, at, field_id, before, after }) => ({
    label: labelOf(fields, field_id),
    reason,
    at: at.toISOString(),
    before: opened(parts, fields, field_id, before),
    after: opened(parts, fields, field_id, after),
  }))
}

async function movesOf({ db }: Parts, orderId: string): Promise<OrderData['moves']> {
  const { rows } = await sql<{ old: Date; new: Date; fee: number; state: string; at: Date }>`
    select a.starts_at as old, b.starts_at as new, fee_fen as fee, state, m.created_at as at
    from moves m join slots a on a.id = m.from_slot join slots b on b.id = m.to_slot
    where m.order_id = ${orderId} order by m.created_at`.execute(db)
  return rows.map((row) => ({
    from: row.old.toISOString(),
    to: row.new.toISOString(),
    feeFen: row.fee,
    state: row.state,
    at: row.at.toISOString(),
  }))
}

async function receiptsOf({ db }: Parts, orderId: string): Promise<OrderData['receipts']> {
  const rows = await db
    .selectFrom('receipts')
    .select(['code', 'issued_at'])
    .where('order_id', '=', orderId)
    .orderBy('issued_at')
    .execute()
  return rows.map(({ code, issued_at }) => ({ code, at: issued_at.toISOString() }))
}

async function looksOf({ db }: Parts, orderId: string, fields: readonly FormField[]) {
  const rows = await db
    .selectFrom('looks')
    .select(['kind', 'step', 'field_id', 'at'])
    .where('order_id', '=', orderId)
    .orderBy('at')
    .execute()
  return rows.map(({ kind, step, field_id, at }) => ({
    kind,
    step,
    field: field_id === null ? null : labelOf(fields, field_id),
    at: at.toISOString(),
  }))
}
