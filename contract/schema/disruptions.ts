/** What goes over the endpoints of the disruption desk (M9 X5). */
import { z } from 'zod'
import {
  type DisruptionAnswer,
  disruptionAnswers,
  disruptionMost,
  type Fallback,
  fallbacks,
} from '../disruption.ts'
import { channelNames, unsentReasons } from '../reminder.ts'
import { cursor, fen, id, instant, strict } from './parts.ts'

/** A slot as the desk lists it. */
export const deskSlot = z.object({
  id,
  serviceId: id,
  serviceName: z.string(),
  staffName: z.string().nullable(),
  branchName: z.string().nullable(),
  startsAt: instant,
  endsAt: instant,
  capacity: z.int(),
  left: z.int(),
  priceFen: fen,
})
export type DeskSlot = z.output<typeof deskSlot>

/** Ways of chasing: the inbox has it already. */
const chaseChannel = z.enum(channelNames).exclude(['inbox'])
export type ChaseChannel = z.output<typeof chaseChannel>

const answer = z.enum(Object.keys(disruptionAnswers) as [DisruptionAnswer])
const counts = z.record(answer, z.int())

const coupon = z.object({ offFen: fen, days: z.int() })
const fallback = z.enum(Object.keys(fallbacks) as [Fallback])

const summary = z.object({
  id,
  reason: z.string(),
  fallback,
  deadlineAt: instant,
  actedAt: instant,
  byName: z.string().nullable(),
  slots: z.int(),
  /** The first of its slots starts then. */
  firstStartsAt: instant,
  services: z.array(z.string()),
  counts,
})
export type DisruptionSummary = z.output<typeof summary>

const affected = z.object({
  orderId: id,
  number: z.string(),
  person: z.string(),
  phoneMasked: z.string().nullable(),
  party: z.int(),
  serviceName: z.string(),
  startsAt: instant,
  endsAt: instant,
  answer,
  /** When it was answered, by them or by the rule; null while it is open. */
  answeredAt: instant.nullable(),
  /** Where it went. */
  movedTo: z.object({ startsAt: instant, endsAt: instant }).nullable(),
  /** What was paid for it and is still here. */
  keptFen: fen,
  refundAt: instant,
  /** Every channel it was tried by, and why not. */
  sends: z.array(
    z.object({
      channel: z.enum(channelNames),
      state: z.enum(['sending', 'sent', 'unsent']),
      reason: z.enum(Object.keys(unsentReasons) as [keyof typeof unsentReasons]).nullable(),
    }),
  ),
})
export type AffectedOrder = z.output<typeof affected>

const detail = summary.extend({
  note: z.string().nullable(),
  coupon: coupon.nullable(),
  fallen: z.array(deskSlot),
  choices: z.array(deskSlot),
  orders: z.array(affected),
  /** Of those who have not answered, how many a channel was not tried for yet. */
  chases: z.array(z.object({ channel: chaseChannel, open: z.int(), asked: z.int() })),
  now: instant,
})
export type DisruptionDetail = z.output<typeof detail>

const words = (most: number) => z.string().trim().min(1).max(most)
const byId = strict({ id })

export const disruptionWire = {
  previewDisruption: {
    body: strict({ slotIds: z.array(id).min(1).max(disruptionMost.slots) }),
    reply: z.object({
      slots: z.array(
        deskSlot.extend({
          orders: z.int(),
          unpaid: z.int(),
          people: z.int(),
          paidFen: fen,
          asked: z.int(),
        }),
      ),
      /** Confirmed orders, unpaid ones, people of both, and the money of the confirmed ones. */
      orders: z.int(),
      unpaid: z.int(),
      people: z.int(),
      paidFen: fen,
      /** Confirmed orders that an earlier act asked already: they are in none of the above. */
      asked: z.int(),
      /** Seats the confirmed orders need, by service: what the choices should have. */
      choices: z.array(deskSlot),
      /** No answer can be waited for after that: the first slot starts. */
      latestDeadlineAt: instant,
      now: instant,
    }),
  },
  putDisruption: {
    params: byId,
    body: strict({
      slotIds: z.array(id).min(1).max(disruptionMost.slots),
      reason: words(60),
      note: words(120).nullable(),
      choiceIds: z.array(id).max(disruptionMost.choices),
      fallback,
      deadlineAt: instant,
      coupon: strict({
        offFen: z.int().min(100).max(1_000_000),
        days: z.int().min(1).max(365),
      }).nullable(),
    }),
    reply: detail,
  },
  listDisruptions: {
    query: strict({ after: cursor.optional() }),
    reply: z.object({
      disruptions: z.array(summary),
      next: z.string().nullable(),
      now: instant,
    }),
  },
  getDisruption: { params: byId, reply: detail },
  putChase: {
    params: strict({ id, channel: chaseChannel }),
    /** How many messages were asked for by this call. */
    reply: z.object({ asked: z.int() }),
  },
} as const
