/** What goes over the endpoints of registrations in the console (M2). */
import { z } from 'zod'
import { orderStates } from '../order.ts'
import { paidStates } from '../registration.ts'
import { cursor, day, fen, id, instant, strict } from './parts.ts'

export const registrationFilter = strict({
  serviceId: id.optional(),
  /** Days of the slot, inclusive. */
  from: day.optional(),
  to: day.optional(),
  state: z.enum(orderStates).optional(),
  paid: z.enum(paidStates).optional(),
  /** An order number or a part of it, a part of a name, or a whole phone number. */
  text: z.string().trim().max(50).optional(),
})
export type RegistrationFilter = z.output<typeof registrationFilter>

export const registrationRow = z.object({
  orderId: id,
  number: z.string(),
  state: z.enum(orderStates),
  /** Its seats are kept until then, and may be paid for until then; null when no clock runs. */
  heldUntil: instant.nullable(),
  payUntil: instant.nullable(),
  service: z.object({ id, name: z.string() }),
  slot: z.object({ id, startsAt: instant, endsAt: instant }),
  staffName: z.string().nullable(),
  branchName: z.string().nullable(),
  party: z.int(),
  person: z.string(),
  payableFen: fen,
  paid: z.enum(paidStates),
  paidFen: fen,
  refundedFen: fen,
  submittedAt: instant,
  answers: z.array(z.object({ field: z.string(), label: z.string(), text: z.string() })),
})
export type RegistrationRow = z.output<typeof registrationRow>

export const registrationWire = {
  listRegistrations: {
    query: registrationFilter.extend({
      /** `submittedAt,orderId` of the last row shown, as `next` said it. */
      after: cursor.optional(),
    }),
    reply: z.object({
      registrations: z.array(registrationRow),
      next: z.string().nullable(),
      now: instant,
    }),
  },
  countRegistrations: { query: registrationFilter, reply: z.object({ count: z.int() }) },
  listExports: {
    reply: z.object({
      exports: z.array(
        z.object({
          id,
          personName: z.string(),
          /** What it was narrowed to, in words. */
          filter: z.string(),
          rows: z.int(),
          /** Null when it was broken off. */
          endedAt: instant.nullable(),
          at: instant,
        }),
      ),
    }),
  },
} as const
