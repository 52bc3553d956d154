/** Signing in (R4, M10): codes that cannot be guessed, sessions that end, a console that locks. */
import type { Result } from '@jiyue/contract/client'
import { sql } from 'kysely'
import {
  caller,
  must,
  openWorld,
  send,
  signIn,
  signInOwner,
  somePhone,
  type World,
} from '../world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
  world.sandbox.admin.clearFaults()
})

const minute = 60_000
const day = 1440 * minute
const call = () => caller(world.url)

const askCode = (phone: string) => call()('sendSignInCode', { body: { phone } })
const enter = (phone: string, code: string) =>
  call()('createSession', { body: { host: 'h5', phone, code } })
const codeOf = <T>(result: Result<T>) => (result.ok ? 'ok' : result.code)

/** The code in the newest text message of a number. */
function readText(phone: string): string {
  const [message] = world.sandbox.admin.outbox(phone)
  return /\d{6}/.exec(message?.text ?? '')?.[0] ?? 'none'
}

async function codeFor(phone: string): Promise<string> {
  const sent = await askCode(phone)
  if (!sent.ok) throw new Error(sent.code)
  return readText(phone)
}

const wrongOf = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('by SMS code', () => {
  test('the right code signs in, as the same person each time', async () => {
    const phone = somePhone()
    const first = await enter(phone, await codeFor(phone))
    world.clock.aheadMs = 2 * minute
    const second = await enter(phone, await codeFor(phone))
    if (!first.ok || !second.ok) throw new Error('refused')
    expect(second.value.user).toEqual(first.value.user)
    expect(first.value.user.phoneMasked).toBe(`${phone.slice(0, 3)}****${phone.slice(-4)}`)
    expect(second.value.token).not.toBe(first.value.token)
  })

  test('after five wrong tries the right one is refused too', async () => {
    const phone = somePhone()
    const code = await codeFor(phone)
    for (let i = 0; i < 5; i++) expect(codeOf(await enter(phone, wrongOf(code)))).toBe('code_wrong')
    expect(codeOf(await enter(phone, code))).toBe('code_wrong')
  })

  test('after four it is not, and tries at once cannot sneak past the count', async () => {
    const phone = somePhone()
    const code = await codeFor(phone)
    for (let i = 0; i < 4; i++) await enter(phone, wrongOf(code))
    expect(codeOf(await enter(phone, code))).toBe('ok')

    const other = somePhone()
    const theirs = await codeFor(other)
    await Promise.all(Array.from({ length: 20 }, () => enter(other, wrongOf(theirs))))
    expect(codeOf(await enter(other, theirs))).toBe('code_wrong')
  })

  test('a code counts for five minutes, to the second', async () => {
    const [early, late] = [somePhone(), somePhone()]
    const codes = [await codeFor(early), await codeFor(late)] as const
    world.clock.aheadMs = 5 * minute - 20_000
    expect(codeOf(await enter(early, codes[0]))).toBe('ok')
    world.clock.aheadMs = 5 * minute
    expect(codeOf(await enter(late, codes[1]))).toBe('code_wrong')
  })

  test('a code works once, also when two enter it at the same moment', async () => {
    const phone = somePhone()
    const code = await codeFor(phone)
    const both = await Promise.all([enter(phone, code), enter(phone, code)])
    expect(both.map(codeOf).sort()).toEqual(['code_wrong', 'ok'])
    expect(codeOf(await enter(phone, code))).toBe('code_wrong')
  })

  test('a code is for its number and no other; a newer one replaces it', async () => {
    const [phone, other] = [somePhone(), somePhone()]
    const code = await codeFor(phone)
    expect(codeOf(await enter(other, code))).toBe('code_wrong')
    world.clock.aheadMs = minute
    const newer = await codeFor(phone)
    if (newer !== code) expect(codeOf(await enter(phone, code))).toBe('code_wrong')
    expect(codeOf(await enter(phone, newer))).toBe('ok')
  })

  test('one code a minute, and ten a day', async () => {
    const phone = somePhone()
    await codeFor(phone)
    expect(codeOf(await askCode(phone))).toBe('too_many_requests')
    world.clock.aheadMs = minute - 5000
    expect(codeOf(await askCode(phone))).toBe('too_many_requests')
    for (let i = 1; i < 10; i++) {
      world.clock.aheadMs = i * minute
      expect([i, codeOf(await askCode(phone))]).toEqual([i, 'ok'])
    }
    world.clock.aheadMs = 11 * minute
    expect(codeOf(await askCode(phone))).toBe('too_many_requests')
    expect(world.sandbox.admin.outbox(phone)).toHaveLength(10)
    world.clock.aheadMs = day + 12 * minute
    expect(codeOf(await askCode(phone))).toBe('ok')
  })

  test('many asking at once for one number send one text', async () => {
    const phone = somePhone()
    const all = await Promise.all(Array.from({ length: 10 }, () => askCode(phone)))
    expect(all.filter((one) => one.ok)).toHaveLength(1)
    expect(world.sandbox.admin.outbox(phone)).toHaveLength(1)
  })

  test('a known and an unknown number are answered with the same bytes', async () => {
    const [known, unknown] = [somePhone(), somePhone()]
    await enter(known, await codeFor(known))
    world.clock.aheadMs = 2 * minute
    const raw = (phone: string) =>
      send(world.url, { method: 'POST', path: '/v1/sign-in-codes', body: { phone } })
    expect(await raw(known)).toEqual(await raw(unknown))
  })

  test('when the text cannot be sent that is said, and the next try need not wait', async () => {
    const phone = somePhone()
    world.sandbox.admin.fault('sms.send', 'status500', null)
    expect(codeOf(await askCode(phone))).toBe('unavailable')
    world.sandbox.admin.clearFaults()
    expect(codeOf(await enter(phone, await codeFor(phone)))).toBe('ok')
  })

  test('neither code nor number can be read in the database', async () => {
    const phone = somePhone()
    const code = await codeFor(phone)
    await enter(phone, code)
    const { rows } = await sql<{ text: string }>`
      select coalesce(string_agg(t, ' '), '') as text from (
        select c::text as t from sign_in_codes c union all select u::text from users u) all_rows`.execute(
      world.database.db,
    )
    expect(rows[0]?.text).not.toContain(phone)
    expect(rows[0]?.text).not.toMatch(new RegExp(`[(,]${code}[,)]`))
  })
})

