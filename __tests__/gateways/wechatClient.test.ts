import { Formatter, Rsa } from 'wechatpay-axios-plugin'
import { wechatClient } from '../../server/payment/gateways/wechat/client.ts'
import { wechatGateway } from '../../server/payment/gateways/wechat/gateway.ts'
import { wire } from '../../server/platforms/exchange.ts'
import { value } from './cases.ts'
import { type Merchant, startMerchant } from './merchant.ts'
import { keptKeys } from './sandboxMerchant.ts'
import vectors from './vectors.json'

const merchantKeys = vectors.keys['merchant-test']
const platform = vectors.keys['platform-test']
const keyId = 'PUB_KEY_ID_0000000000000000000000000001'
const now = new Date(1767225600_000)

const wechatPay = {
  baseUrl: 'https://api.mch.weixin.qq.com',
  mchid: '1900000001',
  merchantSerial: 'a'.repeat(40),
  merchantPrivateKey: merchantKeys.private_key,
  apiV3Key: '0123456789abcdef0123456789ABCDEF',
  publicKeys: { [keyId]: platform.public_key } as Record<string, string>,
  publicKeyId: keyId as string | null,
}

interface Sent {
  url: URL
  method: string
  headers: Record<string, string>
  body?: string
}

/** A fetch that keeps what is sent and answers by turns; the last answer stays. */
function answering(...answers: (Response | Error)[]) {
  const sent: Sent[] = []
  const pauses: number[] = []
  const fetch = async (url: URL, init: Omit<Sent, 'url'>) => {
    sent.push({ ...init, url })
    const answer = answers[Math.min(sent.length, answers.length) - 1]
    if (answer instanceof Error) throw answer
    return answer!.clone()
  }
  const pause = async (ms: number) => void pauses.push(ms)
  return { sent, pauses, over: wire({ fetch: fetch as never, pause }) }
}

/** Signed by the public SDK with the platform's key. */
function signedAnswer(body: object | null, status = body ? 200 : 204): Response {
  const text = body ? JSON.stringify(body) : ''
  const at = String(now.getTime() / 1000)
  const signature = Rsa.sign(Formatter.response(at, 'nonce', text), platform.private_key)
  const headers = {
    'Wechatpay-Timestamp': at,
    'Wechatpay-Nonce': 'nonce',
    'Wechatpay-Signature': signature,
    'Wechatpay-Serial': keyId,
  }
  return new Response(text || null, { status, headers })
}

const error = (status: number, code?: string) =>
  new Response(code ? JSON.stringify({ code, message: 'm' }) : '', { status })

