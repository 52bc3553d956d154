/** What goes over the endpoints of contract/api/funnel.ts. */
import { z } from 'zod'
import { looksAtOnce, looksPerVisit, oldestLookMs } from '../funnel.ts'
import { day, id, instant, strict } from './parts.ts'

const count = z.int().min(0)

const look = {
  /** Its place among the looks of its visit: told twice, it counts once. */
  n: z
    .int()
    .min(0)
    .max(looksPerVisit - 1),
  /** ms before this request, by the phone's own clock: no clock has to be right. */
  agoMs: z.int().min(0).max(oldestLookMs),
  serviceId: id,
}

const steps = {
  visits: count,
  sawSlots: count,
  choseSlot: count,
  held: count,
  registered: count,
  paid: count,
  registering: count,
  paying: count,
}

export const funnelWire = {
  putLooks: {
    params: strict({ id }),
    body: strict({
      looks: z
        .array(
          z.discriminatedUnion('kind', [
            strict({ ...look, kind: z.enum(['service', 'slots', 'slot']) }),
            strict({ ...look, kind: z.literal('hold'), orderId: id }),
            strict({ ...look, kind: z.literal('step'), orderId: id, step: z.int().min(0).max(9) }),
            strict({
              ...look,
              kind: z.literal('field'),
              orderId: id,
              fieldId: z.string().min(1).max(64),
            }),
          ]),
        )
        .min(1)
        .max(looksAtOnce),
    }),
    reply: z.object({}),
  },
  getFunnel: {
    /** Both included, days of the visits on the merchant's clock. */
    query: strict({ from: day, to: day }),
    reply: z.object({
      /** Over all services: a visit counts once, however many it looked at. */
      all: z.object(steps),
      /** By visits, most first; services nobody looked at are left out. */
      services: z.array(
        z.object({
          serviceId: id,
          name: z.string(),
          ...steps,
          form: z.object({
            steps: z.array(z.object({ title: z.string(), reached: count, left: count })),
            fields: z.array(
              z.object({ id: z.string(), label: z.string(), touched: count, left: count }),
            ),
            leftUnseen: count,
            leftUntouched: count,
          }),
        }),
      ),
      /** Visits are kept for so many days (a rule of the merchant's). */
      keptDays: z.int(),
      now: instant,
    }),
  },
} as const

export type Look = z.input<typeof funnelWire.putLooks.body>['looks'][number]
