import { createHmac, randomUUID } from 'node:crypto'
import { FAULTS } from '../../sandbox/faults.ts'
import { FAULT_WORDS } from '../../sandbox/faultWords.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { keptKeys, postJson } from './sandboxMerchant.ts'

let sandbox: Sandbox
let now: number
const fresh = keptKeys()

beforeEach(async () => {
  now = Date.now()
  sandbox = await startSandbox({ dir: fresh.dir(), clock: () => now })
})
afterEach(() => sandbox.stop())
afterAll(() => fresh.end())

const getJson = async (path: string, query: object) =>
  (await fetch(`${sandbox.url}${path}?${new URLSearchParams({ ...query })}`)).json()

function session(changes: object = {}) {
  const { appid, secret } = sandbox.credentials.wechat
  const code = sandbox.admin.code('weapp', '小明')
  const grant_type = 'authorization_code'
  return getJson('/sns/jscode2session', { appid, secret, js_code: code, grant_type, ...changes })
}

async function token(changes: object = {}) {
  const { appid, secret } = sandbox.credentials.wechat
  const body = { grant_type: 'client_credential', appid, secret, ...changes }
  return (await postJson(`${sandbox.url}/cgi-bin/stable_token`, body)).body
}

async function withToken(path: string, body: object, access?: string) {
  const access_token = access ?? (await token()).access_token
  return (await postJson(`${sandbox.url}${path}?access_token=${access_token}`, body)).body
}

describe('signing in', () => {
  test('the same person has one open id in an app and another in the next', async () => {
    const first = await session()
    const second = await session()
    expect(first.openid).toMatch(/^o[\w-]{27}$/)
    expect(Buffer.from(first.session_key, 'base64')).toHaveLength(16)
    expect(second.openid).toBe(first.openid)
    const { appid, secret } = sandbox.credentials.wechatWeb
    const code = sandbox.admin.code('wechatWeb', '小明')
    const query = { appid, secret, code, grant_type: 'authorization_code' }
    const web = await getJson('/sns/oauth2/access_token', query)
    expect(web.openid).not.toBe(first.openid)
    expect(web.unionid).toBe(first.unionid)
    const refresh = { appid, grant_type: 'refresh_token', refresh_token: web.refresh_token }
    expect((await getJson('/sns/oauth2/refresh_token', refresh)).openid).toBe(web.openid)
  })

  test.each([
    [40029, { js_code: 'nonsense' }],
    [41008, { js_code: '' }],
    [40013, { appid: 'wx0000000000000001' }],
    [41002, { appid: '' }],
    [40125, { secret: 'wrong' }],
    [41004, { secret: '' }],
  ])('answers %i to %j', async (errcode, changes) => {
    const answer = await session(changes)
    expect(answer.errcode).toBe(errcode)
    expect(answer).not.toHaveProperty('openid')
  })

  test('a code is good once, for five minutes and for its own host', async () => {
    const js_code = sandbox.admin.code('weapp', '小明')
    expect(await session({ js_code })).toHaveProperty('openid')
    expect((await session({ js_code })).errcode).toBe(40163)
    const late = sandbox.admin.code('weapp', '小明')
    sandbox.admin.clock(5 * 60_000 + 1)
    expect((await session({ js_code: late })).errcode).toBe(40029)
    const elsewhere = sandbox.admin.code('alipay', '小明')
    expect((await session({ js_code: elsewhere })).errcode).toBe(40029)
  })

  test('WeChat’s authorisation page goes back with a code and the same state', async () => {
    const { appid, secret } = sandbox.credentials.wechatWeb
    const redirect_uri = 'https://merchant.example.test/back?from=wechat'
    const asked = { appid, redirect_uri, response_type: 'code', scope: 'snsapi_base', state: 's1' }
    const url = `${sandbox.url}/connect/oauth2/authorize`
    const page = await (await fetch(`${url}?${new URLSearchParams(asked)}`)).text()
    expect(page).toContain('同意登录')
    const body = new URLSearchParams({ ...asked, person: '小明' })
    const after = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    const back = Object.fromEntries(new URL(after.headers.get('location') ?? '').searchParams)
    expect(back).toMatchObject({ from: 'wechat', state: 's1' })
    const query = { appid, secret, code: back.code, grant_type: 'authorization_code' }
    expect(await getJson('/sns/oauth2/access_token', query)).toHaveProperty('openid')
    const script = new URLSearchParams({ ...asked, redirect_uri: 'javascript:alert(1)' })
    expect(await (await fetch(`${url}?${script}`)).text()).toContain('redirect_uri 参数错误')
  })

  test('codes come from the admin endpoint as the phone would get them', async () => {
    const body = { host: 'weapp', person: '小明' }
    const { code } = (await postJson(`${sandbox.url}/admin/codes`, body)).body
    expect((await session({ js_code: code })).openid).toBe((await session()).openid)
    const wrong = await postJson(`${sandbox.url}/admin/codes`, { host: 'phone', person: 'x' })
    expect(wrong.status).toBe(400)
  })
})

