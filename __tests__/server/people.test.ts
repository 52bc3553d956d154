/** People of the console (M10): invitations, the second step, sessions that end at once, lock-outs. */
import { randomUUID } from 'node:crypto'
import type { Call, Result } from '@jiyue/contract/client'
import type { ServerFrame } from '@jiyue/contract/live'
import type { Role } from '@jiyue/contract/people'
import { sql } from 'kysely'
import { demoId } from '../../server/demo/ids.ts'
import { signInToConsole } from '../../server/people/console.ts'
import { createSeal } from '../../server/people/seal.ts'
import { resealSome } from '../../server/privacy/reseal.ts'
import { codeAt } from '../authenticator.ts'
import { caller, must, openWorld, signInOwner, somePhone, until, type World } from '../world.ts'

let world: World
let owner: Call
beforeAll(async () => {
  world = await openWorld()
  owner = (await signInOwner(world)).call
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
  world.sandbox.admin.clearFaults()
})

const minute = 60_000
const password = '林间有风声-2026'
const anyone = () => caller(world.url)
const codeOf = <T>(result: Result<T>) => (result.ok ? 'ok' : result.code)
const nowMs = () => Date.now() + world.clock.aheadMs
/** The next code: the one before is spent. */
const waitStep = () => {
  world.clock.aheadMs += 30_000
}
const byId = (id: string) => ({ params: { id } })
const enter = (name: string, more: object = {}) =>
  anyone()('createConsoleSession', { body: { name, password, ...more } })

async function added(role: Role, contact: { phone?: string; mail?: string } = {}) {
  const id = randomUUID()
  const login = `t${id.slice(0, 8)}`
  const { phone = null, mail = null } = contact
  await must(owner, 'putPerson', {
    ...byId(id),
    body: { login, name: '试用 小舟', role, phone, mail },
  })
  return { id, login }
}

const tokenIn = (text: string) => /\/console\/join#([\w-]+)/.exec(text)?.[1] ?? 'none'.repeat(9)

/** Somebody who answered their invitation. */
async function joined(role: Role) {
  const person = await added(role)
  const { link } = await must(owner, 'createInvitation', byId(person.id))
  await must(anyone(), 'createPassword', { body: { token: tokenIn(link), password } })
  return person
}

async function signedIn(name: string, more: object = {}) {
  const session = await must(anyone(), 'createConsoleSession', {
    body: { name, password, ...more },
  })
  return { ...session, call: caller(world.url, session.token) }
}

/** Somebody with a second step, signed in through it. */
async function withSecond(role: Role) {
  const person = await joined(role)
  const session = await signedIn(person.login)
  const { secret } = await must(session.call, 'createSecond', { body: { password } })
  const code = codeAt(secret, nowMs())
  const { recoveryCodes } = await must(session.call, 'putSecond', { body: { code } })
  return { ...person, ...session, secret, code, recoveryCodes }
}

describe('an invitation', () => {
  test('goes by SMS and e-mail, sets a password once, and leads in', async () => {
    const phone = somePhone()
    const mail = `${randomUUID()}@example.com`
    const person = await added('manager', { phone, mail })
    expect(codeOf(await enter(person.login))).toBe('password_wrong')
    const { link, sent } = await must(owner, 'createInvitation', byId(person.id))
    expect(sent).toEqual([
      { channel: 'sms', ok: true },
      { channel: 'mail', ok: true },
    ])
    const token = tokenIn(link)
    expect(world.sandbox.admin.outbox(phone)[0]?.text).toContain(`/console/join#${token}`)
    const read = await must(anyone(), 'readInvitation', { body: { token } })
    expect(read).toMatchObject({ login: person.login, name: '试用 小舟', merchant: '禾悦生活服务' })

    const set = (text: string) => anyone()('createPassword', { body: { token, password: text } })
    for (const weak of ['short', '1234567890', `${person.login}-abc`, 'aaaaaaaaaaaa'])
      expect([weak, codeOf(await set(weak))]).toEqual([weak, 'invalid_fields'])
    const both = await Promise.all([set(password), set('另一句只有我知道的话')])
    expect(both.map(codeOf).sort()).toEqual(['invitation_over', 'ok'])
    const right = both[0]?.ok ? password : '另一句只有我知道的话'
    expect(codeOf(await enter(person.login, { password: right }))).toBe('ok')
  })

  test('one that failed on its way is told, ends after three days, and by the next one', async () => {
    const person = await added('support', { phone: somePhone() })
    world.sandbox.admin.fault('sms.send', 'status500', null)
    const first = await must(owner, 'createInvitation', byId(person.id))
    expect(first.sent).toEqual([{ channel: 'sms', ok: false }])
    world.sandbox.admin.clearFaults()
    const second = await must(owner, 'createInvitation', byId(person.id))
    const read = (link: string) =>
      anyone()('readInvitation', { body: { token: tokenIn(link) } }).then(codeOf)
    expect([await read(first.link), await read(second.link)]).toEqual(['invitation_over', 'ok'])
    world.clock.aheadMs = 3 * 1440 * minute + 1000
    expect(await read(second.link)).toBe('invitation_over')
  })

  test('neither its token nor phone and address can be read in the database', async () => {
    const phone = somePhone()
    const person = await added('support', { phone, mail: 'hidden@example.com' })
    const { link } = await must(owner, 'createInvitation', byId(person.id))
    const { rows } = await sql<{ text: string }>`select string_agg(t, ' ') as text from (
      select i::text t from invitations i union all select p::text from people p) every`.execute(
      world.database.db,
    )
    for (const secret of [phone, 'hidden@example.com', tokenIn(link)])
      expect(rows[0]?.text).not.toContain(secret)
  })
})