describe('a request', () => {
  test('is signed over the very URL and body that are sent', async () => {
    const { sent, over } = answering(signedAnswer({ a: 1 }))
    const client = wechatClient(wechatPay, over)
    await client.post('/v3/x?y=%7C', { text: '预约', gone: undefined }, now)
    const { url, method, headers, body } = sent[0]!
    expect(body).toBe('{"text":"预约"}')
    const items = new Map(
      [...headers.Authorization!.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [
        match[1],
        match[2]!,
      ]),
    )
    const signed = Formatter.request(
      method,
      url.pathname + url.search,
      items.get('timestamp')!,
      items.get('nonce_str')!,
      body!,
    )
    expect(Rsa.verify(signed, items.get('signature')!, merchantKeys.certificate)).toBe(true)
    expect(items.get('serial_no')).toBe('A'.repeat(40))
    expect(items.get('nonce_str')).toMatch(/^[0-9A-F]{32}$/)
    expect(items.get('timestamp')).toBe('1767225600')
    expect(headers).toMatchObject({
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'User-Agent': expect.stringMatching(/./),
      'Wechatpay-Serial': keyId,
    })
  })

  test('escapes | in a number, and signs it escaped', async () => {
    const paid = JSON.parse(vectors.wechat.notify_transaction.plaintext)
    const { sent, over } = answering(signedAnswer({ ...paid, out_trade_no: 'A|B*C_1-2' }))
    const gateway = wechatGateway(credentials(), { ...over, noticeUrl: 'https://shop.example/n' })
    expect(value(await gateway.query('A|B*C_1-2', now)).state).toBe('paid')
    const { url } = vectors.wechat.request_get_escaped
    expect(sent[0]!.url.pathname + sent[0]!.url.search).toBe(url)
  })

  test('names WeChat’s key only where the merchant has one', async () => {
    const { sent, over } = answering(error(400, 'PARAM_ERROR'))
    await wechatClient({ ...wechatPay, publicKeyId: null }, over).get('/v3/x', now)
    expect(sent[0]!.headers['Wechatpay-Serial']).toBeUndefined()
  })

  test('to order carries China’s time, fixed notice addresses and no null', async () => {
    const { sent, over } = answering(
      signedAnswer({ h5_url: 'https://wx.tenpay.com/x?prepay_id=1' }),
    )
    const gateway = wechatGateway(credentials(), { ...over, noticeUrl: 'https://shop.example/n' })
    const trade = {
      tradeNo: 'T000001',
      amountFen: 1,
      description: '课😀'.repeat(200),
      expiresAt: new Date('2026-01-01T00:30:00Z'),
      scene: 'h5' as const,
      clientIp: '203.0.113.7',
      returnUrl: 'https://shop.example/a?b=1&c=2',
    }
    expect(value(await gateway.prepare(trade, now))).toEqual({
      way: 'redirect',
      url: 'https://wx.tenpay.com/x?prepay_id=1&redirect_url=https%3A%2F%2Fshop.example%2Fa%3Fb%3D1%26c%3D2',
    })
    expect(JSON.parse(sent[0]!.body!)).toEqual({
      appid: 'wx0000000000000001',
      mchid: '1900000001',
      description: '课'.repeat(127),
      out_trade_no: 'T000001',
      time_expire: '2026-01-01T08:30:00+08:00',
      notify_url: 'https://shop.example/n/payment',
      amount: { total: 1, currency: 'CNY' },
      scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } },
    })
  })

  function credentials() {
    const wechat = { baseUrl: '', appid: 'wx0000000000000001', secret: '' }
    return { wechatPay, wechat, wechatWeb: null }
  }
})

describe('what is repeated', () => {
  const silence = new TypeError('fetch failed')
  const fine = signedAnswer({ a: 1 })

  test.each([
    ['5xx', [error(500, 'SYSTEM_ERROR'), error(503), fine], 3],
    ['202', [error(202, 'ACCEPTED'), fine], 2],
    ['silence', [silence, silence, fine], 3],
  ])('%s: the identical request, freshly signed', async (_name, answers, times) => {
    const { sent, pauses, over } = answering(...answers)
    expect(await wechatClient(wechatPay, over).post('/v3/x', { n: 1 }, now)).toMatchObject({
      ok: true,
    })
    expect(sent).toHaveLength(times)
    expect(new Set(sent.map((one) => one.body)).size).toBe(1)
    expect(new Set(sent.map((one) => one.headers.Authorization)).size).toBe(times)
    expect(pauses).toEqual([200, 600].slice(0, times - 1))
  })

  test('three times at most; then it is unknown', async () => {
    for (const [answer, code] of [
      [silence, 'no_answer'],
      [error(502), 'http_502'],
      [error(202), 'http_202'],
      [error(500, 'SYSTEM_ERROR'), 'SYSTEM_ERROR'],
    ] as const) {
      const { sent, over } = answering(answer)
      expect(await wechatClient(wechatPay, over).get('/v3/x', now)).toMatchObject({
        kind: 'unknown',
        code,
      })
      expect(sent).toHaveLength(3)
    }
  })

  test('the last attempt goes to WeChat’s second host', async () => {
    const { sent, over } = answering(silence)
    await wechatClient(wechatPay, over).get('/v3/x', now)
    expect(sent.map((one) => one.url.host)).toEqual([
      'api.mch.weixin.qq.com',
      'api.mch.weixin.qq.com',
      'api2.mch.weixin.qq.com',
    ])
  })

  test.each([
    ['400 with a code is a no', error(400, 'PARAM_ERROR'), 'refused', 'PARAM_ERROR'],
    ['401 is a no', error(401, 'SIGN_ERROR'), 'refused', 'SIGN_ERROR'],
    ['404 with an empty body is no "no such trade"', error(404), 'unknown', 'http_404'],
    ['too often says nothing', error(429, 'FREQUENCY_LIMITED'), 'unknown', 'FREQUENCY_LIMITED'],
    ['a proxy’s page says nothing', new Response('<html>', { status: 403 }), 'unknown', 'http_403'],
    [
      'a system error says nothing under any status',
      error(400, 'SYSTEM_ERROR'),
      'unknown',
      'SYSTEM_ERROR',
    ],
    ['an unsigned yes is none', new Response('{"a":1}'), 'unknown', 'headers_missing'],
    ['a signed yes of another status is none', signedAnswer({ a: 1 }, 201), 'unknown', 'http_201'],
  ])('%s', async (_name, answer, kind, code) => {
    const { sent, over } = answering(answer)
    expect(await wechatClient(wechatPay, over).get('/v3/x', now)).toMatchObject({
      ok: false,
      kind,
      code,
    })
    expect(sent).toHaveLength(1)
  })

  test('a signed 204 is a yes', async () => {
    const { over } = answering(signedAnswer(null))
    expect(await wechatClient(wechatPay, over).post('/v3/x', {}, now)).toEqual({
      ok: true,
      value: {},
    })
  })
})