describe('the access token', () => {
  test('stays the same, is renewed in its last five minutes, the old one good meanwhile', async () => {
    const first = await token()
    expect(first.expires_in).toBe(7200)
    sandbox.admin.clock(6_899_000)
    expect((await token()).access_token).toBe(first.access_token)
    sandbox.admin.clock(6_901_000)
    const second = await token()
    expect(second.access_token).not.toBe(first.access_token)
    const { code } = sandbox.admin.phoneCode('13800138000') as { code: string }
    const path = '/wxa/business/getuserphonenumber'
    expect((await withToken(path, { code }, first.access_token)).errcode).toBe(0)
    sandbox.admin.clock(7_201_000)
    expect((await withToken(path, { code }, first.access_token)).errcode).toBe(42001)
    expect((await withToken(path, { code }, 'nonsense')).errcode).toBe(40001)
    expect((await withToken(path, { code }, '')).errcode).toBe(41001)
  })

  test('can be forced, not faster than every 30 seconds, and the old one is dead', async () => {
    const first = await token()
    expect((await token({ force_refresh: true })).errcode).toBe(45009)
    sandbox.admin.clock(30_000)
    const second = await token({ force_refresh: true })
    expect(second.access_token).not.toBe(first.access_token)
    const answer = await withToken('/wxa/msg_sec_check', {}, first.access_token)
    expect(answer.errcode).toBe(40001)
  })
})

test('a phone number is told once per code', async () => {
  const body = { phone: '13800138000' }
  const { code } = (await postJson(`${sandbox.url}/admin/phone-codes`, body)).body
  const answer = await withToken('/wxa/business/getuserphonenumber', { code })
  expect(answer.phone_info).toMatchObject({
    phoneNumber: '13800138000',
    countryCode: '86',
    watermark: { appid: sandbox.credentials.wechat.appid },
  })
  expect((await withToken('/wxa/business/getuserphonenumber', { code })).errcode).toBe(40029)
})

