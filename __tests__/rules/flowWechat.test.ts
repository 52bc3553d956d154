/** Signing in inside WeChat's own browser, as the phone does it (P1, facts 4.2). */
import type { Answer, Request } from '@jiyue/contract/client'
import type { WebSignIn } from '../../src/lib/phone.ts'
import { createApp } from '../../src/stores/app.ts'
import { createPaymentStore } from '../../src/stores/payment.ts'
import { orderId, unpaidOrder } from './flowOrder.ts'
import { type GlassPhone, glassPhone, no, offline, ok } from './flowPhone.ts'

const authorizeUrl =
  'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx2&redirect_uri=&response_type=code&scope=snsapi_base&state=#wechat_redirect'
const page = 'https://book.example/pages/booking/index?id=s1&from=o1'
const user = { id: 'u1', name: '林小满', phoneMasked: null }
const session = { token: 't'.repeat(43), expiresAt: '2027-01-01T00:00:00Z', user }

type Answers = Record<string, Answer>
const usual: Answers = {
  'GET /v1/wechat-sign-in': ok({ wechat: { appId: 'wx2', authorizeUrl } }),
  'POST /v1/sessions': ok(session),
  'PUT /v1/me/identities/wechat-browser': ok(user),
  [`GET /v1/orders/${orderId}`]: ok(unpaidOrder()),
}

/** WeChat's browser at a page; `kept` is the device, `back` what WeChat brought. */
function wechatPhone({
  kept = new Map<string, string>(),
  back = null as ReturnType<WebSignIn['returned']>,
  answers = {} as Answers,
  secret = undefined as string | undefined,
} = {}) {
  const left: string[] = []
  let brought = back
  const phone: GlassPhone = glassPhone(({ method, path }: Request) => {
    return { ...usual, ...answers }[`${method} ${path}`] ?? no(404, 'not_found')
  }, kept)
  phone.scene = () => 'wechat-browser'
  if (secret) phone.secret = () => secret
  phone.webSignIn = {
    here: () => page,
    returned() {
      const once = brought
      brought = null
      return once
    },
    leave: (url) => left.push(url),
  }
  return { phone, left, app: createApp(phone) }
}

/** Leaves once; answers the state WeChat is to bring back. */
async function leave(kept: Map<string, string>): Promise<string> {
  const { app, left } = wechatPhone({ kept })
  await app.session.greet()
  return /state=(\w+)#/.exec(left[0] ?? '')?.[1] ?? ''
}

const asked = (phone: GlassPhone, what: string) =>
  phone.asked.filter(({ method, path }) => `${method} ${path}`.startsWith(what))

describe('leaving', () => {
  test('goes to WeChat’s address, our page and a state filled in where they stand', async () => {
    const { app, left } = wechatPhone({ secret: 'a1'.repeat(16) })
    expect(await app.session.greet()).toBe(false)
    expect(left).toEqual([
      `https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx2&redirect_uri=${encodeURIComponent(page)}&response_type=code&scope=snsapi_base&state=${'a1'.repeat(16)}#wechat_redirect`,
    ])
  })

  test('two who ask at once leave once', async () => {
    const { app, left } = wechatPhone()
    await Promise.all([app.session.greet(), app.session.greet()])
    expect(left).toHaveLength(1)
  })

  test('once by itself, then not for ten minutes: no page that goes round in circles', async () => {
    const kept = new Map<string, string>()
    await leave(kept)
    const { app, left, phone } = wechatPhone({ kept })
    expect(await app.session.greet()).toBeNull()
    expect(left).toEqual([])
    await phone.pass(10 * 60_000)
    expect(await app.session.greet()).toBe(false)
    expect(left).toHaveLength(1)
  })

  test('a tap may try again at any time', async () => {
    const kept = new Map<string, string>()
    await leave(kept)
    const { app, left } = wechatPhone({ kept })
    expect(await app.session.signInByWechat()).toBe(true)
    expect(left).toHaveLength(1)
  })

  test.each([
    ['the merchant has no official account', ok({ wechat: null })],
    ['nobody answers', offline],
  ])('%s: the person is asked by phone instead', async (_, answer) => {
    const { app, left } = wechatPhone({ answers: { 'GET /v1/wechat-sign-in': answer } })
    expect(await app.session.greet()).toBeNull()
    expect(left).toEqual([])
  })

  test('a device that keeps nothing cannot check a state, so the page stays', async () => {
    const { app, left, phone } = wechatPhone()
    phone.storage.set = () => false
    expect(await app.session.greet()).toBeNull()
    expect(left).toEqual([])
  })
})

