/**
 * Times outside the offer (B5 X7), the merchant's half: an answer is a private slot, at the time that
 * was asked for or at another one, or a no. Staff and rooms are checked against what they have; two
 * offers of one hour may stand side by side, and whoever books first has it.
 */
import { randomUUID } from 'node:crypto'
import type { ConsoleNegotiation } from '@jiyue/contract/schema/negotiations'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { dayMs, minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { findMissing } from '../booking/schedule/missing.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse, refuseField } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { maskPhone } from '../people/mask.ts'
import { remind } from '../reminder/reminder.ts'
import { closePrivate, isOpen, lockNegotiation, move } from './negotiation.ts'
import { type NegotiationSeen, negotiationRows, negotiationView } from './view.ts'

type Answer = Input<'putNegotiationAnswer'>['body']
type Offer = Extract<Answer, { answer: 'offer' }>

/** Answers a request; the same again is the same. Refusals: contract/api/negotiations.ts. */
export async function answer(
  parts: Parts,
  id: string,
  given: Answer,
  personId: string,
): Promise<ConsoleNegotiation | Refused> {
  const refused = await tx(parts.db, async (t) => {
    const row = await lockNegotiation(t, id)
    if (!row) return refuse('not_found')
    const by = `merchant:${personId}`
    if (given.answer === 'offer') return offer(t, parts, row, given, by)
    return decline(t, parts, row, given.reason, by)
  })
  return refused ?? readOne(parts, id)
}

async function decline(
  t: Tx,
  parts: Parts,
  row: NegotiationSeen,
  reason: string,
  by: string,
): Promise<Refused | null> {
  if (row.state === 'declined' && row.reason === reason) return null
  const no = await move(t, parts, row, 'decline', { reason, answered_by: by })
  if (no) return no
  if (row.slot_id) await closePrivate(t, parts, row.slot_id, '商家已收回专属时段')
  await tellAnswer(t, parts, row, { note: `很抱歉，商家未能安排：${reason}` })
  return null
}

async function offer(
  t: Tx,
  parts: Parts,
  row: NegotiationSeen,
  given: Offer,
  by: string,
): Promise<Refused | null> {
  const [starts, ends] = [new Date(given.startsAt), new Date(given.endsAt)]
  if (row.slot_id === given.slotId)
    return isSame(row, starts, ends) ? null : refuse('slot_id_reused')
  const approves =
    row.state === 'asked' &&
    starts.getTime() === row.starts_at.getTime() &&
    ends.getTime() === row.ends_at.getTime()
  const event = approves ? 'approve' : 'counter'
  const until = await untilOf(t, parts, row, starts)
  const wrong =
    checkTimes(starts, ends, until, parts.now()) ??
    (await findMissing(t, { ...given, roomId: given.roomId ?? null, serviceId: row.service_id }))
  const added = wrong ?? (await addPrivate(t, row, given, { starts, ends, until }))
  if (added) return added
  const set = { slot_id: given.slotId, reason: given.reason, answered_by: by }
  const no = await move(t, parts, row, event, set)
  if (no) return takeBack(t, no)
  if (row.slot_id) await closePrivate(t, parts, row.slot_id, '商家已改提其他时间')
  await note(t, parts, row, given.slotId, by)
  const startsAt = starts.toISOString()
  await tellAnswer(t, parts, row, {
    startsAt,
    endsAt: ends.toISOString(),
    note: [
      approves ? '商家已同意' : '商家提议此时间',
      ...(given.reason ? [given.reason] : []),
      '请在保留时间内预约',
    ].join('，'),
    until,
  })
  return null
}

/** The offer ends by the merchant's rule, and with the service's cut-off at the latest. */
async function untilOf(t: Tx, { now }: Parts, row: NegotiationSeen, starts: Date): Promise<Date> {
  const { privateMinutes } = await readRules(t)
  const { cutoff_minutes } = await t
    .selectFrom('services')
    .select('cutoff_minutes')
    .where('id', '=', row.service_id)
    .executeTakeFirstOrThrow()
  const byRule = now().getTime() + privateMinutes * minuteMs
  return new Date(Math.min(byRule, starts.getTime() - cutoff_minutes * minuteMs))
}

function checkTimes(starts: Date, ends: Date, until: Date, now: Date): Refused | null {
  if (until <= now) return refuseField('startsAt', '该时间已过预约截止时间')
  if (starts.getTime() > now.getTime() + 366 * dayMs)
    return refuseField('startsAt', '开始时间应在一年之内')
  if (ends <= starts) return refuseField('endsAt', '结束时间应晚于开始时间')
  if (ends.getTime() - starts.getTime() > dayMs) return refuseField('endsAt', '时段最长 1 天')
  return null
}

/**
 * Adds the slot; its buffers are its service's (`slots_keep_buffers`). Refuses slot_id_reused, and
 * staff_busy and room_busy with nothing left of it.
 */
async function addPrivate(
  t: Tx,
  row: NegotiationSeen,
  given: Offer,
  { starts, ends, until }: { starts: Date; ends: Date; until: Date },
): Promise<Refused | null> {
  await sql`savepoint private_slot`.execute(t)
  const added = await t
    .insertInto('slots')
    .values({
      id: given.slotId,
      service_id: row.service_id,
      branch_id: given.branchId,
      staff_id: given.staffId,
      room_id: given.roomId ?? null,
      starts_at: starts,
      ends_at: ends,
      bookable_until: until,
      capacity: row.party,
      closed_reason: null,
      price_fen: given.priceFen,
      private_for: row.user_id,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) return refuse('slot_id_reused')
  const { rows } = await sql<{ busy: boolean; occupied: boolean }>`
    select staff_busy(slots) as busy, room_busy(slots) as occupied from slots, (
      select expire_holds(lock_slots(array[${given.slotId}::uuid]), clock_timestamp())) tidied
    where id = ${given.slotId}`.execute(t)
  const [seen] = rows
  if (!seen?.busy && !seen?.occupied) return null
  return takeBack(t, refuse(seen.busy ? 'staff_busy' : 'room_busy'))
}

/**
 * Refuses, with nothing left of the slot. Never by deleting it: for that PostgreSQL would look through
 * every event there ever was, whether one names it.
 */
async function takeBack(t: Tx, no: Refused): Promise<Refused> {
  await sql`rollback to savepoint private_slot`.execute(t)
  return no
}

async function note(
  t: Tx,
  { bus }: Parts,
  row: NegotiationSeen,
  slotId: string,
  by: string,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id: null,
      slot_id: slotId,
      what: 'add',
      by,
      details: JSON.stringify({ capacity: row.party, negotiation: row.id }),
      at: sql<Date>`clock_timestamp()`,
    })
    .execute()
  after(t, () => bus.changed({ topics: [`service:${row.service_id}`] }))
}

