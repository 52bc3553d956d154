/**
 * Reminders (B8, X3): planned in the transaction that confirms an order, sent by the sweep, once.
 * Before a channel is asked the row says `sending`; a process that dies there leaves a reminder that
 * is explained, not one that is sent twice.
 */
import { randomUUID } from 'node:crypto'
import { type ReminderKindName, reminderKinds, type UnsentReason } from '@jiyue/contract/reminder'
import { minuteMs } from '@jiyue/contract/time'
import type { Selectable } from 'kysely'
import type { ReminderTable } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'
import { readOrder } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { channels } from './channels/index.ts'
import { planReminders } from './plan.ts'
import { reminderText } from './text.ts'

/**
 * Plans the reminders of a confirmed order, or of one that `moved`. Those of its old slot go unsent
 * by themselves when they are due; where it comes back before that, they are still there.
 */
export async function planFor(
  t: Tx,
  orderId: string,
  now: Date,
  { moved = false } = {},
): Promise<void> {
  const { slot_id } = await readOrder(t, orderId)
  const slot = await t
    .selectFrom('slots')
    .select('starts_at')
    .where('id', '=', slot_id)
    .executeTakeFirstOrThrow()
  // That it is confirmed was said once.
  const planned = planReminders(slot.starts_at, now).filter(
    ({ kind }) => !(moved && kind === 'confirmed'),
  )
  if (planned.length === 0) return
  await t
    .insertInto('reminders')
    .values(
      planned.map(({ kind, dueAt }) => ({
        id: randomUUID(),
        order_id: orderId,
        slot_id,
        kind,
        due_at: dueAt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export interface Telling {
  orderId: string
  slotId: string
  kind: ReminderKindName
  /** The move or proof it tells of. */
  about: string
  now: Date
}

/** Tells the person of an order about one event, at once and once; in the caller's transaction. */
export async function remind(t: Tx, { orderId, slotId, kind, about, now }: Telling): Promise<void> {
  await t
    .insertInto('reminders')
    .values({ id: randomUUID(), order_id: orderId, slot_id: slotId, kind, about, due_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

type ReminderRow = Selectable<ReminderTable>

/** Minutes after which a reminder that is still being sent is given up. */
const LEASE_MINUTES = 2
/** A reminder that is this late would only confuse. */
const LATEST_MINUTES = 60
/** Most reminders at once. */
export const REMINDERS_AT_ONCE = 50

/** Sends what is due; answers how many rows it took. */
export async function sendDue(parts: Parts): Promise<number> {
  const now = parts.now()
  const due = await parts.db.transaction().execute(async (t) => {
    const rows = await t
      .selectFrom('reminders')
      .selectAll()
      .where('state', 'in', ['planned', 'sending'])
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .limit(REMINDERS_AT_ONCE)
      .forUpdate()
      .skipLocked()
      .execute()
    const planned = rows.filter((row) => row.state === 'planned').map((row) => row.id)
    if (planned.length > 0) {
      await t
        .updateTable('reminders')
        .set({ state: 'sending', due_at: new Date(now.getTime() + LEASE_MINUTES * minuteMs) })
        .where('id', 'in', planned)
        .execute()
    }
    return rows
  })
  for (const row of due) await finish(parts, row, await outcomeOf(parts, row, now), now)
  return due.length
}

type Outcome = { channel: string } | { unsent: UnsentReason }

async function outcomeOf(parts: Parts, row: ReminderRow, now: Date): Promise<Outcome> {
  if (row.state === 'sending') return { unsent: 'outcome_unknown' }
  if (row.due_at && now.getTime() - row.due_at.getTime() > LATEST_MINUTES * minuteMs) {
    return { unsent: 'too_late' }
  }
  const order = await readOrder(parts.db, row.order_id)
  // What tells of a slot makes no sense once the order has another, or none.
  if (reminderKinds[row.kind].of === 'order' || row.kind === 'moved') {
    if (order.state !== 'confirmed') return { unsent: 'order_over' }
    if (order.slot_id !== row.slot_id) return { unsent: 'moved' }
  }
  const facts = await factsOf(parts, row)
  let unsent: UnsentReason = 'no_address'
  for (const channel of channels) {
    const result = await channel.send(parts, order, reminderText[row.kind](facts), now)
    if (result === 'sent') return { channel: channel.name }
    if (result === 'outcome_unknown') return { unsent: result }
    if (result !== 'no_address') unsent = result
  }
  return { unsent }
}

async function factsOf({ db }: Parts, row: ReminderRow) {
  const facts = await db
    .selectFrom('orders')
    .innerJoin('services', 'services.id', 'orders.service_id')
    .innerJoin('slots', 'slots.id', 'orders.slot_id')
    .leftJoin('branches', 'branches.id', 'slots.branch_id')
    .select(['orders.number', 'services.name as service', 'slots.starts_at', 'slots.ends_at'])
    .select(['branches.name as branch', 'branches.address'])
    .where('orders.id', '=', row.order_id)
    .executeTakeFirstOrThrow()
  return {
    number: facts.number,
    service: facts.service,
    startsAt: facts.starts_at,
    endsAt: facts.ends_at,
    place: facts.branch === null ? null : `${facts.branch}，${facts.address}`,
  }
}

async function finish({ db }: Parts, row: ReminderRow, outcome: Outcome, now: Date): Promise<void> {
  const sent = 'channel' in outcome
  await db
    .updateTable('reminders')
    .set({
      state: sent ? 'sent' : 'unsent',
      channel: sent ? outcome.channel : null,
      reason: sent ? null : outcome.unsent,
      done_at: now,
    })
    .where('id', '=', row.id)
    .execute()
}
