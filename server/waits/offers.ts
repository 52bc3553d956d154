/**
 * What is due around the waiting lists (B11): telling those for whom seats were set aside, and seats
 * that time alone made free while nobody asked. Both repeat until done; no seat is sold by them.
 */
import { clockText } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { after, type Tx, tx } from '../db/tx.ts'
import { tell } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { remind } from '../reminder/reminder.ts'

/** Most slots and most people at once. */
export const OFFERS_AT_ONCE = 50

/** Sets free seats aside for their lines, then tells who was offered some; answers how many it told. */
export async function offersDue(parts: Parts): Promise<number> {
  await tx(parts.db, (t) => offerLapsed(t, parts))
  return tx(parts.db, (t) => tellOffered(t, parts))
}

/** Slots where somebody in line fits into what is free: a hold lapsed, a day was opened. */
async function offerLapsed(t: Tx, { bus }: Parts): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from slots
    where waiting > 0 and bookable_until > clock_timestamp()
      and seats_owed(slots, capacity - taken, clock_timestamp()) > 0
    order by id limit ${OFFERS_AT_ONCE}`.execute(t)
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  await sql`select expire_holds(lock_slots(${ids}::uuid[]), clock_timestamp())`.execute(t)
  after(t, () => bus.changed({ slots: ids, topics: ['console'] }))
}

/** Writes the messages down, each once, and lets the screens read again. */
async function tellOffered(t: Tx, parts: Parts): Promise<number> {
  const now = parts.now()
  const offered = await t
    .selectFrom('waits')
    .innerJoin('orders', 'orders.id', 'waits.id')
    .select(['waits.id', 'waits.slot_id', 'orders.held_until'])
    .where('waits.state', '=', 'offered')
    .where('waits.told_at', 'is', null)
    .orderBy('waits.offered_at')
    .limit(OFFERS_AT_ONCE)
    .forUpdate('waits')
    .skipLocked()
    .execute()
  for (const { id, held_until: until } of offered) {
    // Without a clock it was taken or given up already.
    if (until) await tellOffer(t, id, until, now)
    await t.updateTable('waits').set({ told_at: now }).where('id', '=', id).execute()
  }
  if (offered.length > 0) after(t, () => tell(parts.bus, offered))
  return offered.length
}

function tellOffer(t: Tx, id: string, until: Date, now: Date): Promise<unknown> {
  const note = `名额保留至 ${clockText(until.getTime())}`
  const facts = { note, path: `/pages/registration/index?id=${id}` }
  return remind(t, { kind: 'offered', about: id, orderId: id, facts, now, until })
}
