/** What became of an order whose slot fell through (M9), told from the order; coupons in prices. */
import { type DisruptionAnswer, disruptionAnswerOf, fallbackText } from '@jiyue/contract/disruption'
import { type OrderState, orderStates } from '@jiyue/contract/order'
import * as fc from 'fast-check'
import { type Promotion, priceOrder } from '../../server/booking/price.ts'

const inSlot = { inSlot: true, wasConfirmed: true, ruled: false }

test.each<[OrderState, Partial<typeof inSlot>, DisruptionAnswer]>([
  ['confirmed', {}, 'waiting'],
  ['confirmed', { inSlot: false }, 'moved'],
  ['cancelled', {}, 'refunded'],
  ['cancelled', { ruled: true }, 'by_rule'],
  ['cancelled', { wasConfirmed: false, ruled: true }, 'closed'],
  ['held', { wasConfirmed: false }, 'unpaid'],
  ['registered', { wasConfirmed: false }, 'unpaid'],
  ['expired', { wasConfirmed: false }, 'closed'],
  ['completed', {}, 'attended'],
])('%s %p is %s', (state, more, answer) => {
  expect(disruptionAnswerOf({ state, ...inSlot, ...more })).toBe(answer)
})

test('only a confirmed order that is still in its slot waits for an answer', () => {
  for (const state of orderStates) {
    for (const stays of [true, false]) {
      const answer = disruptionAnswerOf({ state, ...inSlot, inSlot: stays })
      expect(answer === 'waiting').toBe(state === 'confirmed' && stays)
    }
  }
})

test('silence is said in the merchant’s time, for either rule', () => {
  const clocks = { deadlineAt: '2026-11-30T06:00:00Z', refundAt: '2026-11-30T06:00:00Z' }
  expect(fallbackText({ fallback: 'refund', ...clocks })).toBe(
    '11月30日 14:00 前未选择，将自动全额退款',
  )
  const later = { ...clocks, refundAt: '2026-12-01T01:30:00Z' }
  expect(fallbackText({ fallback: 'keep', ...later })).toBe(
    '请在 11月30日 14:00 前选择；未选择会为您保留，12月1日 09:30 仍未选择则自动全额退款',
  )
})

test('a coupon takes off what it says after all other discounts, never below 0, never of the deposit', () => {
  const service = {
    name: '讲座',
    price_unit: '人',
    charged_per: 'order' as const,
    includes: '',
    deposit_condition: '次日退还',
  }
  const others = fc.array(
    fc.record({
      kind: fc.constantFrom<Promotion['kind'][]>('amount', 'percent'),
      label: fc.constant('活动'),
      value: fc.integer({ min: 1, max: 100 }),
    }),
    { maxLength: 3 },
  )
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000 }),
      fc.integer({ min: 0, max: 50_000 }),
      fc.integer({ min: 1, max: 150_000 }),
      others,
      (price_fen, deposit_fen, off, promotions) => {
        const of = { ...service, price_fen, deposit_fen }
        const coupon = { kind: 'amount', label: '补偿优惠券', value: off, couponId: 'c' } as const
        const without = priceOrder(of, 1, promotions, false)
        const quote = priceOrder(of, 1, [...promotions, coupon], false)
        const took = without.payableFen - quote.payableFen
        expect(took).toBe(Math.min(off, without.payableFen - deposit_fen))
        const line = quote.lines.find(({ couponId }) => couponId === 'c')
        // One that took nothing off is not used up.
        expect(line?.amountFen ?? 0).toBe(0 - took)
        expect(line !== undefined).toBe(took > 0)
      },
    ),
  )
})
