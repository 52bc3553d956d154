/** What may be done to an order by hand (M7): every cell of the state table, and each rule at its edge. */
import {
  type HandEvent,
  type HandOrder,
  handEvents,
  handMoves,
  whyNotByHand,
} from '@jiyue/contract/byHand'
import { type OrderState, orderMoves, orderStates } from '@jiyue/contract/order'
import { dayMs, minuteMs } from '@jiyue/contract/time'

const rules = { checkInEarlyMinutes: 120, correctDays: 7 }
const starts = Date.parse('2026-11-29T06:00:00Z')
const ends = starts + 60 * minuteMs
const slot = { startsAt: new Date(starts).toISOString(), endsAt: new Date(ends).toISOString() }
const order = (state: OrderState, more: Partial<HandOrder> = {}): HandOrder => ({
  state,
  registered: true,
  payableFen: 0,
  slot,
  disrupted: false,
  ...more,
})

test.each(orderStates)(
  '%s: only along the table; whatever else is wished has its reason',
  (from) => {
    // All rules are kept: it is on, and paid for.
    const moves = handMoves(order(from), rules, starts + minuteMs)
    expect(moves.map(({ to }) => to)).toEqual(orderStates.filter((to) => to !== from))
    for (const { to, event, reason } of moves) {
      const edges = handEvents.filter((one) => orderMoves[from][one] === to)
      expect([from, to, event]).toEqual([from, to, edges[0] ?? null])
      if (event === null) expect([from, to, reason]).toEqual([from, to, expect.stringMatching(/./)])
      else expect([from, to, reason]).toEqual([from, to, null])
    }
    for (const event of handEvents)
      expect([
        from,
        event,
        whyNotByHand(event, order(from), rules, starts + minuteMs) === null,
      ]).toEqual([from, event, orderMoves[from][event] !== undefined])
  },
)

test.each<[string, HandEvent, HandOrder, number, number]>([
  ['came, not before check-in begins', 'complete', order('confirmed'), starts - 120 * minuteMs, -1],
  ['did not come, not before the slot', 'miss', order('confirmed'), starts, -1],
  ['put right, not after its days', 'correct', order('missed'), ends + 7 * dayMs, 1],
])('%s: to the second', (_, event, of, edge, beyond) => {
  expect(whyNotByHand(event, of, rules, edge)).toBeNull()
  expect(whyNotByHand(event, of, rules, edge + beyond * 1000)).not.toBeNull()
})

test('nobody is marked absent from a slot that fell through, nor confirmed unpaid or unregistered', () => {
  const now = starts + minuteMs
  expect(whyNotByHand('miss', order('confirmed', { disrupted: true }), rules, now)).not.toBeNull()
  for (const state of ['registered', 'expired'] as const) {
    expect(whyNotByHand('confirm', order(state, { payableFen: 1 }), rules, now)).not.toBeNull()
    expect(whyNotByHand('confirm', order(state, { registered: false }), rules, now)).not.toBeNull()
    expect(whyNotByHand('confirm', order(state), rules, now)).toBeNull()
  }
})
