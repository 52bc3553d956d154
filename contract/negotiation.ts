/**
 * Times outside the offer 自定义时段申请 (B5 X7): a person asks, the merchant approves, declines or offers
 * another time, the person books what is offered or refuses it. One table for server, phone, console.
 */
import type { OrderState } from './order.ts'

export const negotiationStates = [
  'asked',
  'approved',
  'countered',
  'declined',
  'withdrawn',
  'refused',
] as const
export type NegotiationState = (typeof negotiationStates)[number]

/** The merchant's, then the person's. */
export const negotiationEvents = ['approve', 'counter', 'decline', 'withdraw', 'refuse'] as const
export type NegotiationEvent = (typeof negotiationEvents)[number]

/** state × event → next state. An absent cell is refused with `negotiation_state`. */
export const negotiationMoves: Record<
  NegotiationState,
  Partial<Record<NegotiationEvent, NegotiationState>>
> = {
  asked: {
    approve: 'approved',
    counter: 'countered',
    decline: 'declined',
    withdraw: 'withdrawn',
  },
  // An offer that nobody has booked may be taken back, and answered again by another one.
  approved: { counter: 'countered', decline: 'declined', refuse: 'refused' },
  countered: { counter: 'countered', decline: 'declined', refuse: 'refused' },
  declined: {},
  withdrawn: {},
  refused: {},
}

/** What a request is at a moment, with the words people see: the states, and what time made of them. */
export const negotiationWords = {
  asked: '待商家回复',
  approved: '商家已同意',
  countered: '商家提议其他时间',
  declined: '商家未同意',
  withdrawn: '已撤回',
  refused: '已放弃',
  taken: '已预约',
  lapsed: '已过期',
} as const
export type NegotiationNow = keyof typeof negotiationWords

export interface NegotiationFacts {
  state: NegotiationState
  /** The start asked for, ISO. */
  startsAt: string
  /** The private slot: bookable until then, and whether its seats are taken. */
  offer: { until: string; taken: boolean } | null
}

/** The state as time and the private slot make it; `now` in ms. */
export function negotiationAt(
  { state, startsAt, offer }: NegotiationFacts,
  now: number,
): NegotiationNow {
  if (state === 'asked') return Date.parse(startsAt) <= now ? 'lapsed' : 'asked'
  if (state !== 'approved' && state !== 'countered') return state
  if (offer?.taken) return 'taken'
  return offer && Date.parse(offer.until) > now ? state : 'lapsed'
}

/** True when `event` is allowed now: a booked offer is an order, what time ended is over. */
export function mayNegotiate(
  facts: NegotiationFacts,
  event: NegotiationEvent,
  now: number,
): boolean {
  const at = negotiationAt(facts, now)
  if (at === 'taken') return false
  // An offer that ran out may be made anew.
  if (at === 'lapsed') return facts.state !== 'asked' && event === 'counter'
  return negotiationMoves[facts.state][event] !== undefined
}

/** States of an order that take the private slot. */
export const takesPrivate: readonly OrderState[] = [
  'held',
  'registered',
  'confirmed',
  'completed',
  'missed',
]
