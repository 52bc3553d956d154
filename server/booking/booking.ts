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
