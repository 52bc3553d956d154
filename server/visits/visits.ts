/**
 * What phones tell of a visit (M4): one statement for all batches that came while the one before was
 * in flight, so that a rush of looks never takes more than one connection of the pool from holds.
 */
import type { Look } from '@jiyue/contract/schema/funnel'
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import { type Kysely, sql } from 'kysely'
import { groupCommit } from '../db/groupCommit.ts'
import type { Database } from '../db/schema.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'

/** Batches of one statement, and those that may wait: beyond them phones are asked to come later. */
const BATCHES_AT_ONCE = 64
const WAITING_MOST = 1_000
/** Looks forgotten in one turn. */
export const LOOKS_AT_ONCE = 5_000

interface Told {
  visitId: string
  looks: readonly Look[]
  at: Date
}

/** Writes looks down. Refuses: unavailable (too many wait), not_found (of no service of ours). */
export type TellLooks = (told: Told) => Promise<Record<string, never> | Refused>

export function createTellLooks({ db }: Pick<Parts, 'db'>): TellLooks {
  const write = groupCommit((batches: readonly Told[]) => writeLooks(db, batches), {
    most: BATCHES_AT_ONCE,
  })
  let waiting = 0
  return async (told) => {
    if (waiting >= WAITING_MOST) return refuse('unavailable')
    waiting++
    try {
      return (await write(told)) ? {} : refuse('not_found')
    } finally {
      waiting--
    }
  }
}

/** Whether each batch was of services of ours; of others nothing is written. */
async function writeLooks(db: Kysely<Database>, batches: readonly Told[]): Promise<boolean[]> {
  const given = batches.flatMap(({ visitId, looks, at }, batch) =>
    looks.map(({ agoMs, ...look }) => ({
      batch,
      visitId,
      ...look,
      at: new Date(at.getTime() - agoMs).toISOString(),
    })),
  )
  // A look is no order: its commit does not wait for the disk, and so nobody waits behind it.
  const { rows } = await sql<{ known: boolean }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g (batch int,
        "visitId" uuid, n smallint, "serviceId" uuid, kind text, "orderId" uuid, step smallint,
        "fieldId" text, at timestamptz)
    ), verdicts as (
      select g.batch, bool_and(s.id is not null) as known
      from given g left join services s on s.id = g."serviceId" group by g.batch
    ), written as (
      insert into looks (visit_id, n, service_id, kind, order_id, step, field_id, at)
      select "visitId", n, "serviceId", kind, "orderId", step, "fieldId", at
      from given join verdicts using (batch) where known
      -- In one order everywhere: two nodes that hear the same visit do not lock each other out.
      order by "visitId", n
      on conflict do nothing
    )
    select known, set_config('synchronous_commit', 'off', true) from verdicts order by batch`.execute(
    db,
  )
  return rows.map(({ known }) => known)
}

/** Forgets the oldest looks, whole days of the merchant's clock; answers how many. */
export async function forgetLooks({ db, now }: Parts): Promise<number> {
  const { visitDays } = await readRules(db)
  const before = new Date(instantOf(addDays(dayOf(now().getTime()), -visitDays)))
  const { numAffectedRows } = await sql`
    delete from looks where (visit_id, n) in (
      select visit_id, n from looks
      where kind in ('service', 'slots', 'slot', 'hold', 'step', 'field') and at < ${before}
      limit ${LOOKS_AT_ONCE} for update skip locked)`.execute(db)
  return Number(numAffectedRows ?? 0)
}
