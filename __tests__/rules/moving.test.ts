/** What moving costs (B9): for every history of moves the books are right to the fen. */
import { isAmount } from '@jiyue/contract/money'
import type { Quote } from '@jiyue/contract/pricing'
import fc from 'fast-check'
import { moveQuote, type PricedService, priceOrder, unitsOf } from '../../server/booking/price.ts'
import { cancelling, paidOf } from '../../server/payment/cancel.ts'
import { spread } from '../../server/payment/kept.ts'
import { moving } from '../../server/payment/moving.ts'
import { fen, holds, order, sum } from './priced.ts'

const startsAt = new Date('2026-10-12T06:00:00Z')
const rules = fc.record({
  cancelFreeHours: fc.integer({ min: 0, max: 240 }),
  cancelFeePercent: fc.integer({ min: 0, max: 100 }),
})
const step = fc.record({
  unitFen: fen,
  hoursBefore: fc.integer({ min: 1, max: 300 }),
  /** What the merchant gives back by hand before it, a share of what is here. */
  byHand: fc.constantFrom(0, 0, 0, 0.3, 1),
})
const at = (hours: number) => new Date(startsAt.getTime() - hours * 3_600_000)
const history = fc.tuple(
  order,
  rules,
  fc.array(step, { maxLength: 8 }),
  fc.integer({ min: 1, max: 300 }),
)

/** The books as the server keeps them: payments with what is left of each, and fees earned. */
interface Books {
  quote: Quote
  payments: { id: string; refundable_fen: number }[]
  fees: number
  byHand: number
}
const keptFen = ({ payments }: Books) => sum(payments.map((one) => one.refundable_fen))
const keptOf = (books: Books) => ({
  keptFen: keptFen(books),
  feesFen: Math.min(books.fees, keptFen(books)),
  byHandFen: books.byHand,
})
function giveBack(books: Books, amountFen: number): void {
  for (const share of spread(amountFen, books.payments)) {
    const payment = books.payments.find((one) => one.id === share.paymentId)
    if (payment) payment.refundable_fen -= share.amountFen
  }
}
function open(given: Parameters<typeof priceOrder>): Books {
  const quote = priceOrder(...given)
  const payments = [{ id: 'order', refundable_fen: quote.payableFen }]
  return { quote, payments, fees: 0, byHand: 0 }
}

test('after every history: paid less given back = price + fees; cancelled: fees and its own fee', () => {
  holds(history, ([given, rule, steps, hoursBefore]) => {
    const books = open(given)
    for (const { unitFen, hoursBefore: hours } of steps) move(books, unitFen, hours, given, rule)
    const { quote, fees } = books
    expect(keptFen(books)).toBe(quote.payableFen + fees)
    const paid = paidOf(keptOf(books), { quote })
    expect(paid).toEqual({ paidFen: quote.payableFen, depositFen: quote.depositFen })
    const over = cancelling(paid, startsAt, rule, at(hoursBefore))
    giveBack(books, over?.refundFen ?? 0)
    expect(keptFen(books)).toBe(fees + (over?.feeFen ?? 0))
    expect(over?.feeFen).toBeLessThanOrEqual(quote.payableFen - quote.depositFen)
  })
})

test('also where the merchant gave some back by hand: never more goes back than is here', () => {
  holds(history, ([given, rule, steps, hoursBefore]) => {
    const books = open(given)
    for (const { unitFen, hoursBefore: hours, byHand } of steps) {
      const backFen = Math.floor(keptFen(books) * byHand)
      giveBack(books, backFen)
      books.byHand += backFen
      move(books, unitFen, hours, given, rule)
    }
    const paid = paidOf(keptOf(books), books)
    expect(paid.depositFen + books.byHand).toBeLessThanOrEqual(
      Math.max(books.quote.depositFen, books.byHand),
    )
    giveBack(books, cancelling(paid, startsAt, rule, at(hoursBefore))?.refundFen ?? 0)
    for (const { refundable_fen } of books.payments) expect(isAmount(refundable_fen)).toBe(true)
  })
})

function move(
  books: Books,
  unitFen: number,
  hours: number,
  [priced, people]: Parameters<typeof priceOrder>,
  rule: Parameters<typeof moving>[3],
): void {
  const to = moveQuote(books.quote, unitFen, unitsOf(priced, people))
  const price = moving(keptOf(books), { from: books.quote, to }, startsAt, rule, at(hours))
  if (!price) throw new Error('it has not begun')
  expect(price.dueFen === 0 || price.refundFen === 0).toBe(true)
  if (price.dueFen > 0)
    books.payments.push({ id: `move ${books.payments.length}`, refundable_fen: price.dueFen })
  else giveBack(books, price.refundFen)
  books.fees += price.feeFen
  books.quote = to
}

test('moving first is no way around the fee of cancelling', () => {
  holds(
    fc.tuple(order, rules, fen, fc.integer({ min: 1, max: 300 })),
    ([given, rule, unitFen, hours]) => {
      const now = at(hours)
      const [cancelled, moved] = [open(given), open(given)]
      const late = cancelling(paidOf(keptOf(cancelled), cancelled), startsAt, rule, now)
      move(moved, unitFen, hours, given, rule)
      // Then cancelled in the new slot, where it is free.
      const free = cancelling(paidOf(keptOf(moved), moved), startsAt, rule, at(1000))
      giveBack(moved, free?.refundFen ?? 0)
      expect(keptFen(moved)).toBe(late?.feeFen)
    },
  )
})

test('once the old slot has begun there is nothing to quote', () => {
  const { quote } = open([priceable, 1, [], false])
  const paid = { keptFen: quote.payableFen, feesFen: 0, byHandFen: 0 }
  const rule = { cancelFreeHours: 24, cancelFeePercent: 20 }
  expect(moving(paid, { from: quote, to: quote }, startsAt, rule, startsAt)).toBeNull()
  const before = new Date(startsAt.getTime() - 1)
  expect(moving(paid, { from: quote, to: quote }, startsAt, rule, before)).toEqual({
    feeFen: 1000,
    differenceFen: 0,
    dueFen: 1000,
    refundFen: 0,
  })
})

const priceable: PricedService = {
  name: '讲座',
  price_fen: 5000,
  price_unit: '人',
  charged_per: 'person',
  includes: '',
  deposit_fen: 700,
  deposit_condition: '归还后退',
}
