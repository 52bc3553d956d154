/** The shapes that several endpoints share. Instants are ISO UTC strings, `…Fen` integers, ids UUIDs. */
import { z } from 'zod'
import { type Fallback, fallbacks } from '../disruption.ts'
import { fieldKindNames } from '../fields/kinds.ts'
import { orderStates } from '../order.ts'
import {
  methods,
  moneyMethods,
  paymentStates,
  refundReasons,
  refundStates,
  scenes,
} from '../payment.ts'
import { proofStates } from '../proof.ts'

export const id = z.uuid()
export const instant = z.iso.datetime({ offset: true })
/** No calendar has a year 0, nor has PostgreSQL; JavaScript has one. */
const hasYear = (text: string) => !text.startsWith('0000')
export const day = z.iso.date().refine(hasYear)
export const fen = z.int()
export const method = z.enum(methods)
/** What money is counted under: a provider's, or taken by hand. */
export const moneyMethod = z.enum(moneyMethods)
export const scene = z.enum(scenes)
/** Strict: an unknown key is a misspelt wish, never silently dropped. */
export const strict = z.strictObject

/** `2026-10-01T06:15:00.000Z,<uuid>` */
const isCursor = (text: string) => {
  const [time, row, ...rest] = text.split(',')
  if (time === undefined || !hasYear(time)) return false
  return z.iso.datetime().safeParse(time).success && id.safeParse(row).success && !rest.length
}
/** Time and id of the last row shown, as `next` said it. */
export const cursor = z.string().refine(isCursor)

export const user = z.object({ id, name: z.string(), phoneMasked: z.string().nullable() })

export const quote = z.object({
  lines: z.array(
    z.object({
      kind: z.enum(['base', 'discount', 'deposit']),
      label: z.string(),
      amountFen: fen,
      note: z.string().optional(),
      units: z.int().optional(),
      offFen: fen.optional(),
      offPercent: z.int().optional(),
      firstOrder: z.literal(true).optional(),
      couponId: id.optional(),
    }),
  ),
  listFen: fen,
  discountFen: fen,
  depositFen: fen,
  payableFen: fen,
  includes: z.string(),
})

export const formField = z.object({
  id: z.string(),
  kind: z.enum(fieldKindNames),
  label: z.string(),
  required: z.boolean(),
  hint: z.string().optional(),
  options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  step: z.int().optional(),
  purpose: z.string(),
  retentionDays: z.int(),
  sensitive: z.boolean().optional(),
  visibleIf: z
    .object({ field: z.string(), equals: z.union([z.string(), z.number(), z.boolean()]) })
    .optional(),
})

export const form = z.object({
  version: z.int(),
  /** Titles of the steps, in order (R9): 「基础信息」, 「特殊需求」. */
  steps: z.array(z.string()),
  fields: z.array(formField),
})

/** One answer of a draft with the time it was given. */
const draftAnswer = z.object({ value: z.unknown(), at: instant })

/** What the draft holds of a field: the newest answer, and what another device said meanwhile (R8). */
export const draftValue = draftAnswer.extend({
  /** Given on another device that had not seen this one: the person chooses. */
  other: draftAnswer.optional(),
})
export const draft = z.object({
  values: z.record(z.string(), draftValue),
  step: z.int(),
})

/** An answer on its way to the draft. */
export const draftEdit = strict({
  value: z.unknown(),
  at: instant,
  /**
   * Time of the answer this device showed before; null: there was none. Without it the newest wins
   * unasked.
   */
  seenAt: instant.nullable().optional(),
  /**
   * The person has chosen between two answers: the time of the other one. A question that another
   * device raised meanwhile stays, for nobody here has seen it.
   */
  settles: instant.optional(),
})

export const serviceKind = z.enum(['personal', 'enterprise', 'event'])

export const serviceCard = z.object({
  id,
  kind: serviceKind,
  name: z.string(),
  summary: z.string(),
  /** Path of a thumbnail (≤ 20 KB). */
  cover: z.string(),
  priceFen: fen,
  /** 次, 人 or 场: 「¥128 / 次」. */
  priceUnit: z.string(),
  durationMinutes: z.int(),
  /** Average of 1–5 with one decimal; null without reviews. */
  rating: z.number().nullable(),
  reviewCount: z.int(),
  promotion: z.string().nullable(),
})

export const staff = z.object({
  id,
  name: z.string(),
  title: z.string(),
  profile: z.string(),
  /** Path of a square portrait; null without one. */
  photo: z.string().nullable(),
  rating: z.number().nullable(),
})

/** Where on the map, GCJ-02 degrees (contract/area.ts). */
export const latitude = z.number().min(-90).max(90)
export const longitude = z.number().min(-180).max(180)

export const branch = z.object({ id, name: z.string(), address: z.string(), phone: z.string() })

export const service = serviceCard.extend({
  content: z.array(z.string()),
  notes: z.array(z.string()),
  cancelRule: z.string(),
  holdRule: z.string(),
  waitRule: z.string(),
  photos: z.array(z.object({ thumb: z.string(), large: z.string() })),
  reviews: z.array(z.object({ name: z.string(), rating: z.int(), text: z.string(), at: instant })),
  party: z.object({ min: z.int(), max: z.int() }).nullable(),
  deposit: z.object({ amountFen: fen, condition: z.string() }).nullable(),
  /** Districts served on site, and circles around branches; null when people come to a branch. */
  coverage: z
    .object({
      city: z.string(),
      districts: z.array(z.string()),
      circles: z.array(z.object({ name: z.string(), latitude, longitude, radiusM: z.int() })),
    })
    .nullable(),
  staff: z.array(staff),
  branches: z.array(branch),
  form,
  /** Days ahead that may be booked. */
  bookingDays: z.int(),
  /** Upcoming orders of it that one person may have. */
  ordersPerUser: z.int(),
})

