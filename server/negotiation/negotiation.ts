/**
 * Times outside the offer (B5 X7), the person's half: asking, withdrawing, refusing what is offered.
 * What is offered is a private slot, booked as every slot is; nothing here takes a seat.
 */
import {
  mayNegotiate,
  type NegotiationEvent,
  negotiationAt,
  negotiationMoves,
} from '@jiyue/contract/negotiation'
import type { Negotiation } from '@jiyue/contract/schema/negotiations'
import type { Reply } from '@jiyue/contract/schema/wire'
import { dayMs, minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { factsOf, type NegotiationSeen, negotiationRows, negotiationView } from './view.ts'

export interface Asking {
  id: string
  userId: string
  serviceId: string
  startsAt: string
  party: number
  note: string
}

/** The furthest day one may ask for. */
const aheadDays = 366

/** Asks, named by the caller; the same again is the same. Refusals: contract/api/negotiations.ts. */
export async function askForTime(parts: Parts, wish: Asking): Promise<Negotiation | Refused> {
  const refused = await tx(parts.db, (t) => write(t, parts, wish))
  return refused ?? readNegotiation(parts, wish.id)
}

async function write(t: Tx, parts: Parts, wish: Asking): Promise<Refused | null> {
  const { id, userId, serviceId, party, note } = wish
  const before = await t
    .selectFrom('negotiations')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  const startsAt = new Date(wish.startsAt)
  if (before) {
    const same =
      before.user_id === userId &&
      before.service_id === serviceId &&
      before.starts_at.getTime() === startsAt.getTime() &&
      before.party === party &&
      before.note === note
    return same ? null : refuse('negotiation_id_reused')
  }
  const service = await t
    .selectFrom('services')
    .select(['duration_minutes', 'cutoff_minutes', 'party_min', 'party_max'])
    .where('id', '=', serviceId)
    .where('listed', '=', true)
    .executeTakeFirst()
  if (!service) return refuse('not_found')
  const now = parts.now()
  const earliest = now.getTime() + service.cutoff_minutes * minuteMs
  if (startsAt.getTime() <= earliest || startsAt.getTime() > now.getTime() + aheadDays * dayMs) {
    return refuseField('startsAt', '请选择更晚、一年之内的时间')
  }
  if (party < service.party_min || party > service.party_max) return refuse('party_invalid')
  // Two taps of one person wait for each other, or both would be the last allowed one.
  await sql`select lock_user(${userId}::uuid)`.execute(t)
  const { asksPerUser } = await readRules(t)
  const open = await t
    .selectFrom('negotiations')
    .select('id')
    .where('user_id', '=', userId)
    .where('state', '=', 'asked')
    .where('starts_at', '>', now)
    .execute()
  if (open.length >= asksPerUser) return refuse('asked_too_often')
  const written = await t
    .insertInto('negotiations')
    .values({
      id,
      user_id: userId,
      service_id: serviceId,
      starts_at: startsAt,
      ends_at: new Date(startsAt.getTime() + service.duration_minutes * minuteMs),
      party,
      note,
      slot_id: null,
      reason: null,
      asked_at: now,
      answered_at: null,
      answered_by: null,
      ended_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  // Named in this very moment by somebody else, or by a repeat of this: it is there to compare now.
  if (!written) return write(t, parts, wish)
  after(t, () => parts.bus.changed({ topics: ['console'] }))
  return null
}

/** Withdraws what was asked, or refuses what is offered. Refuses not_found, negotiation_state. */
export async function dropNegotiation(
  parts: Parts,
  id: string,
  userId: string,
): Promise<Negotiation | Refused> {
  const refused = await tx(parts.db, async (t) => {
    const row = await lockNegotiation(t, id)
    if (row?.user_id !== userId) return refuse('not_found')
    const event = row.state === 'asked' ? 'withdraw' : 'refuse'
    const no = await move(t, parts, row, event)
    if (no === null && row.slot_id) await closePrivate(t, parts, row.slot_id, '用户已放弃专属时段')
    return no
  })
  return refused ?? readNegotiation(parts, id)
}

/** The row with its private slot, locked: slot before negotiation, as everywhere. */
export async function lockNegotiation(t: Tx, id: string): Promise<NegotiationSeen | null> {
  const known = await t
    .selectFrom('negotiations')
    .select('slot_id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!known) return null
  if (known.slot_id) {
    await sql`select expire_holds(lock_slots(array[${known.slot_id}::uuid]), clock_timestamp())`.execute(
      t,
    )
  }
  await t.selectFrom('negotiations').select('id').where('id', '=', id).forUpdate().execute()
  const row = await negotiationRows(t).where('negotiations.id', '=', id).executeTakeFirstOrThrow()
  // Answered between the two looks: its slot is to be locked first.
  return row.slot_id === known.slot_id ? row : lockNegotiation(t, id)
}

/** Writes the next state, by the table. `set` is written with it. Refuses negotiation_state. */
export async function move(
  t: Tx,
  { now, bus }: Parts,
  row: NegotiationSeen,
  event: NegotiationEvent,
  set: { slot_id?: string; reason?: string | null; answered_by?: string } = {},
): Promise<Refused | null> {
  const at = now()
  if (!mayNegotiate(factsOf(row), event, at.getTime())) return refuse('negotiation_state')
  const next = negotiationMoves[row.state][event]
  if (!next) return refuse('negotiation_state')
  const ended = next === 'declined' || next === 'withdrawn' || next === 'refused'
  await t
    .updateTable('negotiations')
    .set({
      ...set,
      state: next,
      ...(set.answered_by && { answered_at: at }),
      ended_at: ended ? at : null,
    })
    .where('id', '=', row.id)
    .execute()
  after(t, () => bus.changed({ topics: ['console', `inbox:${row.user_id}`] }))
  return null
}

/** A private slot that is over takes no seats any more. */
export async function closePrivate(
  t: Tx,
  { bus }: Parts,
  slotId: string,
  reason: string,
): Promise<void> {
  await t.updateTable('slots').set({ closed_reason: reason }).where('id', '=', slotId).execute()
  after(t, () => bus.changed({ slots: [slotId] }))
}

/** The caller's requests, newest first; what ended long ago is not shown. */
export async function listNegotiations(
  parts: Parts,
  userId: string,
): Promise<Reply<'listNegotiations'>> {
  const now = parts.now()
  const rows = await negotiationRows(parts.db)
    .where('negotiations.user_id', '=', userId)
    .orderBy('negotiations.asked_at', 'desc')
    .limit(50)
    .execute()
  return {
    negotiations: rows.map((row) => negotiationView(row, now)),
    now: now.toISOString(),
  }
}

async function readNegotiation(parts: Parts, id: string): Promise<Negotiation> {
  const row = await negotiationRows(parts.db)
    .where('negotiations.id', '=', id)
    .executeTakeFirstOrThrow()
  return negotiationView(row, parts.now())
}

/** For what reads them: is it over, whatever the row says? */
export const isOpen = (row: NegotiationSeen, now: Date): boolean =>
  ['asked', 'approved', 'countered'].includes(negotiationAt(factsOf(row), now.getTime()))
