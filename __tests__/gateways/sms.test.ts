import { smsKey, smsShown, smsTextNames } from '@jiyue/contract/sms'
import { connectPlatforms } from '../../server/platforms/connect.ts'
import { signedParams } from '../../server/platforms/sms.ts'
import { value } from './cases.ts'
import { type Merchant, startMerchant } from './merchant.ts'
import { keptKeys } from './sandboxMerchant.ts'

const keys = keptKeys()
let merchant: Merchant
beforeEach(async () => {
  merchant = await startMerchant(keys.dir())
})
afterEach(() => merchant.stop())
afterAll(() => keys.end())

const phone = '13800138000'
const send = () => merchant.platforms.sendSignInCode(phone, '042137', merchant.now)

test('the signature is the one of Aliyun’s own example', () => {
  const params = {
    AccessKeyId: 'testId',
    Action: 'SendSms',
    Format: 'XML',
    OutId: '123',
    PhoneNumbers: '15300000001',
    RegionId: 'cn-hangzhou',
    SignName: '阿里云短信测试专用',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: '45e25e9b-0a6f-4070-8c85-2956eda1b466',
    SignatureVersion: '1.0',
    TemplateCode: 'SMS_71390007',
    TemplateParam: '{"customer":"test"}',
    Timestamp: '2017-07-12T02:42:19Z',
    Version: '2017-05-25',
  }
  expect(signedParams('GET', 'testSecret', params).Signature).toBe('zJDF+Lrzhj/ThnlvIToysFRq6t4=')
})

test('a sign-in code arrives under our name, with its leading zero', async () => {
  expect(value(await send())).toEqual(expect.any(String))
  expect(merchant.sandbox.admin.outbox(phone)).toMatchObject([
    {
      channel: 'sms',
      to: phone,
      text: '【即约】您的验证码是 042137，5 分钟内有效，请勿告诉他人。',
    },
  ])
})

const about = {
  title: '预约成功',
  service: `亲子 * ~ ' ( ) ! + % & = ／ "引号"`,
  time: '2026年11月30日 14:00',
  place: '徐汇店，漕溪北路 88 号',
  number: 'JY2611300000001',
  hint: '预约已生效，请按时参加',
}

test('signs that must be escaped arrive as they are', async () => {
  value(
    await merchant.platforms.sms!.send({ phone, template: 'booking', params: about }, merchant.now),
  )
  expect(merchant.sandbox.admin.outbox(phone)[0]?.text).toBe(
    `【即约】${smsShown('booking', about)}`,
  )
})

test('the platform takes no long variable and no link; ours are cut, and links stand in the texts', async () => {
  const send = (params: Record<string, string>) =>
    merchant.platforms.sms!.send({ phone, template: 'booking', params }, merchant.now)
  expect(await send({ ...about, place: 'x'.repeat(36) })).toMatchObject({
    code: 'isv.PARAM_LENGTH_LIMIT',
  })
  expect(await send({ ...about, hint: 'https://a.b/c' })).toMatchObject({
    code: 'isv.PARAM_NOT_SUPPORT_URL',
  })
  const key = 'K'.repeat(44)
  const long = { ...about, service: '亲子沟通讲座'.repeat(9), hint: '🎉\n', ...smsKey(key) }
  for (const template of smsTextNames) {
    const params = { ...long, code: '042137', name: '小舟', amount: '¥49' }
    value(await merchant.platforms.sendText({ phone, template, params }, merchant.now))
  }
  const texts = merchant.sandbox.admin.outbox(phone).map(({ text }) => text)
  expect(texts).toHaveLength(smsTextNames.length)
  expect(texts.filter((text) => text.includes(key))).toHaveLength(2)
  for (const text of texts) expect(text).not.toMatch(/🎉|undefined|[{}]/)
})

test('the texts that are registered are those that we ask a merchant to register', async () => {
  const params = { ...about, code: '1', name: 'n', amount: '¥1', key: 'k', more: 'm' }
  for (const template of smsTextNames) {
    value(await merchant.platforms.sendText({ phone, template, params }, merchant.now))
    const ours = smsShown(template, { ...params, site: 'https://jiyue.example' })
    expect(merchant.sandbox.admin.outbox(phone)[0]?.text).toBe(`【即约】${ours}`)
  }
})

test('a text without a code is not set up, and nothing is sent', async () => {
  const credentials = structuredClone(merchant.credentials)
  delete credentials.sms!.templates.todo
  const answer = await connectPlatforms(credentials).sendText(
    { phone, template: 'todo', params: about },
    merchant.now,
  )
  expect(answer).toMatchObject({ kind: 'refused', code: 'not_set_up' })
  expect(merchant.sandbox.admin.outbox(phone)).toEqual([])
})

test.each([
  ['limited', 'isv.BUSINESS_LIMIT_CONTROL', 'refused'],
  ['outOfService', 'isv.OUT_OF_SERVICE', 'refused'],
  ['status500', 'http_500', 'unknown'],
])('%s → %s, %s', async (fault, code, kind) => {
  merchant.sandbox.admin.fault('sms.send', fault)
  expect(await send()).toMatchObject({ ok: false, kind, code })
})

test('a lost answer is unknown, and no second text is sent', async () => {
  merchant.sandbox.admin.fault('sms.send', 'dropAfterCommit', null)
  expect(await send()).toMatchObject({ kind: 'unknown', code: 'no_answer' })
  expect(merchant.sandbox.admin.outbox(phone)).toHaveLength(1)
})

test.each([
  ['Throttling.User', 400, 'unknown'],
  ['isp.SYSTEM_ERROR', 200, 'unknown'],
  ['SignatureDoesNotMatch', 400, 'refused'],
  ['isv.MOBILE_NUMBER_ILLEGAL', 200, 'refused'],
])('%s under HTTP %i is %s', async (Code, status, kind) => {
  const over = async () => new Response(JSON.stringify({ Code, Message: 'm' }), { status })
  const platforms = connectPlatforms(merchant.credentials, { fetch: over })
  const answer = await platforms.sendSignInCode(phone, '1', merchant.now)
  expect(answer).toMatchObject({ ok: false, kind, code: Code })
})

test('a wrong secret is refused by the platform’s own check', async () => {
  const credentials = structuredClone(merchant.credentials)
  credentials.sms!.accessKeySecret = 'other'
  const answer = await connectPlatforms(credentials).sendSignInCode(phone, '1', merchant.now)
  expect(answer).toMatchObject({ kind: 'refused', code: 'SignatureDoesNotMatch' })
})

test('without an account nothing is sent, and it says so', async () => {
  const platforms = connectPlatforms({ ...merchant.credentials, sms: null })
  expect(platforms.sms).toBeNull()
  expect(await platforms.sendSignInCode(phone, '1', merchant.now)).toMatchObject({
    kind: 'refused',
    code: 'not_set_up',
  })
})
