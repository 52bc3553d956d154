/**
 * Booking 预约: taking seats. One SQL function decides a batch of requests; each has its own verdict.
 */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, tx } from '../db/tx.ts'
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

/** Decides `requests` in order, in one transaction, and publishes what was granted. */
export async function hold(
  db: Kysely<Database>,
  bus: Bus,
  requests: readonly HoldRequest[],
): Promise<HoldVerdict[]> {
  return tx(db, async (t) => {
    const { rows } = await sql<{ order_id: string; verdict: HoldVerdict }>`
      select order_id, verdict from hold_slots(${JSON.stringify(requests)}::jsonb)`.execute(t)
    const granted = requests.filter((_, index) => rows[index]?.verdict === 'granted')
    after(t, () =>
      tell(
        bus,
        granted.map((request) => ({ id: request.order, slot_id: request.slot })),
      ),
    )
    return rows.map((row) => row.verdict)
  })
}
