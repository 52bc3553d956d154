/** What figures suggest (M6): by their shares, and never from a handful of cases. */
import {
  type Effect,
  fillShare,
  missedShare,
  percent,
  proposedDeposit,
  suggestionsFor,
} from '@jiyue/contract/insight'
import fc from 'fast-check'

const calm: Effect = {
  orders: 100,
  completed: 95,
  missed: 5,
  cancelled: 3,
  slots: 40,
  seats: 100,
  seatsTaken: 60,
  rating: 4.8,
  ratings: 20,
  priceFen: 19_900,
  depositFen: 0,
  completedUnder: 95,
  missedUnder: 5,
  promoted: false,
}
/** Without a deposit every order had at least this one. */
const attended = (completed: number, missed: number) => ({
  ...{ completed, missed },
  ...{ completedUnder: completed, missedUnder: missed },
})
const kinds = (change: Partial<Effect>) =>
  suggestionsFor({ ...calm, ...change }).map(({ kind }) => kind)

test.each([
  ['calm figures suggest nothing', {}, []],
  ['a tenth of no-shows: a deposit', attended(90, 10), ['deposit']],
  ['just under a tenth: nothing', attended(91, 10), []],
  ['nine tenths full: more slots', { seatsTaken: 90 }, ['more_slots']],
  ['a fifth full: a promotion', { seatsTaken: 20 }, ['promotion']],
  ['a fifth full while a promotion runs: nothing', { seatsTaken: 20, promoted: true }, []],
  ['a low rating: the feedback', { rating: 3.9 }, ['rating']],
  [
    'several at once, what helps first first',
    { ...attended(95, 40), seatsTaken: 95, rating: 2 },
    ['deposit', 'more_slots', 'rating'],
  ],
] as [string, Partial<Effect>, string[]][])('%s', (_, change, expected) => {
  expect(kinds(change)).toEqual(expected)
})

test('who takes a deposit already is told to raise it, with the figure', () => {
  const deposit = { ...calm, ...attended(80, 20), depositFen: 5000 }
  const [first] = suggestionsFor(deposit)
  expect(first?.reason).toBe('已收押金，爽约率仍有 20%，建议提高押金')
  // One that was set a moment ago is not judged by orders that never had it.
  expect(suggestionsFor({ ...deposit, completedUnder: 3, missedUnder: 1 })).toEqual([])
})

test('the proposed deposit is whole yuan, more than now, and never next to nothing', () => {
  expect([
    proposedDeposit(19_900, 0),
    proposedDeposit(19_900, 5_000),
    proposedDeposit(100, 0),
  ]).toEqual([4_000, 7_500, 1_000])
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (price, deposit) => {
      const proposed = proposedDeposit(price, deposit)
      expect(proposed % 100).toBe(0)
      expect(proposed).toBeGreaterThan(deposit)
      expect(proposed * 5).toBeGreaterThanOrEqual(price)
    }),
  )
})

test('few cases suggest nothing, whatever their share', () => {
  const few = fc.record({
    completedUnder: fc.integer({ min: 0, max: 4 }),
    missedUnder: fc.integer({ min: 0, max: 5 }),
    slots: fc.integer({ min: 0, max: 9 }),
    seats: fc.integer({ min: 0, max: 50 }),
    seatsTaken: fc.integer({ min: 0, max: 50 }),
    rating: fc.option(fc.double({ min: 1, max: 5, noNaN: true })),
    ratings: fc.integer({ min: 0, max: 4 }),
  })
  fc.assert(fc.property(few, (change) => expect(kinds(change)).toEqual([])))
})

test('shares of nothing are no share, not a zero', () => {
  expect(missedShare({ completed: 0, missed: 0 })).toBeNull()
  expect(fillShare({ seats: 0, seatsTaken: 0 })).toBeNull()
  expect([percent(0), percent(0.155), percent(1 / 3), percent(1)]).toEqual([
    '0%',
    '15.5%',
    '33.3%',
    '100%',
  ])
})
