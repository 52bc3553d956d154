/** The auditor for the console: how far it is, what it found, and what a person does about it. */
import type { AuditRound } from '@jiyue/contract/audit'
import type { Finding } from '@jiyue/contract/schema/audit'
import type { Reply } from '@jiyue/contract/schema/wire'
import { type Kysely, sql } from 'kysely'
import { isBeyond } from '../db/conditions.ts'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'
import { readArchives } from '../report/archive.ts'
import { wrongSlots } from './auditor.sql.ts'
import { auditSlots } from './slots.ts'

const PAGE = 50

/** How far each round is, and how much differs. */
export async function readAudit({ db, now }: Parts): Promise<Reply<'getAudit'>> {
  const rounds = await db.selectFrom('audits').selectAll().execute()
  const { rows } = await sql<Record<'due' | 'open' | 'unacknowledged' | 'stoppedSlots', number>>`
    select (select count(*)::int from audit_due) as due,
      (select count(*)::int from findings where resolved_at is null) as open,
      (select count(*)::int from findings
        where resolved_at is null and acknowledged_at is null) as unacknowledged,
      (select count(*)::int from slots where checking_since is not null) as "stoppedSlots"`.execute(
    db,
  )
  const order: AuditRound[] = ['slots', 'orders', 'history']
  return {
    rounds: order.flatMap((name) =>
      rounds
        .filter((round) => round.name === name)
        .map(({ finished_at, last_looked, after_id, looked }) => ({
          name,
          finishedAt: finished_at?.toISOString() ?? null,
          looked: last_looked,
          underWay: after_id === null ? 0 : looked,
        })),
    ),
    ...(rows[0] as (typeof rows)[number]),
    archives: await readArchives({ db }),
    now: now().toISOString(),
  }
}

/** Findings, newest first. Open: what differs, and what agrees again while its slot is still stopped. */
export async function listFindings(
  { db, now }: Parts,
  { state, after: cursor }: { state: 'open' | 'all'; after?: string | undefined },
): Promise<Reply<'listFindings'>> {
  const seen = sql`date_trunc('milliseconds', findings.first_seen_at)`
  const rows = await findingsQuery(db)
    .$if(state === 'open', (q) =>
      q.where(
        sql<boolean>`(findings.resolved_at is null or (slots.checking_since is not null
          and findings.last_seen_at >= slots.checking_since))`,
      ),
    )
    .where(isBeyond([seen, sql.ref('findings.id')], cursor))
    .orderBy(seen, 'desc')
    .orderBy('findings.id', 'desc')
    .limit(PAGE + 1)
    .execute()
  const page = rows.slice(0, PAGE)
  const last = rows.length > PAGE ? page.at(-1) : undefined
  return {
    findings: page.map(findingView),
    next: last ? `${last.first_seen_at.toISOString()},${last.id}` : null,
    now: now().toISOString(),
  }
}

/** Notes that a person knows, and what they do about it. Refuses: not_found, finding_over. */
export async function acknowledge(
  parts: Parts,
  id: string,
  note: string,
  personId: string,
): Promise<Finding | Refused> {
  const refused = await tx(parts.db, async (t) => {
    const finding = await lockFinding(t, id)
    if ('refused' in finding) return finding
    await t
      .updateTable('findings')
      .set({
        acknowledged_at: parts.now(),
        acknowledged_by: `merchant:${personId}`,
        note,
      })
      .where('id', '=', id)
      .execute()
    after(t, () => parts.bus.changed({ topics: ['console'] }))
    return null
  })
  return refused ?? readFinding(parts.db, id)
}

/**
 * Puts a slot's counter right from its orders, with an event that says from what to what. The slot
 * stays stopped. Refuses: not_found (or nothing to count), finding_over, recount_refused (its orders
 * take more seats than it has), staff_busy, room_busy (its person or room is taken elsewhere).
 */
export async function recount(
  parts: Parts,
  id: string,
  personId: string,
): Promise<Finding | Refused> {
  try {
    const refused = await tx(parts.db, (t) => recountIn(t, parts, id, personId))
    return refused ?? (await readFinding(parts.db, id))
  } catch (error) {
    // The constraints stay the last line of defence, also against a person.
    const { constraint } = error as { constraint?: string }
    if (constraint === 'slots_never_oversold') return refuse('recount_refused')
    if (constraint === 'slots_staff_once') return refuse('staff_busy')
    if (constraint === 'slots_room_once') return refuse('room_busy')
    throw error
  }
}

