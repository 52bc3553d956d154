/** What the auditor's tests share: looking at everything now, and planting what no code of ours does. */
import type { FindingKind } from '@jiyue/contract/audit'
import { sql } from 'kysely'
import { auditChanged, auditRound, rounds } from '../../server/auditor/auditor.ts'
import type { Parts } from '../../server/parts.ts'
import type { World } from '../world.ts'

/** One whole round, however many turns it takes. */
export async function wholeRound(parts: Parts, name: 'slots' | 'orders' | 'history') {
  // Rounds rest: this one begins now, wherever the last one is.
  await sql`update audits set started_at = null, after_at = null, after_id = null
    where name = ${name}`.execute(parts.db)
  while ((await auditRound(parts, name)) === rounds[name].rows);
}

/** Everything that is due by the marks. */
export async function allChanged(parts: Parts) {
  while ((await auditChanged(parts)) > 0);
}

/** Open findings about these slots, orders or subjects, by kind. */
export async function openAbout({ database: { db } }: Pick<World, 'database'>, ...ids: string[]) {
  return db
    .selectFrom('findings')
    .select(['kind', 'subject', 'expected', 'found'])
    .where('resolved_at', 'is', null)
    .where(
      sql<boolean>`(subject = any (${ids}::text[]) or slot_id::text = any (${ids}::text[])
        or order_id::text = any (${ids}::text[]))`,
    )
    .orderBy('kind')
    .orderBy('subject')
    .execute()
}

export const kindsOf = (rows: { kind: FindingKind }[]) => rows.map(({ kind }) => kind)

/** Writes behind the back of every trigger: no guard, no mark. */
export async function unmarked({ database: { db } }: Pick<World, 'database'>, statement: string) {
  await db.transaction().execute(async (t) => {
    await sql`set local session_replication_role = replica`.execute(t)
    await sql.raw(statement).execute(t)
  })
}
