import { createDecipheriv } from 'node:crypto'
import { AlipaySdk } from 'alipay-sdk'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { keptKeys, postJson, startInbox } from './sandboxMerchant.ts'

let sandbox: Sandbox
let inbox: Awaited<ReturnType<typeof startInbox>>
let sdk: AlipaySdk
let buyer: string
let now: number
let count = 0
const fresh = keptKeys()

beforeEach(async () => {
  now = Date.now()
  sandbox = await startSandbox({ dir: fresh.dir(), clock: () => now })
  inbox = await startInbox({ status: 200, body: 'success' })
  sdk = makeSdk()
  buyer = await signIn('小红')
})
afterEach(async () => {
  await sandbox.stop()
  await inbox.stop()
})
afterAll(() => fresh.end())

function makeSdk(changes: object = {}) {
  const { gateway, appId, privateKey, alipayPublicKey } = sandbox.credentials.alipay
  return new AlipaySdk({
    gateway,
    appId,
    privateKey,
    alipayPublicKey,
    keyType: 'PKCS8',
    camelcase: false,
    ...changes,
  })
}

async function signIn(person: string): Promise<string> {
  const code = sandbox.admin.code('alipay', person)
  const answer = await exec('alipay.system.oauth.token', { grantType: 'authorization_code', code })
  return answer.open_id as string
}

type Answer = Record<string, string>

/** Always verified: the SDK does so only when it is told to. */
async function exec(method: string, params: object): Promise<Answer> {
  const stamped = { timestamp: chinaTime(), ...params }
  return (await sdk.exec(method, stamped, { validateSign: true })) as unknown as Answer
}

/** The SDK would stamp requests with the process's zone; Alipay reads China time. */
function chinaTime(timeZone = 'Asia/Shanghai'): string {
  return new Date(now).toLocaleString('sv-SE', { timeZone })
}

const work = (method: string, bizContent: object, more: object = {}) =>
  exec(`alipay.trade.${method}`, { bizContent, ...more })

function trade(changes: object = {}) {
  count += 1
  return {
    out_trade_no: `A2026_${count}`,
    total_amount: '88.00',
    subject: '体验课',
    product_code: 'JSAPI_PAY',
    op_app_id: sandbox.credentials.alipay.appId,
    buyer_open_id: buyer,
    ...changes,
  }
}

async function create(changes: object = {}) {
  const content = trade(changes)
  const answer = await work('create', content, { notify_url: inbox.url })
  expect(answer.code).toBe('10000')
  return { no: content.out_trade_no, tradeNo: answer.trade_no as string, content }
}

async function pay(tradeNO: string, outcome = 'pay') {
  const { body } = await postJson(`${sandbox.url}/cashier/alipay/pay`, { tradeNO, outcome })
  await sandbox.admin.settle()
  return body.resultCode
}

async function paid(changes: object = {}) {
  const made = await create(changes)
  expect(await pay(made.tradeNo)).toBe('9000')
  return made
}

/** The gateway's raw answer to a request the SDK signed, changed on the way. */
async function raw(change: (url: URL, body: URLSearchParams) => void) {
  const address = sdk.pageExecute('alipay.trade.query', 'GET', {
    timestamp: chinaTime(),
    bizContent: { out_trade_no: 'A2026_none' },
  })
  const url = new URL(address)
  const body = new URLSearchParams({ biz_content: url.searchParams.get('biz_content') ?? '' })
  url.searchParams.delete('biz_content')
  change(url, body)
  const answer = await fetch(url, { method: 'POST', body })
  return { status: answer.status, text: await answer.text() }
}

