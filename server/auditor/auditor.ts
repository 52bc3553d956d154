/**
 * The auditor (X1): re-sums seats, money and states from the rows themselves, for ever. It keeps
 * three rounds and a watermark:
 * - `auditChanged`: orders marked since the last turn, by triggers on everything that moves money or
 *   states, whoever moved it; with their slots.
 * - `auditRound(…, 'slots')`: every slot that can still be sold, a round in well under a minute.
 * - `orders` and `history`: everything there is, slowly, for what left no mark.
 * Turns of a round are shared by all processes: who finds its row locked has nothing to do.
 */
import type { AuditRound } from '@jiyue/contract/audit'
import { dayMs, minuteMs } from '@jiyue/contract/time'
import { type Selectable, sql } from 'kysely'
import type { AuditTable } from '../db/schema.ts'
import { type Tx, tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'
import { auditNobody, auditOrders } from './orders.ts'
import { auditSlots } from './slots.ts'

interface RoundPlan {
  /** Rows a turn. Measured on two cores that twenty others wanted: 0.6 s for slots of ten orders each. */
  rows: number
  /** A round begins at the earliest so long after the last one began. */
  restMs: number
}

/**
 * A turn a second: 100,000 slots on sale make a round of 25 s, of 40 s on such a machine; a drift is
 * found within one round, for the next begins at once.
 * A million orders take a quarter of an hour.
 */
export const rounds: Record<AuditRound, RoundPlan> = {
  slots: { rows: 4000, restMs: 15_000 },
  orders: { rows: 1000, restMs: 5 * minuteMs },
  history: { rows: 2000, restMs: 60 * minuteMs },
}

/** Marks worked off at once. */
export const CHANGED_AT_ONCE = 500

/** Slots are at most a day long (booking/console.ts): those that began earlier are over. */
const LONGEST_SLOT_MS = dayMs

/** Looks at what changed since the last turn; answers how many marks it worked off. */
export function auditChanged(parts: Parts): Promise<number> {
  const now = parts.now()
  return tx(parts.db, async (t) => {
    // Deleted first and read after: a mark is written with its change, so the change is seen.
    const { rows } = await sql<{ order_id: string }>`
      delete from audit_due where id in (
        select id from audit_due order by id limit ${CHANGED_AT_ONCE} for update skip locked)
      returning order_id`.execute(t)
    if (rows.length === 0) return 0
    const orders = [...new Set(rows.map(({ order_id }) => order_id))]
    await auditOrders(t, parts, orders, now)
    const slots = await t
      .selectFrom('orders')
      .select('slot_id')
      .distinct()
      .where('id', 'in', orders)
      .execute()
    await auditSlots(
      t,
      parts,
      slots.map(({ slot_id }) => slot_id),
      now,
    )
    return rows.length
  })
}

/** One turn of a round; answers how many rows it looked at. */
export function auditRound(parts: Parts, name: AuditRound): Promise<number> {
  const now = parts.now()
  return tx(parts.db, async (t) => {
    const at = await t
      .selectFrom('audits')
      .selectAll()
      .where('name', '=', name)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst()
    if (!at || !isDue(at, now)) return 0
    const place = at.after_id === null ? { ...at, looked: 0, started_at: now } : at
    const rows = await nextRows(t, name, place, now)
    if (name === 'orders')
      await auditOrders(
        t,
        parts,
        rows.map(({ id }) => id),
        now,
      )
    else
      await auditSlots(
        t,
        parts,
        rows.map(({ id }) => id),
        now,
      )
    if (name === 'slots' && at.after_id === null) await auditNobody(t, parts, now)
    await goOn(t, name, place, rows, now)
    return rows.length
  })
}

type Audit = Selectable<AuditTable>
interface Place {
  id: string
  /** Of slots. */
  starts_at?: Date
}

/** Under way, or rested long enough. A clock that was set back does not stop it. */
function isDue({ name, after_id, started_at }: Audit, now: Date): boolean {
  if (after_id !== null || started_at === null) return true
  return Math.abs(now.getTime() - started_at.getTime()) >= rounds[name].restMs
}

/** The next rows by their key; those of orders by id, those of slots by start and id. */
async function nextRows(t: Tx, name: AuditRound, place: Audit, now: Date): Promise<Place[]> {
  const limit = rounds[name].rows
  if (name === 'orders') {
    return t
      .selectFrom('orders')
      .select('id')
      .$if(place.after_id !== null, (q) => q.where('id', '>', place.after_id as string))
      .orderBy('id')
      .limit(limit)
      .execute()
  }
  const first = name === 'slots' ? new Date(now.getTime() - LONGEST_SLOT_MS) : null
  const { after_at, after_id } = place
  return t
    .selectFrom('slots')
    .select(['id', 'starts_at'])
    .$if(first !== null, (q) => q.where('starts_at', '>=', first))
    .$if(after_at !== null, (q) =>
      q
        .where('starts_at', '>=', after_at)
        .where(sql<boolean>`(starts_at, id) > (${after_at}, ${after_id}::uuid)`),
    )
    .orderBy('starts_at')
    .orderBy('id')
    .limit(limit)
    .execute()
}

async function goOn(
  t: Tx,
  name: AuditRound,
  place: Audit,
  rows: readonly Place[],
  now: Date,
): Promise<void> {
  const looked = place.looked + rows.length
  const last = rows.length === rounds[name].rows ? rows.at(-1) : undefined
  await t
    .updateTable('audits')
    .set({
      after_at: last?.starts_at ?? null,
      after_id: last?.id ?? null,
      started_at: place.started_at,
      looked,
      ...(!last && { finished_at: now, last_looked: looked }),
    })
    .where('name', '=', name)
    .execute()
}
