/**
 * What an act of the disruption desk still owes (M9), row by row, each once: telling its people (with
 * their coupon), ending what is not paid, giving back where nobody answered in time.
 */
import { couponText, fallbackText } from '@jiyue/contract/disruption'
import { stateAt } from '@jiyue/contract/order'
import { addDays, dayOf, instantOf, minuteMs } from '@jiyue/contract/time'
import type { Selectable } from 'kysely'
import type { DisruptedOrderTable, DisruptionTable } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { readOrder, tell } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { cancelOrder } from '../payment/cancel.ts'
import { planFor, remind } from '../reminder/reminder.ts'
import { claimDue, eachDue } from '../sweep/claim.ts'

type Row = Selectable<DisruptedOrderTable>
type Disruption = Selectable<DisruptionTable>

/** Most people told in one transaction. */
export const DISRUPTED_AT_ONCE = 50

/** Writes messages and coupons down, each once; answers how many people it told. */
export async function tellDisrupted(parts: Parts): Promise<number> {
  return tx(parts.db, async (t) => {
    const rows = await t
      .selectFrom('disrupted_orders')
      .selectAll()
      .where('told_at', 'is', null)
      .orderBy('disruption_id')
      .limit(DISRUPTED_AT_ONCE)
      .forUpdate()
      .skipLocked()
      .execute()
    if (rows.length === 0) return 0
    const acts = await t
      .selectFrom('disruptions')
      .selectAll()
      .where('id', 'in', [...new Set(rows.map(({ disruption_id }) => disruption_id))])
      .execute()
    const now = parts.now()
    for (const row of rows) {
      const one = acts.find(({ id }) => id === row.disruption_id) as Disruption
      await tellOne(t, one, row, now)
      await t
        .updateTable('disrupted_orders')
        .set({ told_at: now })
        .where('id', '=', row.id)
        .execute()
    }
    after(t, () =>
      tell(
        parts.bus,
        rows.map(({ order_id: id, slot_id }) => ({ id, slot_id })),
      ),
    )
    return rows.length
  })
}

async function tellOne(t: Tx, one: Disruption, row: Row, now: Date): Promise<void> {
  const order = await readOrder(t, row.order_id)
  const paid = order.confirmed_at !== null
  const coupon = paid ? await giveCoupon(t, one, order.user_id, now) : null
  const said = paid
    ? [fallbackText(clocksOf(one, row)), ...(coupon ? [couponText(coupon)] : [])]
    : ['该预约将关闭，未缴费无需处理']
  const note = [`因${one.reason}，该时段无法提供服务`, ...(one.note ? [one.note] : []), ...said]
  await remind(t, {
    kind: 'emergency',
    about: row.id,
    orderId: row.order_id,
    facts: {
      note: note.join('；'),
      ...(paid && { path: `/pages/move/disruption?id=${row.order_id}` }),
    },
    now,
    ...(paid && { until: row.refund_at }),
  })
  // Its own reminders make no sense any more.
  await planFor(t, row.order_id, now)
}

export const clocksOf = (
  one: Pick<Disruption, 'fallback' | 'deadline_at'>,
  row: Pick<Row, 'refund_at'>,
) => ({
  fallback: one.fallback,
  deadlineAt: one.deadline_at.toISOString(),
  refundAt: row.refund_at.toISOString(),
})

/** The end of its last day on the merchant's clock. */
export function couponUntil(one: Pick<Disruption, 'acted_at'>, days: number): Date {
  return new Date(instantOf(addDays(dayOf(one.acted_at.getTime()), days + 1)))
}

/** One a person and act, however many orders of theirs it affects. */
async function giveCoupon(t: Tx, one: Disruption, userId: string, now: Date) {
  if (one.coupon_fen === null || one.coupon_days === null) return null
  const expires_at = couponUntil(one, one.coupon_days)
  await t
    .insertInto('coupons')
    .values({
      user_id: userId,
      off_fen: one.coupon_fen,
      label: '补偿优惠券',
      given_at: now,
      expires_at,
      disruption_id: one.id,
      order_id: null,
    })
    .onConflict((conflict) => conflict.columns(['disruption_id', 'user_id']).doNothing())
    .execute()
  return { offFen: one.coupon_fen, until: expires_at.toISOString() }
}

/** Ends what is not paid and refunds where nobody answered; answers how many orders it looked at. */
export async function endDisrupted(parts: Parts): Promise<number> {
  const now = parts.now()
  const duty = { table: 'disrupted_orders', due: 'due_at', tries: 'tries', key: ['id'] } as const
  const due = await claimDue<Row>(
    parts.db,
    duty,
    now,
    (_, tries) => new Date(now.getTime() + Math.min(10, 2 ** (tries - 4)) * minuteMs),
  )
  await eachDue(parts, due, (row) => endOne(parts, row))
  return due.length
}

async function endOne(parts: Parts, row: Row): Promise<void> {
  const now = parts.now()
  const order = await readOrder(parts.db, row.order_id)
  const heldUntil = order.held_until?.toISOString() ?? null
  const state = stateAt({ state: order.state, heldUntil }, now.getTime())
  const isOpen = state === 'held' || state === 'registered' || state === 'confirmed'
  if (order.slot_id !== row.slot_id || !isOpen) return look(parts, row, null)
  // Its money came after all: it is asked like the others.
  if (state === 'confirmed' && row.refund_at > now) return look(parts, row, row.refund_at)
  // Whatever keeps it from ending (money that came, a move just now, their own answer, a provider that
  // did not say) is looked at when it is due again.
  await cancelOrder(parts, order, {
    by: 'rule',
    inSlot: row.slot_id,
    calledOff: true,
    note: '逾期未选择',
    told: true,
    details: { disruption: row.disruption_id },
    also: (t) =>
      t
        .updateTable('disrupted_orders')
        .set({ due_at: null, ruled_at: now })
        .where('id', '=', row.id)
        .execute(),
  })
}

async function look({ db }: Parts, row: Row, due_at: Date | null): Promise<void> {
  await db.updateTable('disrupted_orders').set({ due_at }).where('id', '=', row.id).execute()
}
