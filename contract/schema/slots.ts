/** Shapes of the calendar's endpoints (contract/api/slots.ts). */
import { z } from 'zod'
import { closuresMost, keptReasons } from '../slots.ts'
import { day, dayInfo, id, instant, slot, strict } from './parts.ts'

const byId = strict({ id })
const reason = z.string().trim().min(1).max(100)

export const consoleSlot = slot.extend({
  serviceName: z.string(),
  staffName: z.string().nullable(),
  roomName: z.string().nullable(),
  branchName: z.string().nullable(),
  taken: z.int(),
  closedReason: z.string().nullable(),
  waiting: z.int(),
  /** A private slot (B5): whose. */
  privateFor: z.string().nullable(),
})
export type ConsoleSlot = z.output<typeof consoleSlot>

/** Why a slot is closed, or null for open: as it is to be, and as the caller saw it. */
const closure = { slotId: id, reason: reason.nullable(), was: z.string().max(100).nullable() }

export const slotWire = {
  listConsoleSlots: {
    query: strict({ from: day, to: day, serviceId: id.optional() }),
    reply: z.object({ slots: z.array(consoleSlot), days: z.array(dayInfo), now: instant }),
  },
  putSlot: {
    params: byId,
    body: strict({
      serviceId: id,
      startsAt: instant,
      endsAt: instant,
      capacity: z.int().min(1).max(10_000),
      staffId: id.nullable(),
      roomId: id.nullable().default(null),
      branchId: id.nullable(),
      /** Unit price of this slot; null for the service's. */
      priceFen: z.int().min(0).max(100_000_000).nullable().default(null),
    }),
    reply: consoleSlot,
  },
  putCapacity: {
    params: byId,
    body: strict({ capacity: z.int().min(1).max(10_000) }),
    reply: consoleSlot,
  },
  putClosure: { params: byId, body: strict({ reason }), reply: consoleSlot },
  deleteClosure: { params: byId, reply: consoleSlot },
  putClosures: {
    body: strict({
      slots: z
        .array(strict(closure))
        .min(1)
        .max(closuresMost)
        .refine((all) => new Set(all.map(({ slotId }) => slotId)).size === all.length, {
          message: '同一时段只能出现一次',
        }),
      /** Leaves alone what has bookings by then. */
      emptyOnly: z.boolean(),
    }),
    reply: z.object({
      changed: z.array(z.object(closure)),
      kept: z.array(z.object({ slotId: id, why: z.enum(keptReasons) })),
    }),
  },
  putSlotMove: {
    params: byId,
    body: strict({
      /** What the moved slot is called. */
      slotId: id,
      startsAt: instant,
      endsAt: instant,
      staffId: id.nullable(),
      roomId: id.nullable(),
      branchId: id.nullable(),
    }),
    reply: consoleSlot,
  },
  deleteSlotMove: { params: byId, reply: consoleSlot },
} as const