function tellAnswer(
  t: Tx,
  { now }: Parts,
  row: NegotiationSeen,
  { until, ...said }: { note: string; startsAt?: string; endsAt?: string; until?: Date },
): Promise<unknown> {
  const facts = {
    service: row.service,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    path: `/pages/booking/index?id=${row.service_id}`,
    ...said,
  }
  const about = randomUUID()
  return remind(t, {
    kind: 'answered',
    about,
    userId: row.user_id,
    facts,
    now: now(),
    ...(until && { until }),
  })
}

const isSame = (row: NegotiationSeen, starts: Date, ends: Date): boolean =>
  row.offer_starts?.getTime() === starts.getTime() && row.offer_ends?.getTime() === ends.getTime()

/** All requests: those that still need somebody first, then the newest. */
export async function listConsoleNegotiations(
  parts: Parts,
): Promise<Reply<'listConsoleNegotiations'>> {
  const now = parts.now()
  const rows = await consoleRows(parts)
    .orderBy(sql`negotiations.state = 'asked'`, 'desc')
    .orderBy('negotiations.asked_at', 'desc')
    .limit(200)
    .execute()
  const shown = [...rows].sort((a, b) => Number(isOpen(b, now)) - Number(isOpen(a, now)))
  return { negotiations: shown.map((row) => consoleView(parts, row, now)), now: now.toISOString() }
}

const consoleRows = ({ db }: Parts) =>
  negotiationRows(db)
    .innerJoin('users', 'users.id', 'negotiations.user_id')
    .select(['users.name as person', 'users.phone_sealed'])

type ConsoleRow = NegotiationSeen & { person: string; phone_sealed: string | null }

function consoleView({ seal }: Parts, row: ConsoleRow, now: Date): ConsoleNegotiation {
  const phone = row.phone_sealed === null ? null : String(seal.open(row.phone_sealed))
  return {
    ...negotiationView(row, now),
    person: row.person,
    phoneMasked: phone && maskPhone(phone),
  }
}

async function readOne(parts: Parts, id: string): Promise<ConsoleNegotiation> {
  const row = await consoleRows(parts).where('negotiations.id', '=', id).executeTakeFirstOrThrow()
  return consoleView(parts, row, parts.now())
}
