/** The ledger of messages (X3), for the console: of one order, and of a span of days. */
import {
  type ChannelName,
  channelNames,
  type ReminderKindName,
  reminderKindNames,
  type UnsentReason,
} from '@jiyue/contract/reminder'
import type { ConsoleMessage, Reply } from '@jiyue/contract/schema/wire'
import { addDays, instantOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import type { Parts } from '../parts.ts'

/** Every message about an order, in the order they are due, with each channel it was tried by. */
export async function messagesOf({ db }: Parts, orderId: string): Promise<ConsoleMessage[]> {
  const rows = await db
    .selectFrom('reminders')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('due_at')
    .orderBy('id')
    .execute()
  if (rows.length === 0) return []
  const sends = await db
    .selectFrom('sends')
    .selectAll()
    .where(
      'reminder_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('at')
    .execute()
  const rank = (name: ChannelName) => channelNames.indexOf(name)
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    state: row.state,
    dueAt: row.due_at?.toISOString() ?? null,
    doneAt: row.done_at?.toISOString() ?? null,
    reason: row.reason,
    readAt: row.read_at?.toISOString() ?? null,
    answer: row.answer,
    sends: sends
      .filter((one) => one.reminder_id === row.id)
      .sort((a, b) => rank(a.channel) - rank(b.channel))
      .map(({ channel, state, reason, code, at }) => ({
        channel,
        state,
        reason,
        code,
        at: at.toISOString(),
      })),
  }))
}

interface Counted {
  name: string
  state: string
  reason: UnsentReason | null
  count: number
}

/** Messages due in these days by kind, what each channel did, and the consents given in them. */
export async function readMessageReport(
  parts: Parts,
  { from, to }: { from: string; to: string },
): Promise<Reply<'getMessageReport'>> {
  const since = new Date(instantOf(from))
  const until = new Date(instantOf(addDays(to, 1)))
  const { db } = parts
  const [kinds, channels, consents] = await Promise.all([
    sql<Counted>`
      select kind as name, state, reason, count(*)::int as count from reminders
      where due_at >= ${since} and due_at < ${until} group by 1, 2, 3`.execute(db),
    sql<Counted>`
      select channel as name, state, reason, count(*)::int as count from sends
      where at >= ${since} and at < ${until} group by 1, 2, 3`.execute(db),
    db
      .selectFrom('consents')
      .select([
        'host',
        'template',
        sql<number>`count(*)::int`.as('given'),
        sql<number>`count(*) filter (where spent_at is not null)::int`.as('spent'),
        sql<number>`count(*) filter (where spent_at is null and not void)::int`.as('left'),
      ])
      .where('answer', '=', 'accept')
      .where('given_at', '>=', since)
      .where('given_at', '<', until)
      .groupBy(['host', 'template'])
      .orderBy('host')
      .orderBy('template')
      .execute(),
  ])
  return {
    kinds: reminderKindNames
      .map((kind: ReminderKindName) => {
        const { open, ...rest } = sumOf(kinds.rows.filter(({ name }) => name === kind))
        return { kind, planned: open, ...rest }
      })
      .filter(({ planned, sent, unsent }) => planned + sent + unsent > 0),
    channels: channelNames.map((channel) => {
      const { open: _, ...rest } = sumOf(channels.rows.filter(({ name }) => name === channel))
      return { channel, ...rest }
    }),
    consents,
    now: parts.now().toISOString(),
  }
}

function sumOf(rows: readonly Counted[]) {
  const of = (state: string) =>
    rows.filter((row) => row.state === state).reduce((sum, { count }) => sum + count, 0)
  const reasons = rows
    .flatMap(({ reason, count }) => (reason ? [{ reason, count }] : []))
    .sort((a, b) => b.count - a.count)
  return { open: of('planned') + of('sending'), sent: of('sent'), unsent: of('unsent'), reasons }
}