describe('the public SDK, verifying every answer', () => {
  test('creates, queries, pays and refuses to close what is paid', async () => {
    const { no, tradeNo } = await create()
    expect(await work('query', { out_trade_no: no })).toMatchObject({
      trade_status: 'WAIT_BUYER_PAY',
      total_amount: '88.00',
    })
    expect(await pay(tradeNo)).toBe('9000')
    expect(await work('query', { trade_no: tradeNo, out_trade_no: 'ignored' })).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
      out_trade_no: no,
      buyer_open_id: buyer,
      receipt_amount: '88.00',
      fund_bill_list: [{ fund_channel: 'ALIPAYACCOUNT', amount: '88.00' }],
    })
    const close = await work('close', { out_trade_no: no })
    expect([close.code, close.sub_code]).toEqual(['40004', 'ACQ.TRADE_STATUS_ERROR'])
    expect(await pay(tradeNo)).toBe('4000')
  })

  test('closes what is open; it cannot be paid any more', async () => {
    const { no, tradeNo } = await create()
    expect((await work('close', { out_trade_no: no })).trade_no).toBe(tradeNo)
    expect(await pay(tradeNo)).toBe('4000')
    expect((await work('query', { out_trade_no: no })).trade_status).toBe('TRADE_CLOSED')
  })

  test('refuses tampered and wrongly signed answers', async () => {
    const { no } = await create()
    for (const fault of ['badSignature', 'tamperedBody']) {
      expect(sandbox.admin.fault('alipay.trade.query', fault)).toBe(true)
      await expect(work('query', { out_trade_no: no })).rejects.toThrow('验签失败')
    }
    expect((await work('query', { out_trade_no: no })).code).toBe('10000')
  })
})

describe('the gateway', () => {
  test('checks the app id before the signature, and its errors are not signed', async () => {
    const app = await raw((url) => {
      url.searchParams.set('app_id', '2021000000000001')
      url.searchParams.set('sign', 'AAAA')
    })
    expect(app.status).toBe(200)
    const node = JSON.parse(app.text)
    expect(node.alipay_trade_query_response).toMatchObject({
      code: '40002',
      sub_code: 'isv.invalid-app-id',
    })
    expect(node).not.toHaveProperty('sign')
  })

  test.each<[string, (url: URL, body: URLSearchParams) => void]>([
    ['isv.missing-method', (url) => url.searchParams.delete('method')],
    ['isv.missing-app-id', (url) => url.searchParams.delete('app_id')],
    ['isv.missing-signature', (url) => url.searchParams.delete('sign')],
    ['isv.missing-signature-type', (url) => url.searchParams.delete('sign_type')],
    ['isv.missing-timestamp', (url) => url.searchParams.delete('timestamp')],
    ['isv.missing-version', (url) => url.searchParams.delete('version')],
    ['isv.invalid-method', (url) => url.searchParams.set('method', 'alipay.nothing')],
    ['isv.invalid-timestamp', (url) => url.searchParams.set('timestamp', '2026-01-01 08:00:00')],
    ['isv.invalid-charset', (url) => url.searchParams.set('charset', 'gbk')],
    ['isv.invalid-signature', (url) => url.searchParams.set('notify_url', 'https://evil.test/')],
    ['isv.invalid-signature', (_url, body) => body.set('biz_content', '{}')],
  ])('answers %s', async (subCode, change) => {
    const { text } = await raw(change)
    expect(text).toContain(`"sub_code":"${subCode}"`)
    expect(text).not.toContain('"sign"')
  })

  test('a zone that is not China’s is a wrong timestamp', async () => {
    const params = { timestamp: chinaTime('UTC'), bizContent: { out_trade_no: 'A2026_none' } }
    const answer = await fetch(sdk.pageExecute('alipay.trade.query', 'GET', params))
    expect(await answer.text()).toContain('isv.invalid-timestamp')
  })
})