async function recountIn(
  t: Tx,
  parts: Parts,
  id: string,
  personId: string,
): Promise<Refused | null> {
  const about = await t
    .selectFrom('findings')
    .select('slot_id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!about?.slot_id) return refuse('not_found')
  await sql`select lock_slots(array[${about.slot_id}::uuid])`.execute(t)
  const finding = await lockFinding(t, id)
  if ('refused' in finding) return finding
  const [slot] = await wrongSlots(t, [about.slot_id])
  if (slot && slot.taken !== slot.seats) {
    const details = JSON.stringify({ from: slot.taken, to: slot.seats })
    await t.updateTable('slots').set({ taken: slot.seats }).where('id', '=', slot.id).execute()
    await noteSlot(t, parts, slot, 'recount', personId, details)
  }
  await auditSlots(t, parts, [about.slot_id], parts.now())
  return null
}

/** Sells a stopped slot again. The same again is fine. Refuses: not_found, finding_open. */
export async function reopen(
  parts: Parts,
  slotId: string,
  personId: string,
): Promise<Record<string, never> | Refused> {
  return tx(parts.db, async (t) => {
    await sql`select lock_slots(array[${slotId}::uuid])`.execute(t)
    const slot = await t
      .selectFrom('slots')
      .select(['id', 'service_id', 'checking_since'])
      .where('id', '=', slotId)
      .executeTakeFirst()
    if (!slot) return refuse('not_found')
    if (slot.checking_since === null) return {}
    // Not what was found, but what is: looked at once more under the lock.
    if ((await wrongSlots(t, [slotId])).length > 0) return refuse('finding_open')
    await auditSlots(t, parts, [slotId], parts.now())
    await t.updateTable('slots').set({ checking_since: null }).where('id', '=', slotId).execute()
    await noteSlot(t, parts, slot, 'reopen', personId, '{}')
    return {}
  })
}

async function noteSlot(
  t: Tx,
  parts: Parts,
  { id, service_id }: { id: string; service_id: string },
  what: 'recount' | 'reopen',
  personId: string,
  details: string,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id: null,
      slot_id: id,
      what,
      by: `merchant:${personId}`,
      details,
      at: sql<Date>`clock_timestamp()`,
    })
    .execute()
  after(t, () => parts.bus.changed({ slots: [id], topics: [`service:${service_id}`, 'console'] }))
}

async function lockFinding(t: Tx, id: string): Promise<{ id: string } | Refused> {
  const finding = await t
    .selectFrom('findings')
    .select(['id', 'resolved_at'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!finding) return refuse('not_found')
  return finding.resolved_at ? refuse('finding_over') : finding
}

async function readFinding(db: Kysely<Database>, id: string): Promise<Finding> {
  return findingView(
    await findingsQuery(db).where('findings.id', '=', id).executeTakeFirstOrThrow(),
  )
}

function findingsQuery(db: Kysely<Database>) {
  return db
    .selectFrom('findings')
    .leftJoin('slots', 'slots.id', 'findings.slot_id')
    .leftJoin('services', 'services.id', 'slots.service_id')
    .leftJoin('staff', 'staff.id', 'slots.staff_id')
    .leftJoin('orders', 'orders.id', 'findings.order_id')
    .leftJoin('people', (join) =>
      join.on(sql<boolean>`findings.acknowledged_by = 'merchant:' || people.id`),
    )
    .selectAll('findings')
    .select([
      'services.name as service_name',
      'staff.name as staff_name',
      'slots.starts_at',
      'slots.ends_at',
      'slots.checking_since',
      'orders.number',
      'people.name as person_name',
    ])
}

type FindingSeen = Awaited<ReturnType<ReturnType<typeof findingsQuery>['execute']>>[number]

function findingView(row: FindingSeen): Finding {
  const { slot_id, starts_at, ends_at, acknowledged_at } = row
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    slot:
      slot_id && starts_at && ends_at
        ? {
            id: slot_id,
            serviceName: row.service_name ?? '',
            staffName: row.staff_name,
            startsAt: starts_at.toISOString(),
            endsAt: ends_at.toISOString(),
            stopped: row.checking_since !== null,
          }
        : null,
    order: row.order_id && row.number ? { id: row.order_id, number: row.number } : null,
    expected: row.expected,
    found: row.found,
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    acknowledged: acknowledged_at && {
      at: acknowledged_at.toISOString(),
      name: row.person_name ?? '',
      note: row.note ?? '',
    },
  }
}
