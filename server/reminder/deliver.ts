/**
 * Sending what is due, each once. A message is claimed with a lease, but only the row of a channel
 * that is about to be asked says `sending`: after a killed process the others simply go on, and that
 * one is explained as unknown and never asked again.
 */
import type { ChannelName, UnsentReason } from '@jiyue/contract/reminder'
import { minuteMs } from '@jiyue/contract/time'
import type { Selectable } from 'kysely'
import type { ReminderTable } from '../db/schema.ts'
import { tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'
import type { Channel, Message, Sent } from './channels/channel.ts'
import { channels } from './channels/index.ts'
import { messageOf } from './message.ts'
import { whyNot } from './plan.ts'
import { readOrderNow, remind, type Telling } from './reminder.ts'
import { wordsOf } from './wording.ts'

type ReminderRow = Selectable<ReminderTable>

/** Minutes after which a message whose process says nothing more is looked at again. */
const LEASE_MINUTES = 2
/** Most messages of one turn. */
export const REMINDERS_AT_ONCE = 50
/** Asked at the same time: platforms answer in tens of milliseconds. */
const SIDE_BY_SIDE = 8

/** Sends what is due; answers how many messages it took. */
export async function sendDue(parts: Parts): Promise<number> {
  const now = parts.now()
  const due = await claim(parts, now)
  const line = due.values()
  const work = async () => {
    for (const row of line) {
      try {
        await deliver(parts, row, now)
      } catch (error) {
        // One that fails must not keep the others waiting; its lease brings it back.
        parts.log.error({ err: error, reminder: row.id }, 'message failed; it is looked at again')
      }
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work))
  return due.length
}

/** Queues one message and sends it now. */
export async function tellNow(parts: Parts, telling: Telling): Promise<Outcome> {
  const lease = new Date(telling.now.getTime() + LEASE_MINUTES * minuteMs)
  const row = await tx(parts.db, async (t) => {
    const id = await remind(t, telling)
    if (id === null) return null
    return t
      .updateTable('reminders')
      .set({ state: 'sending', lease_until: lease })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
  })
  return row ? deliver(parts, row, telling.now) : { unsent: 'no_need' }
}

/**
 * Sends a message once more, by a channel it was not tried by (M9); that try's row says how it went.
 * What makes no sense any more is not sent.
 */
export async function sendAgain(
  parts: Parts,
  reminderId: string,
  name: ChannelName,
  now: Date,
): Promise<void> {
  const tried = await triesOf(parts, reminderId)
  if (tried.get(name) === 'sending') return explain(parts, reminderId)
  const row = await parts.db
    .selectFrom('reminders')
    .selectAll()
    .where('id', '=', reminderId)
    .executeTakeFirst()
  const channel = channels.find((one) => one.name === name)
  if (!row || !channel || tried.has(name)) return
  const order = row.order_id === null ? null : await readOrderNow(parts.db, row.order_id, now)
  // Not its own due time: somebody wants it sent now.
  const written = { slotId: row.slot_id, dueAt: null, untilAt: row.until_at }
  if (whyNot(row.kind, written, order, now)) return
  const words = await wordsOf(parts.db, row.kind)
  if (words) await tryOne(parts, channel, await messageOf(parts, row, words, now))
}

function claim({ db }: Parts, now: Date): Promise<ReminderRow[]> {
  return db.transaction().execute(async (t) => {
    const rows = await t
      .selectFrom('reminders')
      .selectAll()
      .where('state', 'in', ['planned', 'sending'])
      .where('due_at', '<=', now)
      .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<=', now)]))
      .orderBy('due_at')
      .limit(REMINDERS_AT_ONCE)
      .forUpdate()
      .skipLocked()
      .execute()
    if (rows.length === 0) return []
    await t
      .updateTable('reminders')
      .set({ state: 'sending', lease_until: new Date(now.getTime() + LEASE_MINUTES * minuteMs) })
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      )
      .execute()
    return rows
  })
}

export type Outcome = { channel: ChannelName } | { unsent: UnsentReason }

async function deliver(parts: Parts, row: ReminderRow, now: Date): Promise<Outcome> {
  const outcome = await outcomeOf(parts, row, now)
  await finish(parts, row, outcome, now)
  return outcome
}