describe('trades', () => {
  test.each([
    { out_trade_no: 'A 1' },
    { total_amount: '0.00' },
    { total_amount: '1.001' },
    { subject: '课=程' },
    { product_code: 'QUICK_WAP_WAY' },
    { buyer_open_id: 'oNobody' },
    { timeout_express: '16d' },
    { extend_params: { hb_fq_num: '5', hb_fq_seller_percent: '0' } },
  ])('are refused with %j', async (changes) => {
    const answer = await work('create', trade(changes))
    expect([answer.code, answer.sub_code]).toEqual(['40004', 'ACQ.INVALID_PARAMETER'])
  })

  test('the same data give the same trade, others CONTEXT_INCONSISTENT', async () => {
    const { content, tradeNo } = await create()
    expect((await work('create', content)).trade_no).toBe(tradeNo)
    const dearer = await work('create', { ...content, total_amount: '88.01' })
    expect(dearer.sub_code).toBe('ACQ.CONTEXT_INCONSISTENT')
    await pay(tradeNo)
    expect((await work('create', content)).sub_code).toBe('ACQ.TRADE_HAS_SUCCESS')
  })

  test('run out at their time', async () => {
    const { no, tradeNo } = await create({ timeout_express: '15m' })
    sandbox.admin.clock(15 * 60_000 - 1)
    expect((await work('query', { out_trade_no: no })).trade_status).toBe('WAIT_BUYER_PAY')
    sandbox.admin.clock(15 * 60_000)
    expect((await work('query', { out_trade_no: no })).trade_status).toBe('TRADE_CLOSED')
    expect(await pay(tradeNo)).toBe('4000')
  })

  test('a cancelled or failed payment leaves them open', async () => {
    const { no, tradeNo } = await create()
    expect(await pay(tradeNo, 'cancel')).toBe('6001')
    expect(await pay(tradeNo, 'fail')).toBe('4000')
    expect((await work('query', { out_trade_no: no })).trade_status).toBe('WAIT_BUYER_PAY')
  })

  test('instalments show in the query', async () => {
    const extend_params = { hb_fq_num: '6', hb_fq_seller_percent: '0' }
    const { no } = await paid({ total_amount: '600.00', extend_params })
    const answer = await work('query', { out_trade_no: no })
    expect(answer.hb_fq_pay_info).toEqual({ user_install_num: '6' })
  })
})

describe('pages', () => {
  const page = (method: string, content: object) =>
    sdk.pageExecute(method, 'GET', {
      timestamp: chinaTime(),
      bizContent: content,
      notifyUrl: inbox.url,
      returnUrl: 'https://merchant.example.test/back?from=alipay',
    })
  const web = (changes: object = {}) => {
    count += 1
    return {
      out_trade_no: `A2026_${count}`,
      total_amount: '9.90',
      subject: '网页课程',
      product_code: 'QUICK_WAP_WAY',
      quit_url: 'https://merchant.example.test/quit',
      ...changes,
    }
  }

  test('the signed address opens the cashier, pays and comes back signed', async () => {
    const content = web()
    const before = await work('query', { out_trade_no: content.out_trade_no })
    expect(before.sub_code).toBe('ACQ.TRADE_NOT_EXIST')
    const text = await (await fetch(page('alipay.trade.wap.pay', content))).text()
    expect(text).toContain('¥9.90')
    const [, tradeNO = ''] = /name="tradeNO" value="(\d+)"/.exec(text) ?? []
    const form = new URLSearchParams({ tradeNO, outcome: 'pay' })
    const options = { method: 'POST', body: form, redirect: 'manual' } as const
    const after = await fetch(`${sandbox.url}/cashier/alipay`, options)
    const back = new URL(after.headers.get('location') ?? '')
    const params = Object.fromEntries(back.searchParams)
    expect(params).toMatchObject({ from: 'alipay', total_amount: '9.90', trade_no: tradeNO })
    const { from: _, ...signed } = params
    expect(sdk.checkNotifySignV2(signed)).toBe(true)
    expect(sdk.checkNotifySignV2({ ...signed, total_amount: '0.01' })).toBe(false)
    const done = await work('query', { out_trade_no: content.out_trade_no })
    expect(done.trade_status).toBe('TRADE_SUCCESS')
  })

  test('an address changed on the way is an error page in GBK', async () => {
    const content = web({ product_code: 'FAST_INSTANT_TRADE_PAY' })
    const right = page('alipay.trade.page.pay', content)
    const answer = await fetch(right.replace('9.90', '0.01'))
    expect(answer.headers.get('content-type')).toContain('GBK')
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(new TextDecoder('gbk').decode(bytes)).toContain('错误原因: 验签出错')
    expect(bytes.toString('utf8')).not.toContain('验签出错')
    expect(await (await fetch(right)).text()).toContain('沙箱收银台')
  })
})