describe('coming back', () => {
  test('with our state: the code signs in', async () => {
    const kept = new Map<string, string>()
    const state = await leave(kept)
    const { app, phone } = wechatPhone({ kept, back: { code: 'c1', state } })
    expect(await app.session.greet()).toBe(true)
    expect(asked(phone, 'POST /v1/sessions')[0]?.body).toEqual({
      host: 'wechat-browser',
      code: 'c1',
    })
    expect(app.session.token()).toBe(session.token)
    expect(app.saying.getState().next).toBeNull()
  })

  test.each([
    ['a state that nobody made', (state: string) => ({ code: 'c1', state: `${state}x` })],
    ['an empty state', () => ({ code: 'c1', state: '' })],
    ['no code', (state: string) => ({ code: null, state })],
  ])('with %s: no sign-in, a calm sentence, and the way by phone', async (_, make) => {
    const kept = new Map<string, string>()
    const state = await leave(kept)
    const { app, phone, left } = wechatPhone({ kept, back: make(state) })
    expect(await app.session.greet()).toBeNull()
    expect(asked(phone, 'POST')).toEqual([])
    expect(left).toEqual([])
    expect(app.saying.getState().next?.sentence).toBe('微信登录未成功，可使用手机号登录')
  })

  test('with a state that was never asked for on this phone (a stranger’s link): no sign-in', async () => {
    const { app, phone } = wechatPhone({ back: { code: 'theirs', state: 'f'.repeat(32) } })
    expect(await app.session.greet()).toBeNull()
    expect(asked(phone, 'POST')).toEqual([])
  })

  test('after a stranger’s link the page stays where it is: the next way is by phone', async () => {
    const { app, left } = wechatPhone({ back: { code: 'theirs', state: 'f'.repeat(32) } })
    await app.session.greet()
    expect(await app.session.greet()).toBeNull()
    expect(left).toEqual([])
  })

  test('a state is good once, and a wrong one uses it up', async () => {
    const kept = new Map<string, string>()
    const state = await leave(kept)
    const wrong = wechatPhone({ kept, back: { code: 'c0', state: 'wrong' } })
    await wrong.app.session.greet()
    const late = wechatPhone({ kept, back: { code: 'c1', state } })
    expect(await late.app.session.greet()).toBeNull()
    expect(asked(late.phone, 'POST')).toEqual([])
  })

  test('a state older than five minutes is refused', async () => {
    const kept = new Map<string, string>()
    const state = await leave(kept)
    const { app, phone } = wechatPhone({ kept, back: { code: 'c1', state } })
    await phone.pass(5 * 60_000 + 1)
    expect(await app.session.greet()).toBeNull()
    expect(asked(phone, 'POST')).toEqual([])
  })

  test('a code that the server refuses leaves nobody signed in, and the page where it is', async () => {
    const kept = new Map<string, string>()
    const state = await leave(kept)
    const answers = { 'POST /v1/sessions': no(401, 'sign_in_failed') }
    const { app, left } = wechatPhone({ kept, back: { code: 'c1', state }, answers })
    expect(await app.session.greet()).toBeNull()
    expect(app.session.token()).toBeNull()
    expect(left).toEqual([])
    expect(app.saying.getState().next?.sentence).toContain('未成功')
  })
})

describe('a person who signed in by phone', () => {
  /** Signed in by SMS in WeChat's browser. */
  async function byPhone(kept = new Map<string, string>()) {
    const { app } = wechatPhone({ kept })
    await app.session.signInByCode('13800138000', '123456')
    return kept
  }

  test('goes to WeChat when the payment page opens, before any tap', async () => {
    const { app, left, phone } = wechatPhone({ kept: await byPhone() })
    await createPaymentStore(app, orderId).load()
    expect(left).toHaveLength(1)
    expect(asked(phone, `POST /v1/orders`)).toEqual([])
  })

  test('comes back with the identity added, and pays; WeChat is not asked again', async () => {
    const kept = await byPhone()
    const away = wechatPhone({ kept })
    await createPaymentStore(away.app, orderId).load()
    const state = /state=(\w+)#/.exec(away.left[0] ?? '')?.[1] ?? ''
    const { app, phone, left } = wechatPhone({ kept, back: { code: 'c9', state } })
    const payment = createPaymentStore(app, orderId)
    await payment.load()
    expect(asked(phone, 'PUT /v1/me/identities')[0]?.body).toEqual({ code: 'c9' })
    await payment.pay()
    expect(asked(phone, `POST /v1/orders/${orderId}/payments`)).toHaveLength(1)
    const again = wechatPhone({ kept })
    await createPaymentStore(again.app, orderId).load()
    expect(left.concat(again.left)).toEqual([])
  })

  test('with a wrong state nothing is added and nothing is opened; a tap leaves anew', async () => {
    const kept = await byPhone()
    await createPaymentStore(wechatPhone({ kept }).app, orderId).load()
    const { app, phone, left } = wechatPhone({ kept, back: { code: 'c9', state: 'wrong' } })
    const payment = createPaymentStore(app, orderId)
    await payment.load()
    expect(asked(phone, 'PUT /v1/me/identities')).toEqual([])
    expect(app.saying.getState().next?.sentence).toBe('微信授权未成功，请重试')
    await payment.pay()
    expect(left).toHaveLength(1)
    expect(asked(phone, 'POST /v1/orders')).toEqual([])
    expect(payment.store.getState().phase).toBe('choosing')
  })

  test('who signed in by WeChat pays without another trip', async () => {
    const kept = new Map<string, string>()
    const state = await leave(kept)
    const { app, phone, left } = wechatPhone({ kept, back: { code: 'c1', state } })
    await app.session.greet()
    const payment = createPaymentStore(app, orderId)
    await payment.load()
    await payment.pay()
    expect(left).toEqual([])
    expect(asked(phone, 'PUT /v1/me')).toEqual([])
    expect(asked(phone, 'POST /v1/orders')).toHaveLength(1)
  })
})
