/** Shapes of the console's log (contract/api/acts.ts). */
import { z } from 'zod'
import { changeKinds } from '../acts.ts'
import { cursor, day, id, instant, strict } from './parts.ts'

const values = z.record(z.string(), z.unknown())

const change = z.object({
  /** A table; its word is in contract/acts.ts. */
  object: z.string(),
  key: z.string(),
  name: z.string().nullable(),
  kind: z.enum(changeKinds),
  before: values,
  after: values,
})

const act = z.object({
  id,
  at: instant,
  person: z.object({ id, name: z.string() }),
  /** An endpoint; its word is in contract/acts.ts. */
  action: z.string(),
  reason: z.string().nullable(),
  address: z.string().nullable(),
  /** The first of them. */
  changes: z.array(change),
  /** How many there are. */
  changed: z.int(),
})

export const actsWire = {
  listActs: {
    query: strict({
      personId: id.optional(),
      action: z.string().max(40).optional(),
      object: z.string().max(40).optional(),
      /** With `object`: one thing's history. */
      key: z.string().max(100).optional(),
      from: day.optional(),
      to: day.optional(),
      /** In a reason, a name, or what stood or stands in a column. */
      text: z.string().trim().max(50).optional(),
      after: cursor.optional(),
    }),
    reply: z.object({
      acts: z.array(act),
      /** Everybody there is to choose from. */
      people: z.array(z.object({ id, name: z.string() })),
      next: z.string().nullable(),
    }),
  },
} as const

export type ConsoleAct = z.output<typeof act>