describe('subscribe messages', () => {
  const TEMPLATE = 'uNMcGiVZRdLLPTpWVLbXZ4Mmjq2c1hbOVAnzBCdMnJc'
  const message = async (changes: object = {}) => ({
    touser: (await session()).openid,
    template_id: TEMPLATE,
    page: 'pages/order/index?id=1',
    data: { thing1: { value: '少儿编程体验课' }, time2: { value: '2026年10月1日 15:01' } },
    ...changes,
  })
  const send = async (changes: object = {}) =>
    withToken('/cgi-bin/message/subscribe/send', await message(changes))

  test('one consent is one message', async () => {
    expect((await send()).errcode).toBe(43101)
    const consents = { person: '小明', templateIds: [TEMPLATE, TEMPLATE] }
    await postJson(`${sandbox.url}/admin/consents`, consents)
    expect(await send()).toEqual({ errcode: 0, errmsg: 'ok' })
    expect((await send()).errcode).toBe(0)
    expect((await send()).errcode).toBe(43101)
    const [newest] = sandbox.admin.outbox('小明')
    expect(newest).toMatchObject({ channel: 'wechat', template: TEMPLATE })
    expect(newest?.text).toContain('少儿编程体验课')
  })

  test.each([
    [40003, { touser: 'oNobody' }],
    [40037, { template_id: '' }],
    [41030, { page: '/pages/order?a b' }],
    [47003, { data: {} }],
    [47003, { data: { thing1: { value: '一'.repeat(21) } } }],
    [47003, { data: { thing1: { value: '两行\n字' } } }],
    [47003, { data: { phrase1: { value: 'ok' } } }],
    [47003, { data: { number1: { value: '一' } } }],
    [47003, { data: { amount1: { value: '¥12345678901' } } }],
    [47003, { data: { time1: { value: '下午三点' } } }],
    [47003, { data: { character_string1: { value: '订单1' } } }],
    [47003, { data: { phone_number1: { value: '1'.repeat(18) } } }],
    [47003, { data: { name1: { value: '一二三四五六七八九十一' } } }],
    [47003, { data: { nothing1: { value: 'x' } } }],
  ])('answers %i to %j', async (errcode, changes) => {
    sandbox.admin.consent('小明', TEMPLATE)
    expect((await send(changes)).errcode).toBe(errcode)
    expect(sandbox.admin.outbox()).toEqual([])
  })

  test.each([
    {
      amount1: { value: '¥99.00' },
      phrase2: { value: '已预约' },
      character_string3: { value: 'A-1' },
    },
    { amount1: { value: '88元' }, date2: { value: '2026-10-01' }, name3: { value: '王老师' } },
    { time1: { value: '15:01' }, number2: { value: 3 }, phone_number3: { value: '138-0013-8000' } },
    { time1: { value: '2026年10月1日 15:01~2026年10月1日 16:01' } },
  ])('accepts %j', async (data) => {
    sandbox.admin.consent('小明', TEMPLATE)
    expect((await send({ data })).errcode).toBe(0)
  })
})

test('text is checked', async () => {
  const { openid } = await session()
  const check = (content: string) =>
    withToken('/wxa/msg_sec_check', { version: 2, openid, scene: 2, content })
  expect((await check('老师很耐心')).result).toEqual({ suggest: 'pass', label: 100 })
  expect((await check('加微信领赌博网址')).result.suggest).toBe('risky')
  expect((await check('')).errcode).toBe(44002)
})