export const dayInfo = z.object({
  day,
  kind: z.enum(['workday', 'weekend', 'holiday', 'makeup']),
  name: z.string().nullable(),
  open: z.boolean(),
})

export const slot = z.object({
  id,
  serviceId: id,
  startsAt: instant,
  endsAt: instant,
  bookableUntil: instant,
  branchId: id.nullable(),
  staffId: id.nullable(),
  roomId: id.nullable(),
  capacity: z.int(),
  left: z.int(),
  /** Unit price of this slot. */
  priceFen: fen,
  closed: z.boolean(),
  /** The auditor stopped its sale (X1); closed as well. */
  checking: z.boolean().optional(),
  busy: z.boolean(),
  /** It is its room that is taken elsewhere; busy as well. */
  occupied: z.boolean().optional(),
  /** People in its waiting list (B11). */
  waiting: z.int().optional(),
  version: z.int(),
})

export const payment = z.object({
  id,
  orderId: id,
  method: moneyMethod.nullable(),
  state: z.enum(paymentStates),
  amountFen: fen,
  expiresAt: instant,
  paidAt: instant.nullable(),
  transactionId: z.string().nullable(),
})

export const refund = z.object({
  id,
  amountFen: fen,
  state: z.enum(refundStates),
  reason: z.enum(Object.keys(refundReasons) as [keyof typeof refundReasons]),
  at: instant,
  /** What happens next, in words for the payer. */
  hint: z.string(),
})

export const move = z.object({
  id,
  state: z.enum(['open', 'done', 'void']),
  slot: z.object({ id, startsAt: instant, endsAt: instant }),
  feeFen: fen,
  /** To pay before it happens; 0 when it happened at once. */
  dueFen: fen,
  refundFen: fen,
  /** The difference may be paid until then. */
  expiresAt: instant,
})

/** A picture somebody sent, drawn anew. */
export const picture = z.object({
  type: z.string(),
  base64: z.string(),
  width: z.int(),
  height: z.int(),
})

export const proof = z.object({
  id,
  state: z.enum(Object.keys(proofStates) as [keyof typeof proofStates]),
  paidFen: fen,
  /** What the merchant wrote. */
  reason: z.string().nullable(),
  at: instant,
})

export const orderCard = z.object({
  id,
  number: z.string(),
  state: z.enum(orderStates),
  heldUntil: instant.nullable(),
  /** End of the payment clock on screen: `heldUntil` less the closing time; null before it runs. */
  payUntil: instant.nullable(),
  party: z.int(),
  service: z.object({ id, name: z.string(), kind: serviceKind, cover: z.string() }),
  slot: z.object({ id, startsAt: instant, endsAt: instant, staffId: id.nullable() }),
  payableFen: fen,
  createdAt: instant,
})

/** A slot of the order that falls through, and what its person may choose (M9). */
const disruption = z.object({
  reason: z.string(),
  note: z.string().nullable(),
  fallback: z.enum(Object.keys(fallbacks) as [Fallback]),
  deadlineAt: instant,
  /** All of the money goes back then, when nothing is chosen. */
  refundAt: instant,
  /** What they get for it; `until`: the end of its last day. */
  coupon: z.object({ offFen: fen, until: instant }).nullable(),
  /** Slots of its service offered instead, with what is left of them now. */
  choices: z.array(slot),
})

export const order = orderCard.extend({
  staff: z.object({ id, name: z.string() }).nullable(),
  branch: branch.nullable(),
  quote,
  form,
  /** True from submitting on; the answers are in `answers`. */
  registered: z.boolean(),
  answers: z.array(
    z.object({
      label: z.string(),
      text: z.string(),
      /** Of a file field. */
      pictures: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    }),
  ),
  cancelRule: z.string(),
  /** What cancelling now would cost and give back; null where it is not possible. */
  cancelling: z.object({ feeFen: fen, refundFen: fen }).nullable(),
  payment: payment.nullable(),
  refunds: z.array(refund),
  /** May be moved to another slot now, by this rule (B9). */
  movable: z.boolean(),
  moveRule: z.string(),
  /** Fees of its moves so far, on top of the price; they stay with the merchant. */
  moveFeesFen: fen,
  /** The move that waits for its difference to be paid. */
  openMove: move.nullable(),
  /** The newest proof of a payment that was not recognised, and whether one may be sent now (P10). */
  proof: proof.nullable(),
  mayProve: z.boolean(),
  /** 「是否确认参与」 was asked about this slot, and what the person said; null before (B8). */
  attendance: z.object({ answer: z.enum(['confirm', 'cancel']).nullable() }).nullable(),
  /** Answers of the registration that the merchant asks for (R10). */
  openNudges: z.array(z.object({ id, fieldId: z.string(), note: z.string() })),
  /** Its slot falls through: an answer is open (M9). */
  disruption: disruption.nullable(),
  /** Registered name of the merchant, who is paid (P9). */
  payee: z.string(),
  /** The server's clock when it answered: the phone measures its offset with it. */
  now: instant,
})
