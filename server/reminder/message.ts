/** What is said, and by which facts: a reminder's row made a message that is ready to go. */
import { reminderKinds } from '@jiyue/contract/reminder'
import { hinted, type Words, worded } from '@jiyue/contract/wording'
import { type Selectable, sql } from 'kysely'
import type { ReminderTable } from '../db/schema.ts'
import { readOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import type { Message } from './channels/channel.ts'
import { linkOf } from './links.ts'
import { type ReminderFacts, valuesOf } from './text.ts'

type ReminderRow = Selectable<ReminderTable>

/** In the words of its kind, on the facts as they are now. */
export async function messageOf(
  parts: Parts,
  row: ReminderRow,
  words: Words,
  now: Date,
): Promise<Message> {
  const order = row.order_id === null ? null : await readOrder(parts.db, row.order_id)
  const facts = await factsOf(parts, row)
  const values = valuesOf(facts)
  const text = worded(words.text, values)
  const link = linkOf(parts, row)
  return {
    id: row.id,
    kind: row.kind,
    userId: row.user_id,
    order,
    title: reminderKinds[row.kind].zh,
    text,
    hint: hinted(row.kind, words.hint, values),
    linkedText: link === null ? text : `${text}${link}`,
    path:
      facts.path ?? (row.order_id ? `/pages/order/index?id=${row.order_id}` : '/pages/inbox/index'),
    facts,
    now,
  }
}

/** The order's own facts, under what whoever told it said. */
async function factsOf({ db }: Parts, row: ReminderRow): Promise<ReminderFacts> {
  const said = row.facts as Partial<ReminderFacts>
  if (row.order_id === null) return { service: '', number: '', ...said }
  const facts = await db
    .selectFrom('orders')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('slots', (join) =>
      join.on('slots.id', '=', sql<string>`coalesce(${row.slot_id}::uuid, orders.slot_id)`),
    )
    .leftJoin('branches', 'branches.id', 'slots.branch_id')
    .select(['orders.number', 'services.name as service', 'slots.starts_at', 'slots.ends_at'])
    .select(['branches.name as branch', 'branches.address'])
    .where('orders.id', '=', row.order_id)
    .executeTakeFirstOrThrow()
  return {
    number: facts.number,
    service: facts.service,
    startsAt: facts.starts_at.toISOString(),
    endsAt: facts.ends_at.toISOString(),
    ...(facts.branch !== null && { place: `${facts.branch}，${facts.address}` }),
    ...said,
  }
}
