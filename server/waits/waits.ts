/**
 * The waiting list 候补 of a full slot (B11): joining and leaving it. Who gets a freed seat is decided
 * in the transaction that frees it (db/migrations/016-waits.sql); nothing here hands out seats.
 */
import type { RefusalCode } from '@jiyue/contract/refusals'
import type { SlotWait, Wait } from '@jiyue/contract/schema/waits'
import type { Reply } from '@jiyue/contract/schema/wire'
import { waitStateAt } from '@jiyue/contract/wait'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { apply } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { maskPhone } from '../people/mask.ts'

export interface Joining {
  id: string
  userId: string
  slotId: string
  party: number
}

/** Takes a place, named by the caller; the same again is the same. Refuses what join_waits says. */
export async function joinWaits(parts: Parts, wish: Joining): Promise<Wait | Refused> {
  const { id, userId, slotId, party } = wish
  const verdict = await tx(parts.db, async (t) => {
    const { rows } = await sql<{ verdict: 'joined' | 'same' | RefusalCode }>`
      select join_waits(${id}::uuid, ${userId}::uuid, ${slotId}::uuid, ${party}::int) as verdict`.execute(
      t,
    )
    // Also a refused one may have found a lapsed hold and given its seats to the line.
    tellSlot(t, parts, slotId)
    return rows[0]?.verdict ?? 'slot_gone'
  })
  if (verdict !== 'joined' && verdict !== 'same') return refuse(verdict)
  return readWait(parts, id)
}

/** Leaves the line, or declines what was offered. Refuses not_found, order_state. */
export async function leaveWaits(
  parts: Parts,
  id: string,
  userId: string,
): Promise<Wait | Refused> {
  const mine = await parts.db
    .selectFrom('waits')
    .select('slot_id')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (!mine) return refuse('not_found')
  const refused = await tx(parts.db, async (t) => {
    const { rows } = await sql<{ verdict: string }>`
      select leave_waits(${id}::uuid) as verdict`.execute(t)
    tellSlot(t, parts, mine.slot_id)
    return rows[0]?.verdict === 'offered' ? decline(t, parts, id) : null
  })
  return refused ?? readWait(parts, id)
}

/** Gives offered seats back; those of a submitted form are cancelled as every order is (B9). */
async function decline(t: Tx, parts: Parts, id: string): Promise<Refused | null> {
  const { state } = await t
    .selectFrom('orders')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (state === 'cancelled' || state === 'expired') return null
  if (state !== 'held') return refuse('order_state')
  const verdict = await apply(t, parts.bus, id, 'cancel', { by: 'user' })
  return verdict === 'ok' || verdict === 'hold_expired' ? null : refuse('order_state')
}

function tellSlot(t: Tx, { bus }: Parts, slotId: string): void {
  after(t, () => bus.changed({ slots: [slotId], topics: ['console'] }))
}

/** The caller's places that wait or have seats offered, newest first. */
export async function listWaits(parts: Parts, userId: string): Promise<Reply<'listWaits'>> {
  const now = parts.now()
  const rows = await waitRows(parts.db)
    .where('waits.user_id', '=', userId)
    .where('waits.state', '<>', 'left')
    .where('slots.bookable_until', '>', now)
    .orderBy('waits.joined_at', 'desc')
    .limit(100)
    .execute()
  const waits = rows.map((row) => waitView(row, now))
  return {
    waits: waits.filter(({ state }) => state === 'waiting' || state === 'offered'),
    now: now.toISOString(),
  }
}

/** A slot's line in its order, and what became of those before; null where there is no slot. */
export async function listSlotWaits(
  parts: Parts,
  slotId: string,
): Promise<Reply<'listSlotWaits'> | null> {
  const now = parts.now()
  const slot = await parts.db
    .selectFrom('slots')
    .select('id')
    .where('id', '=', slotId)
    .executeTakeFirst()
  if (!slot) return null
  const rows = await waitRows(parts.db)
    .innerJoin('users', 'users.id', 'waits.user_id')
    .select(['users.name as person', 'users.phone_sealed'])
    .where('waits.slot_id', '=', slotId)
    .orderBy('waits.seq')
    .limit(500)
    .execute()
  const waits = rows.map((row): SlotWait => {
    const { id, state, party, joinedAt, heldUntil } = waitView(row, now)
    const phone = row.phone_sealed === null ? null : String(parts.seal.open(row.phone_sealed))
    const orderId = row.state === 'offered' ? id : null
    const phoneMasked = phone && maskPhone(phone)
    return { id, state, party, person: row.person, phoneMasked, joinedAt, orderId, heldUntil }
  })
  return { waits, now: now.toISOString() }
}

async function readWait(parts: Parts, id: string): Promise<Wait> {
  const row = await waitRows(parts.db).where('waits.id', '=', id).executeTakeFirstOrThrow()
  return waitView(row, parts.now())
}

type WaitSeen = Awaited<ReturnType<ReturnType<typeof waitRows>['execute']>>[number]

function waitRows(db: Kysely<Database>) {
  return db
    .selectFrom('waits')
    .innerJoin('slots', 'slots.id', 'waits.slot_id')
    .innerJoin('services', 'services.id', 'slots.service_id')
    .leftJoin('orders', (join) =>
      join.onRef('orders.id', '=', 'waits.id').on('waits.state', '=', 'offered'),
    )
    .selectAll('waits')
    .select(['slots.starts_at', 'slots.ends_at', 'slots.bookable_until', 'slots.service_id'])
    .select(['services.name as service', 'orders.state as order_state', 'orders.held_until'])
    .select(
      sql<number>`(select count(*)::int from waits before
        where before.slot_id = waits.slot_id and before.state = 'waiting'
          and before.seq < waits.seq)`.as('ahead'),
    )
}

function waitView(row: WaitSeen, now: Date): Wait {
  const heldUntil = row.held_until?.toISOString() ?? null
  const bookableUntil = row.bookable_until.toISOString()
  const order = row.order_state && { state: row.order_state, heldUntil }
  const state = waitStateAt({ state: row.state, bookableUntil }, order, now.getTime())
  return {
    id: row.id,
    state,
    party: row.party,
    service: { id: row.service_id, name: row.service },
    slot: {
      id: row.slot_id,
      startsAt: row.starts_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
      bookableUntil,
    },
    ahead: state === 'waiting' ? row.ahead : null,
    heldUntil: state === 'offered' ? heldUntil : null,
    joinedAt: row.joined_at.toISOString(),
    now: now.toISOString(),
  }
}
