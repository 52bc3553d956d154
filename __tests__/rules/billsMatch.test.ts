/** The matcher (M3): it finds exactly the differences there are, whatever the rest looks like. */
import { addDays, instantOf } from '@jiyue/contract/time'
import fc from 'fast-check'
import {
  type Found,
  keyOf,
  match,
  type Ours,
  spanOf,
  type Theirs,
} from '../../server/payment/bills/match.ts'
import { merged } from '../../server/payment/bills/merge.ts'
import type { BillRow } from '../../server/payment/gateways/gateway.ts'

const DAY = '2026-10-01'
const noon = new Date(instantOf(DAY, 720))

const paid = (tradeNo: string, amountFen = 100): Ours => ({
  about: 'trade',
  tradeNo,
  refundNo: null,
  amountFen,
  state: 'succeeded',
  paymentId: `payment ${tradeNo}`,
  refundId: null,
  at: noon,
  isDue: true,
})
const refunded = (tradeNo: string, refundNo: string, amountFen = 40): Ours => ({
  ...paid(tradeNo, amountFen),
  about: 'refund',
  refundNo,
  refundId: `refund ${refundNo}`,
})
const listed = (entry: Ours): Theirs => ({
  kind: entry.about,
  tradeNo: entry.tradeNo,
  refundNo: entry.refundNo,
  amountFen: entry.amountFen,
  state: 'succeeded',
})
const short = (found: Found) =>
  `${found.kind} ${keyOf(found.about, found)} ${found.oursFen} ${found.theirsFen}`

describe('one by one', () => {
  const both = [paid('T1'), refunded('T1', 'R1')]

  test('the same on both sides is no difference', () => {
    expect(match(DAY, both, both.map(listed))).toEqual([])
    expect(match(DAY, [], [])).toEqual([])
  })

  test('ours only: with our amount, our state, our ids, on our day', () => {
    const late = { ...paid('T2', 7), at: new Date(instantOf('2026-09-30', 1439)) }
    expect(match(DAY, [...both, late], both.map(listed))).toEqual([
      {
        kind: 'ours_only',
        about: 'trade',
        day: '2026-09-30',
        tradeNo: 'T2',
        refundNo: null,
        paymentId: 'payment T2',
        refundId: null,
        oursFen: 7,
        theirsFen: null,
        oursState: 'succeeded',
        theirsState: null,
      },
    ])
  })

  test('what a later bill may still bring is not missed yet', () => {
    expect(match(DAY, [{ ...paid('T2'), isDue: false }], [])).toEqual([])
  })

  test('theirs only: a refund of a payment of ours names the payment', () => {
    const theirs = [...both.map(listed), listed(refunded('T1', 'C9', 5)), listed(paid('X'))]
    const found = match(DAY, both, theirs)
    expect(found.map(short)).toEqual([
      'theirs_only refund C9 null 5',
      'theirs_only trade X null 100',
    ])
    expect(found.map((one) => one.paymentId)).toEqual(['payment T1', null])
  })

  test('one fen more or less is a difference', () => {
    const theirs = [
      { ...listed(paid('T1')), amountFen: 101 },
      { ...listed(refunded('T1', 'R1')), amountFen: 39 },
    ]
    expect(match(DAY, both, theirs).map(short)).toEqual([
      'amount trade T1 100 101',
      'amount refund R1 40 39',
    ])
  })

  test.each<[Ours['state'], Theirs['state'], boolean]>([
    ['succeeded', 'succeeded', true],
    ['requested', 'succeeded', false],
    ['failed', 'succeeded', false],
    ['closed', 'succeeded', false],
    ['succeeded', 'processing', true],
    ['requested', 'processing', true],
    ['closed', 'processing', true],
    ['succeeded', 'failed', false],
    ['requested', 'failed', true],
    ['failed', 'failed', true],
    ['closed', 'failed', true],
  ])('a refund that is %s here and %s there: agrees is %s', (state, theirs, agrees) => {
    const ours = { ...refunded('T1', 'R1'), state }
    const found = match(DAY, [ours], [{ ...listed(ours), state: theirs }])
    expect(found.map((one) => one.kind)).toEqual(agrees ? [] : ['state'])
  })

  test('a refund that failed by the bill and was made good after it was made agrees', () => {
    const row: Theirs = { ...listed(refunded('T1', 'R1')), state: 'failed' }
    const done = (minutes: number) => ({
      ...refunded('T1', 'R1'),
      at: new Date(instantOf(addDays(DAY, 1), minutes)),
    })
    expect(match(DAY, [done(9 * 60)], [row])).toEqual([])
    expect(match(DAY, [done(9 * 60 - 1)], [row]).map((one) => one.kind)).toEqual(['state'])
  })

  test.each(['created', 'pending', 'closed', 'failed'] as const)(
    'money they have and that is %s here is a difference',
    (state) => {
      const ours = { ...paid('T1'), state, at: null, isDue: false }
      expect(match(DAY, [ours], [listed(ours)]).map(short)).toEqual(['state trade T1 100 100'])
    },
  )

  test('wrong in amount and state is told as both', () => {
    const ours = { ...refunded('T1', 'R1'), state: 'closed' as const }
    const theirs = [{ ...listed(ours), amountFen: 41 }]
    expect(match(DAY, [ours], theirs).map((one) => one.kind)).toEqual(['amount', 'state'])
  })
})

