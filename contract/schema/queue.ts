/** What goes over the queue's endpoints (T5). */
import { z } from 'zod'
import { id, instant, strict } from './parts.ts'

const count = z.int().min(0)

/** Where the caller stands. */
const place = z.object({
  /** `sold_out`: the place is kept, but the wished slot has not the seats. */
  state: z.enum(['waiting', 'admitted', 'sold_out']),
  /** Grows with every arrival; 0 when nobody has to wait. */
  number: count,
  ahead: count,
  /** See contract/queue.ts QueueNews. */
  admitted: count,
  perMinute: count.nullable(),
  estimateSeconds: count.nullable(),
  /** Signed; brings the place back where a server lost it. Null when there is none. */
  slip: z.string().nullable(),
  /** admitted: until when a seat may be held. */
  until: instant.nullable(),
  now: instant,
})

export const queueWire = {
  putQueue: {
    params: strict({ id }),
    body: strict({
      /** The slot the person waits for. */
      slotId: id,
      party: z.int().min(1).max(500),
      slip: z.string().min(1).max(120).optional(),
    }),
    reply: place,
  },
  deleteQueue: { params: strict({ id }), reply: z.object({}) },
  putQueueReminder: {
    params: strict({ id }),
    /** `reachable`: we know a phone number to write to. */
    reply: z.object({ reachable: z.boolean() }),
  },
} as const
