/** Closing and opening many slots in one act (M1): one transaction, one piece of news. */
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import type { KeptReason } from '@jiyue/contract/slots'
import { sql } from 'kysely'
import { after, tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'

type Wish = Input<'putClosures'>['body']
type One = Wish['slots'][number]

/** What a wish is decided on, under the lock. */
export interface Closable {
  startsAt: Date
  removed: boolean
  closedReason: string | null
  taken: number
}

/**
 * Does what can be done, and says of the rest why not. A slot that somebody else changed since the
 * caller saw it stays as they left it; so undoing is the same act with both reasons exchanged.
 */
export async function putClosures(
  parts: Parts,
  { slots: wishes, emptyOnly }: Wish,
  personId: string,
): Promise<Reply<'putClosures'>> {
  const ids = wishes.map(({ slotId }) => slotId)
  return tx(parts.db, async (t) => {
    await sql`select expire_holds(lock_slots(${ids}::uuid[]), clock_timestamp())`.execute(t)
    const rows = await t
      .selectFrom('slots')
      .select(['id', 'service_id', 'starts_at', 'removed_at', 'closed_reason', 'taken'])
      .where(sql<boolean>`id = any (${ids}::uuid[])`)
      .execute()
    const now = parts.now()
    const found = new Map(rows.map((row) => [row.id, row]))
    const changed: One[] = []
    const kept: { slotId: string; why: KeptReason }[] = []
    for (const wish of wishes) {
      const why = whyKept(wish, closable(found.get(wish.slotId)), emptyOnly, now)
      if (why) kept.push({ slotId: wish.slotId, why })
      else changed.push(wish)
    }
    const writing = changed.filter(
      ({ slotId, reason }) => found.get(slotId)?.closed_reason !== reason,
    )
    if (writing.length > 0) {
      const [slotIds, reasons] = [
        writing.map(({ slotId }) => slotId),
        writing.map(({ reason }) => reason),
      ]
      await sql`update slots set closed_reason = wish.reason, by_hand = true
        from unnest(${slotIds}::uuid[], ${reasons}::text[]) as wish (id, reason)
        where slots.id = wish.id`.execute(t)
      await sql`insert into events (order_id, slot_id, what, by, details, at)
        select null, wish.id, case when wish.reason is null then 'open' else 'close' end,
          ${`merchant:${personId}`}, jsonb_build_object('reason', wish.reason), clock_timestamp()
        from unnest(${slotIds}::uuid[], ${reasons}::text[]) as wish (id, reason)`.execute(t)
      const services = new Set(slotIds.map((id) => found.get(id)?.service_id ?? ''))
      const topics = [...services].map((id) => `service:${id}` as const)
      after(t, () => parts.bus.changed({ slots: slotIds, topics: [...topics, 'console'] }))
    }
    return { changed, kept }
  })
}

function closable(
  row:
    | { starts_at: Date; removed_at: Date | null; closed_reason: string | null; taken: number }
    | undefined,
): Closable | null {
  if (!row) return null
  const { starts_at, removed_at, closed_reason, taken } = row
  return {
    startsAt: starts_at,
    removed: removed_at !== null,
    closedReason: closed_reason,
    taken,
  }
}

/** Why a slot stays as it is, or null; the first that fits of contract/slots.ts. */
export function whyKept(
  { reason, was }: Pick<One, 'reason' | 'was'>,
  slot: Closable | null,
  emptyOnly: boolean,
  now: Date,
): KeptReason | null {
  if (!slot || slot.removed) return 'gone'
  if (slot.startsAt <= now) return 'past'
  // Sent again after a lost answer: it is as they wished.
  if (slot.closedReason === reason) return null
  if (slot.closedReason !== was) return 'changed'
  return emptyOnly && slot.taken > 0 ? 'booked' : null
}
