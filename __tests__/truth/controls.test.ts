/**
 * Negative controls: with one guard taken away, the same histories must find what goes wrong, well
 * within the same budget. A property test that cannot fail proves nothing.
 */
import { sql } from 'kysely'
import type { Gateway } from '../../server/payment/gateways/gateway.ts'
import { unknown, yes } from '../../server/platforms/answer.ts'
import { copyWithout } from '../races/setting.ts'
import { openLane, type Removed } from './lane.ts'
import { modelRails } from './model.ts'
import type { Rails, TradeSeen } from './rails.ts'
import { runBatches } from './run.ts'

jest.setTimeout(300_000)

const HISTORIES = 10_000
const SEED = 20_260_101
const BATCH = 50

/**
 * Runs the histories without a guard until they find what `expected` says, within the budget of
 * histories.test.ts. Empty when they never do.
 */
async function findings(
  expected: RegExp,
  removed: Removed,
  wrap?: (gateway: Gateway) => Gateway,
): Promise<string> {
  const rails = (now: () => number) => {
    const model = modelRails(now)
    const trade: Rails['trade'] = (...of) => unnumbered(model.trade(...of))
    return { ...Object.assign(model, wrap && { wrap }), trade }
  }
  const lane = await openLane({ rails, removed })
  let found = ''
  for (let seed = SEED; seed < SEED + HISTORIES / BATCH && !expected.test(found); seed++) {
    found = await runBatches([lane], { histories: BATCH, seed, batch: BATCH }, false).then(
      () => '',
      (error: Error) => error.message,
    )
  }
  await lane.close()
  return found
}

test('without the seat check for late money a seat is sold twice', async () => {
  const expected = /slot counts \d of \d seats taken/
  const found = await findings(expected, {
    async fromDatabase(db) {
      const check = "when s.taken + o.party > s.capacity then 'slot_full'"
      await copyWithout(db, 'order_apply', 'order_apply', [[check, '']])
      await sql`alter table slots drop constraint slots_never_oversold`.execute(db)
    },
  })
  expect(found).toMatch(expected)
})

test('with a new number after a lost answer a refund is paid twice', async () => {
  const expected = /the merchant keeps -?\d+ fen, by rule/
  const found = await findings(
    expected,
    {
      fromDatabase: async (db) => {
        await sql`drop trigger refunds_within_payment on refunds`.execute(db)
      },
    },
    numbersAnew(),
  )
  expect(found).toMatch(expected)
})

/** A trade whose refunds carry the numbers that the product knows: only their sum tells then. */
function unnumbered(trade: TradeSeen | undefined): TradeSeen | undefined {
  const refunds = trade?.refunds.map((one) => ({ ...one, no: one.no.replace(/x\d+$/, '') }))
  return trade && { ...trade, refunds: refunds ?? [] }
}

/** Gateways that lose each third answer to a refund, and ask for it under another number then. */
function numbersAnew(): (gateway: Gateway) => Gateway {
  const numbers = new Map<string, string>()
  const answered = new Set<string>()
  let count = 0
  let asked = 0
  return (gateway) => ({
    ...gateway,
    async refund(request, now) {
      const { refundNo } = request
      const known = numbers.get(refundNo)
      const no = !known ? refundNo : answered.has(refundNo) ? known : `${refundNo}x${++count}`
      numbers.set(refundNo, no)
      const answer = await gateway.refund({ ...request, refundNo: no }, now)
      if (!answer.ok) return answer
      if (++asked % 3 === 0) return unknown('no_answer', 'lost on the way')
      answered.add(refundNo)
      return yes({ ...answer.value, refundNo })
    },
    async queryRefund(refundNo, tradeNo, now) {
      const { method } = gateway
      const none = { kind: 'refund', method, refundNo, tradeNo, amountFen: 0 } as const
      if (!answered.has(refundNo)) return yes({ ...none, state: 'missing' })
      const answer = await gateway.queryRefund(numbers.get(refundNo) ?? refundNo, tradeNo, now)
      return answer.ok ? yes({ ...answer.value, refundNo }) : answer
    },
  })
}

test('without closing first an order is gone while it can still be paid', async () => {
  const expected = /was (cancelled|opened|given up) while \w+ can still be paid/
  const found = await findings(expected, {}, (gateway) => ({
    ...gateway,
    close: async () => yes('closed'),
  }))
  expect(found).toMatch(expected)
})

test('without one transaction per change money is known that nobody decided on', async () => {
  const expected = /but its payment does not know|succeeded without a fact/
  expect(await findings(expected, { transactions: true })).toMatch(expected)
})
