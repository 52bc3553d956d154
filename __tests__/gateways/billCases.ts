/** Bills of both methods, from one list of cases, over the real wire of the sandbox. */

import type { Method } from '../../contract/payment.ts'
import { type Day, instantOf } from '../../contract/time.ts'
import type { Answer, BillFile, Gateway } from '../../server/payment/gateways/gateway.ts'
import { value } from './cases.ts'
import { type Merchant, startMerchant } from './merchant.ts'
import { keptKeys } from './sandboxMerchant.ts'

/** What differs from gateway to gateway. */
export interface OwnBill {
  /** Names of the sandbox's fault switches: asking for the address, and the file behind it. */
  calls: { ask: string; file: string }
  /** Whether the file itself is covered by a signature. */
  proven: boolean
  /** What is taken for 12.34 yuan, and what for giving back, as positive yuan. */
  charges: [trade: string, refund: string]
  /** Faults of the file → the code they end with. */
  unread: [fault: string, code: string][]
  /** Fetches it as somebody of another account, whose bill it is not. */
  foreign(merchant: Merchant): Promise<Answer<BillFile>>
}

/** The day before the merchant's standing clock (2026-11-22 15:59 in China). */
export const DAY: Day = '2026-11-21'

export function billCases(method: Method, own: OwnBill): void {
  const keys = keptKeys()
  let merchant: Merchant
  let gateway: Gateway

  beforeEach(async () => {
    merchant = await startMerchant(keys.dir())
    gateway = merchant.gateways[method]
  })
  afterEach(() => merchant.stop())
  afterAll(() => keys.end())

  const at = (minutes: number, day = DAY) => instantOf(day, minutes)
  const bulk = (trades: Parameters<Merchant['sandbox']['admin']['bulk']>[1]) =>
    merchant.sandbox.admin.bulk(method, trades)
  const fetch = (day = DAY): Promise<Answer<BillFile>> => gateway.bill(day, merchant.now)
  const fault = (call: keyof OwnBill['calls'], name: string) =>
    expect(merchant.sandbox.admin.fault(own.calls[call], name, null)).toBe(true)

  async function ready(day = DAY) {
    const file = value(await fetch(day))
    if (file.state !== 'ready') throw new Error(`the bill is ${file.state}`)
    return file
  }

  const somePaid = () =>
    bulk([
      {
        outTradeNo: 'T000001',
        fen: 1234,
        paidAt: at(600),
        subject: '瑜伽, 早课 "A"',
        refunds: [{ refundNo: 'R000001', fen: 234, at: at(660) }],
      },
    ])

  test('payments and refunds of the day, to the fen, with what is taken for them', async () => {
    const [{ transactionId } = { transactionId: '' }] = somePaid()
    const file = await ready()
    expect(file.proven).toBe(own.proven)
    expect(file.digest).toMatch(/^[0-9a-f]{64}$/)
    const [tradeCharge, refundCharge] = own.charges
    expect(file.rows).toEqual([
      {
        kind: 'trade',
        tradeNo: 'T000001',
        refundNo: null,
        amountFen: 1234,
        state: 'succeeded',
        charge: tradeCharge,
        transactionId,
        at: new Date(at(600)),
      },
      {
        kind: 'refund',
        tradeNo: 'T000001',
        refundNo: 'R000001',
        amountFen: 234,
        state: 'succeeded',
        charge: refundCharge,
        transactionId,
        at: new Date(at(660)),
      },
    ])
  })

  test('2,000 rows add up exactly', async () => {
    const fens = Array.from({ length: 1000 }, (_, n) => 1 + ((n * 7919) % 99_991))
    bulk(
      fens.map((fen, n) => ({
        outTradeNo: `T${String(n).padStart(8, '0')}`,
        fen: fen + 1,
        paidAt: at(n),
        refunds: [{ refundNo: `R${String(n).padStart(8, '0')}`, fen, at: at(n) }],
      })),
    )
    const { rows } = await ready()
    const sum = (kind: string) =>
      rows.filter((row) => row.kind === kind).reduce((total, row) => total + row.amountFen, 0)
    const total = fens.reduce((all, fen) => all + fen, 0)
    expect([rows.length, sum('trade'), sum('refund')]).toEqual([2000, total + 1000, total])
  })

  test('the last second of a day is on its bill, the first of the next is not', async () => {
    bulk([
      { outTradeNo: 'T235959', fen: 1, paidAt: at(1440) - 1 },
      { outTradeNo: 'T000000', fen: 1, paidAt: at(1440) },
      { outTradeNo: 'T0000', fen: 1, paidAt: at(0) },
    ])
    const { rows } = await ready()
    expect(rows.map((row) => row.tradeNo)).toEqual(['T0000', 'T235959'])
  })

  test('a day on which nothing happened is empty, and not a failure', async () => {
    expect(value(await fetch())).toEqual({ state: 'empty' })
  })

  test('a bill that is not made yet is not ready, and not a failure', async () => {
    somePaid()
    fault('ask', 'creating')
    expect(value(await fetch())).toEqual({ state: 'not_ready' })
  })

  test.each(own.unread)('a file that is %s is refused with %s', async (name, code) => {
    somePaid()
    fault('file', name)
    const answer = await fetch()
    expect(answer).toMatchObject({ ok: false, kind: 'unknown', code })
    merchant.sandbox.admin.clearFaults()
    expect((await ready()).rows).toHaveLength(2)
  })

  test('another merchant’s bill is refused', async () => {
    somePaid()
    expect(await own.foreign(merchant)).toMatchObject({
      ok: false,
      code: 'wrong_merchant',
    })
  })

  test('what is asked for without an answer, or with one nobody signed, is no bill', async () => {
    somePaid()
    for (const name of ['badSignature', 'tamperedBody', 'status500', 'dropAfterCommit']) {
      fault('ask', name)
      expect([name, await fetch()]).toMatchObject([name, { ok: false, kind: 'unknown' }])
      merchant.sandbox.admin.clearFaults()
    }
  })
}
