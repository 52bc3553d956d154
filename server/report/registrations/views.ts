/** Saved views of the registrations list (M2): a name, a filter and columns, each person's own. */
import type { SavedView } from '@jiyue/contract/schema/registrations'
import { sql } from 'kysely'
import { tx } from '../../db/tx.ts'
import { type Refused, refuse } from '../../http/refusal.ts'
import type { Parts } from '../../parts.ts'
import { keepFilter, openFilter } from './filter.ts'

/** More than that is a list nobody looks through. */
const MOST = 30

/** Somebody's views, the oldest first. */
export async function listViews(parts: Parts, personId: string): Promise<{ views: SavedView[] }> {
  const rows = await parts.db
    .selectFrom('saved_views')
    .select(['id', 'name', 'filter', 'hidden'])
    .where('person_id', '=', personId)
    .orderBy('saved_at')
    .orderBy('id')
    .execute()
  return { views: rows.map((row) => ({ ...row, filter: openFilter(parts, row.filter) })) }
}

/** Saves a view, or saves it anew. Refuses: not_found (another's), view_limit. */
export function putView(
  parts: Parts,
  { id, name, filter, hidden }: SavedView,
  personId: string,
): Promise<'ok' | Refused> {
  return tx(parts.db, async (t) => {
    // Counting under the person's lock: two tabs cannot slip past the limit together.
    await t.selectFrom('people').select('id').where('id', '=', personId).forUpdate().execute()
    const known = await t
      .selectFrom('saved_views')
      .select('person_id')
      .where('id', '=', id)
      .executeTakeFirst()
    if (known && known.person_id !== personId) return refuse('not_found')
    const { count } = await t
      .selectFrom('saved_views')
      .select(sql<number>`count(*)::int`.as('count'))
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow()
    if (!known && count >= MOST) return refuse('view_limit')
    const view = { name, filter: JSON.stringify(keepFilter(parts, filter)), hidden }
    await t
      .insertInto('saved_views')
      .values({ id, person_id: personId, saved_at: parts.now(), ...view })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(view))
      .execute()
    return 'ok'
  })
}

/** Forgets one's own view. Refuses: not_found. */
export async function deleteView(
  { db }: Parts,
  id: string,
  personId: string,
): Promise<'ok' | Refused> {
  const gone = await db
    .deleteFrom('saved_views')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return gone.numDeletedRows > 0n ? 'ok' : refuse('not_found')
}
