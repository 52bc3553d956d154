/** Settings (M11): in force on every phone at once, old orders keep their price, nothing lost unseen. */
import { randomUUID } from 'node:crypto'
import type { ServerFrame } from '@jiyue/contract/live'
import { defaultRules } from '@jiyue/contract/rules'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import { ruleAbouts } from '@jiyue/contract/settings'
import { cleaning, lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import {
  caller,
  lectureAnswers,
  must,
  openWorld,
  registeredOrder,
  signIn,
  signInOwner,
  until,
  type World,
} from '../world.ts'
import { somePromotion } from './refusals/inputs.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  // Cached as in production: what is seen at once was dropped from memory, not merely too old.
  world = await openWorld({ cache: { maxAgeMs: 60_000 } })
  owner = await signInOwner(world)
})
afterAll(() => world.close())

const phone = () => caller(world.url)
const seen = (id: string = lecture) => must(phone(), 'getService', { params: { id } })

async function settingsOf(id: string = lecture): Promise<ServiceSettings> {
  const { services } = await must(owner.call, 'listServiceSettings', {})
  return services.find((one) => one.id === id) as ServiceSettings
}

async function save(change: Partial<ServiceSettings>, from?: ServiceSettings) {
  const { id, kind: _, cover: _cover, ahead: _ahead, ...offer } = from ?? (await settingsOf())
  return owner.call('putServiceSettings', { params: { id }, body: { ...offer, ...change } })
}

