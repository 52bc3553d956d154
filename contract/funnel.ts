/**
 * The funnel visit → hold → registration → payment (M4 X6): what a phone tells of a visit. Seen and
 * touched, never by whom and never what was typed: a visit is a random id that a phone makes anew at
 * each start and keeps nowhere.
 */

export const lookKinds = ['service', 'slots', 'slot', 'hold', 'step', 'field'] as const
/**
 * service: the page of a service was seen · slots: its slots too · slot: one was chosen · hold: it was
 * held, as this order · step: a step of the order's form was seen · field: one of it was touched.
 */
export type LookKind = (typeof lookKinds)[number]

/** Looks that one request may bring. */
export const looksAtOnce = 30
/** Looks of one visit; a person does not make more. */
export const looksPerVisit = 200
/** A look that could not be told for so long is not told any more. */
export const oldestLookMs = 24 * 60 * 60_000
/** So long without a look: the next one begins another visit. */
export const visitIdleMs = 30 * 60_000
