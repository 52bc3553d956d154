/** What goes over the waiting list's endpoints (B11). */
import { z } from 'zod'
import { type WaitState, waitWords } from '../wait.ts'
import { id, instant, strict } from './parts.ts'

const state = z.enum(Object.keys(waitWords) as [WaitState])

export const wait = z.object({
  /** Of the place, and of the order that seats are offered as. */
  id,
  state,
  party: z.int(),
  service: z.object({ id, name: z.string() }),
  slot: z.object({ id, startsAt: instant, endsAt: instant, bookableUntil: instant }),
  /** Places before this one; null when it does not wait. */
  ahead: z.int().nullable(),
  /** The offered seats are kept until then; null when none are. */
  heldUntil: instant.nullable(),
  joinedAt: instant,
  now: instant,
})
export type Wait = z.output<typeof wait>

export const slotWait = z.object({
  id,
  state,
  party: z.int(),
  person: z.string(),
  phoneMasked: z.string().nullable(),
  joinedAt: instant,
  /** The offered order's; null before. */
  orderId: id.nullable(),
  heldUntil: instant.nullable(),
})
export type SlotWait = z.output<typeof slotWait>

const byId = strict({ id })

export const waitWire = {
  listWaits: { reply: z.object({ waits: z.array(wait), now: instant }) },
  putWait: {
    params: byId,
    body: strict({ slotId: id, party: z.int().min(1).max(500) }),
    reply: wait,
  },
  deleteWait: { params: byId, reply: wait },
  listSlotWaits: {
    params: byId,
    reply: z.object({ waits: z.array(slotWait), now: instant }),
  },
} as const