describe('the second step', () => {
  test('money waits for it, and it for the first code; from then on signing in asks for a code', async () => {
    const person = await joined('finance')
    const { call } = await signedIn(person.login)
    const elsewhere = await signedIn(person.login)
    expect(
      codeOf(await call('listBills', { query: { from: '2026-10-01', to: '2026-10-02' } })),
    ).toBe('second_needed')
    expect(codeOf(await call('putSecond', { body: { code: '123456' } }))).toBe('second_over')
    expect(codeOf(await call('createSecond', { body: { password: 'falsch' } }))).toBe(
      'password_wrong',
    )
    const { secret, uri } = await must(call, 'createSecond', { body: { password } })
    expect(decodeURIComponent(uri)).toMatch(
      new RegExp(`^otpauth://totp/禾悦生活服务:${person.login}\\?.*secret=${secret}`),
    )
    const code = codeAt(secret, nowMs())
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    expect(codeOf(await call('putSecond', { body: { code: wrong } }))).toBe('second_wrong')
    expect((await must(call, 'getConsoleMe', {})).second).toBe(false)
    const { recoveryCodes } = await must(call, 'putSecond', { body: { code } })
    expect(new Set(recoveryCodes).size).toBe(10)
    expect(await must(call, 'getConsoleMe', {})).toMatchObject({ second: true, proven: true })
    expect(
      codeOf(await call('listBills', { query: { from: '2026-10-01', to: '2026-10-02' } })),
    ).toBe('ok')
    expect(codeOf(await elsewhere.call('getConsoleMe', {}))).toBe('unauthenticated')

    expect(codeOf(await enter(person.login))).toBe('second_code')
    expect(codeOf(await enter(person.login, { code }))).toBe('second_wrong') // taken before
    waitStep()
    const next = codeAt(secret, nowMs())
    const both = await Promise.all([
      enter(person.login, { code: next }),
      enter(person.login, { code: next }),
    ])
    expect(both.map(codeOf).sort()).toEqual(['ok', 'second_wrong'])
    const { rows } = await sql<{ text: string }>`select p::text as text from people p
      where id = ${person.id}`.execute(world.database.db)
    expect(rows[0]?.text).not.toContain(secret)
  })

  test('without the kept step the same code is taken twice: what the guard is for', async () => {
    const one = await withSecond('finance')
    const again = () => enter(one.login, { code: one.code })
    expect(codeOf(await again())).toBe('second_wrong')
    await world.database.db
      .updateTable('people')
      .set({ second_step: 0 })
      .where('id', '=', one.id)
      .execute()
    expect(codeOf(await again())).toBe('ok')
  })

  test('a code is good one step early and late, no longer; full-width and spaces are read', async () => {
    const one = await withSecond('finance')
    const at = Math.floor(nowMs() / 30_000) * 30_000 + 15_000
    const from = { ip: '127.0.0.1', agent: null }
    const parts = Object.assign(Object.create(world.parts), { now: () => new Date(at + 120_000) })
    const tried = async (offset: number) => {
      const code = codeAt(one.secret, at + 120_000 + offset)
      const body = { name: one.login, password, device: one.device, code }
      const answer = await signInToConsole(parts, body, from)
      return 'refused' in answer ? answer.refused : 'ok'
    }
    expect(await tried(-60_000)).toBe('second_wrong')
    expect(await tried(60_000)).toBe('second_wrong')
    expect(await tried(-30_000)).toBe('ok')
    expect(await tried(30_000)).toBe('ok')
    expect(await tried(0)).toBe('second_wrong') // older than the one before
    world.clock.aheadMs = 10 * minute
    const wide = codeAt(one.secret, nowMs()).replace(/\d/g, (digit) =>
      String.fromCharCode(digit.charCodeAt(0) + 0xfee0),
    )
    const code = `${wide.slice(0, 3)} ${wide.slice(3)}`
    expect(codeOf(await enter(one.login, { code }))).toBe('ok')
  })

  test('a recovery code stands in once; new ones end the old; lost both, an owner takes it off', async () => {
    const one = await withSecond('finance')
    const [first = '', second = ''] = one.recoveryCodes
    const typed = first.toLowerCase()
    const both = await Promise.all([
      enter(one.login, { code: typed }),
      enter(one.login, { code: typed }),
    ])
    expect(both.map(codeOf).sort()).toEqual(['ok', 'second_wrong'])
    waitStep()
    const code = codeAt(one.secret, nowMs())
    const renewed = await must(one.call, 'createRecoveryCodes', { body: { code } })
    expect(codeOf(await enter(one.login, { code: second }))).toBe('second_wrong')
    const body = { reason: '手机与恢复码都丢了' }
    await must(owner, 'putSecondReset', { ...byId(one.id), body })
    expect(codeOf(await one.call('getConsoleMe', {}))).toBe('unauthenticated')
    const back = await signedIn(one.login)
    expect(back.person).toMatchObject({ second: false, proven: false })
    expect(codeOf(await enter(one.login, { code: renewed.recoveryCodes[0] }))).toBe('ok') // not asked for
  })

  test('another phone takes the password and a code of the one before', async () => {
    const one = await withSecond('manager')
    const begin = (code?: string) =>
      one.call('createSecond', { body: { password, ...(code && { code }) } })
    expect(codeOf(await begin())).toBe('second_wrong')
    // The one it was set up with: of now, a new one may be due in between.
    expect(codeOf(await begin(one.code))).toBe('second_wrong')
    waitStep()
    const next = await begin(codeAt(one.secret, nowMs()))
    if (!next.ok) throw new Error(next.code)
    const { secret } = next.value
    world.clock.aheadMs += 16 * minute
    const late = { body: { code: codeAt(secret, nowMs()) } }
    expect(codeOf(await one.call('putSecond', late))).toBe('second_over')
    expect(codeOf(await enter(one.login, { code: codeAt(one.secret, nowMs()) }))).toBe('ok')
  })

  test('codes are tried ten times in a session, however often the right password stands before them', async () => {
    const one = await withSecond('finance')
    waitStep()
    const right = codeAt(one.secret, nowMs())
    const wrong = (n: number) => String((Number(right) + 1 + n) % 1_000_000).padStart(6, '0')
    const tried = (code: string) => one.call('createSecond', { body: { password, code } })
    // None of the three that are good around now is among these.
    const good = [-30_000, 0, 30_000].map((ms) => codeAt(one.secret, nowMs() + ms))
    const codes = Array.from({ length: 14 }, (_, n) => wrong(n)).filter(
      (one) => !good.includes(one),
    )
    for (const code of codes.slice(0, 10)) expect(codeOf(await tried(code))).toBe('second_wrong')
    expect(codeOf(await tried(right))).toBe('second_wrong')
    expect(codeOf(await one.call('createRecoveryCodes', { body: { code: right } }))).toBe(
      'second_wrong',
    )
    world.clock.aheadMs += 16 * minute
    expect(codeOf(await tried(codeAt(one.secret, nowMs())))).toBe('ok')
  })

  test('sealed anew under a newer key, its codes are still good', async () => {
    const one = await withSecond('finance')
    const seal = createSeal(Buffer.alloc(32, 7), [Buffer.alloc(32, 9)])
    const parts = Object.assign(Object.create(world.parts), { seal })
    while ((await resealSome(parts)) > 0);
    const { second_sealed } = await world.database.db
      .selectFrom('people')
      .select('second_sealed')
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow()
    expect(second_sealed?.startsWith(seal.newest)).toBe(true)
    expect(seal.open(second_sealed ?? '')).toBe(one.secret)
    world.parts.seal = seal // and so the world goes on
    waitStep()
    expect(codeOf(await enter(one.login, { code: codeAt(one.secret, nowMs()) }))).toBe('ok')
  })
})

