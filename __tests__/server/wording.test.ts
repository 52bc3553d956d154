/** The merchant's own words (M11): said from the next message on, by every channel; templates too. */
import { randomUUID } from 'node:crypto'
import type { TemplateName } from '@jiyue/contract/reminder'
import type { Input } from '@jiyue/contract/schema/wire'
import { houseWords } from '@jiyue/contract/wording'
import { tx } from '../../server/db/tx.ts'
import { lecture } from '../../server/demo/world.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { remind } from '../../server/reminder/reminder.ts'
import { newSlot } from '../races/setting.ts'
import {
  must,
  openWorld,
  type Person,
  registeredOrder,
  signIn,
  signInOwner,
  type World,
} from '../world.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())

type Change = Partial<Input<'putWording'>['body']>
type Kind = Input<'putWording'>['params']['kind']

const wordingOf = async (kind: Kind) =>
  (await must(owner.call, 'listWording', {})).kinds.find((one) => one.kind === kind) as {
    revision: string
  }
async function say(kind: Kind, change: Change) {
  const { revision } = await wordingOf(kind)
  const body = { text: null, hint: null, off: false, revision, ...change }
  return owner.call('putWording', { params: { kind }, body })
}

async function somebody(): Promise<Person & { name: string }> {
  const name = randomUUID()
  return { ...(await signIn(world, name)), name }
}

const inboxOf = async ({ call }: Person) => (await must(call, 'listMessages', {})).messages
const newest = async (person: Person) => (await inboxOf(person))[0]
/** Queues a message about an order; the caller lets it go out. */
const plan = (kind: 'unpaid' | 'cancelled', orderId: string, note?: string) =>
  tx(world.parts.db, (t) =>
    remind(t, {
      kind,
      about: randomUUID(),
      orderId,
      ...(note && { facts: { note } }),
      now: world.parts.now(),
    }),
  )
const order = async (person: Person) =>
  registeredOrder(person, await newSlot(world.database.db, { serviceId: lecture, capacity: 9 }))

test('what was planned before is sent in the new words; back to the house’s, they are said again', async () => {
  const mei = await somebody()
  const { id, number } = await order(mei)
  await plan('unpaid', id)
  const saved = await say('unpaid', { text: '{服务}还差一步：订单 {订单号} 等您付款，{时间}见。' })
  expect(saved).toMatchObject({ ok: true, value: { hint: null, off: false } })
  await sendDue(world.parts)
  const [message] = await inboxOf(mei)
  expect(message?.text).toMatch(
    new RegExp(`^亲子沟通讲座还差一步：订单 ${number} 等您付款，.+见。$`),
  )
  expect((await say('unpaid', { text: null })).ok).toBe(true)
  await plan('unpaid', id)
  await sendDue(world.parts)
  expect((await newest(mei))?.text).toMatch(/^待缴费：亲子沟通讲座，.*请尽快完成缴费以保留名额。$/)
  const { acts } = await must(owner.call, 'listActs', {
    query: { object: 'message_words', key: 'unpaid' },
  })
  expect(acts.map(({ action }) => action)).toEqual(['putWording', 'putWording'])
})

test('a reason that looks like a placeholder is said as it is', async () => {
  const mei = await somebody()
  const { id } = await order(mei)
  await must(mei.call, 'cancelOrder', { params: { id } })
  await sendDue(world.parts)
  await plan('cancelled', id, '原因 {服务}<b>')
  await sendDue(world.parts)
  expect((await newest(mei))?.text).toContain('，原因 {服务}<b>。')
})

test('a kind that is switched off is not sent and says why; what must be told cannot be switched off', async () => {
  const mei = await somebody()
  const { id } = await order(mei)
  expect((await say('unpaid', { off: true })).ok).toBe(true)
  const reminder = await plan('unpaid', id)
  await sendDue(world.parts)
  expect(await inboxOf(mei)).toEqual([])
  const row = await world.database.db
    .selectFrom('reminders')
    .select(['state', 'reason'])
    .where('id', '=', reminder as string)
    .executeTakeFirst()
  expect(row).toEqual({ state: 'unsent', reason: 'switched_off' })
  expect((await say('unpaid', { off: false })).ok).toBe(true)
  await plan('unpaid', id)
  await sendDue(world.parts)
  expect(await inboxOf(mei)).toHaveLength(1)
  for (const kind of ['refunded', 'cancelled', 'emergency', 'confirmed'] as const)
    expect(await say(kind, { off: true })).toMatchObject({
      code: 'invalid_fields',
      fields: [{ path: 'off' }],
    })
})

test('wrong words are told field by field in Chinese, and nothing is written', async () => {
  const before = await must(owner.call, 'listWording', {})
  for (const [path, change] of [
    ['text', { text: '亲爱的{姓名}，您好' }],
    ['text', { text: '<script>alert(1)</script>' }],
    ['text', { text: '预约成功 🎉' }],
    ['text', { text: '长'.repeat(201) }],
    ['hint', { hint: '字'.repeat(21) }],
    ['hint', { hint: '{服务}' }],
  ] as const) {
    const no = await say('confirmed', change)
    expect([change, no]).toMatchObject([change, { code: 'invalid_fields', fields: [{ path }] }])
  }
  const after = await must(owner.call, 'listWording', {})
  expect([after.kinds, after.templates]).toEqual([before.kinds, before.templates])
})

