/** What goes over the endpoints of messages, attendance, check-in and nudges. */
import { z } from 'zod'
import { checkInVerdicts } from '../checkIn.ts'
import {
  channelNames,
  consentAnswers,
  type ReminderKindName,
  reminderKindNames,
  reminderStates,
  templateNames,
  type UnsentReason,
  unsentReasons,
} from '../reminder.ts'
import * as part from './parts.ts'

const { id, day, instant, strict, fen } = part
const count = z.int().min(0)
const byId = strict({ id })
const kind = z.enum(reminderKindNames as [ReminderKindName])
const channel = z.enum(channelNames)
const reason = z.enum(Object.keys(unsentReasons) as [UnsentReason])
const template = z.enum(templateNames)

/** A key of links.ts: an id and its MAC. Anything else of this length is nobody's. */
const byKey = strict({ key: z.string().regex(/^[\w-]{20,64}$/) })

const message = z.object({
  id,
  kind,
  title: z.string(),
  text: z.string(),
  /** A page of the phone. */
  path: z.string(),
  at: instant,
  read: z.boolean(),
})

/** What an answer to 「是否确认参与」 is about; nothing of it tells who the person is. */
const asked = z.object({
  number: z.string(),
  service: z.string(),
  slot: z.object({ startsAt: instant, endsAt: instant }),
  place: z.string().nullable(),
  state: part.orderCard.shape.state,
  /** The order went to another slot since; the question is over. */
  moved: z.boolean(),
  answer: z.enum(['confirm', 'cancel']).nullable(),
  cancelRule: z.string(),
  cancelling: z.object({ feeFen: fen, refundFen: fen }).nullable(),
  now: instant,
})

const reasons = z.array(z.object({ reason, count }))

/** A message of an order with every channel it was tried by, for the console. */
export const consoleMessage = z.object({
  id,
  kind,
  state: z.enum(reminderStates),
  dueAt: instant.nullable(),
  doneAt: instant.nullable(),
  reason: reason.nullable(),
  readAt: instant.nullable(),
  answer: z.enum(['confirm', 'cancel']).nullable(),
  sends: z.array(
    z.object({
      channel,
      state: z.enum(['sending', 'sent', 'unsent']),
      reason: reason.nullable(),
      code: z.string().nullable(),
      at: instant,
    }),
  ),
})

export const consoleNudge = z.object({
  id,
  fieldId: z.string(),
  label: z.string(),
  note: z.string(),
  state: z.enum(['open', 'answered', 'withdrawn']),
  byName: z.string().nullable(),
  at: instant,
  answeredAt: instant.nullable(),
  /** Masked as everywhere; null where nothing was there. */
  before: z.string().nullable(),
  after: z.string().nullable(),
})

export const messagesWire = {
  listMessages: {
    reply: z.object({ messages: z.array(message), unread: count, now: instant }),
  },
  putRead: { body: strict({ until: instant }), reply: z.object({ unread: count }) },
  listConsents: {
    reply: z.object({
      templates: z.array(z.object({ name: template, id: z.string(), left: count })),
    }),
  },
  putConsents: {
    params: byId,
    body: strict({ answers: z.partialRecord(template, z.enum(consentAnswers)) }),
    reply: z.object({}),
  },
  getAnswer: { params: byKey, reply: asked },
  putAnswer: {
    params: byKey,
    /** `feeFen`: what cancelling would cost as the person saw it; more by now → `fee_changed`. */
    body: strict({ answer: z.enum(['confirm', 'cancel']), feeFen: fen.optional() }),
    reply: asked,
  },
  putAttendance: { params: byId, reply: part.order },
  putCheckInCode: {
    params: byId,
    reply: z.object({
      code: z.string(),
      /** PNG as a data address. */
      picture: z.string(),
      /** It is taken from then on. */
      from: instant,
    }),
  },
  putNudgeAnswer: { params: byId, body: strict({ value: z.unknown() }), reply: part.order },

  findCheckIn: {
    params: strict({ code: z.string().regex(/^\d{8}$/) }),
    reply: z.object({
      order: part.orderCard.extend({
        person: z.string(),
        phoneMasked: z.string().nullable(),
        place: z.string().nullable(),
        staffName: z.string().nullable(),
      }),
      verdict: z.enum(checkInVerdicts),
      /** It may be checked in from then on without saying so on purpose. */
      from: instant,
      now: instant,
    }),
  },
  checkIn: {
    params: byId,
    body: strict({ early: z.boolean() }),
    reply: z.object({}),
  },
  putNudge: {
    params: byId,
    body: strict({
      orderId: id,
      fieldId: z.string().min(1).max(64),
      note: z.string().trim().min(1).max(100),
    }),
    reply: consoleNudge,
  },
  deleteNudge: { params: byId, reply: z.object({}) },
  getMessageReport: {
    query: strict({ from: day, to: day }),
    reply: z.object({
      kinds: z.array(z.object({ kind, planned: count, sent: count, unsent: count, reasons })),
      channels: z.array(z.object({ channel, sent: count, unsent: count, reasons })),
      /** Consents given, used and left, by host and template. */
      consents: z.array(
        z.object({
          host: z.enum(['weapp', 'alipay']),
          template,
          given: count,
          spent: count,
          left: count,
        }),
      ),
      now: instant,
    }),
  },
} as const