describe('notices', () => {
  const form = (at: number) => Object.fromEntries(new URLSearchParams(inbox.received[at]?.body))

  test('are signed without sign and sign_type, have no empty field and stop at success', async () => {
    const { no, tradeNo } = await paid({ passback_params: 'order%3D1', subject: '体验课 50% 折' })
    expect(inbox.received).toHaveLength(1)
    const params = form(0)
    expect(sdk.checkNotifySignV2(params)).toBe(true)
    expect(sdk.checkNotifySignV2({ ...params, total_amount: '0.01' })).toBe(false)
    expect(Object.values(params).filter((value) => value === '')).toEqual([])
    expect(params).toMatchObject({
      notify_type: 'trade_status_sync',
      trade_status: 'TRADE_SUCCESS',
      app_id: sandbox.credentials.alipay.appId,
      seller_id: sandbox.credentials.alipay.sellerId,
      out_trade_no: no,
      trade_no: tradeNo,
      total_amount: '88.00',
      subject: '体验课 50% 折',
      passback_params: 'order%3D1',
    })
    sandbox.admin.clock(86_400_000)
    await sandbox.admin.settle()
    expect(inbox.received).toHaveLength(1)
  })

  test('are repeated until the answer is exactly success, with the same notify_id', async () => {
    inbox.answer.body = 'success\n'
    await paid()
    const minutes = [4, 10, 10, 60, 120, 360, 900]
    let passed = 0
    for (const [at, wait] of minutes.entries()) {
      passed += wait * 60_000
      sandbox.admin.clock(passed - 1)
      await sandbox.admin.settle()
      expect(inbox.received).toHaveLength(at + 1)
      sandbox.admin.clock(passed)
      await sandbox.admin.settle()
      expect(inbox.received).toHaveLength(at + 2)
    }
    expect(new Set(inbox.received.map((_, at) => form(at).notify_id)).size).toBe(1)
    expect(inbox.received.every((_, at) => sdk.checkNotifySignV2(form(at)))).toBe(true)
    expect(sandbox.admin.notices()[0]?.state).toBe('given up')
  })

  test('can be forged, wrongly signed, doubled and carry another amount', async () => {
    const { admin } = sandbox
    const verdicts = async (fault: string) => {
      inbox.received.length = 0
      expect(admin.fault('alipay.notice', fault)).toBe(true)
      await paid()
      return inbox.received.map((_, at) => [sdk.checkNotifySignV2(form(at)), form(at).total_amount])
    }
    expect(await verdicts('forged')).toEqual([
      [false, '88.09'],
      [true, '88.00'],
    ])
    expect(await verdicts('badSignature')).toEqual([[false, '88.00']])
    expect(await verdicts('amountMismatch')).toEqual([[true, '88.09']])
    expect(await verdicts('duplicate')).toEqual([
      [true, '88.00'],
      [true, '88.00'],
    ])
  })
})

