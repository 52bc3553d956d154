/**
 * Booking 预约: taking seats. One SQL function decides a batch of requests; each has its own verdict.
 */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { txOfOne } from '../db/tx.ts'
import type { Bus } from '../live/bus.ts'
import { tell } from '../order/order.ts'

export interface HoldRequest {
  order: string
  user: string
  slot: string
  /** People, and seats. */
  party: number
}

/** `granted`, or `same` when this very order was granted before; else the refusal's code. */
export type HoldVerdict =
  | 'granted'
  | 'same'
  | 'order_id_reused'
  | 'slot_gone'
  | 'slot_past'
  | 'slot_closed'
  | 'slot_checking'
  | 'party_invalid'
  | 'limit_reached'
  | 'held_too_often'
  | 'staff_busy'
  | 'room_busy'
  | 'slot_full'
  | 'party_too_large'

/** What was decided; of a granted order also what its page needs and a read would only repeat. */
export type Held =
  | { verdict: Exclude<HoldVerdict, 'granted'> }
  | {
      verdict: 'granted'
      number: string
      created_at: Date
      held_until: Date
      form_version: number
      /** A discount for a first order may be this one's. */
      first: boolean
    }

/** Decides `requests` in order, in one transaction, and publishes what was granted. */
export async function hold(
  db: Kysely<Database>,
  bus: Bus,
  requests: readonly HoldRequest[],
): Promise<readonly Held[]> {
  const decided = await txOfOne(
    db,
    sql<Held>`select verdict, number, created_at, held_until, form_version, first
      from hold_slots(${JSON.stringify(requests)}::jsonb)`,
  )
  const granted = requests.filter((_, index) => decided[index]?.verdict === 'granted')
  tell(
    bus,
    granted.map((request) => ({ id: request.order, slot_id: request.slot })),
  )
  return decided
}

/**
 * Decides a group: all of its holds or none (B6). `granted`, `same` when all were granted before, else
 * why the first refused one was.
 */
export async function holdGroup(
  db: Kysely<Database>,
  bus: Bus,
  requests: readonly HoldRequest[],
): Promise<{ verdict: HoldVerdict }> {
  const decided = await txOfOne(
    db,
    sql<{ verdict: HoldVerdict }>`
      select verdict from hold_group(${JSON.stringify(requests)}::jsonb)`,
  )
  const verdicts = decided.map(({ verdict }) => verdict)
  const refused = verdicts.find((verdict) => verdict !== 'granted' && verdict !== 'same')
  if (refused) return { verdict: refused }
  tell(
    bus,
    requests.map(({ order, slot }) => ({ id: order, slot_id: slot })),
  )
  return { verdict: verdicts.includes('granted') ? 'granted' : 'same' }
}

/** Seats of one service only: the queue (T5) is a service's. */
export async function ofOneService(
  db: Kysely<Database>,
  slots: readonly string[],
): Promise<boolean> {
  const services = await db
    .selectFrom('slots')
    .select('service_id')
    .distinct()
    .where('id', 'in', slots)
    .execute()
  return services.length <= 1
}
