/** Findings as they are kept: each thing once while it differs, resolved when both sides agree again. */
import { randomUUID } from 'node:crypto'
import { seatKinds } from '@jiyue/contract/audit'
import { sql } from 'kysely'
import type { Tx } from '../db/tx.ts'
import type { Found } from './judge.ts'

export type FoundOf = Found & { slotId?: string; orderId?: string }

/** What was looked at: findings about it that were not found again are over. */
export type Looked = { slots: readonly string[] } | { orders: readonly string[] } | 'nobody'

/**
 * Writes what was found and resolves what agrees again. The same again changes nothing but when it
 * was last seen, and both sides. Answers how much is new or over.
 */
export async function keepFindings(
  t: Tx,
  looked: Looked,
  found: readonly FoundOf[],
  now: Date,
): Promise<number> {
  const over = await resolveOver(t, looked, found, now)
  if (found.length === 0) return over
  const rows = found.map((one) => ({
    id: randomUUID(),
    kind: one.kind,
    subject: one.subject,
    slot_id: one.slotId ?? null,
    order_id: one.orderId ?? null,
    expected: JSON.stringify(one.expected),
    found: JSON.stringify(one.found),
    first_seen_at: now,
    last_seen_at: now,
  }))
  const written = await t
    .insertInto('findings')
    .values(rows)
    .onConflict((clash) =>
      clash.columns(['kind', 'subject']).where('resolved_at', 'is', null).doUpdateSet({
        last_seen_at: sql`excluded.last_seen_at`,
        expected: sql`excluded.expected`,
        found: sql`excluded.found`,
      }),
    )
    .returning(sql<boolean>`xmax = 0`.as('fresh'))
    .execute()
  return over + written.filter(({ fresh }) => fresh).length
}

/** Findings about what was looked at that are not there any more. */
async function resolveOver(
  t: Tx,
  looked: Looked,
  found: readonly Found[],
  now: Date,
): Promise<number> {
  const there = found.map(({ kind, subject }) => `${kind} ${subject}`)
  const about =
    looked === 'nobody'
      ? sql<boolean>`slot_id is null and order_id is null`
      : 'slots' in looked
        ? sql<boolean>`slot_id = any (${looked.slots}::uuid[]) and kind = any (${[...seatKinds]}::text[])`
        : sql<boolean>`order_id = any (${looked.orders}::uuid[])`
  const { numUpdatedRows } = await t
    .updateTable('findings')
    .set({ resolved_at: now })
    .where('resolved_at', 'is', null)
    .where(about)
    .where(sql<boolean>`kind || ' ' || subject <> all (${there}::text[])`)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
