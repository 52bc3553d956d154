/** Money and what goes back of it: fen are whole, and nobody gets more back than they paid. */
import { isAmount, percentOf, price, yuan } from '@jiyue/contract/money'
import { defaultRules } from '@jiyue/contract/rules'
import fc from 'fast-check'
import { nextAsk } from '../../server/payment/ask.ts'
import { cancelling } from '../../server/payment/cancel.ts'

const fen = fc.integer({ min: 0, max: 2_000_000_000 })
const percent = fc.integer({ min: 0, max: 100 })
const hour = 3_600_000
const startsAt = new Date('2026-10-12T06:00:00Z')

const holds = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, check), { numRuns: 500 })

describe('money', () => {
  test('yuan says every fen exactly, both ways', () => {
    holds(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), (amount) => {
      const [, sign, whole, rest] = /^(-?)(\d+)\.(\d\d)$/.exec(yuan(amount)) ?? []
      const back = Number(whole) * 100 + Number(rest)
      expect(amount < 0 ? -back : back).toBe(amount)
      expect(sign === '-').toBe(amount < 0)
    })
  })

  test('prices drop .00 and nothing else', () => {
    expect([12800, 12850, 12805, -2000, 0].map(price)).toEqual([
      '¥128',
      '¥128.50',
      '¥128.05',
      '-¥20',
      '¥0',
    ])
  })

  test('a percentage is between nothing and all, within half a fen, and grows with both', () => {
    holds(fc.tuple(fen, percent), ([amount, part]) => {
      const share = percentOf(amount, part)
      expect(isAmount(share)).toBe(true)
      expect(share).toBeLessThanOrEqual(amount)
      expect(Math.abs(share * 100 - amount * part)).toBeLessThanOrEqual(50)
      expect(percentOf(amount + 1, part)).toBeGreaterThanOrEqual(share)
    })
  })

  test.each([1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null])(
    '%p is no amount',
    (value) => expect(isAmount(value)).toBe(false),
  )
})

describe('cancelling (B9)', () => {
  const paid = fc
    .tuple(fen, fen)
    .map(([serviceFen, depositFen]) => ({ paidFen: serviceFen + depositFen, depositFen }))
  const rules = fc.record({
    cancelFreeHours: fc.integer({ min: 0, max: 240 }),
    cancelFeePercent: percent,
  })
  const before = fc.integer({ min: 1, max: 400 * hour })

  test('never more back than was paid, never a negative fee, and both add up', () => {
    holds(fc.tuple(paid, rules, before), ([money, rule, ms]) => {
      const owed = cancelling(money, startsAt, rule, new Date(startsAt.getTime() - ms))
      expect(isAmount(owed?.feeFen) && isAmount(owed?.refundFen)).toBe(true)
      expect((owed?.feeFen ?? 0) + (owed?.refundFen ?? 0)).toBe(money.paidFen)
    })
  })

  test('the deposit goes back whole, however late', () => {
    holds(fc.tuple(paid, rules, before), ([money, rule, ms]) => {
      const owed = cancelling(money, startsAt, rule, new Date(startsAt.getTime() - ms))
      expect(owed?.refundFen).toBeGreaterThanOrEqual(money.depositFen)
    })
  })

  test.each([
    ['a millisecond before the free hours end', 24 * hour + 1, 0],
    ['at exactly the free hours', 24 * hour, 0],
    ['a millisecond later', 24 * hour - 1, 2000],
    ['a millisecond before the start', 1, 2000],
  ])('%s', (_, ms, feeFen) => {
    const money = { paidFen: 10_000 + 50_000, depositFen: 50_000 }
    const now = new Date(startsAt.getTime() - ms)
    expect(cancelling(money, startsAt, defaultRules, now)).toEqual({
      feeFen,
      refundFen: 60_000 - feeFen,
    })
  })

  test('from the start on it is not possible', () => {
    const money = { paidFen: 10_000, depositFen: 0 }
    expect(cancelling(money, startsAt, defaultRules, startsAt)).toBeNull()
    const later = new Date(startsAt.getTime() + 1)
    expect(cancelling(money, startsAt, defaultRules, later)).toBeNull()
  })
})

describe('when to ask the provider next (P10)', () => {
  const created_at = new Date('2026-10-01T06:00:00Z')
  const payment = fc.integer({ min: 1, max: 3 * hour }).map((ms) => ({
    created_at,
    expires_at: new Date(created_at.getTime() + ms),
  }))
  const asks = fc.integer({ min: 0, max: 200 })
  const since = fc.integer({ min: 0, max: 5 * hour })
  const at = (ms: number) => new Date(created_at.getTime() + ms)

  test('while it can be paid: always later than now, and at its end at the latest', () => {
    holds(fc.tuple(payment, asks, since), ([one, times, ms]) => {
      const now = at(ms)
      if (now >= one.expires_at) return
      const due = nextAsk(one, times, now)
      expect(due.getTime()).toBeGreaterThan(now.getTime())
      expect(due.getTime()).toBeLessThanOrEqual(one.expires_at.getTime())
    })
  })

  test('after its end: within a minute, again and again, until it is closed', () => {
    holds(fc.tuple(payment, asks, since), ([one, times, ms]) => {
      const now = at(ms)
      if (now < one.expires_at) return
      expect(nextAsk(one, times, now).getTime() - now.getTime()).toBe(60_000)
    })
  })

  test.each([5, 30, 120])(
    'with every notice lost, nobody waits longer than ten minutes: a clock of %d minutes',
    (minutes) => {
      const one = { created_at, expires_at: at(minutes * 60_000) }
      const turns = [0]
      let now = created_at
      for (let times = 0; now < one.expires_at; times++) {
        now = nextAsk(one, times, now)
        turns.push(now.getTime() - created_at.getTime())
      }
      const gaps = turns.slice(1).map((turn, i) => turn - (turns[i] ?? 0))
      expect(Math.max(...gaps)).toBeLessThanOrEqual(10 * 60_000)
      expect(gaps.slice(0, -1).every((gap) => gap >= 5000)).toBe(true)
      expect(turns.at(-1)).toBe(minutes * 60_000)
    },
  )
})
