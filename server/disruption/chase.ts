/**
 * Asking once more, by another channel (M9): every message goes by a channel once, whoever asks how
 * often; what the channel said of it is in the ledger of messages (X3).
 */
import type { ChaseChannel } from '@jiyue/contract/schema/disruptions'
import { minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { after, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { sendAgain } from '../reminder/deliver.ts'
import { eachDue } from '../sweep/claim.ts'

/** Most messages of one turn, and minutes after which a silent process's are looked at again. */
export const CHASES_AT_ONCE = 50
const LEASE_MINUTES = 2

/**
 * Orders that have not answered, with their message and the channels it may still go by. One whose
 * first sending is under way is left to it.
 */
export const chasable = sql`
  select d.disruption_id, r.id as reminder_id, way.channel
  from disrupted_orders d
  join orders o on o.id = d.order_id and o.slot_id = d.slot_id and o.state = 'confirmed'
  join reminders r on r.kind = 'emergency' and r.once = d.id::text and r.user_id = o.user_id
    and r.state in ('sent', 'unsent')
  cross join (values ('wechat'), ('alipay'), ('sms'), ('mail')) as way (channel)
  where not exists (select from sends where sends.reminder_id = r.id and sends.channel = way.channel)
    and not exists (select from chases where chases.reminder_id = r.id and chases.channel = way.channel)`

/** Asks for them all; a repeat finds none left. Refuses: not_found. */
export async function askChases(
  parts: Parts,
  id: string,
  channel: ChaseChannel,
  personId: string,
): Promise<{ asked: number } | Refused> {
  const known = await parts.db
    .selectFrom('disruptions')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!known) return refuse('not_found')
  return tx(parts.db, async (t) => {
    const { numAffectedRows } = await sql`
      insert into chases (reminder_id, channel, by, asked_at)
      select reminder_id, channel, ${`merchant:${personId}`}, ${parts.now()}
      from (${chasable}) open where disruption_id = ${id} and channel = ${channel}
      on conflict do nothing`.execute(t)
    after(t, () => parts.bus.changed({ topics: ['console'] }))
    return { asked: Number(numAffectedRows ?? 0) }
  })
}

interface Chase {
  reminder_id: string
  channel: ChaseChannel
}

/** Sends what was asked for; answers how many it took. */
export async function chaseDue(parts: Parts): Promise<number> {
  const now = parts.now()
  const lease = new Date(now.getTime() + LEASE_MINUTES * minuteMs)
  const due = await tx(parts.db, async (t) => {
    const { rows } = await sql<Chase>`
      update chases set lease_until = ${lease} where (reminder_id, channel) in (
        select reminder_id, channel from chases
        where done_at is null and (lease_until is null or lease_until <= ${now})
        order by asked_at limit ${CHASES_AT_ONCE} for update skip locked)
      returning reminder_id, channel`.execute(t)
    return rows
  })
  await eachDue(parts, due, async ({ reminder_id, channel }) => {
    await sendAgain(parts, reminder_id, channel, now)
    await parts.db
      .updateTable('chases')
      .set({ done_at: now })
      .where('reminder_id', '=', reminder_id)
      .where('channel', '=', channel)
      .execute()
  })
  if (due.length > 0) parts.bus.changed({ topics: ['console'] })
  return due.length
}
