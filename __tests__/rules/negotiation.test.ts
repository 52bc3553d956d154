/** Times outside the offer (B5 X7): the table of states, and what time makes of them. Pure. */
import {
  mayNegotiate,
  type NegotiationState,
  negotiationAt,
  negotiationEvents,
  negotiationMoves,
  negotiationStates,
} from '@jiyue/contract/negotiation'

const now = Date.parse('2026-11-29T04:00:00Z')
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
const facts = (
  state: NegotiationState,
  {
    starts = 60,
    until = 60,
    taken = false,
  }: { starts?: number; until?: number; taken?: boolean } = {},
) => ({
  state,
  startsAt: at(starts),
  offer: state === 'approved' || state === 'countered' ? { until: at(until), taken } : null,
})

const expected: Record<NegotiationState, readonly string[]> = {
  asked: ['approve', 'counter', 'decline', 'withdraw'],
  approved: ['counter', 'decline', 'refuse'],
  countered: ['counter', 'decline', 'refuse'],
  declined: [],
  withdrawn: [],
  refused: [],
}

describe.each(negotiationStates)('%s', (state) => {
  test.each(negotiationEvents)('%s', (event) => {
    const allowed = expected[state].includes(event)
    expect(negotiationMoves[state][event] !== undefined).toBe(allowed)
    expect(mayNegotiate(facts(state), event, now)).toBe(allowed)
  })

  test('is what it says while its time runs', () => {
    expect(negotiationAt(facts(state), now)).toBe(state)
  })
})

test('a request whose time has come lapses without an answer: nothing may happen to it', () => {
  const late = facts('asked', { starts: 0 })
  expect(negotiationAt(late, now)).toBe('lapsed')
  expect(negotiationEvents.filter((event) => mayNegotiate(late, event, now))).toEqual([])
})

test.each(['approved', 'countered'] as const)(
  'an offer that is %s lapses by the clock: only another offer may follow',
  (state) => {
    const late = facts(state, { until: 0 })
    expect(negotiationAt(late, now)).toBe('lapsed')
    expect(negotiationEvents.filter((event) => mayNegotiate(late, event, now))).toEqual(['counter'])
  },
)

test.each(['approved', 'countered'] as const)(
  'an offer that is %s and booked is an order: nothing may happen to it here, also after its clock',
  (state) => {
    for (const until of [60, 0]) {
      const booked = facts(state, { taken: true, until })
      expect(negotiationAt(booked, now)).toBe('taken')
      expect(negotiationEvents.filter((event) => mayNegotiate(booked, event, now))).toEqual([])
    }
  },
)
