/** What goes over the endpoints of 投诉与建议 (G8, M8). */
import { z } from 'zod'
import {
  feedbackCauses,
  feedbackKinds,
  feedbackLength,
  feedbackPictures,
  feedbackSources,
  feedbackStates,
  feedbackWordKinds,
} from '../feedback.ts'
import { roles } from '../people.ts'
import { cursor, day, fen, id, instant, picture, strict } from './parts.ts'

const words = (most: number) => z.string().trim().min(1).max(most)
const byId = strict({ id })
const withWords = strict({ id, wordsId: id })

export const feedbackCard = z.object({
  id,
  kind: z.enum(feedbackKinds),
  text: z.string(),
  state: z.enum(feedbackStates),
  order: z.object({ id, number: z.string() }).nullable(),
  createdAt: instant,
  /** Somebody wrote last. */
  changedAt: instant,
})
export type FeedbackCard = z.output<typeof feedbackCard>

export const feedback = feedbackCard.extend({
  pictures: z.array(id),
  phoneMasked: z.string().nullable(),
  /** Oldest first; `mine`: the person's own. */
  words: z.array(z.object({ id, mine: z.boolean(), text: z.string(), at: instant })),
  /** What was done, once it is closed. */
  solution: z.string().nullable(),
})
export type Feedback = z.output<typeof feedback>

const handler = z.object({ id, name: z.string() })

const consoleFeedbackCard = feedbackCard.extend({
  source: z.enum(feedbackSources),
  person: z.string(),
  phoneMasked: z.string().nullable(),
  assignee: handler.nullable(),
  /** To be answered until then; null when nobody waits. */
  dueAt: instant.nullable(),
  cause: z.enum(feedbackCauses).nullable(),
})
export type ConsoleFeedbackCard = z.output<typeof consoleFeedbackCard>

const consoleFeedback = consoleFeedbackCard.extend({
  pictures: z.array(
    z.object({
      id,
      /** What was said with it; null: it came with the whole. */
      wordsId: id.nullable(),
      /** On its way from WeChat; or WeChat does not have it any more. */
      state: z.enum(['here', 'due', 'lost']),
    }),
  ),
  /** The number the person left for being called, whole; null when they left none. */
  phone: z.string().nullable(),
  /** Page of the phone it was written on. */
  page: z.string(),
  solution: z.string().nullable(),
  words: z.array(
    z.object({
      id,
      kind: z.enum(feedbackWordKinds),
      byName: z.string(),
      text: z.string(),
      at: instant,
      /** On its way to WeChat, there, or refused there; null where it goes nowhere else. */
      told: z.enum(['due', 'told', 'refused']).nullable(),
    }),
  ),
  /** WeChat Pay's own of a complaint. */
  complaint: z
    .object({
      id: z.string(),
      transactionId: z.string().nullable(),
      amountFen: fen,
      state: z.string(),
      refundAsked: z.boolean(),
    })
    .nullable(),
  /** Who may look after it. */
  handlers: z.array(handler.extend({ role: z.enum(roles) })),
})
export type ConsoleFeedback = z.output<typeof consoleFeedback>

export const feedbackFilter = strict({
  state: z.enum(feedbackStates).optional(),
  kind: z.enum(feedbackKinds).optional(),
  source: z.enum(feedbackSources).optional(),
  cause: z.enum(feedbackCauses).optional(),
  /** Whose; `nobody` for what nobody looks after. */
  assignee: z.union([id, z.literal('nobody')]).optional(),
  /** Only what is beyond its time. */
  overdue: z.literal('yes').optional(),
  /** A part of the text or of a name; an order number, its beginning or last digits. */
  text: z.string().trim().max(50).optional(),
})
export type FeedbackFilter = z.output<typeof feedbackFilter>

export const feedbackPer = ['day', 'week', 'month'] as const

export const feedbackWire = {
  listFeedback: { reply: z.object({ feedback: z.array(feedbackCard), now: instant }) },
  putFeedback: {
    params: byId,
    body: strict({
      kind: z.enum(feedbackKinds),
      text: words(feedbackLength),
      pictureIds: z.array(id).max(feedbackPictures),
      orderId: id.nullable(),
      /** To be called back; only who wants to be leaves one. */
      phone: z.string().max(30).nullable(),
      /** Path of the page it was written on. */
      page: words(100),
    }),
    reply: feedback,
  },
  getFeedback: { params: byId, reply: feedback },
  putFeedbackWords: {
    params: withWords,
    body: strict({ text: words(feedbackLength) }),
    reply: feedback,
  },
  listConsoleFeedback: {
    query: feedbackFilter.extend({ after: cursor.optional() }),
    reply: z.object({
      feedback: z.array(consoleFeedbackCard),
      /** Of everything, whatever the filter. */
      open: z.int(),
      overdue: z.int(),
      handlers: z.array(handler),
      next: z.string().nullable(),
      now: instant,
    }),
  },
  getConsoleFeedback: { params: byId, reply: consoleFeedback },
  getFeedbackPicture: { params: strict({ id, pictureId: id }), reply: picture },
  putFeedbackHandling: {
    params: byId,
    body: strict({ assigneeId: id.nullable(), dueAt: instant }),
    reply: consoleFeedback,
  },
  putConsoleFeedbackWords: {
    params: withWords,
    body: strict({ kind: z.enum(['reply', 'note']), text: words(feedbackLength) }),
    reply: consoleFeedback,
  },
  putFeedbackClosure: {
    params: byId,
    body: strict({ cause: z.enum(feedbackCauses), solution: words(feedbackLength) }),
    reply: consoleFeedback,
  },
  putFeedbackReopening: {
    params: byId,
    body: strict({ reason: words(200) }),
    reply: consoleFeedback,
  },
  getFeedbackCauses: {
    query: strict({ from: day, to: day, per: z.enum(feedbackPer) }),
    reply: z.object({
      /** Closed ones; `start`: first day of the day, week (Monday) or month. */
      causes: z.array(z.object({ start: day, cause: z.enum(feedbackCauses), count: z.int() })),
      /** Of what came in in this time. */
      came: z.int(),
      late: z.int(),
      /** Median minutes to the first reply; null without one. */
      replyMinutes: z.int().nullable(),
      now: instant,
    }),
  },
} as const
