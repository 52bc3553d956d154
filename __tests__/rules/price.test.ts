/** What an order costs (P5), at first and in another slot (B9): for every service, party, promotion. */
import { isAmount, percentOf } from '@jiyue/contract/money'
import fc from 'fast-check'
import {
  moveQuote,
  type PricedService,
  type Promotion,
  priceOrder,
  unitsOf,
} from '../../server/booking/price.ts'
import { fen, holds, order, party, promotions, service, sum } from './priced.ts'

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

describe('the price in another slot (B9)', () => {
  const moved = fc.tuple(order, fen, fen)
  const quoted = ([priced, people, all, first]: Parameters<typeof priceOrder>) => ({
    quote: priceOrder(priced, people, all, first),
    units: unitsOf(priced, people),
  })

  test('the lines add up, nothing is negative but discounts, the deposit stays as it was', () => {
    holds(moved, ([given, unitFen]) => {
      const { quote, units } = quoted(given)
      const there = moveQuote(quote, unitFen, units)
      expect(sum(there.lines.map((line) => line.amountFen))).toBe(there.payableFen)
      expect(there.listFen).toBe(unitFen * units)
      expect(there.depositFen).toBe(quote.depositFen)
      expect(isAmount(there.payableFen - there.depositFen)).toBe(true)
      for (const { kind, amountFen } of there.lines)
        expect([kind, Math.sign(kind === 'discount' ? amountFen : -amountFen)]).not.toEqual([
          kind,
          1,
        ])
    })
  })

  test('it is what the order would have cost there, with the discounts it was given', () => {
    holds(moved, ([[priced, people, all, first], unitFen]) => {
      const { quote, units } = quoted([priced, people, all, first])
      const given = all.filter((_, i) => {
        // A promotion that took nothing off was never given.
        const before = priceOrder(priced, people, all.slice(0, i), first).payableFen
        return priceOrder(priced, people, all.slice(0, i + 1), first).payableFen < before
      })
      const there = priceOrder({ ...priced, price_fen: unitFen }, people, given, first)
      expect(moveQuote(quote, unitFen, units).payableFen).toBe(there.payableFen)
    })
  })

  test('whatever slots it went through: only the last one counts', () => {
    holds(moved, ([given, there, then]) => {
      const { quote, units } = quoted(given)
      const direct = moveQuote(quote, then, units)
      expect(moveQuote(moveQuote(quote, there, units), then, units)).toEqual(direct)
    })
  })

  test('in a slot of the same price it costs the same, to the fen and to the line', () => {
    holds(order, (given) => {
      const { quote, units } = quoted(given)
      expect(moveQuote(quote, given[0].price_fen, units)).toEqual(quote)
    })
  })

  test('quotes of before, which say nothing of units and promises, keep so many fen off', () => {
    holds(moved, ([given, unitFen]) => {
      const { quote, units } = quoted(given)
      const lines = quote.lines.map(({ units: _, offFen: __, offPercent: ___, ...line }) => line)
      const there = moveQuote({ ...quote, lines }, unitFen, units)
      const off = Math.min(unitFen * units, -quote.discountFen)
      expect(there.payableFen).toBe(unitFen * units - off + quote.depositFen)
    })
  })

  test('by hand: two at 69 with 20 off and 10 %, in a slot at 50', () => {
    const lecture = { name: '讲座', price_unit: '人', charged_per: 'person', includes: '' } as const
    const given = { ...lecture, price_fen: 6900, deposit_fen: 1000, deposit_condition: '' }
    const quote = priceOrder(
      given,
      2,
      [
        { label: '新人立减', kind: 'first_order', value: 2000 },
        { label: '9 折', kind: 'percent', value: 10 },
      ],
      true,
    )
    const there = moveQuote(quote, 5000, 2)
    expect(there.lines.map((line) => line.amountFen)).toEqual([10_000, -2000, -800, 1000])
    expect(there.payableFen).toBe(8200)
  })
})