/** What was done to one entry on its way to the bill, and what must be found of it. */
const spoil = ['nothing', 'drop', 'stranger', 'amount', 'state', 'not due'] as const
type Spoil = (typeof spoil)[number]

const world = fc
  .array(
    fc.record({
      spoil: fc.constantFrom(...spoil),
      isRefund: fc.boolean(),
      fen: fc.integer({ min: 1, max: 2_000_000_000 }),
      off: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    { maxLength: 60 },
  )
  .map((all) => all.map((one, n) => ({ ...one, n })))

function plant(all: { spoil: Spoil; isRefund: boolean; fen: number; off: number; n: number }[]) {
  const ours: Ours[] = []
  const theirs: Theirs[] = []
  const planted: string[] = []
  for (const { spoil: how, isRefund, fen, off, n } of all) {
    const entry = isRefund ? refunded(`T${n}`, `R${n}`, fen) : paid(`T${n}`, fen)
    const name = keyOf(entry.about, entry)
    const row = listed(entry)
    if (how === 'stranger') {
      theirs.push(row)
      planted.push(`theirs_only ${name} null ${fen}`)
      continue
    }
    if (how === 'state') {
      ours.push({ ...entry, state: isRefund ? 'closed' : 'pending', at: null, isDue: false })
      planted.push(`state ${name} ${fen} ${fen}`)
    } else ours.push({ ...entry, isDue: how !== 'not due' })
    if (how === 'drop') planted.push(`ours_only ${name} ${fen} null`)
    else if (how === 'amount') {
      theirs.push({ ...row, amountFen: fen + off })
      planted.push(`amount ${name} ${fen} ${fen + off}`)
    } else if (how !== 'not due') theirs.push(row)
  }
  return { ours, theirs, planted }
}

test('whatever is planted, exactly that is found, in any order, and the same again', () => {
  fc.assert(
    fc.property(world, fc.infiniteStream(fc.nat()), (all, dice) => {
      const { ours, theirs, planted } = plant(all)
      const mix = <T>(list: T[]) =>
        list
          .map((one) => ({ one, by: dice.next().value as number }))
          .sort((a, b) => a.by - b.by)
          .map(({ one }) => one)
      const found = match(DAY, mix(ours), mix(theirs)).map(short)
      expect(found.sort()).toEqual(planted.sort())
    }),
    { numRuns: 1000 },
  )
})

describe('days that may list it', () => {
  const days = (since: string, at = since) =>
    spanOf(new Date(`${since}+08:00`), new Date(`${at}+08:00`))

  test.each([
    ['noon: its own', '2026-10-01T12:00:00', ['2026-10-01']],
    ['the last second: also the next', '2026-10-01T23:59:59', ['2026-10-01', '2026-10-02']],
    ['the first second: also the one before', '2026-10-01T00:00:00', ['2026-09-30', '2026-10-01']],
    ['a quarter to midnight: also the next', '2026-10-01T23:45:00', ['2026-10-01', '2026-10-02']],
    ['before that: its own', '2026-10-01T23:44:59', ['2026-10-01']],
  ])('%s', (_name, at, expected) => {
    expect(days(at)).toEqual(expected)
  })

  test('a refund: from the day it was asked for to the day it was done', () => {
    expect(days('2026-09-29T12:00:00', '2026-10-01T12:00:00')).toEqual([
      '2026-09-29',
      '2026-09-30',
      '2026-10-01',
    ])
  })
})

describe('a number that is there twice', () => {
  const row = (charge: string, amountFen = 100): BillRow => ({
    ...listed(paid('T1', amountFen)),
    charge,
    transactionId: '42',
    at: noon,
    kind: 'trade',
  })

  test('counts once, with all its money', () => {
    const [one, ...more] = merged([
      row('0.60000'),
      row('0.59999', 23),
      { ...row('1'), tradeNo: 'T2' },
    ])
    expect(one).toMatchObject({ tradeNo: 'T1', amountFen: 123, charge: '1.19999' })
    expect(more).toMatchObject([{ tradeNo: 'T2', charge: '1' }])
  })

  test.each([
    ['0.01000', '-0.01000', '0.00000'],
    ['-0.00001', '-0.1', '-0.10001'],
    ['90071992547.40993', '0.00001', '90071992547.40994'],
  ])('charges are added exactly: %s and %s are %s', (a, b, sum) => {
    expect(merged([row(a), row(b)])[0]?.charge).toBe(sum)
  })

  test('a payment and a refund that share a number are two', () => {
    const refund: BillRow = { ...row('0'), kind: 'refund', refundNo: 'T1' }
    expect(merged([row('0'), refund])).toHaveLength(2)
  })
})
