/**
 * Messages to people (B8, X3): an order's own are planned in the transaction that changes it, an
 * event's are told with `remind`. The sweep (deliver.ts) sends each once, or says why not.
 */
import { randomUUID } from 'node:crypto'
import { stateAt } from '@jiyue/contract/order'
import { type ReminderKindName, reminderKindNames, reminderKinds } from '@jiyue/contract/reminder'
import { unpaidTellLeastLeft } from '@jiyue/contract/settings'
import { minuteMs } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import { disruptedOrder } from '../order/disrupted.ts'
import { readRules } from '../order/rules.ts'
import { type OrderNow, type PlannedReminder, replan, type WrittenReminder } from './plan.ts'
import type { SaidFacts } from './text.ts'

/** Plans anew after something happened to an order; in the transaction of what happened. */
export async function planFor(t: Tx, orderId: string, now: Date): Promise<void> {
  const order = await readOrderNow(t, orderId, now)
  const { add, drop, again } = replan(await writtenOf(t, orderId), order, now)
  if (add.length > 0) await insert(t, order, add)
  for (const { id, reason } of drop) {
    await t
      .updateTable('reminders')
      .set({ state: 'unsent', reason, done_at: now })
      .where('id', '=', id)
      .where('state', '=', 'planned')
      .execute()
  }
  for (const { id, dueAt } of again) {
    await t
      .updateTable('reminders')
      .set({ state: 'planned', reason: null, done_at: null, due_at: dueAt })
      .where('id', '=', id)
      .where('state', '=', 'unsent')
      .execute()
  }
}

export interface Telling {
  kind: ReminderKindName
  /** What it tells of (a move, proof, nudge, request …): told once per kind, person and this. */
  about: string
  /** The order it concerns; its service, time, place and number are said by themselves. */
  orderId?: string
  /** Whom; the order's person where there is an order. */
  userId?: string
  /** What it says besides the order's own facts, or instead of them. */
  facts?: SaidFacts
  now: Date
  /** Later than now. */
  dueAt?: Date
  /** It makes no sense from then on: the end of an offer's clock. */
  until?: Date
}

/**
 * The one way to send a person a message: queues it in the caller's transaction; the sweep sends it.
 * Answers its id, or null when this very thing was told already.
 */
export async function remind(t: Tx, telling: Telling): Promise<string | null> {
  const { kind, about, orderId, facts = {}, now, dueAt = now, until } = telling
  const order = orderId === undefined ? null : await ownerOf(t, orderId)
  const userId = telling.userId ?? order?.user_id
  if (!userId) throw new Error(`${kind}: a message needs a person or an order`)
  const row = await t
    .insertInto('reminders')
    .values({
      id: randomUUID(),
      user_id: userId,
      order_id: orderId ?? null,
      slot_id: order?.slot_id ?? null,
      kind,
      about,
      once: about,
      facts: JSON.stringify(facts) as never,
      due_at: dueAt,
      until_at: until ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

/**
 * Writes the reminders of orders that should have been paid by now; most are paid before and never
 * have such a row. Not in the last two minutes of the payment clock: it would come too late to help.
 */
export async function planUnpaid(db: Kysely<Database>, now: Date): Promise<number> {
  const { unpaidTellMinutes, closingSeconds } = await readRules(db)
  const since = new Date(now.getTime() - unpaidTellMinutes * minuteMs)
  const left = new Date(now.getTime() + closingSeconds * 1000 + unpaidTellLeastLeft * minuteMs)
  const { numAffectedRows } = await sql`
    insert into reminders (id, user_id, order_id, slot_id, kind, once, due_at)
    select gen_random_uuid(), user_id, id, slot_id, 'unpaid', id::text, ${now} from orders
    where state = 'registered' and held_until > ${left} and registered_at <= ${since}
      and payable_fen > 0
      and not exists (select from reminders r where r.kind = 'unpaid' and r.once = orders.id::text)
    on conflict do nothing`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** An order as far as its reminders go. */
export async function readOrderNow(
  db: Kysely<Database>,
  orderId: string,
  now: Date,
): Promise<OrderNow & { userId: string }> {
  const row = await db
    .selectFrom('orders')
    .innerJoin('slots', 'slots.id', 'orders.slot_id')
    .select(['orders.user_id', 'orders.state', 'orders.held_until', 'orders.slot_id'])
    .select(['slots.starts_at', disruptedOrder.as('disrupted')])
    .where('orders.id', '=', orderId)
    .executeTakeFirstOrThrow()
  const heldUntil = row.held_until?.toISOString() ?? null
  return {
    id: orderId,
    userId: row.user_id,
    state: stateAt({ state: row.state, heldUntil }, now.getTime()),
    slotId: row.slot_id,
    startsAt: row.starts_at,
    disrupted: row.disrupted,
  }
}

function ownerOf(t: Tx, orderId: string) {
  return t
    .selectFrom('orders')
    .select(['user_id', 'slot_id'])
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
}

const planned = reminderKindNames.filter((kind) => reminderKinds[kind].of !== 'event')

async function writtenOf(t: Tx, orderId: string): Promise<WrittenReminder[]> {
  const rows = await t
    .selectFrom('reminders')
    .select(['id', 'kind', 'once', 'slot_id', 'due_at', 'state', 'reason'])
    .where('order_id', '=', orderId)
    .where('kind', 'in', planned)
    .execute()
  return rows.map(({ slot_id, due_at, ...row }) => ({ ...row, slotId: slot_id, dueAt: due_at }))
}

async function insert(
  t: Tx,
  order: OrderNow & { userId: string },
  add: readonly PlannedReminder[],
): Promise<void> {
  await t
    .insertInto('reminders')
    .values(
      add.map(({ kind, once, slotId, dueAt }) => ({
        id: randomUUID(),
        user_id: order.userId,
        order_id: order.id,
        slot_id: slotId,
        kind,
        once,
        due_at: dueAt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
