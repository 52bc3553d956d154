import { AlipaySdk } from 'alipay-sdk'
import { makeFaults } from '../../sandbox/faults.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { keptKeys, postJson, startInbox, wechatSdk } from './sandboxMerchant.ts'

describe('a fault with a rate', () => {
  const draws = (seed: number | undefined, rate: number, calls = 2000) => {
    const faults = makeFaults()
    const options = seed === undefined ? { rate } : { rate, seed }
    expect(faults.arm('wechat.refund', 'dropAfterCommit', null, options)).toBe(true)
    return Array.from({ length: calls }, () => faults.take('wechat.refund').size)
  }
  const sum = (list: number[]) => list.reduce((all, one) => all + one, 0)

  test('strikes about that share of the calls, the same ones for the same seed', () => {
    const five = draws(7, 0.05)
    // 100 of 2,000 are expected; five standard deviations are 49.
    expect(sum(five)).toBeGreaterThan(51)
    expect(sum(five)).toBeLessThan(149)
    expect(draws(7, 0.05)).toEqual(five)
    expect(draws(8, 0.05)).not.toEqual(five)
    expect(draws(undefined, 0.05)).toEqual(draws(1, 0.05))
  })

  test('of 0 never strikes, of 1 always', () => {
    expect(sum(draws(1, 0))).toBe(0)
    expect(sum(draws(1, 1))).toBe(2000)
  })

  test('counts its times by what it struck, not by what it saw', () => {
    const faults = makeFaults()
    faults.arm('wechat.query', 'status500', 3, { rate: 0.1 })
    const struck = Array.from({ length: 1000 }, () => faults.take('wechat.query').size)
    expect(sum(struck)).toBe(3)
    expect(struck.indexOf(1)).toBeGreaterThan(0)
    expect(faults.armed()).toEqual([])
  })

  test('is not drawn by calls of another name: each fault has a sequence of its own', () => {
    const alone = draws(7, 0.5, 50)
    const faults = makeFaults()
    faults.arm('wechat.refund', 'dropAfterCommit', null, { rate: 0.5, seed: 7 })
    faults.arm('wechat.query', 'status500', null, { rate: 0.5, seed: 7 })
    const mixed = Array.from({ length: 50 }, () => {
      faults.take('wechat.query')
      return faults.take('wechat.refund').size
    })
    expect(mixed).toEqual(alone)
  })

  test.each([
    ['a rate above 1', { rate: 1.01 }],
    ['a negative rate', { rate: -0.1 }],
    ['a rate that is no number', { rate: Number.NaN }],
    ['a broken seed', { seed: 0.5 }],
    ['an empty number', { only: '' }],
  ])('is not armed with %s', (_what, options) => {
    const faults = makeFaults()
    expect(faults.arm('wechat.order', 'status500', 1, options)).toBe(false)
    expect(faults.armed()).toEqual([])
  })

  test('for one trade is not armed on a call that knows of none', () => {
    const faults = makeFaults()
    for (const call of ['wechat.certificates', 'alipay.system.oauth.token', 'wechat.login'])
      expect([call, faults.arm(call, 'status500', 1, { only: 'T1' })]).toEqual([call, false])
  })
})

