/**
 * WeChat's own browser (P1): signing in by OAuth, adding the identity to a person who signed in by
 * phone, and paying with the openid of the official account.
 */
import { randomUUID } from 'node:crypto'
import type { Result } from '@jiyue/contract/client'
import { lecture } from '../../server/demo/world.ts'
import { connectPlatforms } from '../../server/platforms/connect.ts'
import { newSlot } from '../races/setting.ts'
import {
  caller,
  must,
  openWorld,
  type Person,
  payAtCashier,
  registeredOrder,
  somePhone,
  until,
  type World,
} from '../world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
afterEach(() => world.sandbox.admin.clearFaults())

const codeOf = <T>(result: Result<T>) => (result.ok ? 'ok' : result.code)
const webCode = (name: string) => world.sandbox.admin.code('wechatWeb', name)
const host = { params: { host: 'wechat-browser' as const } }

/** Signs somebody in inside WeChat's browser. */
async function enter(name: string): Promise<Person> {
  const body = { host: 'wechat-browser' as const, code: webCode(name) }
  const { token, user } = await must(caller(world.url), 'createSession', { body })
  return { call: caller(world.url, token), token, userId: user.id }
}

/** Signs somebody in by phone, as H5 does. */
async function enterByPhone(phone = somePhone()): Promise<Person> {
  await must(caller(world.url), 'sendSignInCode', { body: { phone } })
  const [text] = world.sandbox.admin.outbox(phone)
  const code = /\d{6}/.exec(text?.text ?? '')?.[0] ?? ''
  const body = { host: 'h5' as const, phone, code }
  const { token, user } = await must(caller(world.url), 'createSession', { body })
  return { call: caller(world.url, token), token, userId: user.id }
}

const bind = (person: Person, name: string) =>
  person.call('putIdentity', { ...host, body: { code: webCode(name) } })

/** Opens a payment of a fresh order from WeChat's browser. */
async function openPayment(person: Person) {
  const slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
  const order = await registeredOrder(person, slot)
  const body = { id: randomUUID(), method: 'wechat' as const, scene: 'wechat-browser' as const }
  return { order, opened: await person.call('createPayment', { params: { id: order.id }, body }) }
}

describe('where to go', () => {
  test('the address names the official account and leaves room for our page and state', async () => {
    const { wechat } = await must(caller(world.url), 'getWechatSignIn', {})
    expect(wechat?.appId).toBe(world.sandbox.credentials.wechatWeb.appid)
    expect(wechat?.authorizeUrl).toMatch(
      /\/connect\/oauth2\/authorize\?appid=\w+&redirect_uri=&response_type=code&scope=snsapi_base&state=#wechat_redirect$/,
    )
  })

  test('a merchant without an official account says so', async () => {
    const { platforms } = world.parts
    world.parts.platforms = connectPlatforms({ ...world.sandbox.credentials, wechatWeb: null })
    try {
      expect(await must(caller(world.url), 'getWechatSignIn', {})).toEqual({ wechat: null })
    } finally {
      world.parts.platforms = platforms
    }
  })
})

describe('signing in', () => {
  test('the same WeChat is the same user; a code works once', async () => {
    expect((await enter('小溪')).userId).toBe((await enter('小溪')).userId)
    const code = webCode('小溪')
    const again = () =>
      caller(world.url)('createSession', { body: { host: 'wechat-browser', code } })
    expect([codeOf(await again()), codeOf(await again())]).toEqual(['ok', 'sign_in_failed'])
  })

  test('a code of the mini-program does not sign in here', async () => {
    const body = {
      host: 'wechat-browser' as const,
      code: world.sandbox.admin.code('weapp', '小溪'),
    }
    expect(codeOf(await caller(world.url)('createSession', { body }))).toBe('sign_in_failed')
  })

  test('pays with the openid of the official account', async () => {
    const { order, opened } = await openPayment(await enter('小溪'))
    if (!opened.ok) throw new Error(opened.code)
    expect(opened.value.params).toMatchObject({
      way: 'wechat-jsapi',
      appId: world.sandbox.credentials.wechatWeb.appid,
    })
    await payAtCashier(world, opened.value.params)
    await until('confirmed', async () => {
      const row = await world.database.db
        .selectFrom('orders')
        .select('state')
        .where('id', '=', order.id)
        .executeTakeFirstOrThrow()
      return row.state === 'confirmed'
    })
  })
})

describe('a person who signed in by phone', () => {
  test('cannot pay in WeChat’s browser before the identity is added, and can after', async () => {
    const person = await enterByPhone()
    expect(codeOf((await openPayment(person)).opened)).toBe('gateway_refused')
    expect(codeOf(await bind(person, '小满'))).toBe('ok')
    expect(codeOf((await openPayment(person)).opened)).toBe('ok')
  })

  test('stays who they are, and WeChat leads to the same account from then on', async () => {
    const person = await enterByPhone()
    const added = await bind(person, '谷雨')
    expect(added.ok && added.value.id).toBe(person.userId)
    expect((await enter('谷雨')).userId).toBe(person.userId)
  })

  test('takes the openid over from an account that WeChat alone had made; that one is untouched', async () => {
    const made = await enter('白露')
    const { order } = await openPayment(made)
    const person = await enterByPhone()
    expect(codeOf(await bind(person, '白露'))).toBe('ok')
    expect((await enter('白露')).userId).toBe(person.userId)
    expect((await must(made.call, 'getOrder', { params: { id: order.id } })).id).toBe(order.id)
    expect(codeOf(await person.call('getOrder', { params: { id: order.id } }))).toBe('not_found')
  })

  test('has one openid here, the newest: money is asked of the WeChat in this hand', async () => {
    const person = await enterByPhone()
    await bind(person, '旧微信')
    await bind(person, '新微信')
    const rows = await world.database.db
      .selectFrom('identities')
      .select('subject')
      .where('user_id', '=', person.userId)
      .execute()
    expect(rows).toHaveLength(1)
    expect((await enter('新微信')).userId).toBe(person.userId)
    expect((await enter('旧微信')).userId).not.toBe(person.userId)
  })

  test('the same again changes nothing; two at once leave one owner', async () => {
    const [one, two] = [await enterByPhone(), await enterByPhone()]
    for (let i = 0; i < 2; i++) expect(codeOf(await bind(one, '寒露'))).toBe('ok')
    const both = await Promise.all([bind(one, '霜降'), bind(two, '霜降'), enter('霜降')])
    expect(both.slice(0, 2).map((result) => codeOf(result as Result<unknown>))).toEqual([
      'ok',
      'ok',
    ])
    const owner = (await enter('霜降')).userId
    expect([one.userId, two.userId]).toContain(owner)
  })

  test('adds nothing by a used code, and a silent WeChat is nobody’s fault', async () => {
    const person = await enterByPhone()
    const code = webCode('大雪')
    const use = () => person.call('putIdentity', { ...host, body: { code } })
    expect([codeOf(await use()), codeOf(await use())]).toEqual(['ok', 'sign_in_failed'])
    world.sandbox.admin.fault('wechat.login', 'status500', null)
    expect(codeOf(await bind(person, '大雪'))).toBe('unavailable')
  })
})
