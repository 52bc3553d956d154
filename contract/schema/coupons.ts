/** Shapes of contract/api/coupons.ts. */
import { z } from 'zod'
import { couponsAtOnce } from '../settings.ts'
import { day, fen, id, instant, strict } from './parts.ts'

const text = (most: number) => z.string().trim().min(1).max(most)
/** Order numbers and phone numbers, as people write them. */
const to = z.array(text(30)).min(1).max(couponsAtOnce)

const grant = z.object({
  id,
  label: z.string(),
  offFen: fen,
  expiresAt: instant,
  note: z.string(),
  byName: z.string().nullable(),
  givenAt: instant,
  /** What was not used was taken back then. */
  revokedAt: instant.nullable(),
  /** People; of them, on an order; of them, still to be used. */
  given: z.int(),
  used: z.int(),
  open: z.int(),
})

export const couponWire = {
  listCoupons: { reply: z.object({ grants: z.array(grant), now: instant }) },
  previewCoupons: {
    body: strict({ to }),
    reply: z.object({
      people: z.array(z.object({ name: z.string(), phoneMasked: z.string().nullable() })),
      unknown: z.array(z.string()),
    }),
  },
  putCoupons: {
    params: strict({ id }),
    body: strict({
      to,
      /** On the quote. */
      label: text(12),
      offFen: fen.min(1).max(1_000_000),
      /** The last day it counts. */
      until: day,
      /** Why; its people read it. */
      note: text(60),
    }),
    reply: grant,
  },
  deleteCoupons: { params: strict({ id }), reply: grant },
} as const

export type CouponGrant = z.output<typeof grant>
