/** Any service, party and promotions: what the properties of prices are checked with. */
import fc from 'fast-check'
import type { PricedService, Promotion } from '../../server/booking/price.ts'

export const fen = fc.integer({ min: 0, max: 5_000_000 })
export const party = fc.integer({ min: 1, max: 500 })
export const promotion: fc.Arbitrary<Promotion> = fc.oneof(
  fc.record({
    label: fc.string(),
    kind: fc.constantFrom('first_order' as const, 'amount' as const),
    value: fc.integer({ min: 1, max: 3_000_000 }),
  }),
  fc.record({
    label: fc.string(),
    kind: fc.constant('percent' as const),
    value: fc.integer({ min: 1, max: 99 }),
  }),
)
export const promotions = fc.array(promotion, { maxLength: 5 })
export const service: fc.Arbitrary<PricedService> = fc
  .record({
    price_fen: fen,
    charged_per: fc.constantFrom('order' as const, 'person' as const),
    deposit_fen: fc.oneof(fc.constant(0), fen),
  })
  .map((some) => ({
    ...some,
    name: '讲座',
    price_unit: '人',
    includes: '应付金额包含服务费用',
    deposit_condition: some.deposit_fen > 0 ? '活动结束后退回' : null,
  }))

/** Checks a property on 500 of them. */
export const holds = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, check), { numRuns: 500 })

/** What `priceOrder` takes. */
export const order = fc.tuple(service, party, promotions, fc.boolean())
export const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
