/** One list of cases that every gateway must pass, against the sandbox (DESIGN, tests by guarantee). */
import type { Method, PayParams, Scene } from '../../contract/payment.ts'
import type {
  Answer,
  Gateway,
  RefundRequest,
  Trade,
} from '../../server/payment/gateways/gateway.ts'
import { type Merchant, payWith, startMerchant } from './merchant.ts'
import { keptKeys } from './sandboxMerchant.ts'

/** What differs from gateway to gateway. */
export interface Own {
  /** Where the cases pay, and the host whose login gives the payer's id. */
  scene: Scene
  /** Names of the sandbox's fault switches. */
  calls: Record<'open' | 'query' | 'close' | 'refund' | 'refundQuery' | 'notice', string>
  /** Every scene this method can be paid in → the way. */
  ways: Partial<Record<Scene, PayParams['way']>>
  /** Answers that must not be believed: fault → code. */
  disbelieved: [fault: string, code: string][]
  /** Notices that must be refused: fault → reason. */
  refusedNotices: [fault: string, reason: string][]
  /** Credentials of somebody else, to whom our notices are not addressed. */
  stranger(merchant: Merchant): Gateway
}

const amountFen = 12850

export function gatewayCases(method: Method, own: Own): void {
  const keys = keptKeys()
  let merchant: Merchant
  let gateway: Gateway
  let now: Date
  let count = 0

  beforeEach(async () => {
    merchant = await startMerchant(keys.dir())
    gateway = merchant.gateways[method]
    now = merchant.now
  })
  afterEach(() => merchant.stop())
  afterAll(() => keys.end())

  async function trade(change: Partial<Trade> = {}): Promise<Trade> {
    count += 1
    return {
      tradeNo: `T20261122${String(count).padStart(23, '0')}`,
      amountFen,
      description: '上门保洁 2 小时',
      expiresAt: new Date(now.getTime() + 30 * 60_000),
      scene: own.scene,
      payerId: await payerId(change.scene ?? own.scene),
      clientIp: '203.0.113.7',
      returnUrl: 'https://shop.example/pages/payment/index?order=1&x=2',
      ...change,
    }
  }

  async function payerId(scene: Scene): Promise<string | undefined> {
    if (scene === 'h5' || scene === 'desktop') return undefined
    const host = scene === 'wechat-browser' ? 'wechatWeb' : scene
    const code = merchant.sandbox.admin.code(host, '小明')
    return value(await merchant.platforms.subjectOf(scene, code, now))
  }

  const opened = async (of: Trade) => value(await gateway.prepare(of, now))

  async function paid(change: Partial<Trade> = {}): Promise<Trade> {
    const one = await trade(change)
    expect(await payWith(merchant, await opened(one))).toBe(true)
    return one
  }

  const fault = (call: keyof Own['calls'], name: string, times: number | null = 1) =>
    expect(merchant.sandbox.admin.fault(own.calls[call], name, times)).toBe(true)

  const refundOf = (of: Trade, change: Partial<RefundRequest> = {}): RefundRequest => ({
    refundNo: `R${of.tradeNo.slice(1)}`,
    tradeNo: of.tradeNo,
    amountFen: of.amountFen,
    totalFen: of.amountFen,
    reason: '取消预约退款',
    ...change,
  })

  const factOfPaid = (of: Trade) => ({
    kind: 'trade',
    method,
    tradeNo: of.tradeNo,
    state: 'paid',
    amountFen: of.amountFen,
    transactionId: expect.stringMatching(/^\d{20,}$/),
    paidAt: now,
    payerId: of.payerId ?? expect.any(String),
    reference: expect.any(String),
  })

  describe('a trade', () => {
    test('is unpaid until its payer pays; then query and notice tell the same', async () => {
      const one = await trade()
      const params = await opened(one)
      const before = value(await gateway.query(one.tradeNo, now))
      expect(before).toMatchObject({ state: 'unpaid', amountFen, tradeNo: one.tradeNo })
      expect(await payWith(merchant, params)).toBe(true)
      const asked = value(await gateway.query(one.tradeNo, now))
      expect(asked).toEqual(factOfPaid(one))
      const [notice] = await merchant.settled()
      expect(notice).toEqual({
        ok: true,
        fact: { ...asked, reference: expect.stringContaining('notice ') },
      })
      expect(merchant.sandbox.admin.notices()[0]).toMatchObject({ state: 'delivered', tries: 1 })
    })

    test('opened twice is one trade', async () => {
      const one = await trade()
      const first = await opened(one)
      expect(await opened(one)).toMatchObject({ way: first.way })
      expect(merchant.sandbox.admin.trades()[method]).toHaveLength(1)
      expect(await payWith(merchant, first)).toBe(true)
      expect(await gateway.prepare(one, now)).toMatchObject({ ok: false, kind: 'refused' })
    })

    test('opened again for another amount is refused, and the first stays as it is', async () => {
      const one = await trade()
      await opened(one)
      const other = await gateway.prepare({ ...one, amountFen: amountFen + 1 }, now)
      expect(other).toMatchObject({ ok: false, kind: 'refused' })
      expect(value(await gateway.query(one.tradeNo, now))).toMatchObject({
        state: 'unpaid',
        amountFen,
      })
    })

    test.each([1, 29, 100, 9_999_999])('of %i fen is paid to the fen', async (fen) => {
      const one = await paid({ amountFen: fen })
      expect(value(await gateway.query(one.tradeNo, now))).toMatchObject({
        state: 'paid',
        amountFen: fen,
      })
    })

    test.each([
      'A/B = C & D，100% + 好',
      '含 emoji 😀🎉 的说明',
      '两\n行\t和控制\u0007符',
      '长'.repeat(300),
      '   ',
    ])('can be described as %j', async (description) => {
      const one = await paid({ description })
      expect(value(await gateway.query(one.tradeNo, now))).toMatchObject({ state: 'paid' })
    })

    test.each(Object.entries(own.ways) as [Scene, PayParams['way']][])(
      'can be paid in %s by %s',
      async (scene, way) => {
        const one = await trade({ scene })
        const params = await opened(one)
        expect(params.way).toBe(way)
        expect(await payWith(merchant, params)).toBe(true)
        expect(value(await gateway.query(one.tradeNo, now))).toMatchObject({
          state: 'paid',
          amountFen,
        })
      },
    )

    test('is refused in a scene where this method has no way', async () => {
      for (const scene of ['weapp', 'alipay', 'wechat-browser', 'h5', 'desktop'] as const) {
        if (own.ways[scene]) continue
        const answer = await gateway.prepare(await trade({ scene }), now)
        expect(answer).toMatchObject({ kind: 'refused', code: 'scene_not_supported' })
      }
    })

    test('is refused without its payer, and when its time is over', async () => {
      const nobody = await gateway.prepare(await trade({ payerId: undefined }), now)
      expect(nobody).toMatchObject({ kind: 'refused', code: 'payer_missing' })
      const late = await gateway.prepare(await trade({ expiresAt: now }), now)
      expect(late).toMatchObject({ kind: 'refused', code: 'trade_expired' })
      expect(merchant.sandbox.admin.trades()[method]).toHaveLength(0)
    })

    test('cannot be paid after its time, and is then closed', async () => {
      const one = await trade()
      const params = await opened(one)
      await merchant.later(29)
      expect(value(await gateway.query(one.tradeNo, now)).state).toBe('unpaid')
      await merchant.later(31)
      expect(await payWith(merchant, params)).toBe(false)
      expect(value(await gateway.query(one.tradeNo, now)).state).toBe('closed')
    })

    test('by instalments is the same money', async () => {
      const one = await paid({ installments: 3, amountFen: 60_000 })
      expect(value(await gateway.query(one.tradeNo, now))).toMatchObject({
        state: 'paid',
        amountFen: 60_000,
      })
      const [seen] = merchant.sandbox.admin.trades()[method]
      const chosen = JSON.stringify(seen)
      expect(chosen).toMatch(/"selected_installment_number":3|"user_install_num":"3"/)
    })
  })

  describe('closing', () => {
    test('an unpaid trade ends it; again is the same', async () => {
      const one = await trade()
      const params = await opened(one)
      for (const _ of [1, 2]) expect(value(await gateway.close(one.tradeNo, now))).toBe('closed')
      expect(await payWith(merchant, params)).toBe(false)
      expect(value(await gateway.query(one.tradeNo, now)).state).toBe('closed')
    })

    test('a paid trade says so and changes nothing', async () => {
      const one = await paid()
      expect(value(await gateway.close(one.tradeNo, now))).toBe('paid')
      expect(value(await gateway.query(one.tradeNo, now))).toEqual(factOfPaid(one))
    })

    test('a trade nobody knows is closed: it never opened', async () => {
      expect(value(await gateway.query('T404404', now))).toMatchObject({
        state: 'missing',
        amountFen: 0,
      })
      expect(value(await gateway.close('T404404', now))).toBe('closed')
    })

    test('whose answer got lost is unknown, never assumed', async () => {
      const one = await trade()
      await opened(one)
      fault('close', 'dropAfterCommit', null)
      expect(await gateway.close(one.tradeNo, now)).toMatchObject({
        kind: 'unknown',
        code: 'no_answer',
      })
      expect(value(await gateway.query(one.tradeNo, now)).state).toBe('closed')
    })

    test('does not hide money that was already on its way', async () => {
      const one = await trade()
      await opened(one)
      expect(value(await gateway.close(one.tradeNo, now))).toBe('closed')
      expect(merchant.sandbox.admin.payLate(method, one.tradeNo)).toBe(true)
      expect(value(await gateway.query(one.tradeNo, now))).toMatchObject({
        state: 'paid',
        amountFen,
      })
      expect(await merchant.settled()).toMatchObject([
        { ok: true, fact: { state: 'paid', amountFen } },
      ])
    })
  })

  describe('a lost answer', () => {
    test('to opening is unknown; the same again opens the same trade', async () => {
      const one = await trade()
      fault('open', 'dropAfterCommit', null)
      expect(await gateway.prepare(one, now)).toMatchObject({ kind: 'unknown', code: 'no_answer' })
      expect(merchant.sandbox.admin.trades()[method]).toHaveLength(1)
      merchant.sandbox.admin.clearFaults()
      expect(await payWith(merchant, await opened(one))).toBe(true)
      expect(merchant.sandbox.admin.trades()[method]).toHaveLength(1)
    })

    test('is asked for again by itself, a few times', async () => {
      const one = await trade()
      fault('open', 'dropAfterCommit', 2)
      fault('query', 'status500', 2)
      await opened(one)
      expect(value(await gateway.query(one.tradeNo, now)).state).toBe('unpaid')
      expect(merchant.sandbox.admin.trades()[method]).toHaveLength(1)
    })

    test('to a refund is unknown; asking tells that it was done, and only once', async () => {
      const one = await paid()
      const request = refundOf(one, { amountFen: 5000 })
      fault('refund', 'dropAfterCommit', null)
      expect(await gateway.refund(request, now)).toMatchObject({
        kind: 'unknown',
        code: 'no_answer',
      })
      merchant.sandbox.admin.clearFaults()
      await merchant.later(60)
      expect(value(await gateway.queryRefund(request.refundNo, one.tradeNo, now))).toMatchObject({
        state: 'succeeded',
        amountFen: 5000,
      })
      expect(merchant.sandbox.admin.trades()[method][0]?.refunds).toHaveLength(1)
    })
  })

  describe('a refund', () => {
    test('gives back all of it, once per number', async () => {
      const one = await paid()
      const request = refundOf(one)
      const first = value(await gateway.refund(request, now))
      expect(first).toMatchObject({
        kind: 'refund',
        refundNo: request.refundNo,
        tradeNo: one.tradeNo,
      })
      expect(['processing', 'succeeded']).toContain(first.state)
      await gateway.refund(request, now)
      await merchant.later(60)
      const done = value(await gateway.queryRefund(request.refundNo, one.tradeNo, now))
      expect(done).toMatchObject({ state: 'succeeded', amountFen, method, tradeNo: one.tradeNo })
      expect(merchant.sandbox.admin.trades()[method][0]?.refunds).toHaveLength(1)
    })

    test('of a part tells its own amount, not the sum; the trade stays paid', async () => {
      const one = await paid()
      for (const [at, fen] of [3000, 29].entries()) {
        const request = refundOf(one, { refundNo: `R${one.tradeNo}${at}`, amountFen: fen })
        value(await gateway.refund(request, now))
        await merchant.later(60 * (at + 1))
        expect(value(await gateway.queryRefund(request.refundNo, one.tradeNo, now))).toMatchObject({
          state: 'succeeded',
          amountFen: fen,
        })
      }
      expect(value(await gateway.query(one.tradeNo, now))).toMatchObject({
        state: 'paid',
        amountFen,
      })
      expect(value(await gateway.close(one.tradeNo, now))).toBe('paid')
    })

    test('of more than was paid, of an unpaid trade, or of another amount under its number is refused', async () => {
      const one = await paid()
      expect(await gateway.refund(refundOf(one, { amountFen: amountFen + 1 }), now)).toMatchObject({
        ok: false,
        kind: 'refused',
      })
      value(await gateway.refund(refundOf(one, { amountFen: 5000 }), now))
      expect(await gateway.refund(refundOf(one, { amountFen: 5001 }), now)).toMatchObject({
        ok: false,
        kind: 'refused',
      })
      const unpaid = await trade()
      await opened(unpaid)
      expect(await gateway.refund(refundOf(unpaid), now)).toMatchObject({
        ok: false,
        kind: 'refused',
      })
    })

    test('that was never asked for is missing', async () => {
      const one = await paid()
      const asked = await gateway.queryRefund('R404', one.tradeNo, now)
      expect(value(asked)).toMatchObject({ state: 'missing', refundNo: 'R404', amountFen: 0 })
      expect(value(await gateway.queryRefund('R404', 'T404404', now)).state).toBe('missing')
    })
  })

  describe('an answer that is not the platform’s is unknown, and the next one tells the truth', () => {
    test.each(own.disbelieved)('%s → %s', async (name, code) => {
      const one = await paid()
      fault('query', name)
      expect(await gateway.query(one.tradeNo, now)).toMatchObject({
        ok: false,
        kind: 'unknown',
        code,
      })
      expect(value(await gateway.query(one.tradeNo, now))).toEqual(factOfPaid(one))
    })

    test.each(own.disbelieved)(
      'nor is a trade opened, closed or refunded by one: %s',
      async (name, code) => {
        const one = await trade()
        fault('open', name)
        expect(await gateway.prepare(one, now)).toMatchObject({ kind: 'unknown', code })
        expect(await payWith(merchant, await opened(one))).toBe(true)
        fault('refund', name)
        expect(await gateway.refund(refundOf(one), now)).toMatchObject({ kind: 'unknown', code })
        // WeChat closes with an empty answer: there is no body to tamper with.
        if (method === 'wechat' && name === 'tamperedBody') return
        const unpaid = await trade()
        await opened(unpaid)
        fault('close', name)
        expect(await gateway.close(unpaid.tradeNo, now)).toMatchObject({ kind: 'unknown', code })
      },
    )
  })

  describe('a notice', () => {
    test.each(own.refusedNotices)('%s → refused: %s', async (name, reason) => {
      fault('notice', name)
      const one = await paid()
      const [notice] = await merchant.settled()
      expect(notice).toEqual({ ok: false, reason })
      expect(value(await gateway.query(one.tradeNo, now))).toEqual(factOfPaid(one))
    })

    test('refused once is sent again and then believed', async () => {
      fault('notice', 'badSignature')
      const one = await paid()
      await merchant.settled()
      await merchant.later(10)
      const notices = await merchant.settled()
      expect(notices[0]).toEqual({ ok: false, reason: 'bad_signature' })
      expect(notices[1]).toEqual({ ok: true, fact: factOfPaid(one) })
      expect(merchant.sandbox.admin.notices()[0]).toMatchObject({ state: 'delivered' })
    })

    test('sent twice says the same twice', async () => {
      fault('notice', 'duplicate')
      await paid()
      const [first, second, ...more] = await merchant.settled()
      expect(first).toMatchObject({ ok: true })
      expect(second).toEqual(first)
      expect(more).toEqual([])
    })

    test('with another amount carries that amount: the caller compares', async () => {
      fault('notice', 'amountMismatch')
      await paid()
      const [notice] = await merchant.settled()
      expect(notice).toMatchObject({ ok: true, fact: { state: 'paid' } })
      expect(notice).not.toMatchObject({ fact: { amountFen } })
    })

    test('to somebody else is not ours', async () => {
      await paid()
      await merchant.settled()
      const { headers, rawBody } = merchant.heard[0]!
      expect(await gateway.readNotice(headers, rawBody, now)).toMatchObject({ ok: true })
      expect(await own.stranger(merchant).readNotice(headers, rawBody, now)).toEqual({
        ok: false,
        reason: 'wrong_merchant',
      })
    })

    test('with any one byte changed is refused', async () => {
      await paid()
      await merchant.settled()
      const { headers, rawBody } = merchant.heard[0]!
      for (let at = 0; at < rawBody.length; at += 97) {
        const changed = Buffer.from(rawBody)
        changed[at] = (changed[at] ?? 0) ^ 1
        expect(await gateway.readNotice(headers, changed, now)).toMatchObject({ ok: false })
      }
    })
  })
}

/** The value of a yes; a no fails the test with its reason. */
export function value<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.kind} ${answer.code}: ${answer.message}`)
  return answer.value
}