test('two who edit the same kind: the second is told, and overwrites nothing', async () => {
  const { revision } = await wordingOf('moved')
  const put = (text: string) =>
    owner.call('putWording', {
      params: { kind: 'moved' },
      body: { text, hint: null, off: false, revision },
    })
  const both = await Promise.all([put('改好了：{服务}'), put('已改期：{服务}')])
  expect(both.map((one) => (one.ok ? 'ok' : one.code)).sort()).toEqual(['ok', 'settings_changed'])
  const kept = (await must(owner.call, 'listWording', {})).kinds.find(
    ({ kind }) => kind === 'moved',
  )
  const winner = both.find((one) => one.ok)
  expect(kept?.text).toBe(winner?.ok && winner.value.text)
  // Control: on what is there now the other's goes through.
  expect((await say('moved', { text: null })).ok).toBe(true)
})

describe('templates at the platforms', () => {
  const template: TemplateName = 'todo'
  const templateOf = async () =>
    (await must(owner.call, 'listWording', {})).templates.find(
      (one) => one.host === 'weapp' && one.template === template,
    )
  async function set(to: Input<'putHostTemplate'>['body']['set']) {
    const { revision } = (await templateOf()) as { revision: string }
    const params = { host: 'weapp' as const, template }
    return owner.call('putHostTemplate', { params, body: { set: to, revision } })
  }
  async function accept({ name, call }: Person & { name: string }) {
    const { templates } = await must(call, 'listConsents', {})
    const { id } = templates.find((one) => one.name === template) as { id: string }
    world.sandbox.admin.consent(name, id, 'weapp')
    const body = { answers: { [template]: 'accept' as const } }
    await must(call, 'putConsents', { params: { id: randomUUID() }, body })
  }
  const leftOf = async ({ call }: Person) =>
    (await must(call, 'listConsents', {})).templates.find(({ name }) => name === template)

  test('its fields show what the merchant says, and the short line is the kind’s own', async () => {
    const mei = await somebody()
    const { id } = await order(mei)
    const shipped = (await templateOf())?.shipped
    if (!shipped) throw new Error('the sandbox has this template')
    expect((await say('unpaid', { hint: '今晚十点前请付款' })).ok).toBe(true)
    const keys = { thing2: 'service', thing1: 'hint', character_string3: 'number' } as const
    expect(await set({ id: shipped.id, keys })).toMatchObject({
      ok: true,
      value: { set: { keys } },
    })
    await accept(mei)
    await plan('unpaid', id)
    await sendDue(world.parts)
    const [sent] = world.sandbox.admin.outbox(mei.name)
    expect(sent?.data).toMatchObject({
      data: { thing1: { value: '今晚十点前请付款' }, thing2: { value: '亲子沟通讲座' } },
    })
    expect((await say('unpaid', {})).ok).toBe(true)
    expect(await set(null)).toMatchObject({ ok: true, value: { set: null, shipped } })
  })

  test('another id needs other consents; the old ones are good again when it is put back', async () => {
    const mei = await somebody()
    const { id } = await order(mei)
    await accept(mei)
    expect(await leftOf(mei)).toMatchObject({ left: 1 })
    const shipped = (await templateOf())?.shipped
    expect((await templateOf())?.left).toBeGreaterThan(0)
    const other = { id: 'another-template-of-ours', keys: { thing1: 'service' as const } }
    expect((await set(other)).ok).toBe(true)
    expect(await leftOf(mei)).toEqual({ name: template, id: other.id, left: 0 })
    expect((await templateOf())?.left).toBe(0)
    const reminder = await plan('unpaid', id)
    await sendDue(world.parts)
    const sends = await world.database.db
      .selectFrom('sends')
      .select(['channel', 'reason'])
      .where('reminder_id', '=', reminder as string)
      .execute()
    expect(sends).toContainEqual({ channel: 'wechat', reason: 'no_consent' })
    expect((await set(null)).ok).toBe(true)
    expect(await leftOf(mei)).toEqual({ name: template, id: shipped?.id, left: 1 })
    await plan('unpaid', id)
    await sendDue(world.parts)
    expect(world.sandbox.admin.outbox(mei.name)).toHaveLength(1)
  })

  test('two who set it at once: one is told', async () => {
    const { revision } = (await templateOf()) as { revision: string }
    const params = { host: 'weapp' as const, template }
    const put = (id: string) =>
      owner.call('putHostTemplate', {
        params,
        body: { set: { id, keys: { thing1: 'service' } }, revision },
      })
    const both = await Promise.all([put('template-one-of-two'), put('template-two-of-two')])
    expect(both.map((one) => (one.ok ? 'ok' : one.code)).sort()).toEqual(['ok', 'settings_changed'])
    expect((await set(null)).ok).toBe(true)
  })
})

test('the example is an order of the merchant’s own, as messages say it', async () => {
  const { example, facts } = await must(owner.call, 'listWording', {})
  expect(example.服务).toBe(facts.service)
  expect(Object.values(example).every((value) => value !== '')).toBe(true)
  expect(houseWords.confirmed.text).toContain('{下一步}')
})
