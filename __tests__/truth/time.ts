/**
 * Virtual time of one database. The product's SQL functions run as they are, but the
 * `clock_timestamp()` they call is ours, found first on the search path: nothing happens between two
 * moves of the clock, and a history takes milliseconds however many days it spans.
 */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../server/db/schema.ts'

export interface Time {
  /** What the product is given as `now`. */
  now(): Date
  /** Moves on to `to`; never back. */
  moveTo(db: Kysely<Database>, to: number): Promise<void>
}

/** Connections opened from now on hear the virtual clock, which starts at this very moment. */
export async function bendTime(db: Kysely<Database>): Promise<Time> {
  let at = Math.floor(Date.now() / 1000) * 1000
  await sql`create unlogged table clock (at timestamptz not null)`.execute(db)
  await sql`insert into clock values (${new Date(at)})`.execute(db)
  // Tables of a lane stay small: planning anew for each value was an eighth of PostgreSQL's work (measured).
  // plpgsql keeps its plan; a function in SQL would be planned at every call.
  await sql`create function public.clock_timestamp() returns timestamptz language plpgsql volatile
    as 'begin return (select at from public.clock); end'`.execute(db)
  await sql`do $$ begin
    execute format('alter database %I set search_path = public, pg_catalog', current_database());
    execute format('alter database %I set plan_cache_mode = force_generic_plan', current_database());
  end $$`.execute(db)
  return {
    now: () => new Date(at),
    async moveTo(over, to) {
      if (to <= at) return
      at = to
      await sql`update clock set at = ${new Date(at)}`.execute(over)
    },
  }
}