describe('by a host', () => {
  test.each(['weapp', 'alipay'] as const)(
    '%s: a person is one user, a code works once',
    async (host) => {
      const again = await Promise.all([1, 2, 3].map(() => signIn(world, '小雨', host)))
      expect(new Set(again.map((one) => one.userId)).size).toBe(1)
      const code = world.sandbox.admin.code(host, '小雨')
      const body = { host, code }
      expect(codeOf(await call()('createSession', { body }))).toBe('ok')
      expect(codeOf(await call()('createSession', { body }))).toBe('sign_in_failed')
    },
  )

  test('a platform that does not answer is not the person’s fault', async () => {
    world.sandbox.admin.fault('wechat.login', 'status500', null)
    const code = world.sandbox.admin.code('weapp', '小雪')
    const refused = await call()('createSession', { body: { host: 'weapp', code } })
    expect(codeOf(refused)).toBe('unavailable')
  })
})

describe('sessions', () => {
  test('the token is not in the database, only its digest', async () => {
    const { token } = await signIn(world)
    const { rows } = await sql<{ text: string }>`
      select string_agg(s::text, ' ') as text from sessions s`.execute(world.database.db)
    expect(rows[0]?.text).not.toContain(token)
    expect(rows[0]?.text).not.toContain(Buffer.from(token).toString('hex'))
  })

  test('people are called what they say, on all their devices', async () => {
    const [phone, tablet] = [await signIn(world, '小禾'), await signIn(world, '小禾')]
    expect(await must(phone.call, 'putMe', { body: { name: ' 小禾妈妈 ' } })).toMatchObject({
      name: '小禾妈妈',
    })
    expect((await must(tablet.call, 'getMe', {})).name).toBe('小禾妈妈')
    for (const name of ['', '  ', '长'.repeat(21)])
      expect(codeOf(await phone.call('putMe', { body: { name } }))).toBe('malformed')
    expect((await must(tablet.call, 'getMe', {})).name).toBe('小禾妈妈')
  })

  test('signing out ends this session and no other', async () => {
    const [phone, tablet] = [await signIn(world, '小禾'), await signIn(world, '小禾')]
    await must(phone.call, 'deleteSession', {})
    expect(codeOf(await phone.call('getMe', {}))).toBe('unauthenticated')
    expect(codeOf(await phone.call('deleteSession', {}))).toBe('unauthenticated')
    expect(codeOf(await tablet.call('getMe', {}))).toBe('ok')
  })

  test.each([
    ['a user’s after thirty days', 30 * day, () => signIn(world), 'getMe'],
    ['the console’s after one', day, () => signInOwner(world), 'getConsoleMe'],
  ] as const)('%s', async (_, ms, begin, name) => {
    const { call: mine } = await begin()
    world.clock.aheadMs = ms - minute
    expect(codeOf(await mine(name, {}))).toBe('ok')
    world.clock.aheadMs = ms + 1000
    expect(codeOf(await mine(name, {}))).toBe('unauthenticated')
  })

  test('signing out of the console ends it', async () => {
    const owner = await signInOwner(world)
    await must(owner.call, 'deleteConsoleSession', {})
    expect(codeOf(await owner.call('getConsoleMe', {}))).toBe('unauthenticated')
  })
})

