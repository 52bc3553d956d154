/**
 * The answer to 「是否确认参与」 (B8): by the link of the message without signing in, or on the order's
 * page. Silence keeps the booking; answering twice is answering once.
 */

import { cancelRuleText } from '@jiyue/contract/rules'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { anyOf } from '../db/conditions.ts'
import { gathered } from '../db/gather.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { type OrderRow, readOrder } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { cancelling, cancelOrder, paidOf } from '../payment/cancel.ts'
import { keptOf } from '../payment/kept.ts'
import { reminderOfKey } from '../reminder/links.ts'
import { readOrderNow } from '../reminder/reminder.ts'

type Asked = Reply<'getAnswer'>

/** What a link is about; null for a key we did not make. */
export async function readAsked(parts: Parts, key: string): Promise<Asked | null> {
  const reminder = await reminderOf(parts, key)
  if (!reminder) return null
  const { db } = parts
  const now = parts.now()
  const [row, order, rules, kept] = await Promise.all([
    db
      .selectFrom('orders')
      .innerJoin('services', 'services.id', 'orders.service_id')
      .innerJoin('slots', 'slots.id', 'orders.slot_id')
      .leftJoin('branches', 'branches.id', 'slots.branch_id')
      .select(['orders.number', 'orders.quote', 'services.name as service'])
      .select(['slots.starts_at', 'slots.ends_at', 'branches.name as branch', 'branches.address'])
      .where('orders.id', '=', reminder.orderId)
      .executeTakeFirstOrThrow(),
    readOrderNow(db, reminder.orderId, now),
    readRules(db),
    keptOf(db, reminder.orderId),
  ])
  const mayCancel = order.state === 'confirmed'
  return {
    number: row.number,
    service: row.service,
    slot: { startsAt: row.starts_at.toISOString(), endsAt: row.ends_at.toISOString() },
    place: row.branch === null ? null : `${row.branch}，${row.address}`,
    state: order.state,
    moved: order.slotId !== reminder.slotId,
    answer: reminder.answer,
    cancelRule: cancelRuleText(rules),
    cancelling: mayCancel ? cancelling(paidOf(kept, row), row.starts_at, rules, now) : null,
    now: now.toISOString(),
  }
}

/** Answers by a link. `feeFen`: of cancelling, as it was seen. Refuses: not_found, order_state, payment_pending, fee_changed. */
export async function answerByKey(
  parts: Parts,
  key: string,
  { answer, feeFen }: Input<'putAnswer'>['body'],
): Promise<'ok' | Refused> {
  const reminder = await reminderOf(parts, key)
  if (!reminder) return refuse('not_found')
  const order = await readOrder(parts.db, reminder.orderId)
  // The question was about another slot; the person was asked, or told, about this one since.
  if (order.slot_id !== reminder.slotId) return refuse('order_state')
  if (answer === 'confirm') return confirmAttendance(parts, order)
  const done = await cancelOrder(parts, order, { by: 'user', seenFeeFen: feeFen })
  if (done === 'ok') {
    const now = parts.now()
    await tx(parts.db, (t) => keepAnswer(t, order.id, order.slot_id, 'cancel', now))
  }
  return done
}

/** The person will come. Refuses: order_state. */
export function confirmAttendance(parts: Parts, order: OrderRow): Promise<'ok' | Refused> {
  const now = parts.now()
  return tx(parts.db, async (t) => {
    const current = await t
      .selectFrom('orders')
      .innerJoin('slots', 'slots.id', 'orders.slot_id')
      .select(['orders.state', 'orders.slot_id', 'slots.starts_at'])
      .where('orders.id', '=', order.id)
      .forUpdate('orders')
      .executeTakeFirstOrThrow()
    const stands = current.state === 'confirmed' && current.slot_id === order.slot_id
    if (!stands || now >= current.starts_at) return refuse('order_state')
    const isNews = await keepAnswer(t, order.id, order.slot_id, 'confirm', now)
    if (isNews === 'never_asked') return refuse('order_state')
    if (isNews === 'said_before') return 'ok'
    await t
      .insertInto('events')
      .values({
        order_id: order.id,
        slot_id: order.slot_id,
        what: 'will_come',
        by: 'user',
        details: JSON.stringify({}),
        at: now,
      })
      .execute()
    after(t, () => parts.bus.changed({ topics: [`order:${order.id}`, 'console'] }))
    return 'ok'
  })
}

/** Of each order: whether its slot was asked about, and what was said. */
export const attendanceOf = gathered(async (db, orderIds: readonly string[]) => {
  const rows = await db
    .selectFrom('reminders')
    .innerJoin('orders', 'orders.id', 'reminders.order_id')
    .select(['reminders.order_id', 'reminders.answer'])
    .where('reminders.order_id', '=', anyOf(orderIds))
    .where('kind', '=', 'day_before')
    .where('told_at', 'is not', null)
    .whereRef('reminders.slot_id', '=', 'orders.slot_id')
    .execute()
  return new Map(rows.map(({ order_id, answer }) => [order_id ?? '', { answer }]))
})

async function reminderOf({ db, seal }: Parts, key: string) {
  const id = reminderOfKey(seal, key)
  if (id === null) return null
  const row = await db
    .selectFrom('reminders')
    .select(['order_id', 'slot_id', 'answer'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.order_id ? { orderId: row.order_id, slotId: row.slot_id, answer: row.answer } : null
}

/** Writes the answer down; who cancels after confirming has cancelled. */
async function keepAnswer(
  t: Tx,
  orderId: string,
  slotId: string,
  answer: 'confirm' | 'cancel',
  now: Date,
): Promise<'news' | 'said_before' | 'never_asked'> {
  const asked = await t
    .selectFrom('reminders')
    .select(['id', 'answer'])
    .where('order_id', '=', orderId)
    .where('slot_id', '=', slotId)
    .where('kind', '=', 'day_before')
    .forUpdate()
    .executeTakeFirst()
  if (!asked) return 'never_asked'
  if (asked.answer === answer) return 'said_before'
  await t
    .updateTable('reminders')
    .set({ answer, answered_at: now })
    .where('id', '=', asked.id)
    .execute()
  return 'news'
}
