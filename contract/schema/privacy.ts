/** Shapes of contract/api/privacy.ts. */
import { z } from 'zod'
import { contactKinds } from '../contact.ts'
import { draft, fen, id, instant, moneyMethod, picture, strict } from './parts.ts'

const told = z.object({ label: z.string(), text: z.string() })

/** An answer before and after somebody changed it; null: none, or forgotten when its time was over. */
const changed = z.object({
  label: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  at: instant,
})

const myData = z.object({
  exportedAt: instant,
  profile: z.object({ id, name: z.string(), phone: z.string().nullable(), since: instant }),
  /** Fronts by which the person signs in, with who they are there. */
  identities: z.array(z.object({ host: z.string(), subject: z.string() })),
  contacts: z.array(
    z.object({
      kind: z.enum(contactKinds),
      values: z.record(z.string(), z.unknown()),
      isDefault: z.boolean(),
    }),
  ),
  orders: z.array(
    z.object({
      id,
      number: z.string(),
      service: z.string(),
      startsAt: instant,
      party: z.int(),
      state: z.string(),
      createdAt: instant,
      /** What was submitted, unmasked: it is the person's own. */
      answers: z.array(told),
      draft: draft.nullable(),
      payments: z.array(
        z.object({
          method: moneyMethod.nullable(),
          state: z.string(),
          amountFen: fen,
          paidAt: instant.nullable(),
          transactionId: z.string().nullable(),
          clientIp: z.string(),
        }),
      ),
      refunds: z.array(z.object({ amountFen: fen, state: z.string(), at: instant })),
      receipts: z.array(z.object({ code: z.string(), at: instant })),
      /** Answers the merchant asked for again, and what they changed (R10). */
      nudges: z.array(changed.extend({ note: z.string(), state: z.string() })),
      /** Answers the merchant changed, each with its reason (M7). */
      amendments: z.array(changed.extend({ reason: z.string() })),
      /** Changes of the time, also those that came to nothing. */
      moves: z.array(
        z.object({ from: instant, to: instant, feeFen: fen, state: z.string(), at: instant }),
      ),
      /** What was seen and touched while booking it, as long as it is kept (M4). */
      looks: z.array(
        z.object({
          kind: z.string(),
          step: z.int().nullable(),
          field: z.string().nullable(),
          at: instant,
        }),
      ),
    }),
  ),
  /** Each can be fetched by its id (getMyPicture). */
  pictures: z.array(z.object({ id, width: z.int(), height: z.int(), at: instant })),
  /** Places in waiting lists, wishes to be told when a queue is over, times asked for (B5). */
  waits: z.array(z.object({ service: z.string(), state: z.string(), at: instant })),
  /** Times asked for outside the offer, and what the merchant said. */
  negotiations: z.array(
    z.object({
      service: z.string(),
      startsAt: instant,
      party: z.int(),
      note: z.string(),
      reason: z.string().nullable(),
      state: z.string(),
      at: instant,
    }),
  ),
  /** Coupons they were given. */
  coupons: z.array(
    z.object({ label: z.string(), offFen: fen, at: instant, until: instant, used: z.boolean() }),
  ),
  /** What was told to the merchant, and the conversation about it (G8). */
  feedback: z.array(
    z.object({
      kind: z.string(),
      text: z.string(),
      phone: z.string().nullable(),
      state: z.string(),
      solution: z.string().nullable(),
      at: instant,
      words: z.array(z.object({ mine: z.boolean(), text: z.string(), at: instant })),
      /** Ids among `pictures`. */
      pictures: z.array(id),
    }),
  ),
  messages: z.array(z.object({ text: z.string(), at: instant })),
  /** What was answered when a front asked whether messages may be sent (B8). */
  consents: z.array(
    z.object({ message: z.string(), host: z.string(), answer: z.string(), at: instant }),
  ),
  /** Where they are signed in. */
  sessions: z.array(z.object({ host: z.string(), at: instant, until: instant })),
  /** What was agreed to, when, and in which words. */
  agreements: z.array(
    z.object({ at: instant, version: z.int(), order: z.string().nullable(), text: z.string() }),
  ),
})

export const privacyWire = {
  getMyData: { reply: myData },
  getMyPicture: { params: strict({ id }), reply: picture },
  deleteMe: { reply: z.object({}) },
} as const

export type MyData = z.output<typeof myData>
