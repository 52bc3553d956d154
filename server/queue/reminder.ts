/**
 * 预约提醒 (T5): who was turned away at a peak is told when it is over. A row per person and service;
 * each is claimed once by the sweep, and nobody is told while people wait.
 */
import { randomUUID } from 'node:crypto'
import type { Rules } from '@jiyue/contract/rules'
import type { Reply } from '@jiyue/contract/schema/wire'
import { minuteMs } from '@jiyue/contract/time'
import type { Selectable } from 'kysely'
import type { QueueReminderTable } from '../db/schema.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { type Outcome, tellNow } from '../reminder/deliver.ts'
import { isCalm, isListed } from './queue.ts'

type Row = Selectable<QueueReminderTable>

/** Writes the wish down; asking again is the same wish. Refuses `not_found`. */
export async function askToBeTold(
  parts: Parts,
  serviceId: string,
  userId: string,
): Promise<Reply<'putQueueReminder'> | Refused> {
  if (!(await isListed(parts, serviceId))) return refuse('not_found')
  const { queueCalmMinutes } = await readRules(parts.db)
  const now = parts.now()
  await parts.db
    .insertInto('queue_reminders')
    .values({
      id: randomUUID(),
      user_id: userId,
      service_id: serviceId,
      asked_at: now,
      due_at: new Date(now.getTime() + queueCalmMinutes * minuteMs),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const user = await parts.db
    .selectFrom('users')
    .select('phone_sealed')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  return { reachable: user.phone_sealed !== null }
}

/** Minutes after which one that is still being sent is given up. */
const LEASE_MINUTES = 2
/** Told at once: they come back in groups, and the queue stays short. */
export const TOLD_AT_ONCE = 50

/** Tells who asked, where it is calm; answers how many rows it took. */
export async function tellDue(parts: Parts): Promise<number> {
  const now = parts.now()
  const rules = await readRules(parts.db)
  const services = await calmServices(parts, rules, now)
  const due = await claim(parts, services, now)
  for (const row of due) await finish(parts, row, await outcomeOf(parts, row, rules, now))
  return due.length
}

/** Services with somebody to tell and nobody waiting; the others are looked at again later. */
async function calmServices({ db, queue }: Parts, rules: Rules, now: Date): Promise<string[]> {
  const asked = await db
    .selectFrom('queue_reminders')
    .select('service_id')
    .distinct()
    .where('state', 'in', ['planned', 'sending'])
    .where('due_at', '<=', now)
    .execute()
  const calm: string[] = []
  for (const { service_id } of asked) {
    const count = await queue.keeper.count(service_id)
    if (isCalm(count, now, rules.queueCalmMinutes)) calm.push(service_id)
    else await postpone(db, service_id, now, rules.queueCalmMinutes)
  }
  return calm
}

async function postpone(db: Parts['db'], serviceId: string, now: Date, minutes: number) {
  await db
    .updateTable('queue_reminders')
    .set({ due_at: new Date(now.getTime() + minutes * minuteMs) })
    .where('service_id', '=', serviceId)
    .where('state', '=', 'planned')
    .where('due_at', '<=', now)
    .execute()
}

function claim({ db }: Parts, services: readonly string[], now: Date): Promise<Row[]> {
  return db.transaction().execute(async (t) => {
    if (services.length === 0) return []
    const rows = await t
      .selectFrom('queue_reminders')
      .selectAll()
      .where('state', 'in', ['planned', 'sending'])
      .where('due_at', '<=', now)
      .where('service_id', 'in', services)
      .orderBy('asked_at')
      .limit(TOLD_AT_ONCE)
      .forUpdate()
      .skipLocked()
      .execute()
    const planned = rows.filter((row) => row.state === 'planned').map((row) => row.id)
    if (planned.length > 0) {
      await t
        .updateTable('queue_reminders')
        .set({ state: 'sending', due_at: new Date(now.getTime() + LEASE_MINUTES * minuteMs) })
        .where('id', 'in', planned)
        .execute()
    }
    return rows
  })
}

async function outcomeOf(parts: Parts, row: Row, rules: Rules, now: Date): Promise<Outcome> {
  if (row.state === 'sending') return { unsent: 'outcome_unknown' }
  const latest = row.asked_at.getTime() + rules.queueTellHours * 60 * minuteMs
  if (now.getTime() > latest) return { unsent: 'too_late' }
  if (await hasBooked(parts, row)) return { unsent: 'no_need' }
  const { name } = await parts.db
    .selectFrom('services')
    .select('name')
    .where('id', '=', row.service_id)
    .executeTakeFirstOrThrow()
  return tellNow(parts, {
    kind: 'queue_over',
    about: row.id,
    userId: row.user_id,
    facts: { service: name, path: `/pages/booking/index?id=${row.service_id}` },
    now,
  })
}

/** They got in by themselves meanwhile. */
async function hasBooked({ db }: Parts, row: Row): Promise<boolean> {
  const order = await db
    .selectFrom('orders')
    .select('id')
    .where('user_id', '=', row.user_id)
    .where('service_id', '=', row.service_id)
    .where('created_at', '>', row.asked_at)
    .limit(1)
    .execute()
  return order.length > 0
}

async function finish({ db, now }: Parts, row: Row, outcome: Outcome): Promise<void> {
  const sent = 'channel' in outcome
  await db
    .updateTable('queue_reminders')
    .set({
      state: sent ? 'sent' : 'unsent',
      channel: sent ? outcome.channel : null,
      reason: sent ? null : outcome.unsent,
      done_at: now(),
    })
    .where('id', '=', row.id)
    .execute()
}
