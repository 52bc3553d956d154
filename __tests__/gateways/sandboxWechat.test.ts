import { X509Certificate } from 'node:crypto'
import { Aes } from 'wechatpay-axios-plugin'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import {
  isNoticeSigned,
  keptKeys,
  opened,
  postJson,
  rawCall,
  requestPayment,
  startInbox,
  wechatSdk,
} from './sandboxMerchant.ts'

let sandbox: Sandbox
let inbox: Awaited<ReturnType<typeof startInbox>>
let call: ReturnType<typeof wechatSdk>
let openid: string
/** The test's own time: it stands still unless the test moves the sandbox's clock. */
let now: number
let count = 0
const fresh = keptKeys()

beforeEach(async () => {
  now = Date.now()
  sandbox = await startSandbox({ dir: fresh.dir(), clock: () => now })
  inbox = await startInbox({ status: 204, body: '' })
  call = wechatSdk(sandbox.credentials)
  openid = await signIn('小明')
})
afterEach(async () => {
  await sandbox.stop()
  await inbox.stop()
})
afterAll(() => fresh.end())

async function signIn(person: string): Promise<string> {
  const { baseUrl, appid, secret } = sandbox.credentials.wechat
  const code = sandbox.admin.code('weapp', person)
  const query = new URLSearchParams({
    appid,
    secret,
    js_code: code,
    grant_type: 'authorization_code',
  })
  const answer = await fetch(`${baseUrl}/sns/jscode2session?${query}`)
  return (await answer.json()).openid
}

function order(changes: object = {}) {
  count += 1
  const { wechatPay, wechat } = sandbox.credentials
  return {
    appid: wechat.appid,
    mchid: wechatPay.mchid,
    description: '少儿编程体验课',
    out_trade_no: `T2026_${String(count).padStart(6, '0')}`,
    notify_url: inbox.url,
    amount: { total: 100, currency: 'CNY' },
    payer: { openid },
    ...changes,
  }
}

const JSAPI = '/v3/pay/transactions/jsapi'
const REFUNDS = '/v3/refund/domestic/refunds'
const ofNumber = (no: string) =>
  `/v3/pay/transactions/out-trade-no/${no}?mchid=${sandbox.credentials.wechatPay.mchid}`

async function paid(changes: object = {}) {
  const body = order(changes)
  const { data } = await call('POST', JSAPI, body)
  expect(await pay(data.prepay_id)).toBe('requestPayment:ok')
  await sandbox.admin.settle()
  return body
}

async function pay(prepayId: string, outcome = 'pay', change: object = {}) {
  const request = { ...requestPayment(sandbox.credentials, prepayId), outcome, ...change }
  const { body } = await postJson(`${sandbox.url}/cashier/wechat/jsapi/pay`, request)
  return body.errMsg
}