describe('sessions', () => {
  test('are listed, and end one by one or all others, never another’s', async () => {
    const person = await joined('support')
    const [one, two, three] = [
      await signedIn(person.login),
      await signedIn(person.login),
      await signedIn(person.login),
    ]
    const { sessions } = await must(one.call, 'listSessions', {})
    expect(sessions.map(({ current }) => current).sort()).toEqual([false, false, true])
    expect(sessions[0]?.address).toBe('127.0.0.1')
    const mine = sessions.find(({ current }) => current)
    const other = await signedIn((await joined('support')).login)
    expect(codeOf(await other.call('deleteOwnSession', byId(mine?.id ?? '')))).toBe('not_found')
    const [first] = (await must(two.call, 'listSessions', {})).sessions
    await must(one.call, 'deleteOwnSession', byId(first?.id ?? ''))
    const states = async () =>
      Promise.all([one, two, three].map(async ({ call }) => codeOf(await call('getConsoleMe', {}))))
    expect((await states()).filter((state) => state === 'unauthenticated')).toHaveLength(1)
    await must(one.call, 'deleteOtherSessions', {})
    expect(await states()).toEqual(['ok', 'unauthenticated', 'unauthenticated'])
  })

  test('an account that is ended is out at once, over its live socket too, and comes back', async () => {
    const person = await joined('front_desk')
    const { call, token } = await signedIn(person.login)
    const frames: ServerFrame[] = []
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/v1/live`)
    socket.onmessage = ({ data }) => frames.push(JSON.parse(String(data)))
    await new Promise((resolve) => {
      socket.onopen = resolve
    })
    socket.send(JSON.stringify({ type: 'sign_in', token }))
    socket.send(JSON.stringify({ type: 'follow', topics: ['console'] }))
    await until('ready', async () => frames.some(({ type }) => type === 'ready'))
    const body = { reason: '离职' }
    const since = performance.now()
    await must(owner, 'putDeactivation', { ...byId(person.id), body })
    expect(codeOf(await call('getConsoleMe', {}))).toBe('unauthenticated')
    await until('the socket is told', async () =>
      frames.some((frame) => frame.type === 'refused' && frame.code === 'unauthenticated'),
    )
    // Far sooner than the next beat, which is half a minute away at most.
    expect(performance.now() - since).toBeLessThan(10_000)
    const heard = frames.length
    world.parts.bus.changed({ topics: ['console'] })
    socket.send(JSON.stringify({ type: 'ping' }))
    await until('pong', async () => frames.slice(heard).some(({ type }) => type === 'pong'))
    expect(frames.slice(heard).filter(({ type }) => type === 'hint')).toEqual([])
    socket.close()
    expect(codeOf(await enter(person.login))).toBe('password_wrong')
    await must(owner, 'deleteDeactivation', byId(person.id))
    expect(codeOf(await enter(person.login))).toBe('ok')
  })

  test('a new password ends the others; the role of a session is the account’s of this moment', async () => {
    const person = await joined('manager')
    const [one, two] = [await signedIn(person.login), await signedIn(person.login)]
    const change = (current: string, next: string) =>
      one.call('putPassword', { body: { current, password: next } })
    expect(codeOf(await change('falsch', '又一句新的话 1234'))).toBe('password_wrong')
    expect(codeOf(await change(password, 'kurz'))).toBe('invalid_fields')
    expect(codeOf(await change(password, '又一句新的话 1234'))).toBe('ok')
    expect(codeOf(await two.call('getConsoleMe', {}))).toBe('unauthenticated')
    expect(codeOf(await one.call('listExports', {}))).toBe('ok')
    const body = { login: person.login, name: '小舟', role: 'support', phone: null, mail: null }
    await must(owner, 'putPerson', { ...byId(person.id), body: body as never })
    expect(codeOf(await one.call('listExports', {}))).toBe('forbidden')
  })
})

describe('the last owner', () => {
  test('stays, whatever is asked; two who end each other at once leave one', async () => {
    const boss = demoId('owner')
    const reason = { reason: '试试' }
    const demote = (by: Call, id: string, login: string) =>
      by('putPerson', {
        ...byId(id),
        body: { login, name: '店主', role: 'manager', phone: null, mail: null },
      })
    expect(codeOf(await owner('putDeactivation', { ...byId(boss), body: reason }))).toBe(
      'last_owner',
    )
    expect(codeOf(await demote(owner, boss, 'owner'))).toBe('last_owner')
    // Invited, not joined: she could not sign in, so he stays.
    await added('owner')
    expect(codeOf(await demote(owner, boss, 'owner'))).toBe('last_owner')

    const db = world.database.db
    const second = await joined('owner')
    for (let round = 0; round < 5; round++) {
      const ends = (id: string) => owner('putDeactivation', { ...byId(id), body: reason })
      await Promise.all([ends(boss), ends(second.id)])
      const left = await db
        .selectFrom('people')
        .select('id')
        .where('role', '=', 'owner')
        .where('deactivated_at', 'is', null)
        .where('password_hash', 'is not', null)
        .execute()
      expect(left).toHaveLength(1)
      await db.updateTable('people').set({ deactivated_at: null }).execute()
      owner = (await signInOwner(world)).call
    }

    // Control: without the lock both look before either writes, and nobody is left.
    const looked = Promise.withResolvers<void>()
    let count = 0
    await Promise.all(
      [boss, second.id].map((id) =>
        db.transaction().execute(async (t) => {
          const owners = await t
            .selectFrom('people')
            .select('id')
            .where('role', '=', 'owner')
            .where('deactivated_at', 'is', null)
            .where('password_hash', 'is not', null)
            .execute()
          count += 1
          if (count === 2) looked.resolve()
          await looked.promise
          if (owners.length > 1)
            await t
              .updateTable('people')
              .set({ deactivated_at: new Date() })
              .where('id', '=', id)
              .execute()
        }),
      ),
    )
    const none = await db
      .selectFrom('people')
      .select('id')
      .where('role', '=', 'owner')
      .where('deactivated_at', 'is', null)
      .where('password_hash', 'is not', null)
      .execute()
    expect(none).toHaveLength(0)
    await db.updateTable('people').set({ deactivated_at: null }).execute()
  })
})

describe('wrong tries', () => {
  const at = async (ip: string, login: string, more: object = {}) => {
    const body = { name: login, password, ...more }
    const answer = await signInToConsole(world.parts, body, { ip, agent: null })
    return 'refused' in answer ? answer.refused : 'ok'
  }

  test('lock the name where they were made, not elsewhere, and not on a known device', async () => {
    const person = await joined('support')
    const { device } = await signedIn(person.login)
    const mallory = '203.0.113.9'
    for (let i = 0; i < 12; i++) await at(mallory, person.login, { password: 'falsch' })
    expect(await at(mallory, person.login)).toBe('password_wrong')
    expect(await at('198.51.100.4', person.login)).toBe('ok')
    // Behind the same address: the device is known, the neighbour's tries are not hers.
    expect(await at(mallory, person.login, { device })).toBe('ok')
    expect(await at(mallory, person.login, { device: 'made up by whoever guesses' })).toBe(
      'password_wrong',
    )
    // Trying on does not prolong it.
    world.clock.aheadMs = 14 * minute
    await at(mallory, person.login, { password: 'falsch' })
    world.clock.aheadMs = 15 * minute + 1000
    expect(await at(mallory, person.login)).toBe('ok')
  })

  test('a network of IPv6 is one place; at once they cannot sneak past the count', async () => {
    const person = await joined('support')
    await Promise.all(
      Array.from({ length: 14 }, (_, i) =>
        at(`2001:db8:0:1::${i.toString(16)}`, person.login, { password: 'falsch' }),
      ),
    )
    expect(await at('2001:0db8:0:1:ffff::1', person.login)).toBe('password_wrong')
    expect(await at('2001:db8:0:2::1', person.login)).toBe('ok')
  })

  test('codes tried from ever new addresses are one count; the known device still gets in', async () => {
    const one = await withSecond('finance')
    for (let i = 0; i < 11; i++)
      await at(`203.0.113.${i}`, one.login, { code: String(100_000 + i) })
    waitStep()
    const code = codeAt(one.secret, nowMs())
    expect(await at('203.0.113.200', one.login, { code })).toBe('second_wrong')
    expect(await at('203.0.113.200', one.login, { code, device: one.device })).toBe('ok')
  })
})