async function outcomeOf(parts: Parts, row: ReminderRow, now: Date): Promise<Outcome> {
  const tried = await triesOf(parts, row.id)
  const before = [...tried].find(([name, state]) => name !== 'inbox' && state === 'sent')
  if (before) return { channel: before[0] } // its process died before it could say so
  if ([...tried.values()].includes('sending')) {
    await explain(parts, row.id)
    return { unsent: 'outcome_unknown' }
  }
  const order = row.order_id === null ? null : await readOrderNow(parts.db, row.order_id, now)
  const written = { slotId: row.slot_id, dueAt: row.due_at, untilAt: row.until_at }
  const reason = whyNot(row.kind, written, order, now)
  if (reason) return { unsent: reason }
  const words = await wordsOf(parts.db, row.kind)
  if (!words) return { unsent: 'switched_off' }
  return sendBy(parts, await messageOf(parts, row, words, now), tried)
}

/** Channel by channel until one has taken it; the inbox has it in any case. */
async function sendBy(
  parts: Parts,
  message: Message,
  tried: ReadonlyMap<ChannelName, string>,
): Promise<Outcome> {
  let unsent: UnsentReason = 'no_address'
  for (const channel of channels) {
    if (tried.has(channel.name)) continue
    const result = await tryOne(parts, channel, message)
    if (channel.name === 'inbox') continue
    if (result === 'sent') return { channel: channel.name }
    // Twice is worse than once late: what may be on its way is not sent by another way.
    if (result.unsent === 'outcome_unknown') return result
    if (SAYS_LESS.indexOf(result.unsent) <= SAYS_LESS.indexOf(unsent)) continue
    unsent = result.unsent
  }
  return { unsent }
}

/** Of several channels' reasons the later of these is the message's. */
const SAYS_LESS: readonly UnsentReason[] = [
  'not_set_up',
  'no_address',
  'no_consent',
  'channel_refused',
]

async function tryOne(
  parts: Parts,
  channel: Channel,
  message: Message,
): Promise<'sent' | { unsent: UnsentReason }> {
  const { id, now } = message
  const opened = await tx(parts.db, async (t) => {
    const way = await channel.open(t, parts, message)
    const state = way === 'delivered' ? 'sent' : 'unsent' in way ? 'unsent' : 'sending'
    const reason = way !== 'delivered' && 'unsent' in way ? way.unsent : null
    await t
      .insertInto('sends')
      .values({ reminder_id: id, channel: channel.name, state, reason, at: now })
      .execute()
    return way
  })
  if (opened === 'delivered') return 'sent'
  if ('unsent' in opened) return opened
  const sent = await channel.send(parts, opened.address, message)
  await tx(parts.db, (t) => keep(t, channel, message, sent))
  if (sent !== 'sent') {
    parts.log.warn({ reminder: id, channel: channel.name, code: sent.code }, 'message not sent')
  }
  return sent
}

async function keep(
  t: Parameters<Channel['open']>[0],
  channel: Channel,
  message: Message,
  sent: Sent,
): Promise<void> {
  await t
    .updateTable('sends')
    .set(
      sent === 'sent'
        ? { state: 'sent' }
        : { state: 'unsent', reason: sent.unsent, code: sent.code },
    )
    .where('reminder_id', '=', message.id)
    .where('channel', '=', channel.name)
    .execute()
  if (sent !== 'sent' && sent.unsent !== 'outcome_unknown') {
    await channel.refused?.(t, message, sent.code)
  }
}

/** A process died between asking a channel and hearing its answer. */
async function explain({ db }: Parts, reminderId: string): Promise<void> {
  await db
    .updateTable('sends')
    .set({ state: 'unsent', reason: 'outcome_unknown', code: 'process_ended' })
    .where('reminder_id', '=', reminderId)
    .where('state', '=', 'sending')
    .execute()
}

async function triesOf({ db }: Parts, reminderId: string): Promise<Map<ChannelName, string>> {
  const rows = await db
    .selectFrom('sends')
    .select(['channel', 'state'])
    .where('reminder_id', '=', reminderId)
    .execute()
  return new Map(rows.map(({ channel, state }) => [channel, state]))
}

async function finish({ db, bus }: Parts, row: ReminderRow, outcome: Outcome, now: Date) {
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
    .where('state', '=', 'sending')
    .execute()
  // The order's page asks 「是否确认参与」 from now on; other kinds change nothing on it.
  if (row.kind === 'day_before') bus.changed({ topics: [`order:${row.order_id}`] })
}
