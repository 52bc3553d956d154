/** What is due next in a lane, by kind. */
import { sql } from 'kysely'
import type { History } from './history.ts'

export interface Due {
  held: Date | null
  ask: Date | null
  refund: Date | null
  move: Date | null
  /** Refunds that wait for a person. */
  failed: number
  /** What the auditor wrote down. */
  wrong: number
}

/** Null where nothing is due. */
export async function nextDue({ lane }: History): Promise<Due> {
  const { rows } = await sql<Due>`select
    (select min(held_until) from orders where state in ('held', 'registered')) as held,
    (select min(ask_at) from payments where ask_at is not null) as ask,
    (select min(due_at) from refunds where due_at is not null) as refund,
    (select min(expires_at) + interval '62 s' from moves where state = 'open') as move,
    (select count(*)::int from refunds where state = 'failed') as failed,
    (select count(*)::int from wrongs) as wrong`.execute(lane.db)
  return rows[0] as Due
}
