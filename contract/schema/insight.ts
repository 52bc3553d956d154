/** What goes over the endpoint of contract/api/insight.ts. */
import { z } from 'zod'
import { day, fen, id, instant, moneyMethod, strict } from './parts.ts'

const count = z.int().min(0)

const effect = z.object({
  serviceId: id,
  name: z.string(),
  orders: count,
  /** Seats of these orders. */
  people: count,
  completed: count,
  missed: count,
  cancelled: count,
  slots: count,
  seats: count,
  seatsTaken: count,
  rating: z.number().nullable(),
  ratings: count,
  priceFen: fen,
  depositFen: fen,
  /** Of the orders that had at least this deposit. */
  completedUnder: count,
  missedUnder: count,
  /** A promotion for everybody runs for it now. */
  promoted: z.boolean(),
})

export const insightWire = {
  getInsight: {
    /** Both included, days of the slots on the merchant's clock. */
    query: strict({ from: day, to: day }),
    reply: z.object({
      /** Orders that were confirmed, by when their slot begins; hours without any are left out. */
      hours: z.array(z.object({ weekday: z.int().min(0).max(6), hour: z.int(), orders: count })),
      /** By confirmed orders, most first. */
      services: z.array(effect),
      /** Payments that succeeded for these orders. */
      methods: z.array(z.object({ method: moneyMethod, payments: count })),
      now: instant,
    }),
  },
} as const