describe('a fault for one trade only', () => {
  let sandbox: Sandbox
  let inbox: Awaited<ReturnType<typeof startInbox>>
  let now: number
  const fresh = keptKeys()
  const REFUNDS = '/v3/refund/domestic/refunds'

  beforeEach(async () => {
    now = Date.now()
    sandbox = await startSandbox({ dir: fresh.dir(), clock: () => now })
    inbox = await startInbox({ status: 204, body: '' })
  })
  afterEach(async () => {
    await sandbox.stop()
    await inbox.stop()
  })
  afterAll(() => fresh.end())

  const arm = (call: string, fault: string, only: string) =>
    expect(sandbox.admin.fault(call, fault, null, { only })).toBe(true)

  function wechat() {
    const { wechatPay, wechat } = sandbox.credentials
    const call = wechatSdk(sandbox.credentials)
    const status = async (work: Promise<{ status: number }>) => {
      try {
        return (await work).status
      } catch (error) {
        return (error as { response?: { status: number } }).response?.status
      }
    }
    const query = `?mchid=${wechatPay.mchid}`
    const by = (way: string, id: string) => `/v3/pay/transactions/${way}/${id}`
    return {
      status,
      place: (no: string) =>
        call('POST', '/v3/pay/transactions/native', {
          appid: wechat.appid,
          mchid: wechatPay.mchid,
          description: '课程',
          out_trade_no: no,
          notify_url: inbox.url,
          amount: { total: 100 },
        }),
      query: (no: string) => call('GET', `${by('out-trade-no', no)}${query}`),
      queryId: (id: string) => call('GET', `${by('id', id)}${query}`),
      close: (no: string) =>
        call('POST', `${by('out-trade-no', no)}/close`, { mchid: wechatPay.mchid }),
      refund: (order: object, no: string) =>
        call('POST', REFUNDS, {
          ...order,
          out_refund_no: no,
          notify_url: inbox.url,
          amount: { refund: 40, total: 100, currency: 'CNY' },
        }),
      refundQuery: (no: string) => call('GET', `${REFUNDS}/${no}`),
    }
  }

  test('strikes every WeChat call about it, by whatever number, and none about another', async () => {
    const { admin } = sandbox
    const { status, place, query, queryId, close, refund, refundQuery } = wechat()
    for (const no of ['T_one_0001', 'T_two_0001']) {
      await place(no)
      admin.payLate('wechat', no)
    }
    const idOf = (no: string) =>
      admin.trades().wechat.find((one) => one.out_trade_no === no)?.transaction_id as string
    const [one, two] = [idOf('T_one_0001'), idOf('T_two_0001')]
    for (const call of ['order', 'query', 'close', 'refund', 'refundQuery'])
      arm(`wechat.${call}`, 'status503', 'T_one_0001')

    expect(await status(place('T_one_0001'))).toBe(503)
    expect(await status(query('T_one_0001'))).toBe(503)
    expect(await status(queryId(one))).toBe(503)
    expect(await status(close('T_one_0001'))).toBe(503)
    expect(await status(refund({ transaction_id: one }, 'R_one'))).toBe(503)
    expect(await status(refund({ out_trade_no: 'T_one_0001' }, 'R_one'))).toBe(503)

    expect(await status(query('T_two_0001'))).toBe(200)
    expect(await status(queryId(two))).toBe(200)
    expect(await status(close('T_two_0001'))).toBe(400) // paid: the platform's own refusal
    expect(await status(refund({ transaction_id: two }, 'R_two'))).toBe(200)
    expect(await status(refundQuery('R_two'))).toBe(200)

    admin.clearFaults({ call: 'wechat.refund' })
    expect(await status(refund({ transaction_id: one }, 'R_one'))).toBe(200)
    expect(await status(refundQuery('R_one'))).toBe(503)
    admin.clearFaults({ only: 'T_one_0001' })
    expect(await status(refundQuery('R_one'))).toBe(200)
  })

  test('may name one refund: the others of the same order go through', async () => {
    const { status, place, refund } = wechat()
    await place('T_one_0001')
    sandbox.admin.payLate('wechat', 'T_one_0001')
    arm('wechat.refund', 'status500', 'R_bad')
    expect(await status(refund({ out_trade_no: 'T_one_0001' }, 'R_bad'))).toBe(500)
    expect(await status(refund({ out_trade_no: 'T_one_0001' }, 'R_good'))).toBe(200)
  })

  test('loses its notices only', async () => {
    const { place } = wechat()
    arm('wechat.notice', 'drop', 'T_one_0001')
    for (const no of ['T_one_0001', 'T_two_0001']) {
      await place(no)
      sandbox.admin.payLate('wechat', no)
    }
    await sandbox.admin.settle()
    const states = sandbox.admin.notices().map(({ subject, state }) => [subject, state])
    expect(states).toEqual([
      ['T_two_0001', 'delivered'],
      ['T_one_0001', 'waiting'],
    ])
  })

  test('strikes Alipay’s calls by trade_no and out_trade_no alike', async () => {
    const { gateway, appId, privateKey, alipayPublicKey } = sandbox.credentials.alipay
    const keys = { gateway, appId, privateKey, alipayPublicKey, keyType: 'PKCS8' as const }
    const sdk = new AlipaySdk({ ...keys, camelcase: false })
    const timestamp = new Date(now).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })
    const exec = async (method: string, bizContent: object) => {
      const asked = { timestamp, bizContent }
      const options = { validateSign: true }
      return (await sdk.exec(method, asked, options)) as unknown as Record<string, string>
    }
    const create = async (no: string) => {
      const content = { out_trade_no: no, total_amount: '1.00', subject: '课', quit_url: 'x' }
      const bizContent = { ...content, product_code: 'QUICK_WAP_WAY' }
      const address = sdk.pageExecute('alipay.trade.wap.pay', 'GET', { timestamp, bizContent })
      const text = await (await fetch(address)).text()
      return /name="tradeNO" value="(\d+)"/.exec(text)?.[1] as string
    }
    const one = await create('A_one')
    const two = await create('A_two')
    arm('alipay.trade.query', 'unknownError', 'A_one')
    const query = async (content: object) => (await exec('alipay.trade.query', content)).code
    expect(await query({ out_trade_no: 'A_one' })).toBe('20000')
    expect(await query({ trade_no: one })).toBe('20000')
    expect(await query({ trade_no: two })).toBe('10000')
    expect(await query({ trade_no: two, out_trade_no: 'A_one' })).toBe('10000')
  })
})

describe('the admin endpoint', () => {
  let sandbox: Sandbox
  const fresh = keptKeys()
  beforeAll(async () => {
    sandbox = await startSandbox({ dir: fresh.dir() })
  })
  afterAll(async () => {
    await sandbox.stop()
    fresh.end()
  })

  test('arms a fault with rate, seed and number, shows it on the page and disarms it', async () => {
    const fault = { call: 'wechat.refund', fault: 'dropAfterCommit', times: null }
    const url = `${sandbox.url}/admin/faults`
    const { body } = await postJson(url, { ...fault, rate: 0.05, seed: 42, only: 'T_one_0001' })
    const armed = { rate: 0.05, seed: 42, only: 'T_one_0001', left: null, seen: 0, struck: 0 }
    expect(body.armed).toMatchObject([armed])
    const page = await (await fetch(`${sandbox.url}/faults`)).text()
    for (const word of ['5 %', '种子 42', 'T_one_0001']) expect(page).toContain(word)
    expect((await postJson(`${url}/clear`, { only: 'another' })).body.armed).toHaveLength(1)
    expect((await postJson(`${url}/clear`, {})).body.armed).toEqual([])
    expect((await postJson(url, { ...fault, rate: 5 })).status).toBe(400)
  })
})