describe('text messages', () => {
  /** An RPC request signed by this test's own reading of Aliyun's rules. */
  async function send(changes: Record<string, string> = {}, secret?: string) {
    const { baseUrl, accessKeyId, accessKeySecret, signName, templates } = sandbox.credentials.sms
    const params: Record<string, string> = {
      AccessKeyId: accessKeyId,
      Action: 'SendSms',
      Format: 'JSON',
      PhoneNumbers: '13800138000',
      RegionId: 'cn-hangzhou',
      SignName: signName,
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: randomUUID(),
      SignatureVersion: '1.0',
      TemplateCode: templates.signInCode ?? '',
      TemplateParam: JSON.stringify({ code: '246810' }),
      Timestamp: new Date(now).toISOString().replace(/\.\d+/, ''),
      Version: '2017-05-25',
      ...changes,
    }
    const form = new URLSearchParams(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))
    const canonical = form
      .toString()
      .replaceAll('+', '%20')
      .replaceAll('*', '%2A')
      .replaceAll('%7E', '~')
    const text = `POST&%2F&${encodeURIComponent(canonical)}`
    const signature = createHmac('sha1', `${secret ?? accessKeySecret}&`)
      .update(text)
      .digest('base64')
    form.set('Signature', signature)
    const answer = await fetch(baseUrl, { method: 'POST', body: form })
    return { status: answer.status, ...(await answer.json()) }
  }

  test('a signed one is delivered and stands in the outbox and on its page', async () => {
    expect(await send()).toMatchObject({ status: 200, Code: 'OK' })
    const outbox = await getJson('/admin/outbox', { phone: '13800138000' })
    expect(outbox.messages).toHaveLength(1)
    expect(outbox.messages[0].text).toBe(
      '【即约】您的验证码是 246810，5 分钟内有效，请勿告诉他人。',
    )
    expect(await getJson('/admin/outbox', { phone: '13900139000' })).toEqual({ messages: [] })
    const page = await (await fetch(`${sandbox.url}/outbox`)).text()
    expect(page).toContain('<div class="code">246810</div>')
  })

  test('an unsigned, old, repeated or foreign one is refused', async () => {
    expect(await send({}, 'wrong')).toMatchObject({ status: 400, Code: 'SignatureDoesNotMatch' })
    const old = new Date(now - 16 * 60_000).toISOString()
    expect(await send({ Timestamp: old })).toMatchObject({ Code: 'InvalidTimeStamp.Expired' })
    const SignatureNonce = randomUUID()
    expect(await send({ SignatureNonce })).toMatchObject({ Code: 'OK' })
    expect(await send({ SignatureNonce })).toMatchObject({ Code: 'SignatureNonceUsed' })
    const foreign = await send({ AccessKeyId: 'LTAInobody' })
    expect(foreign).toMatchObject({ status: 404, Code: 'InvalidAccessKeyId.NotFound' })
    expect(sandbox.admin.outbox()).toHaveLength(1)
  })

  test.each([
    ['isv.MOBILE_NUMBER_ILLEGAL', { PhoneNumbers: '1380013800' }],
    ['isv.SMS_SIGNATURE_ILLEGAL', { SignName: '别家' }],
    ['isv.SMS_TEMPLATE_ILLEGAL', { TemplateCode: 'SMS_0' }],
    ['isv.TEMPLATE_MISSING_PARAMETERS', { TemplateParam: '{}' }],
    ['isv.INVALID_JSON_PARAM', { TemplateParam: 'code' }],
  ])('answers %s to %j', async (Code, changes) => {
    expect(await send(changes)).toMatchObject({ status: 200, Code })
    expect(sandbox.admin.outbox()).toEqual([])
  })

  test('can be limited by a fault', async () => {
    sandbox.admin.fault('sms.send', 'limited')
    expect(await send()).toMatchObject({ Code: 'isv.BUSINESS_LIMIT_CONTROL' })
    expect(await send()).toMatchObject({ Code: 'OK' })
  })
})

describe('the admin side', () => {
  test('arms only faults it knows, and a form comes back to its page', async () => {
    const url = `${sandbox.url}/admin/faults`
    const armed = await postJson(url, { call: 'wechat.order', fault: 'status500', times: 2 })
    expect(armed.body.armed).toMatchObject([{ call: 'wechat.order', fault: 'status500', left: 2 }])
    expect((await postJson(url, { call: 'wechat.order', fault: 'nonsense' })).status).toBe(400)
    expect((await postJson(url, { call: 'sms.send', fault: 'limited', times: 0 })).status).toBe(400)
    const body = new URLSearchParams({ what: 'sms.send limited', times: '' })
    const form = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    expect([form.status, form.headers.get('location')]).toEqual([303, '/faults'])
    const always = { call: 'sms.send', fault: 'limited', left: null }
    expect(sandbox.admin.faults()[1]).toMatchObject(always)
  })

  test('every fault has words for the person at the admin page', async () => {
    const names = new Set(Object.values(FAULTS).flat())
    expect([...names].filter((name) => !FAULT_WORDS[name])).toEqual([])
    expect(Object.keys(FAULT_WORDS).filter((name) => !names.has(name))).toEqual([])
  })

  test.each(['/', '/outbox', '/faults', '/trades', '/cashier/wechat/native'])(
    'page %s says that it is a sandbox',
    async (path) => {
      const answer = await fetch(`${sandbox.url}${path}`)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('沙箱环境')
    },
  )
})