describe('refunds', () => {
  const refund = (no: string, yuan: string, requestNo?: string) =>
    work('refund', {
      out_trade_no: no,
      refund_amount: yuan,
      ...(requestNo ? { out_request_no: requestNo } : {}),
    })
  const query = (no: string, requestNo: string) =>
    work('fastpay.refund.query', { out_trade_no: no, out_request_no: requestNo })

  test('add up; the same number is the same refund; the last one closes the trade', async () => {
    const { no } = await paid()
    expect(await refund(no, '8.00', 'R1')).toMatchObject({ fund_change: 'Y', refund_fee: '8.00' })
    expect(await refund(no, '8.00', 'R1')).toMatchObject({ fund_change: 'N', refund_fee: '8.00' })
    const other = await refund(no, '9.00', 'R1')
    expect(other.sub_code).toBe('ACQ.DISCORDANT_REPEAT_REQUEST')
    expect((await refund(no, '80.01', 'R2')).sub_code).toBe('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL')
    expect((await work('query', { out_trade_no: no })).trade_status).toBe('TRADE_SUCCESS')
    expect(await refund(no, '80.00', 'R2')).toMatchObject({ refund_fee: '88.00' })
    expect((await work('query', { out_trade_no: no })).trade_status).toBe('TRADE_CLOSED')
    expect(await query(no, 'R2')).toMatchObject({
      refund_status: 'REFUND_SUCCESS',
      refund_amount: '80.00',
    })
  })

  test('a wrong number is answered without refund_status', async () => {
    const { no } = await paid()
    expect(await query(no, 'R9')).not.toHaveProperty('refund_status')
  })

  test('a part needs a number of its own, and unpaid trades have nothing to refund', async () => {
    const { no } = await paid()
    expect((await refund(no, '1.00')).sub_code).toBe('ACQ.INVALID_PARAMETER')
    const open = await create()
    expect((await refund(open.no, '88.00')).sub_code).toBe('ACQ.TRADE_STATUS_ERROR')
  })

  test('can stay open for a while: fund_change N, then REFUND_SUCCESS', async () => {
    const { no } = await paid()
    sandbox.admin.fault('alipay.trade.refund', 'pending')
    expect((await refund(no, '1.00', 'R1')).fund_change).toBe('N')
    expect(await query(no, 'R1')).not.toHaveProperty('refund_status')
    sandbox.admin.clock(5_000)
    await sandbox.admin.settle()
    expect((await query(no, 'R1')).refund_status).toBe('REFUND_SUCCESS')
  })

  test('an unknown outcome has done its work: the query knows', async () => {
    const { no } = await paid()
    sandbox.admin.fault('alipay.trade.refund', 'unknownError')
    expect((await refund(no, '1.00', 'R1')).code).toBe('20000')
    expect((await query(no, 'R1')).refund_status).toBe('REFUND_SUCCESS')
  })
})

describe('sign-in', () => {
  test('a code is good once, and gives the same person the same open id', async () => {
    const code = sandbox.admin.code('alipay', '小红')
    const params = { grantType: 'authorization_code', code }
    const token = await exec('alipay.system.oauth.token', params)
    expect(token.open_id).toBe(buyer)
    expect(token).not.toHaveProperty('code')
    const refresh = { grantType: 'refresh_token', refreshToken: token.refresh_token }
    expect((await exec('alipay.system.oauth.token', refresh)).open_id).toBe(buyer)
    const again = await sdk.exec('alipay.system.oauth.token', { timestamp: chinaTime(), ...params })
    expect(again).toMatchObject({ code: '40002', sub_code: 'isv.code-invalid' })
  })

  test('a phone number comes encrypted and signed over its quoted cipher text', async () => {
    const body = { host: 'alipay', phone: '13800138000' }
    const answer = await postJson(`${sandbox.url}/admin/phone-codes`, body)
    const { response, sign } = JSON.parse(answer.body.response)
    const { aesKey, alipayPublicKey } = sandbox.credentials.alipay
    const { createVerify } = await import('node:crypto')
    const verifier = createVerify('RSA-SHA256').update(`"${response}"`)
    expect(verifier.verify(alipayPublicKey, sign, 'base64')).toBe(true)
    const key = Buffer.from(aesKey, 'base64')
    const opener = createDecipheriv('aes-128-cbc', key, Buffer.alloc(16))
    const plain = opener.update(response, 'base64', 'utf8') + opener.final('utf8')
    expect(JSON.parse(plain)).toEqual({ code: '10000', msg: 'Success', mobile: '13800138000' })
  })
})

test('a template message reaches its person; data that is no JSON text is refused', async () => {
  const send = (changes: object = {}) =>
    exec('alipay.open.app.mini.templatemessage.send', {
      bizContent: {
        to_open_id: buyer,
        user_template_id: 'T1',
        page: 'pages/order/index',
        data: JSON.stringify({ keyword1: { value: '体验课/周六' } }),
        ...changes,
      },
    })
  expect((await send()).code).toBe('10000')
  expect(sandbox.admin.outbox('小红')[0]).toMatchObject({
    channel: 'alipay',
    text: 'keyword1: 体验课/周六',
  })
  expect((await send({ data: { keyword1: '体验课' } })).code).toBe('40004')
  expect((await send({ to_open_id: 'oNobody' })).sub_code).toBe('USER_NOT_EXIST')
  expect(sandbox.admin.outbox()).toHaveLength(1)
})