describe('the time limit', () => {
  /** Answers with whatever `signal` lets it. */
  const silent: Record<string, (signal: AbortSignal) => Promise<Response>> = {
    'a server that never answers': (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    'a server that stops in the middle': async (signal) =>
      new Response(
        new ReadableStream({
          start(body) {
            body.enqueue(new TextEncoder().encode('{"a":'))
            signal.addEventListener('abort', () => body.error(signal.reason))
          },
        }),
      ),
  }

  test.each(Object.entries(silent))('ends %s', async (_name, answer) => {
    const fetch = (_url: unknown, init: { signal: AbortSignal }) => answer(init.signal)
    const over = wire({ fetch: fetch as never, timeoutMs: 5, attempts: 1 })
    expect(await wechatClient(wechatPay, over).get('/v3/x', now)).toMatchObject({
      kind: 'unknown',
      code: 'no_answer',
    })
  })
})

describe('WeChat’s keys', () => {
  const keys = keptKeys()
  let merchant: Merchant
  beforeEach(async () => {
    merchant = await startMerchant(keys.dir())
  })
  afterEach(() => merchant.stop())
  afterAll(() => keys.end())

  const missing = (gateway: Merchant['gateways']['wechat']) =>
    gateway.query('T404404', merchant.now)
  const pay = async (gateway: Merchant['gateways']['wechat'], tradeNo: string) => {
    const { now: at } = merchant
    const expiresAt = new Date(at.getTime() + 60_000)
    const trade = { tradeNo, amountFen: 1, description: '课', expiresAt, clientIp: '203.0.113.7' }
    return gateway.prepare({ ...trade, scene: 'desktop' }, at)
  }

  test('a merchant with certificates only fetches them itself, once', async () => {
    merchant.sandbox.admin.keyMode('certificate')
    let asked = 0
    const counting: typeof fetch = (url, init) => {
      if (String(url).endsWith('/v3/certificates')) asked += 1
      return fetch(url, init)
    }
    const credentials = structuredClone(merchant.credentials)
    Object.assign(credentials.wechatPay, { publicKeys: {}, publicKeyId: null })
    const options = {
      noticeUrl: `${merchant.sandbox.url}/n`,
      fetch: counting,
      pause: async () => {},
    }
    const gateway = wechatGateway(credentials, options)
    const numbers = ['T000001', 'T000002', 'T000003']
    const answers = await Promise.all(numbers.map((tradeNo) => pay(gateway, tradeNo)))
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { ok: true }])
    expect(asked).toBe(1)
  })

  test('both kinds may come mixed, as in the week of switching', async () => {
    merchant.sandbox.admin.keyMode('mixed')
    const gateway = merchant.gatewaysWith(({ wechatPay: pay }) => {
      // The certificate is not configured: it has to be fetched when it is first met.
      pay.publicKeys = { [pay.publicKeyId!]: pay.publicKeys[pay.publicKeyId!]! }
    }).wechat
    for (let at = 0; at < 12; at++) value(await pay(gateway, `T00000${at}`))
    expect(value(await missing(gateway)).state).toBe('missing')
  })

  test('without the APIv3 key nobody’s certificates are believed', async () => {
    merchant.sandbox.admin.keyMode('certificate')
    const gateway = merchant.gatewaysWith(({ wechatPay: pay }) => {
      Object.assign(pay, { publicKeys: {}, publicKeyId: null, apiV3Key: '0'.repeat(32) })
    }).wechat
    expect(await pay(gateway, 'T000001')).toMatchObject({ kind: 'unknown', code: 'unknown_serial' })
  })

  test.each(['badSignature', 'tamperedBody', 'staleTime', 'missingHeaders'])(
    'certificates that come with %s are not believed',
    async (fault) => {
      merchant.sandbox.admin.keyMode('certificate')
      merchant.sandbox.admin.fault('wechat.certificates', fault, null)
      const gateway = merchant.gatewaysWith(({ wechatPay: pay }) => {
        Object.assign(pay, { publicKeys: {}, publicKeyId: null })
      }).wechat
      expect(await pay(gateway, 'T000001')).toMatchObject({
        kind: 'unknown',
        code: 'unknown_serial',
      })
    },
  )

  test('unknown serials do not make us ask without end', async () => {
    const asked: string[] = []
    const counting: typeof fetch = (url, init) => {
      asked.push(String(url))
      return fetch(url, init)
    }
    const options = { noticeUrl: 'https://shop.example/n', fetch: counting, pause: async () => {} }
    const gateway = wechatGateway(merchant.credentials, options)
    const forged = (serial: string) => ({
      'wechatpay-timestamp': String(merchant.now.getTime() / 1000),
      'wechatpay-nonce': 'n',
      'wechatpay-signature': 'AAAA',
      'wechatpay-serial': serial,
    })
    const serials = Array.from({ length: 20 }, (_, at) => String(at).padStart(40, '0'))
    for (const serial of [...serials, 'PUB_KEY_ID_7', '__proto__', '']) {
      const notice = await gateway.readNotice(forged(serial), Buffer.from('{}'), merchant.now)
      expect(notice.ok).toBe(false)
    }
    expect(asked).toHaveLength(1)
  })
})

