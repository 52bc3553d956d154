/** Where the histories went: a property test that never gets to a place proves nothing about it. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../server/db/schema.ts'

export type Tally = Map<string, number>

/** Adds what the tables of a lane hold now, before they are wiped. */
export async function count(tally: Tally, db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ what: string; n: number }>`
    select 'order ' || state as what, count(*)::int as n from orders group by 1
    union all select 'once held', count(*)::int from orders
    union all select 'once registered', count(registered_at)::int from orders
    union all select 'once confirmed', count(confirmed_at)::int from orders
    union all select 'event ' || what, count(*)::int from events group by 1
    union all select 'heard by ' || heard_by || ': ' || verdict, count(*)::int from facts
      where verdict not in ('waiting', 'known', 'processing', 'missing') group by 1
    union all select 'refund ' || reason || ' ' || state, count(*)::int from refunds group by 1
    union all select 'move ' || state || ' ' || coalesce(reason, ''), count(*)::int from moves group by 1
    union all select 'late money confirmed', count(*)::int from events e
      where what = 'confirm' and exists (select from events f
        where f.order_id = e.order_id and f.what = 'expire' and f.id < e.id)`.execute(db)
  for (const { what, n } of rows) add(tally, what, n)
}

export function add(tally: Tally, what: string, n = 1): void {
  tally.set(what, (tally.get(what) ?? 0) + n)
}

/** The tally as lines, the rarest first. */
export function told(tally: Tally): string {
  return [...tally]
    .sort((a, b) => a[1] - b[1])
    .map(([what, n]) => `${n} ${what}`)
    .join('\n')
}