describe('the console', () => {
  const enterConsole = (name: string, password: string) =>
    call()('createConsoleSession', { body: { name, password } })

  test('ten wrong passwords lock the account for a quarter of an hour', async () => {
    for (let i = 0; i < 10; i++)
      expect(codeOf(await enterConsole('desk', 'falsch'))).toBe('password_wrong')
    expect(codeOf(await enterConsole('desk', 'jiyue-demo'))).toBe('password_wrong')
    world.clock.aheadMs = 14 * minute
    expect(codeOf(await enterConsole('desk', 'jiyue-demo'))).toBe('password_wrong')
    world.clock.aheadMs = 15 * minute + 1000
    expect(codeOf(await enterConsole('desk', 'jiyue-demo'))).toBe('ok')
  })

  test('a right one in between forgives the wrong ones, and one lock locks nobody else', async () => {
    for (let i = 0; i < 9; i++) await enterConsole('desk', 'falsch')
    expect(codeOf(await enterConsole('desk', 'jiyue-demo'))).toBe('ok')
    for (let i = 0; i < 9; i++) await enterConsole('desk', 'falsch')
    expect(codeOf(await enterConsole('desk', 'jiyue-demo'))).toBe('ok')
    expect(codeOf(await enterConsole('owner', 'jiyue-demo'))).toBe('ok')
  })

  test('an unknown name is answered with the same bytes as a wrong password', async () => {
    const raw = async (name: string) => {
      const answer = await send(world.url, {
        method: 'POST',
        path: '/v1/console/sessions',
        body: { name, password: 'falsch' },
      })
      return JSON.stringify(answer).replace(/"requestId":"[^"]+"/, '')
    }
    expect(await raw('nobody')).toBe(await raw('owner'))
  })

  test('passwords are kept as scrypt only', async () => {
    const rows = await world.database.db.selectFrom('people').select('password_hash').execute()
    for (const { password_hash } of rows)
      expect(password_hash).toMatch(/^scrypt:32768:[\w-]{22}:[\w-]{43}$/)
  })
})
