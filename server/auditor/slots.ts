/** Seats, re-summed. A slot that drifts is not sold any more from the very transaction on that says so. */
import type { Topic } from '@jiyue/contract/live'
import { sql } from 'kysely'
import { after, type Tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'
import { type SlotSums, wrongSlots } from './auditor.sql.ts'
import { type FoundOf, keepFindings } from './findings.ts'

/**
 * Looks at slots. First without a lock, in one snapshot; what seems wrong is locked and looked at
 * once more, so that nothing moves between the verdict and the stop. Answers how many slots it saw.
 */
export async function auditSlots(
  t: Tx,
  parts: Parts,
  ids: readonly string[],
  now: Date,
): Promise<number> {
  const suspects = await wrongSlots(t, ids)
  if (suspects.length > 0) {
    const locked = suspects.map(({ id }) => id)
    await sql`select from slots where id = any (${locked}::uuid[]) order by id for update`.execute(
      t,
    )
  }
  const wrong =
    suspects.length > 0
      ? await wrongSlots(
          t,
          suspects.map(({ id }) => id),
        )
      : []
  const news = await keepFindings(t, { slots: ids }, wrong.flatMap(foundIn), now)
  if (wrong.length > 0) await stopSale(t, parts, wrong, now)
  if (news > 0) after(t, () => parts.bus.changed({ topics: ['console'] }))
  return ids.length
}

function foundIn(slot: SlotSums): FoundOf[] {
  const { id, taken, seats, capacity, twice, roomTwice } = slot
  const about = { subject: id, slotId: id }
  const found: FoundOf[] = []
  if (taken !== seats)
    found.push({ ...about, kind: 'seats', expected: { seats }, found: { seats: taken } })
  if (seats > capacity)
    found.push({ ...about, kind: 'oversold', expected: { seats: capacity }, found: { seats } })
  if (twice) found.push({ ...about, kind: 'staff_twice', expected: {}, found: { slotId: twice } })
  if (roomTwice)
    found.push({ ...about, kind: 'room_twice', expected: {}, found: { slotId: roomTwice } })
  return found
}

async function stopSale(t: Tx, parts: Parts, wrong: readonly SlotSums[], now: Date): Promise<void> {
  const { rows } = await sql<{ id: string; service_id: string }>`
    with stopped as (
      update slots set checking_since = ${now}
      where id = any (${wrong.map(({ id }) => id)}::uuid[]) and checking_since is null
      returning id, service_id
    ), told as (
      insert into events (slot_id, what, by, at)
      select id, 'stop', 'auditor', clock_timestamp() from stopped
    )
    select id, service_id from stopped`.execute(t)
  if (rows.length === 0) return
  parts.log.error({ slots: rows.map(({ id }) => id) }, 'seats differ: sale stopped')
  const topics = new Set(rows.map(({ service_id }): Topic => `service:${service_id}`))
  after(t, () => parts.bus.changed({ slots: rows.map(({ id }) => id), topics: [...topics] }))
}
