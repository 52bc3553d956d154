/**
 * The service is over: check-in completes an order (B10), silence misses it. Deposits go back, and
 * WeChat is owed the delivery info of what was paid there.
 */
import { checkInVerdict } from '@jiyue/contract/checkIn'
import type { OrderEvent } from '@jiyue/contract/order'
import { sql } from 'kysely'
import { type Tx, tx } from '../db/tx.ts'
import { disruptedOrder } from '../order/disrupted.ts'
import { type ApplyVerdict, apply, readOrder } from '../order/order.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { planFor } from '../reminder/reminder.ts'
import { paidOf } from './cancel.ts'
import { oweDeliveries } from './delivery.ts'
import { keptOf, owe } from './kept.ts'

/**
 * Completes an order because the person came. Earlier than the rule only on purpose (`early`): who
 * comes to the wrong slot must not use the right one up.
 */
export function checkIn(
  parts: Parts,
  orderId: string,
  personId: string,
  { early = false } = {},
): Promise<ApplyVerdict | 'check_in_early'> {
  return tx(parts.db, async (t) => {
    const isEarly = await comesEarly(t, orderId, parts.now())
    if (isEarly && !early) return 'check_in_early'
    const details = isEarly ? { early: true } : {}
    return endIn(t, parts, orderId, 'complete', `merchant:${personId}`, details)
  })
}

/** Of a confirmed order: whether its slot is further away than the rule allows. */
async function comesEarly(t: Tx, orderId: string, now: Date): Promise<boolean> {
  const row = await t
    .selectFrom('orders')
    .innerJoin('slots', 'slots.id', 'orders.slot_id')
    .select(['slots.starts_at', 'slots.ends_at'])
    .where('orders.id', '=', orderId)
    .where('orders.state', '=', 'confirmed')
    .executeTakeFirst()
  if (!row) return false
  const times = { startsAt: row.starts_at.toISOString(), endsAt: row.ends_at.toISOString() }
  const order = { state: 'confirmed', ...times } as const
  return checkInVerdict(order, await readRules(t), now.getTime()) === 'early'
}

/** Ends confirmed orders whose slot is over by the rule and whom nobody checked in. */
export async function missUnattended(parts: Parts, limit = 100): Promise<number> {
  const rules = await readRules(parts.db)
  const due = await parts.db
    .selectFrom('orders')
    .innerJoin('slots', 'slots.id', 'orders.slot_id')
    .select('orders.id')
    .where('orders.state', '=', 'confirmed')
    // A slot that fell through is refunded, not missed (M9).
    .where(sql<boolean>`not ${disruptedOrder}`)
    .where(
      'slots.ends_at',
      '<=',
      sql<Date>`clock_timestamp() - make_interval(hours => ${rules.missedAfterHours}::int)`,
    )
    .limit(limit)
    .execute()
  for (const { id } of due) {
    try {
      await tx(parts.db, (t) => endIn(t, parts, id, 'miss', 'time'))
    } catch (error) {
      // One that cannot be ended must not keep the others from it.
      parts.log.error({ err: error, order: id }, 'a no-show was not ended; its turn comes again')
    }
  }
  return due.length
}

/** Ends an order in the caller's transaction, with what is owed for it. */
export async function endIn(
  t: Tx,
  parts: Parts,
  orderId: string,
  event: Extract<OrderEvent, 'complete' | 'miss'>,
  by: string,
  details: Record<string, unknown> = {},
): Promise<ApplyVerdict> {
  const verdict = await apply(t, parts.bus, orderId, event, { by, details })
  if (verdict !== 'ok') return verdict
  const order = await readOrder(t, orderId)
  const kept = await keptOf(t, orderId)
  const now = parts.now()
  await planFor(t, orderId, now)
  await oweDeliveries(t, kept, now)
  const { depositFen } = paidOf(kept, order)
  if (depositFen > 0) {
    const { depositReturnHours } = await readRules(t)
    const dueAt = new Date(now.getTime() + depositReturnHours * 3_600_000)
    await owe(t, kept, depositFen, { reason: 'deposit', now, dueAt })
  }
  return verdict
}
