/** What goes over the endpoints of registrations in the console (M2). */
import { z } from 'zod'
import { orderStates } from '../order.ts'
import { paidStates } from '../registration.ts'
import { cursor, day, fen, form, id, instant, strict } from './parts.ts'

export const registrationFilter = strict({
  serviceId: id.optional(),
  /** Days of the slot, inclusive. */
  from: day.optional(),
  to: day.optional(),
  state: z.enum(orderStates).optional(),
  paid: z.enum(paidStates).optional(),
  /** An order number, its beginning or last digits; a part of a name or an answer; a whole phone number. */
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

/** A change a person of the merchant made, masked. */
export const amendment = z.object({
  id,
  at: instant,
  byName: z.string().nullable(),
  reason: z.string(),
  changes: z.array(
    z.object({
      label: z.string(),
      /** Null: none, or forgotten since. */
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
})
export type Amendment = z.output<typeof amendment>

const hidden = z.array(z.string().regex(/^(state|slot|answers|paid|q:.{1,80})$/)).max(60)
const viewName = z.string().trim().min(1).max(20)

/** A view somebody keeps: `hidden` names columns, of the list or `q:<field>` of a form. */
export const savedView = z.object({ id, name: z.string(), filter: registrationFilter, hidden })
export type SavedView = z.output<typeof savedView>

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
  getConsoleRegistration: {
    params: strict({ id }),
    reply: z.object({
      form,
      /** Which one this is: a change says which it saw. */
      revision: z.int(),
      /** Answers as they are kept; nothing sealed. */
      values: z.record(z.string(), z.unknown()),
      /** What may be shown of sealed ones. */
      masked: z.record(z.string(), z.string()),
    }),
  },
  putAmendment: {
    params: strict({ id }),
    body: strict({
      orderId: id,
      revision: z.int().min(1).max(1_000_000),
      /** The answers that change; null takes one away. */
      values: z.record(z.string().max(64), z.unknown()),
      reason: z.string().trim().min(1, '请写明原因').max(200),
    }),
    reply: z.object({}),
  },
  listViews: { reply: z.object({ views: z.array(savedView) }) },
  putView: {
    params: strict({ id }),
    body: strict({ name: viewName, filter: registrationFilter, hidden }),
    reply: z.object({}),
  },
  deleteView: { params: strict({ id }), reply: z.object({}) },
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
