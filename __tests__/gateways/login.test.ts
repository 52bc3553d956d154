import { createCipheriv, createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { signText } from '../../server/platforms/alipaySignature.ts'
import { connectPlatforms } from '../../server/platforms/connect.ts'
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

const HOSTS = [
  ['weapp', 'weapp'],
  ['wechat-browser', 'wechatWeb'],
  ['alipay', 'alipay'],
] as const

/** Platforms that count what is asked of them, by path. */
function counting() {
  const asked: string[] = []
  const over: typeof fetch = (url, init) => {
    asked.push(new URL(String(url)).pathname)
    return fetch(url, init)
  }
  const pause = async () => {}
  return { asked, platforms: connectPlatforms(merchant.credentials, { fetch: over, pause }) }
}

describe.each(HOSTS)('a login code of %s', (host, door) => {
  const signIn = (code: string) => merchant.platforms.subjectOf(host, code, merchant.now)
  const code = (person: string) => merchant.sandbox.admin.code(door, person)

  test('names the person, the same one each time', async () => {
    const [first, again, other] = [code('小明'), code('小明'), code('小红')]
    const id = value(await signIn(first))
    expect(id).toMatch(/^o.{10,}/)
    expect(value(await signIn(again))).toBe(id)
    expect(value(await signIn(other))).not.toBe(id)
  })

  test('works once', async () => {
    const once = code('小明')
    value(await signIn(once))
    expect(await signIn(once)).toMatchObject({ ok: false, kind: 'refused' })
  })

  test('that nobody was given is refused, also an empty or a strange one', async () => {
    for (const made of ['nonsense', '', '&appid=other', '%']) {
      expect(await signIn(made)).toMatchObject({ ok: false, kind: 'refused' })
    }
  })

  test('of another door is refused', async () => {
    const elsewhere = HOSTS.find(([, other]) => other !== door)![1]
    expect(await signIn(merchant.sandbox.admin.code(elsewhere, '小明'))).toMatchObject({
      kind: 'refused',
    })
  })

  test('with the answer lost is unknown, and not asked for again: the code is used up', async () => {
    const call = host === 'alipay' ? 'alipay.system.oauth.token' : 'wechat.login'
    merchant.sandbox.admin.fault(call, 'dropAfterCommit', null)
    const { asked, platforms } = counting()
    const answer = await platforms.subjectOf(host, code('小明'), merchant.now)
    expect(answer).toMatchObject({ kind: 'unknown', code: 'no_answer' })
    expect(asked).toHaveLength(1)
  })
})

test('WeChat being busy is no refusal', async () => {
  merchant.sandbox.admin.fault('wechat.login', 'busy')
  const code = merchant.sandbox.admin.code('weapp', '小明')
  const answer = await merchant.platforms.subjectOf('weapp', code, merchant.now)
  expect(answer).toMatchObject({ ok: false, kind: 'unknown', code: '-1' })
})

test('the mini-program’s answer carries the union id and never the session key', async () => {
  const code = merchant.sandbox.admin.code('weapp', '小明')
  const person = value(await merchant.platforms.wechat.mini(code))
  expect(Object.keys(person).sort()).toEqual(['openid', 'unionid'])
})

test('WeChat’s browser is sent for a code; WeChat wants the parameters in exactly this order', () => {
  const { appId, authorizeUrl } = merchant.platforms.webSignIn()!
  expect(appId).toBe(merchant.credentials.wechatWeb?.appid)
  expect(authorizeUrl).toBe(
    `${merchant.sandbox.url}/connect/oauth2/authorize?appid=${appId}&redirect_uri=&response_type=code&scope=snsapi_base&state=#wechat_redirect`,
  )
})

test('without an official account its browser cannot sign in', async () => {
  const platforms = connectPlatforms({ ...merchant.credentials, wechatWeb: null })
  expect(await platforms.subjectOf('wechat-browser', 'x', merchant.now)).toMatchObject({
    kind: 'refused',
    code: 'not_set_up',
  })
  expect(platforms.webSignIn()).toBeNull()
})

describe('the access token', () => {
  const phoneCode = () => (merchant.sandbox.admin.phoneCode('13800138000') as { code: string }).code

  test('is fetched once for all who wait, and kept', async () => {
    const { asked, platforms } = counting()
    const codes = [phoneCode(), phoneCode(), phoneCode()]
    const numbers = await Promise.all(
      codes.map((code) => platforms.wechat.phone(code, merchant.now)),
    )
    expect(numbers.map(value)).toEqual(Array(3).fill('13800138000'))
    value(await platforms.wechat.phone(phoneCode(), merchant.now))
    expect(asked.filter((path) => path === '/cgi-bin/stable_token')).toHaveLength(1)
  })

  test('is fetched anew in its last five minutes', async () => {
    const { asked, platforms } = counting()
    const after = (minutes: number) => new Date(merchant.now.getTime() + minutes * 60_000)
    for (const minutes of [0, 114, 116])
      value(await platforms.wechat.phone(phoneCode(), after(minutes)))
    expect(asked.filter((path) => path === '/cgi-bin/stable_token')).toHaveLength(2)
  })

  test('that WeChat no longer takes is replaced, once', async () => {
    const { asked, platforms } = counting()
    merchant.sandbox.admin.consent('小明', 'template-0001')
    merchant.sandbox.admin.fault('wechat.message', 'expiredToken')
    const openid = value(
      await platforms.subjectOf(
        'weapp',
        merchant.sandbox.admin.code('weapp', '小明'),
        merchant.now,
      ),
    )
    const message = { openid, templateId: 'template-0001', data: { thing1: '保洁' } }
    value(await platforms.wechat.sendSubscribe(message, merchant.now))
    expect(asked.filter((path) => path === '/cgi-bin/stable_token')).toHaveLength(2)
    merchant.sandbox.admin.fault('wechat.message', 'expiredToken', null)
    expect(await platforms.wechat.sendSubscribe(message, merchant.now)).toMatchObject({
      code: '42001',
    })
  })

  test('that cannot be had is asked for again at the next need', async () => {
    merchant.sandbox.admin.fault('wechat.token', 'status500', 3)
    const code = phoneCode()
    expect(await merchant.platforms.wechat.phone(code, merchant.now)).toMatchObject({
      kind: 'unknown',
    })
    expect(value(await merchant.platforms.wechat.phone(code, merchant.now))).toBe('13800138000')
  })
})

describe('a phone number', () => {
  test('given in WeChat is read once', async () => {
    const { code } = merchant.sandbox.admin.phoneCode('13800138000') as { code: string }
    expect(value(await merchant.platforms.wechat.phone(code, merchant.now))).toBe('13800138000')
    expect(await merchant.platforms.wechat.phone(code, merchant.now)).toMatchObject({
      kind: 'refused',
    })
  })

  test.each([
    ['of another app', { watermark: { appid: 'wx2' } }, 'wrong_app'],
    ['from abroad', { countryCode: '1' }, 'phone_abroad'],
  ])('%s is refused', async (_name, change, code) => {
    const { appid } = merchant.credentials.wechat
    const info = { purePhoneNumber: '13800138000', countryCode: '86', watermark: { appid } }
    const answers = [
      { access_token: 't', expires_in: 7200 },
      { errcode: 0, phone_info: { ...info, ...change } },
    ]
    const over = async () => new Response(JSON.stringify(answers.shift()))
    const platforms = connectPlatforms(merchant.credentials, { fetch: over })
    expect(await platforms.wechat.phone('c', merchant.now)).toMatchObject({ kind: 'refused', code })
  })

  const given = () =>
    (merchant.sandbox.admin.phoneCode('13800138000', 'alipay') as { response: string }).response

  test('given in Alipay is verified and opened', () => {
    expect(value(merchant.platforms.alipay.phone(given()))).toBe('13800138000')
  })

  test('forged, tampered with or sealed for another app is refused', () => {
    const { phone } = merchant.platforms.alipay
    const right = JSON.parse(given())
    const other = JSON.parse(
      (merchant.sandbox.admin.phoneCode('13900139000', 'alipay') as { response: string }).response,
    )
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const forged = { ...right, sign: signText(stranger, `"${right.response}"`) }
    for (const wrong of [
      forged,
      { ...right, response: other.response },
      { ...right, sign: undefined },
    ]) {
      expect(phone(JSON.stringify(wrong))).toMatchObject({ kind: 'refused', code: 'bad_signature' })
    }
    const credentials = structuredClone(merchant.credentials)
    credentials.alipay.aesKey = Buffer.alloc(16, 1).toString('base64')
    expect(connectPlatforms(credentials).alipay.phone(given())).toMatchObject({ kind: 'refused' })
  })

  test('the person did not give, or an error in its place, is refused', () => {
    const { phone } = merchant.platforms.alipay
    for (const text of [
      '',
      '{}',
      'x',
      '{"response":{"code":"40003","msg":"Insufficient Conditions"}}',
    ]) {
      expect(phone(text)).toMatchObject({ kind: 'refused', code: 'phone_not_given' })
    }
    const signer = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const credentials = structuredClone(merchant.credentials)
    credentials.alipay.alipayPublicKey = signer.publicKey
    const key = Buffer.from(credentials.alipay.aesKey, 'base64')
    const cipher = createCipheriv('aes-128-cbc', key, Buffer.alloc(16))
    const inside = '{"code":"40003","msg":"x","sub_code":"isv.invalid-auth-relations"}'
    const response = Buffer.concat([cipher.update(inside), cipher.final()]).toString('base64')
    const sign = signText(createPrivateKey(signer.privateKey), `"${response}"`)
    expect(
      connectPlatforms(credentials).alipay.phone(JSON.stringify({ response, sign })),
    ).toMatchObject({
      kind: 'refused',
      code: 'isv.invalid-auth-relations',
    })
  })
})

describe('messages', () => {
  const openId = async (host: 'weapp' | 'alipay') =>
    value(
      await merchant.platforms.subjectOf(
        host,
        merchant.sandbox.admin.code(host, '小明'),
        merchant.now,
      ),
    )
  const templateId = 'template-0001'

  test('one consent in WeChat is one message', async () => {
    const openid = await openId('weapp')
    const send = () =>
      merchant.platforms.wechat.sendSubscribe(
        {
          openid,
          templateId,
          page: 'pages/order/index?id=1',
          data: { thing1: '上门保洁', time2: '2026年11月23日 14:00' },
        },
        merchant.now,
      )
    merchant.sandbox.admin.consent('小明', templateId)
    value(await send())
    expect(await send()).toMatchObject({ kind: 'refused', code: '43101' })
    expect(merchant.sandbox.admin.outbox(openid)).toHaveLength(1)
  })

  test('values too long are shortened, so that the message arrives', async () => {
    const openid = await openId('weapp')
    merchant.sandbox.admin.consent('小明', templateId)
    const data = {
      thing1: `两小时\n${'深度保洁'.repeat(10)}`,
      phrase2: '待您确认参与',
      name3: '欧阳'.repeat(9),
    }
    value(await merchant.platforms.wechat.sendSubscribe({ openid, templateId, data }, merchant.now))
    const [message] = merchant.sandbox.admin.outbox(openid)
    expect(message?.text).toBe(
      `thing1: 两小时 ${'深度保洁'.repeat(3)}深度保…\nphrase2: 待您确认参\nname3: ${'欧阳'.repeat(5)}`,
    )
  })

  test('a lost answer is unknown and never sent again by itself', async () => {
    const openid = await openId('weapp')
    const alipayId = await openId('alipay')
    for (const _ of [1, 2, 3]) merchant.sandbox.admin.consent('小明', templateId)
    merchant.sandbox.admin.fault('wechat.message', 'dropAfterCommit', null)
    merchant.sandbox.admin.fault(
      'alipay.open.app.mini.templatemessage.send',
      'dropAfterCommit',
      null,
    )
    const { wechat, alipay } = merchant.platforms
    const data = { thing1: '保洁' }
    expect(await wechat.sendSubscribe({ openid, templateId, data }, merchant.now)).toMatchObject({
      kind: 'unknown',
    })
    const message = {
      openId: alipayId,
      templateId,
      page: 'pages/home/index',
      data: { keyword1: '保洁' },
    }
    expect(await alipay.sendTemplate(message, merchant.now)).toMatchObject({ kind: 'unknown' })
    expect(merchant.sandbox.admin.outbox()).toHaveLength(2)
  })

  test('Alipay’s arrive', async () => {
    const id = await openId('alipay')
    const message = {
      openId: id,
      templateId,
      page: 'pages/home/index',
      data: { keyword1: '保洁', keyword2: '14:00' },
    }
    value(await merchant.platforms.alipay.sendTemplate(message, merchant.now))
    expect(merchant.sandbox.admin.outbox(id)).toMatchObject([
      { channel: 'alipay', text: 'keyword1: 保洁\nkeyword2: 14:00' },
    ])
    const nobody = await merchant.platforms.alipay.sendTemplate(
      { ...message, openId: 'o404' },
      merchant.now,
    )
    expect(nobody).toMatchObject({ kind: 'refused' })
  })
})