test('a new price is on every phone within a second; a registered order keeps its own, a held one does not', async () => {
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
  const mei = await signIn(world)
  const old = await registeredOrder(mei, slotId)
  const lan = await signIn(world)
  const params = { id: randomUUID() }
  await must(lan.call, 'putOrder', { params, body: { slotId, party: 1 } })
  await seen()

  const frames: ServerFrame[] = []
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/v1/live`)
  socket.onmessage = ({ data }) => frames.push(JSON.parse(String(data)))
  await new Promise((resolve) => {
    socket.onopen = resolve
  })
  socket.send(JSON.stringify({ type: 'sign_in', token: null }))
  socket.send(JSON.stringify({ type: 'follow', topics: [`service:${lecture}`] }))
  socket.send(JSON.stringify({ type: 'ping' }))
  await until('following', async () => frames.some(({ type }) => type === 'pong'))
  const saved = await save({ priceFen: 9900, name: '亲子沟通大讲座' })
  expect(saved.ok).toBe(true)
  await until('the phone is told', async () => frames.some(({ type }) => type === 'hint'))
  socket.close()
  expect(await seen()).toMatchObject({ priceFen: 9900, name: '亲子沟通大讲座' })
  const { slots } = await must(phone(), 'listSlots', {
    params: { id: lecture },
    query: {
      from: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
      to: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10),
    },
  })
  expect(slots.find(({ id }) => id === slotId)?.priceFen).toBe(9900)

  const kept = await must(mei.call, 'getOrder', { params: { id: old.id } })
  expect(kept.quote).toEqual(old.quote)
  const held = await must(lan.call, 'getOrder', { params })
  expect(held.quote.listFen).toBe(9900)
})

test('two who edit the same service: the second is told, and overwrites nothing', async () => {
  const read = await settingsOf()
  const both = await Promise.all([
    save({ summary: '甲改的' }, read),
    save({ summary: '乙改的' }, read),
  ])
  expect(both.map((one) => (one.ok ? 'ok' : one.code)).sort()).toEqual(['ok', 'settings_changed'])
  const winner = both.find((one) => one.ok)
  expect((await settingsOf()).summary).toBe(winner?.ok && winner.value.summary)
  // Control: on what is there now, the second one's change goes through.
  expect((await save({ summary: '乙再改' })).ok).toBe(true)
  // A branch added meanwhile is a change of it too.
  const before = await settingsOf()
  await save({ branchIds: [] }, before)
  expect(await save({ summary: '没看到门店变了' }, before)).toMatchObject({
    code: 'settings_changed',
  })
})

test('unlisted it is gone from the phones, and comes back; deposit and condition belong together', async () => {
  await save({ listed: false })
  await until('gone', async () => !(await phone()('getService', { params: { id: lecture } })).ok)
  expect(await phone()('getService', { params: { id: lecture } })).toMatchObject({
    code: 'not_found',
  })
  await save({ listed: true })
  expect((await seen()).id).toBe(lecture)
  expect(await save({ depositFen: 5000 })).toMatchObject({
    code: 'invalid_fields',
    fields: [{ path: 'depositCondition' }],
  })
  expect((await save({ depositFen: 5000, depositCondition: '无损坏全额退还' })).ok).toBe(true)
  await until('the deposit', async () => (await seen()).deposit)
  expect((await seen()).deposit).toEqual({ amountFen: 5000, condition: '无损坏全额退还' })
  expect(await save({ branchIds: [randomUUID()] })).toMatchObject({
    code: 'invalid_fields',
    fields: [{ path: 'branchIds' }],
  })
})

test('rules are in force on every service at once, and have bounds', async () => {
  await seen()
  await must(owner.call, 'putRules', {
    body: { rules: { cancelFreeHours: 48, cancelFeePercent: 30 } },
  })
  await until('the new rule', async () =>
    (await seen()).cancelRule.includes('48 小时可免费取消，之后取消收取 30%'),
  )
  const { rules } = await must(owner.call, 'getRules', {})
  expect(rules).toEqual({ ...defaultRules, cancelFreeHours: 48, cancelFeePercent: 30 })
  for (const wrong of [
    { cancelFeePercent: 101 },
    { holdMinutes: 0 },
    { bookingDays: 1.5 },
    { foo: 1 },
  ])
    expect(await owner.call('putRules', { body: { rules: wrong as never } })).toMatchObject({
      code: 'malformed',
    })
  // A clock that starts now runs by the rule of now.
  await must(owner.call, 'putRules', { body: { rules: { holdMinutes: 20 } } })
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
  const mei = await signIn(world)
  const held = await must(mei.call, 'putOrder', {
    params: { id: randomUUID() },
    body: { slotId, party: 1 },
  })
  const minutes = (Date.parse(held.heldUntil ?? '') - Date.parse(held.now)) / 60_000
  expect(minutes).toBeGreaterThan(19)
  expect(minutes).toBeLessThanOrEqual(20)
  // One that runs already keeps what was promised, on the phone and when its form comes in.
  await must(owner.call, 'putRules', {
    body: { rules: { holdMinutes: 5, paymentMinutes: 45, ordersPerUser: 1 } },
  })
  const params = { id: held.id }
  expect((await must(mei.call, 'getOrder', { params })).heldUntil).toBe(held.heldUntil)
  const order = await must(mei.call, 'putRegistration', {
    params,
    body: { formVersion: held.form.version, values: lectureAnswers() },
  })
  const toPay = (Date.parse(order.payUntil ?? '') - Date.parse(order.now)) / 60_000
  expect(toPay).toBeGreaterThan(44)
  expect(toPay).toBeLessThanOrEqual(45)
  const more = await mei.call('putOrder', {
    params: { id: randomUUID() },
    body: { slotId, party: 1 },
  })
  expect(more).toMatchObject({ ok: false, code: 'limit_reached' })
  await must(owner.call, 'putRules', { body: { rules: defaultRules } })
})

test('the defaults are within the bounds of every rule', () => {
  for (const [key, { min, max }] of Object.entries(ruleAbouts)) {
    const value = defaultRules[key as keyof typeof defaultRules]
    expect([key, value >= min && value <= max]).toEqual([key, true])
  }
})

test('a promotion is on the card and in the price at once, and ends when it is ended', async () => {
  const day = 86_400_000
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const body = { ...somePromotion, serviceId: lecture, label: '周末立减', position: 0 }
  const params = { id: randomUUID() }
  const { revision } = await must(owner.call, 'putPromotion', {
    params,
    body: { ...body, startsAt: at(-day), endsAt: at(day) },
  })
  await until('on the card', async () => (await seen()).promotion?.startsWith('周末立减'))
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
  const order = await registeredOrder(await signIn(world), slotId)
  expect(order.quote.lines).toContainEqual(
    expect.objectContaining({ label: '周末立减', amountFen: -1000 }),
  )
  await must(owner.call, 'putPromotion', {
    params,
    body: { ...body, startsAt: at(-day), endsAt: at(-1000), revision },
  })
  await until('gone', async () => !(await seen()).promotion?.startsWith('周末立减'))
  const { promotions } = await must(owner.call, 'listPromotions', {})
  expect(promotions.at(-1)?.id).toBe(params.id)
})

describe('two at once', () => {
  const day = 86_400_000
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const codes = (answers: { ok: boolean; code?: string }[]) =>
    answers.map((one) => (one.ok ? 'ok' : one.code)).sort()

  test('what a figure suggests, clicked by two people, is taken off once; twice by one is the same', async () => {
    const offer = {
      ...somePromotion,
      serviceId: cleaning,
      label: '限时优惠',
      kind: 'percent',
    } as const
    const body = { ...offer, value: 10, startsAt: at(-day), endsAt: at(14 * day), alone: true }
    const click = (id: string, more: object = {}) =>
      owner.call('putPromotion', { params: { id }, body: { ...body, ...more } })
    const ids = [randomUUID(), randomUUID()] as const
    const both = await Promise.all([click(ids[0]), click(ids[1])])
    expect(codes(both)).toEqual(['ok', 'settings_changed'])
    const won = both[0]?.ok ? ids[0] : ids[1]
    expect((await click(won)).ok).toBe(true)
    const running = async () =>
      (await must(owner.call, 'listPromotions', {})).promotions.filter(
        ({ label }) => label === '限时优惠',
      )
    expect(await running()).toHaveLength(1)
    // One of all services counts too; one that is over, or of another, does not.
    const { revision } = (await running())[0]!
    await must(owner.call, 'putPromotion', {
      params: { id: won },
      body: { ...offer, value: 10, startsAt: body.startsAt, endsAt: at(-1000), revision },
    })
    expect((await click(randomUUID(), { label: '再来一次' })).ok).toBe(true)
    // Control: on purpose, by its form, a merchant may have two.
    expect((await click(randomUUID(), { label: '会员日', alone: false })).ok).toBe(true)
  })

  test('who saves a promotion that somebody changed meanwhile is told, and overwrites nothing', async () => {
    const params = { id: randomUUID() }
    const body = { ...somePromotion, startsAt: at(day), endsAt: at(2 * day) }
    const { revision } = await must(owner.call, 'putPromotion', { params, body })
    const both = await Promise.all(
      [1500, 2500].map((value) =>
        owner.call('putPromotion', { params, body: { ...body, value, revision } }),
      ),
    )
    expect(codes(both)).toEqual(['ok', 'settings_changed'])
    const kept = (await must(owner.call, 'listPromotions', {})).promotions.find(
      ({ id }) => id === params.id,
    )
    const won = both.find((one) => one.ok)
    expect(won?.ok && won.value).toEqual(kept)
  })

  test('who saves a rule that somebody changed meanwhile is told; another rule is no matter', async () => {
    const put = (rules: object, was?: object) =>
      owner.call('putRules', { body: { rules, ...(was && { was }) } })
    const { rules } = await must(owner.call, 'getRules', {})
    const was = { waitMost: rules.waitMost }
    const both = await Promise.all([put({ waitMost: 60 }, was), put({ waitMost: 70 }, was)])
    expect(codes(both)).toEqual(['ok', 'settings_changed'])
    const { waitMost } = (await must(owner.call, 'getRules', {})).rules
    // The answer was lost: the same again is the same.
    expect((await put({ waitMost }, was)).ok).toBe(true)
    expect((await put({ asksPerUser: 4 }, { asksPerUser: rules.asksPerUser })).ok).toBe(true)
  })

  test('a reminder to pay that could never be sent is refused beside its field, from either side', async () => {
    for (const rules of [{ unpaidTellMinutes: 28 }, { paymentMinutes: 17 }])
      expect(await owner.call('putRules', { body: { rules } })).toMatchObject({
        code: 'invalid_fields',
        fields: [{ path: 'unpaidTellMinutes' }],
      })
    const { rules } = await must(owner.call, 'getRules', {})
    expect([rules.unpaidTellMinutes, rules.paymentMinutes]).toEqual([15, 30])
    expect((await owner.call('putRules', { body: { rules: { unpaidTellMinutes: 27 } } })).ok).toBe(
      true,
    )
  })
})

test('the history of a service says who, when, what, before and after', async () => {
  const { acts } = await must(owner.call, 'listActs', {
    query: { object: 'services', key: lecture },
  })
  const changes = acts.flatMap((act) => act.changes)
  expect(acts.every(({ action }) => action === 'putServiceSettings')).toBe(true)
  expect(changes).toContainEqual(
    expect.objectContaining({
      object: 'services',
      before: expect.objectContaining({ price_fen: 6900 }),
      after: expect.objectContaining({ price_fen: 9900 }),
    }),
  )
})
