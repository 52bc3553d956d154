/** What goes over the endpoints of times outside the offer (B5). */
import { z } from 'zod'
import { type NegotiationNow, negotiationWords } from '../negotiation.ts'
import { fen, id, instant, strict } from './parts.ts'

/** The private slot that was offered. */
const offer = z.object({
  slotId: id,
  startsAt: instant,
  endsAt: instant,
  /** To be booked until then. */
  until: instant,
  priceFen: fen,
  staffName: z.string().nullable(),
  branchName: z.string().nullable(),
  roomName: z.string().nullable(),
})

export const negotiation = z.object({
  id,
  state: z.enum(Object.keys(negotiationWords) as [NegotiationNow]),
  service: z.object({ id, name: z.string() }),
  startsAt: instant,
  endsAt: instant,
  party: z.int(),
  note: z.string(),
  /** What the merchant said. */
  reason: z.string().nullable(),
  offer: offer.nullable(),
  askedAt: instant,
})
export type Negotiation = z.output<typeof negotiation>

const consoleNegotiation = negotiation.extend({
  person: z.string(),
  phoneMasked: z.string().nullable(),
})
export type ConsoleNegotiation = z.output<typeof consoleNegotiation>

const byId = strict({ id })
const words = (most: number) => z.string().trim().min(1).max(most)

export const negotiationWire = {
  listNegotiations: { reply: z.object({ negotiations: z.array(negotiation), now: instant }) },
  putNegotiation: {
    params: byId,
    body: strict({
      serviceId: id,
      startsAt: instant,
      party: z.int().min(1).max(500),
      note: words(200),
    }),
    reply: negotiation,
  },
  deleteNegotiation: { params: byId, reply: negotiation },
  listConsoleNegotiations: {
    reply: z.object({ negotiations: z.array(consoleNegotiation), now: instant }),
  },
  putNegotiationAnswer: {
    params: byId,
    body: z.discriminatedUnion('answer', [
      strict({ answer: z.literal('decline'), reason: words(100) }),
      strict({
        answer: z.literal('offer'),
        /** The private slot's, named by the caller. */
        slotId: id,
        /** The time asked for approves it; any other is a counter-offer. */
        startsAt: instant,
        endsAt: instant,
        staffId: id.nullable(),
        branchId: id.nullable(),
        /** Kept like the staff member: nothing else takes place there meanwhile. */
        roomId: id.nullable().default(null),
        /** Unit price; null for the service's. */
        priceFen: z.int().min(0).max(100_000_000).nullable(),
        reason: words(100).nullable(),
      }),
    ]),
    reply: consoleNegotiation,
  },
} as const
