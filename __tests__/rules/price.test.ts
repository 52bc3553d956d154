/** What an order costs (P5): properties that hold for every service, party and promotion. */
import { isAmount, percentOf } from '@jiyue/contract/money'
import fc from 'fast-check'
import { type PricedService, type Promotion, priceOrder } from '../../server/booking/price.ts'

const fen = fc.integer({ min: 0, max: 5_000_000 })
const party = fc.integer({ min: 1, max: 500 })
const promotion: fc.Arbitrary<Promotion> = fc.oneof(
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
const promotions = fc.array(promotion, { maxLength: 5 })
const service: fc.Arbitrary<PricedService> = fc
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

const holds = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, check), { numRuns: 500 })

const order = fc.tuple(service, party, promotions, fc.boolean())
const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)

test('the lines add up to what is payable, in whole fen', () => {
  holds(order, (given) => {
    const quote = priceOrder(...given)
    expect(sum(quote.lines.map((line) => line.amountFen))).toBe(quote.payableFen)
    expect(quote.listFen + quote.discountFen + quote.depositFen).toBe(quote.payableFen)
    for (const line of quote.lines) expect(Number.isSafeInteger(line.amountFen)).toBe(true)
  })
})

test('nothing is ever negative but discounts, and the deposit is never discounted', () => {
  holds(order, ([priced, ...given]) => {
    const quote = priceOrder(priced, ...given)
    expect(isAmount(quote.payableFen)).toBe(true)
    expect(quote.payableFen).toBeGreaterThanOrEqual(priced.deposit_fen)
    expect(quote.depositFen).toBe(priced.deposit_fen)
    for (const { kind, amountFen } of quote.lines) {
      expect(kind === 'discount' ? amountFen < 0 : amountFen >= 0).toBe(true)
    }
    const deposits = quote.lines.filter((line) => line.kind === 'deposit')
    expect(deposits.map((line) => [line.amountFen, line.note])).toEqual(
      priced.deposit_fen > 0 ? [[priced.deposit_fen, priced.deposit_condition]] : [],
    )
  })
})

test('a party pays by head or as one, as the service says', () => {
  holds(fc.tuple(service, party), ([priced, people]) => {
    const { listFen } = priceOrder(priced, people, [], false)
    expect(listFen).toBe(priced.price_fen * (priced.charged_per === 'person' ? people : 1))
  })
})

test('a promotion of newcomers changes nothing for anybody else', () => {
  holds(fc.tuple(service, party, promotions), ([priced, people, all]) => {
    const others = all.filter((one) => one.kind !== 'first_order')
    expect(priceOrder(priced, people, all, false)).toEqual(
      priceOrder(priced, people, others, false),
    )
  })
})

test('each promotion is taken of what the ones before left, in their order', () => {
  holds(order, ([priced, people, all, first]) => {
    let left = priceOrder(priced, people, [], first).listFen
    for (const one of all) {
      if (one.kind === 'first_order' && !first) continue
      const off = one.kind === 'percent' ? Math.round((left * one.value) / 100) : one.value
      left = Math.max(0, left - off)
    }
    expect(priceOrder(priced, people, all, first).payableFen).toBe(left + priced.deposit_fen)
  })
})

test('the same inputs give the same quote', () => {
  holds(order, (given) => expect(priceOrder(...given)).toEqual(priceOrder(...given)))
})

describe('by hand', () => {
  const lecture: PricedService = {
    name: '亲子沟通讲座',
    price_fen: 6900,
    price_unit: '人',
    charged_per: 'person',
    includes: '',
    deposit_fen: 0,
    deposit_condition: null,
  }
  const off = (value: number): Promotion => ({ label: '立减', kind: 'amount', value })
  const percent = (value: number): Promotion => ({ label: '折扣', kind: 'percent', value })

  test.each([
    ['amount, then percent', [off(2000), percent(10)], 13_800 - 2000 - 1180],
    ['percent, then amount', [percent(10), off(2000)], 13_800 - 1380 - 2000],
    ['more off than there is', [off(99_999)], 0],
    ['a percentage of nothing has no line', [off(13_800), percent(50)], 0],
  ])('%s', (_, promotions, payable) => {
    expect(priceOrder(lecture, 2, promotions, false).payableFen).toBe(payable)
  })

  test('a discount that takes nothing off is not shown', () => {
    const quote = priceOrder(lecture, 1, [off(6900), off(100)], false)
    expect(quote.lines.map((line) => line.kind)).toEqual(['base', 'discount'])
  })

  test.each([
    [5, 10, 1],
    [4, 10, 0],
    [15, 10, 2],
    [14, 10, 1],
    [1, 50, 1],
    [999, 33, 330],
    [0, 99, 0],
    [100, 0, 0],
    [101, 100, 101],
  ])('half a fen rounds up: %d fen, %d percent', (amount, percentage, expected) => {
    expect(percentOf(amount, percentage)).toBe(expected)
  })
})