/** The status and code the SDK's error carries. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    const { response, code } = error as {
      response?: { status: number; data: { code?: string } }
      code?: string
    }
    return response?.data?.code ? `${response.status} ${response.data.code}` : String(code)
  }
  throw new Error('nothing was refused')
}

describe('an independent SDK', () => {
  test('orders, queries, closes (204) and verifies every answer', async () => {
    const body = order()
    const placed = await call('POST', JSAPI, body)
    expect(placed.data.prepay_id).toMatch(/^wx\d{14}[0-9a-z]{20}$/)
    const before = await call('GET', ofNumber(body.out_trade_no))
    expect(before.data).toMatchObject({ trade_state: 'NOTPAY', amount: { total: 100 } })
    expect(before.data).not.toHaveProperty('transaction_id')
    const { mchid } = body
    const path = `/v3/pay/transactions/out-trade-no/${body.out_trade_no}/close`
    expect((await call('POST', path, { mchid })).status).toBe(204)
    expect((await call('POST', path, { mchid })).status).toBe(204)
    const after = await call('GET', ofNumber(body.out_trade_no))
    expect(after.data.trade_state).toBe('CLOSED')
  })

  test('native and h5 orders open their cashier once and for their own time', async () => {
    const native = await call('POST', '/v3/pay/transactions/native', order({ payer: undefined }))
    expect(native.data.code_url).toMatch(/^weixin:\/\/wxpay\/bizpayurl\?pr=\w{9}$/)
    const codeUrl = native.data.code_url
    const url = `${sandbox.url}/cashier/wechat/native/pay`
    expect((await postJson(url, { codeUrl, outcome: 'pay' })).body.errMsg).toBe('requestPayment:ok')
    expect((await postJson(url, { codeUrl, outcome: 'pay' })).body.errMsg).toContain('已支付')

    const scene_info = { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } }
    const h5 = await call(
      'POST',
      '/v3/pay/transactions/h5',
      order({ payer: undefined, scene_info }),
    )
    const back = encodeURIComponent('https://merchant.example.test/done')
    const page = await fetch(`${h5.data.h5_url}&redirect_url=${back}`)
    const text = await page.text()
    expect(text).toContain('沙箱收银台')
    expect(text).toContain('merchant.example.test')
    sandbox.admin.clock(5 * 60_000)
    expect(await (await fetch(h5.data.h5_url)).text()).toContain('已过期')
  })

  test('refuses every tampered answer the fault switches make', async () => {
    const body = order()
    await call('POST', JSAPI, body)
    const expected: Record<string, string> = {
      badSignature: 'EV3_RES_HEADER_SIGNATURE_DIGEST',
      tamperedBody: 'EV3_RES_HEADER_SIGNATURE_DIGEST',
      signtest: 'EV3_RES_HEADER_SIGNATURE_DIGEST',
      unknownSerial: 'EV3_RES_HEADER_PLATFORM_SERIAL',
      staleTime: 'EV3_RES_HEADER_TIMESTAMP_OFFSET',
      missingHeaders: 'EV3_RES_HEADERS_INCOMPLATE',
    }
    for (const [fault, code] of Object.entries(expected)) {
      expect(sandbox.admin.fault('wechat.query', fault)).toBe(true)
      expect([fault, await refusal(call('GET', ofNumber(body.out_trade_no)))]).toEqual([
        fault,
        code,
      ])
    }
    expect((await call('GET', ofNumber(body.out_trade_no))).status).toBe(200)
  })
})

describe('request signatures', () => {
  const AUTH = 'Authorization值格式错误'
  const path = () => ofNumber('T2026_none')

  test('are checked as form, clock, serial, signature, and 401 answers are unsigned', async () => {
    const { credentials } = sandbox
    const old = { timestamp: Math.floor(Date.now() / 1000) - 301 }
    const cases: [Parameters<typeof rawCall>[4], string][] = [
      [{ authorization: 'Bearer x' }, '签名信息错误，验签失败'],
      [{ authorization: 'WECHATPAY2-SHA256-RSA2048 mchid="1"' }, '签名信息错误，验签失败'],
      [{ authorization: 'WECHATPAY2-SM2 mchid="1"' }, 'HTTP头Authorization认证类型不正确'],
      [{ ...old, serial: '00' }, '不得超过5分钟'],
      [{ serial: '0'.repeat(40), sent: '{}' }, '商户证书序列号有误'],
    ]
    for (const [change, message] of cases) {
      const answer = await rawCall(credentials, 'POST', JSAPI, '{"a":1}', change)
      expect(answer.status).toBe(401)
      expect(answer.body.code).toBe('SIGN_ERROR')
      expect(answer.body.message).toContain(message)
      expect(answer.headers.get('wechatpay-signature')).toBeNull()
    }
    const elsewhere = await rawCall(credentials, 'GET', '/v3/certificates', '', {
      authorization: 'x',
    })
    expect(elsewhere.body.message).toContain('认证类型不正确')
    const none = await rawCall(credentials, 'GET', '/v3/certificates', '', {
      authorization: 'Bearer x',
    })
    expect(none.body.message).toContain(AUTH)
  })

  test('a body changed on the way is refused with what the platform had signed over', async () => {
    const answer = await rawCall(sandbox.credentials, 'POST', JSAPI, '{"费":1}', {
      sent: '{"费":2}',
    })
    expect(answer.body.message).toBe('签名错误')
    const { sign_information: seen, ...detail } = answer.body.detail
    expect(detail).toEqual({
      field: 'signature',
      issue: 'sign not match',
      location: 'authorization',
    })
    expect(seen).toMatchObject({ method: 'POST', url: JSAPI })
    expect(seen.truncated_sign_message).toMatch(/^POST\\n\/v3.*\\n\{"费":2\}\\n$/)
    const plain = seen.truncated_sign_message.replaceAll('\\n', '\n')
    expect(seen.sign_message_length).toBe(Buffer.byteLength(plain))
  })

  test('an escaped path is signed as it is on the wire', async () => {
    const body = order({ out_trade_no: 'A|B*C_1-2' })
    await call('POST', JSAPI, body)
    const url = ofNumber('A%7CB*C_1-2')
    const answer = await rawCall(sandbox.credentials, 'GET', url)
    expect(answer.body.out_trade_no).toBe('A|B*C_1-2')
  })

  test('unknown paths and wrong methods have an empty body', async () => {
    const { credentials } = sandbox
    expect(await rawCall(credentials, 'GET', '/v3/nothing')).toMatchObject({ status: 404, raw: '' })
    expect(await rawCall(credentials, 'GET', JSAPI)).toMatchObject({ status: 405, raw: '' })
    expect(await rawCall(credentials, 'POST', path(), '{}')).toMatchObject({ status: 405, raw: '' })
  })
})

describe('field rules', () => {
  test.each<[string, object]>([
    ['/body/amount/total', { amount: { total: 0 } }],
    ['/body/amount/total', { amount: { total: 1.5 } }],
    ['/body/amount/currency', { amount: { total: 1, currency: 'USD' } }],
    ['/body/description', { description: '' }],
    ['/body/description', { description: '课'.repeat(128) }],
    ['/body/description', { description: '课😀' }],
    ['/body/attach', { attach: null }],
    ['/body/out_trade_no', { out_trade_no: 'T1' }],
    ['/body/out_trade_no', { out_trade_no: 'T2026/000001' }],
    ['/body/notify_url', { notify_url: 'http://merchant.example.test/n' }],
    ['/body/notify_url', { notify_url: 'https://merchant.example.test/n?a=1' }],
    ['/body/time_expire', { time_expire: '2026-01-01 08:00:00' }],
    ['/body/time_expire', { time_expire: '2999-01-01T08:00:00+08:00' }],
    ['/body/payer', { payer: undefined }],
    ['/body/payer/openid', { payer: { openid: 'oNobody' } }],
    ['/body/mchid', { mchid: '1900000001' }],
  ])('PARAM_ERROR names %s of %j', async (field, changes) => {
    const body = JSON.stringify(order(changes))
    const answer = await rawCall(sandbox.credentials, 'POST', JSAPI, body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR', detail: { field } } })
    expect(answer.headers.get('wechatpay-signature')).toBeNull()
  })

  test('an app of another merchant is refused', async () => {
    const body = order({ appid: 'wx0000000000000001' })
    expect(await refusal(call('POST', JSAPI, body))).toBe('400 APPID_MCHID_NOT_MATCH')
  })

  test('an h5 order needs the user’s address and kind of browser', async () => {
    const body = JSON.stringify(order({ scene_info: { payer_client_ip: '203.0.113.7' } }))
    const answer = await rawCall(sandbox.credentials, 'POST', '/v3/pay/transactions/h5', body)
    expect(answer.body.detail.field).toBe('/body/scene_info/h5_info')
  })
})

describe('orders', () => {
  test('the same parameters give the same order, others OUT_TRADE_NO_USED', async () => {
    const body = order()
    const first = await call('POST', JSAPI, body)
    const time_expire = new Date(Date.now() + 3_600_000).toISOString()
    const second = await call('POST', JSAPI, { ...body, time_expire })
    expect(second.data).toEqual(first.data)
    const dearer = { ...body, amount: { total: 101, currency: 'CNY' } }
    expect(await refusal(call('POST', JSAPI, dearer))).toBe('403 OUT_TRADE_NO_USED')
    const native = call('POST', '/v3/pay/transactions/native', body)
    expect(await refusal(native)).toBe('403 OUT_TRADE_NO_USED')
  })

  test('after two hours the same order gets a new prepay id and the old one is dead', async () => {
    const body = order()
    const first = await call('POST', JSAPI, body)
    sandbox.admin.clock(2 * 3_600_000)
    const second = await call('POST', JSAPI, body)
    expect(second.data.prepay_id).not.toBe(first.data.prepay_id)
    expect(await pay(first.data.prepay_id)).toContain('过期')
    expect(await pay(second.data.prepay_id)).toBe('requestPayment:ok')
  })

  test('an order runs out at its time_expire, which is at least a minute away', async () => {
    const body = order({ time_expire: new Date(Date.now() - 1000).toISOString() })
    const { data } = await call('POST', JSAPI, body)
    sandbox.admin.clock(55_000)
    expect((await call('GET', ofNumber(body.out_trade_no))).data.trade_state).toBe('NOTPAY')
    sandbox.admin.clock(65_000)
    expect((await call('GET', ofNumber(body.out_trade_no))).data.trade_state).toBe('CLOSED')
    expect(await pay(data.prepay_id)).toContain('已关闭')
    expect(await refusal(call('POST', JSAPI, body))).toBe('400 ORDER_CLOSED')
  })

  test('a failed or cancelled attempt stays NOTPAY', async () => {
    const body = order()
    const { data } = await call('POST', JSAPI, body)
    expect(await pay(data.prepay_id, 'cancel')).toBe('requestPayment:fail cancel')
    expect(await pay(data.prepay_id, 'fail')).toMatch(/^requestPayment:fail /)
    expect((await call('GET', ofNumber(body.out_trade_no))).data.trade_state).toBe('NOTPAY')
  })

  test('a paid order cannot be closed, nor paid or ordered again', async () => {
    const body = await paid()
    const { mchid, out_trade_no: no } = body
    const close = call('POST', `/v3/pay/transactions/out-trade-no/${no}/close`, { mchid })
    expect(await refusal(close)).toBe('400 INVALID_REQUEST')
    expect(await refusal(call('POST', JSAPI, body))).toBe('400 INVALID_REQUEST')
    const { data } = await call('GET', ofNumber(no))
    expect(data).toMatchObject({ trade_state: 'SUCCESS', trade_type: 'JSAPI', payer: { openid } })
    const byId = await call('GET', `/v3/pay/transactions/id/${data.transaction_id}?mchid=${mchid}`)
    expect(byId.data).toEqual(data)
  })

  test('an order nobody placed is not there', async () => {
    expect(await refusal(call('GET', ofNumber('T2026_none')))).toBe('404 ORDER_NOT_EXIST')
  })
})

describe('the cashier', () => {
  test('lets nobody pay with parameters the merchant’s key did not sign', async () => {
    const { data } = await call('POST', JSAPI, order())
    const other = requestPayment(sandbox.credentials, 'wx01080000000000000000000000000001')
    expect(await pay(data.prepay_id, 'pay', { paySign: other.paySign })).toContain('签名')
    expect(await pay(data.prepay_id, 'pay', { appid: 'wx0000000000000001' })).toContain('签名')
    expect(await pay(data.prepay_id, 'pay', { signType: 'MD5' })).toContain('签名')
    expect(await pay(data.prepay_id, 'pay', { timeStamp: 1767225600 })).toContain('缺少参数')
    const query = new URLSearchParams({
      ...requestPayment(sandbox.credentials, data.prepay_id),
      paySign: other.paySign,
    })
    const page = await fetch(`${sandbox.url}/cashier/wechat/jsapi?${query}`)
    expect(await page.text()).toContain('签名')
    expect(await pay(data.prepay_id)).toBe('requestPayment:ok')
  })

  test('its page shows the amount, pays and goes back to the merchant', async () => {
    const body = order({ description: '<b>课程</b>' })
    const { data } = await call('POST', JSAPI, body)
    const back = 'https://merchant.example.test/done'
    const fields = { ...requestPayment(sandbox.credentials, data.prepay_id), back }
    const address = `${sandbox.url}/cashier/wechat/jsapi`
    const page = await (await fetch(`${address}?${new URLSearchParams(fields)}`)).text()
    expect(page).toContain('¥1.00')
    expect(page).not.toContain('<b>课程')
    const form = new URLSearchParams({ ...fields, outcome: 'pay' })
    const after = await fetch(address, { method: 'POST', body: form, redirect: 'manual' })
    expect([after.status, after.headers.get('location')]).toEqual([303, back])
    expect((await call('GET', ofNumber(body.out_trade_no))).data.trade_state).toBe('SUCCESS')
  })
})

describe('notices', () => {
  test('are signed, decrypt to the queried transaction and stop when accepted', async () => {
    const body = await paid({ attach: 'order=1' })
    expect(inbox.received).toHaveLength(1)
    const [notice] = inbox.received
    expect(isNoticeSigned(sandbox.credentials, notice!)).toBe(true)
    expect(JSON.parse(notice!.body)).toMatchObject({
      resource_type: 'encrypt-resource',
      event_type: 'TRANSACTION.SUCCESS',
      resource: { original_type: 'transaction', associated_data: 'transaction' },
    })
    const { data } = await call('GET', ofNumber(body.out_trade_no))
    expect(opened(sandbox.credentials, notice!)).toEqual(data)
    sandbox.admin.clock(86_400_000)
    await sandbox.admin.settle()
    expect(inbox.received).toHaveLength(1)
  })

  test('are repeated 15 times over a day until accepted, with the same id', async () => {
    inbox.answer.status = 500
    await paid()
    const minutes = [0.25, 0.25, 0.5, 3, 10, 20, 30, 30, 30, 60, 180, 180, 180, 360, 360]
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
    expect(passed).toBe((24 * 60 + 4) * 60_000)
    const { admin } = sandbox
    const notice = admin.notices()[0]!
    expect([notice.state, notice.tries]).toEqual(['given up', 16])
    const ids = new Set(inbox.received.map((one) => JSON.parse(one.body).id))
    expect([inbox.received.length, ids.size]).toEqual([16, 1])
  })

  test('can be lost: with all of them dropped the merchant hears nothing, a query knows', async () => {
    sandbox.admin.fault('wechat.notice', 'drop', null)
    const body = await paid()
    expect(inbox.received).toHaveLength(0)
    expect((await call('GET', ofNumber(body.out_trade_no))).data.trade_state).toBe('SUCCESS')
    sandbox.admin.clearFaults()
    sandbox.admin.clock(15_000)
    await sandbox.admin.settle()
    expect(inbox.received).toHaveLength(1)
  })

  test('can be doubled, forged, probed and carry another amount', async () => {
    const { admin, credentials } = sandbox
    admin.fault('wechat.notice', 'duplicate')
    await paid()
    expect(new Set(inbox.received.map((one) => JSON.parse(one.body).id)).size).toBe(1)
    expect(inbox.received).toHaveLength(2)

    for (const fault of ['forged', 'signtest']) {
      inbox.received.length = 0
      admin.fault('wechat.notice', fault)
      await paid()
      const verdicts = inbox.received.map((one) => isNoticeSigned(credentials, one))
      expect([fault, verdicts]).toEqual([fault, [false, true]])
    }

    inbox.received.length = 0
    admin.fault('wechat.notice', 'amountMismatch')
    await paid()
    expect(isNoticeSigned(credentials, inbox.received[0]!)).toBe(true)
    expect(opened(credentials, inbox.received[0]!).amount.total).toBe(101)
  })

  test('can be late, and come as the old version’s XML', async () => {
    sandbox.admin.fault('wechat.notice', 'late')
    const body = await paid()
    sandbox.admin.clock(59_999)
    await sandbox.admin.settle()
    expect(inbox.received).toHaveLength(0)
    sandbox.admin.clock(60_000)
    await sandbox.admin.settle()
    expect(inbox.received).toHaveLength(1)
    sandbox.admin.fault('wechat.notice', 'v2Xml')
    await call('POST', REFUNDS, refund(body.out_trade_no, 40))
    sandbox.admin.clock(70_000)
    await sandbox.admin.settle()
    expect(inbox.received[1]?.body).toMatch(/^<xml>.*<\/xml>$/)
  })

  test('can overtake each other: the payment’s comes after the refund’s', async () => {
    sandbox.admin.fault('wechat.notice', 'outOfOrder')
    const body = await paid()
    expect(inbox.received).toHaveLength(0)
    await call('POST', REFUNDS, refund(body.out_trade_no, 40))
    sandbox.admin.clock(3_000)
    await sandbox.admin.settle()
    const events = inbox.received.map((one) => JSON.parse(one.body).event_type)
    expect(events).toEqual(['REFUND.SUCCESS', 'TRANSACTION.SUCCESS'])
  })

  test('name the key of the mode: public key, certificate, or both in turn', async () => {
    const { wechatPay } = sandbox.credentials
    const [certificate] = Object.keys(wechatPay.publicKeys).filter(
      (id) => id !== wechatPay.publicKeyId,
    )
    sandbox.admin.keyMode('certificate')
    await paid()
    expect(inbox.received[0]?.headers['wechatpay-serial']).toBe(certificate)
    expect(isNoticeSigned(sandbox.credentials, inbox.received[0]!)).toBe(true)
    sandbox.admin.keyMode('mixed')
    inbox.answer.status = 500
    inbox.received.length = 0
    await paid()
    for (let hour = 1; hour < 60; hour += 1) {
      sandbox.admin.clock(hour * 3_600_000)
      await sandbox.admin.settle()
    }
    const serials = new Set(inbox.received.map((one) => one.headers['wechatpay-serial']))
    expect([...serials].sort()).toEqual([certificate, wechatPay.publicKeyId].sort())
  })
})

function refund(out_trade_no: string, fen: number, no = `R_${out_trade_no}`) {
  const amount = { refund: fen, total: 100, currency: 'CNY' }
  return { out_trade_no, out_refund_no: no, notify_url: inbox.url, amount }
}

describe('refunds', () => {
  test('are accepted at once, done later and told; the order is then REFUND', async () => {
    const body = await paid()
    inbox.received.length = 0
    const asked = await call('POST', REFUNDS, refund(body.out_trade_no, 40))
    expect(asked.data).toMatchObject({ status: 'PROCESSING', amount: { refund: 40, total: 100 } })
    expect((await call('GET', ofNumber(body.out_trade_no))).data.trade_state).toBe('REFUND')
    sandbox.admin.clock(3_000)
    await sandbox.admin.settle()
    const done = await call('GET', `${REFUNDS}/R_${body.out_trade_no}`)
    expect(done.data).toMatchObject({ status: 'SUCCESS', refund_id: asked.data.refund_id })
    expect(isNoticeSigned(sandbox.credentials, inbox.received[0]!)).toBe(true)
    expect(opened(sandbox.credentials, inbox.received[0]!)).toMatchObject({
      refund_status: 'SUCCESS',
      out_refund_no: `R_${body.out_trade_no}`,
      amount: { total: 100, refund: 40 },
    })
  })

  test('the same number is the same refund; more than was paid is refused', async () => {
    const body = await paid()
    const no = body.out_trade_no
    const first = await call('POST', REFUNDS, refund(no, 60))
    const again = await call('POST', REFUNDS, refund(no, 60))
    expect(again.data.refund_id).toBe(first.data.refund_id)
    expect(await refusal(call('POST', REFUNDS, refund(no, 61)))).toBe('400 INVALID_REQUEST')
    expect(await refusal(call('POST', REFUNDS, refund(no, 1, 'other')))).toBe(
      '429 FREQUENCY_LIMITED',
    )
    sandbox.admin.clock(60_000)
    expect(await refusal(call('POST', REFUNDS, refund(no, 41, 'other')))).toBe(
      '400 INVALID_REQUEST',
    )
    expect((await call('POST', REFUNDS, refund(no, 40, 'other'))).data.status).toBe('PROCESSING')
  })

  test('of an unpaid or unknown order there is nothing to refund', async () => {
    const body = order()
    await call('POST', JSAPI, body)
    const unpaid = call('POST', REFUNDS, refund(body.out_trade_no, 1))
    expect(await refusal(unpaid)).toBe('404 RESOURCE_NOT_EXISTS')
    const unknown = call('POST', REFUNDS, refund('T2026_none', 1))
    expect(await refusal(unknown)).toBe('404 RESOURCE_NOT_EXISTS')
    expect(await refusal(call('GET', `${REFUNDS}/nothing`))).toBe('404 RESOURCE_NOT_EXISTS')
  })

  test('can end as ABNORMAL', async () => {
    const body = await paid()
    sandbox.admin.fault('wechat.refund', 'abnormal')
    await call('POST', REFUNDS, refund(body.out_trade_no, 100))
    sandbox.admin.clock(3_000)
    await sandbox.admin.settle()
    expect((await call('GET', `${REFUNDS}/R_${body.out_trade_no}`)).data.status).toBe('ABNORMAL')
  })
})

describe('delivery', () => {
  async function upload(changes: object = {}) {
    const { wechat, wechatPay } = sandbox.credentials
    const { appid, secret } = wechat
    const asked = { grant_type: 'client_credential', appid, secret }
    const token = await postJson(`${sandbox.url}/cgi-bin/stable_token`, asked)
    const url = `${sandbox.url}/wxa/sec/order/upload_shipping_info`
    const no = sandbox.admin.trades().wechat[0]?.out_trade_no
    const body = {
      order_key: { order_number_type: 1, mchid: wechatPay.mchid, out_trade_no: no },
      logistics_type: 4,
      delivery_mode: 1,
      shipping_list: [{ item_desc: '到店服务' }],
      upload_time: '2026-10-01T12:00:00.000+08:00',
      payer: { openid },
      ...changes,
    }
    const query = `access_token=${token.body.access_token}`
    return (await postJson(`${url}?${query}`, body)).body.errcode
  }

  test('is told some seconds after the payment, and can be changed once', async () => {
    await paid()
    expect(await upload()).toBe(10060001)
    sandbox.admin.clock(10_000)
    expect(await upload({ payer: { openid: 'oNobody' } })).toBe(10060003)
    expect(await upload({ shipping_list: [] })).toBe(47001)
    expect([await upload(), await upload(), await upload()]).toEqual([0, 0, 10060004])
  })
})

describe('certificates', () => {
  test('a merchant with only the public key has none', async () => {
    expect(await refusal(call('GET', '/v3/certificates'))).toBe('404 RESOURCE_NOT_EXISTS')
  })

  test('in certificate mode the encrypted one is the answer’s own signer', async () => {
    sandbox.admin.keyMode('certificate')
    const { data, headers } = await call('GET', '/v3/certificates')
    const [one] = data.data
    expect(headers['wechatpay-serial']).toBe(one.serial_no)
    const { ciphertext, nonce, associated_data: aad } = one.encrypt_certificate
    const pem = Aes.AesGcm.decrypt(ciphertext, sandbox.credentials.wechatPay.apiV3Key, nonce, aad)
    expect(new X509Certificate(pem).serialNumber).toBe(one.serial_no)
  })
})

describe('faults of the way', () => {
  test('a dropped answer has done its work: the same call again finds it', async () => {
    const body = order()
    sandbox.admin.fault('wechat.order', 'dropAfterCommit')
    expect(await refusal(call('POST', JSAPI, body))).toMatch(/ECONNRESET|socket hang up/)
    expect((await call('GET', ofNumber(body.out_trade_no))).data.trade_state).toBe('NOTPAY')
    expect((await call('POST', JSAPI, body)).status).toBe(200)
  })

  test('429, 500 and 503 do no work', async () => {
    const body = order()
    const expected = {
      status429: '429 FREQUENCY_LIMITED',
      status500: '500 SYSTEM_ERROR',
      status503: '503 SERVICE_UNAVAILABLE',
    }
    for (const [fault, answer] of Object.entries(expected)) {
      sandbox.admin.fault('wechat.order', fault)
      expect(await refusal(call('POST', JSAPI, body))).toBe(answer)
    }
    sandbox.admin.fault('wechat.order', 'status202')
    expect((await call('POST', JSAPI, body)).status).toBe(202)
    expect(await refusal(call('GET', ofNumber(body.out_trade_no)))).toBe('404 ORDER_NOT_EXIST')
  })

  test('money under way arrives though the order was closed', async () => {
    const body = order()
    await call('POST', JSAPI, body)
    const { mchid, out_trade_no: no } = body
    await call('POST', `/v3/pay/transactions/out-trade-no/${no}/close`, { mchid })
    expect(sandbox.admin.payLate('wechat', no)).toBe(true)
    await sandbox.admin.settle()
    expect(inbox.received).toHaveLength(1)
    expect((await call('GET', ofNumber(no))).data.trade_state).toBe('SUCCESS')
    expect(sandbox.admin.payLate('wechat', no)).toBe(false)
  })

  test('a fault the table does not know is not armed', () => {
    expect(sandbox.admin.fault('wechat.order', 'nonsense')).toBe(false)
    expect(sandbox.admin.fault('nothing', 'status500')).toBe(false)
  })
})