describe('refunds that end otherwise', () => {
  const keys = keptKeys()
  let merchant: Merchant
  beforeEach(async () => {
    merchant = await startMerchant(keys.dir())
  })
  afterEach(() => merchant.stop())
  afterAll(() => keys.end())

  test.each([
    ['abnormal', 'failed', 'ABNORMAL'],
    ['closed', 'closed', 'CLOSED'],
  ])('%s: told by notice and by query alike, with the reason', async (fault, state, reason) => {
    const { now: at, gateways, sandbox } = merchant
    const expiresAt = new Date(at.getTime() + 60_000)
    const trade = {
      tradeNo: 'T000001',
      amountFen: 100,
      description: '课',
      expiresAt,
      clientIp: '::1',
    }
    const params = value(await gateways.wechat.prepare({ ...trade, scene: 'desktop' }, at))
    expect(params.way).toBe('qr')
    expect(sandbox.admin.payLate('wechat', 'T000001')).toBe(true)
    sandbox.admin.fault('wechat.refund', fault)
    const request = {
      refundNo: 'R000001',
      tradeNo: 'T000001',
      amountFen: 100,
      totalFen: 100,
      reason: '',
    }
    expect(value(await gateways.wechat.refund(request, at)).state).toBe('processing')
    await merchant.later(60 * 24 * 8)
    const asked = value(await gateways.wechat.queryRefund('R000001', 'T000001', at))
    expect(asked).toMatchObject({ state, reason, amountFen: 100 })
    const notices = await merchant.settled()
    expect(notices.at(-1)).toMatchObject({
      ok: true,
      fact: { kind: 'refund', state, reason },
    })
  })

  test('not enough money is a no, and nothing moved', async () => {
    const { now: at, gateways, sandbox } = merchant
    const expiresAt = new Date(at.getTime() + 60_000)
    const trade = {
      tradeNo: 'T000002',
      amountFen: 100,
      description: '课',
      expiresAt,
      clientIp: '::1',
    }
    value(await gateways.wechat.prepare({ ...trade, scene: 'desktop' }, at))
    sandbox.admin.payLate('wechat', 'T000002')
    sandbox.admin.fault('wechat.refund', 'notEnough')
    const request = {
      refundNo: 'R000002',
      tradeNo: 'T000002',
      amountFen: 100,
      totalFen: 100,
      reason: '退',
    }
    expect(await gateways.wechat.refund(request, at)).toMatchObject({
      kind: 'refused',
      code: 'NOT_ENOUGH',
    })
    expect(value(await gateways.wechat.queryRefund('R000002', 'T000002', at)).state).toBe('missing')
  })
})
