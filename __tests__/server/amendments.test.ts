/**
 * Registrations put right by the merchant (M7): checked as on the phone, sealed as before, kept with what
 * was there, told to the person, and forgotten like every answer (X11).
 */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { forgetDue } from '../../server/privacy/forget.ts'
import { openAnswer } from '../../server/registration/answers.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import {
  caller,
  must,
  openWorld,
  registeredOrder,
  signIn,
  signInConsole,
  signInOwner,
  someIdCard,
  somePhone,
  type World,
} from '../world.ts'
import { pricedSlot } from './moving.ts'
import { codeOf } from './proving.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())

async function registered(slotId?: string) {
  const person = await signIn(world)
  const order = await registeredOrder(person, slotId ?? (await pricedSlot(world)))
  return { person, order }
}

type Wish = Input<'putAmendment'>['body']
const change = (orderId: string, of: Partial<Wish>, id: string = randomUUID()) =>
  owner.call('putAmendment', {
    params: { id },
    body: { orderId, revision: 1, values: {}, reason: '客户来电更正', ...of },
  })
const read = (id: string) => must(owner.call, 'getConsoleRegistration', { params: { id } })
const page = (id: string) => must(owner.call, 'getConsoleOrder', { params: { id } })
const kept = async (orderId: string) => {
  const { answers } = await world.database.db
    .selectFrom('registrations')
    .select('answers')
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow()
  return answers as Record<string, unknown>
}

test('what is sealed is never shown for editing, and stays sealed when it is typed anew', async () => {
  const { person, order } = await registered()
  const { values, masked, revision } = await read(order.id)
  expect(Object.keys(values).sort()).toEqual(['age', 'name'])
  expect(masked).toMatchObject({ phone: expect.stringContaining('****') })
  expect(masked.idCard).toMatch(/^\d{4}\*{10}/)
  const idCard = someIdCard()
  const before = await kept(order.id)
  const all = { revision, values: { name: '林小雪', idCard } }
  const id = randomUUID()
  expect(codeOf(await change(order.id, all, id))).toBe('ok')
  expect(codeOf(await change(order.id, all, id))).toBe('ok')
  // Under one name only one change is ever answered for: one typed further was not made.
  for (const values of [
    { ...all.values, name: '林小雨' },
    { ...all.values, age: '初中' },
  ])
    expect(codeOf(await change(order.id, { revision, values }, id))).toBe('amendment_id_reused')
  const after = await kept(order.id)
  expect(after).toMatchObject({ name: '林小雪', phone: before.phone, age: before.age })
  expect(JSON.stringify(after.idCard)).toMatch(/"sealed":"v[12]:/)
  expect(openAnswer(world.parts.seal, after.idCard)).toBe(idCard)
  const { amendments, events } = await page(order.id)
  expect(amendments).toMatchObject([{ reason: '客户来电更正', byName: '店主 沈禾' }])
  expect(amendments[0]?.changes).toEqual([
    { label: expect.any(String), before: '林小满', after: '林小雪' },
    {
      label: expect.any(String),
      before: masked.idCard,
      after: expect.stringMatching(/^\d{4}\*{10}/),
    },
  ])
  expect(events.at(-1)).toMatchObject({ what: 'amend_by_hand', reason: '客户来电更正' })
  // Neither history nor log has a number in clear.
  const { rows } = await sql<{ all: string }>`select
    coalesce((select string_agg(t::text, ' ') from amended_answers t), '') ||
    coalesce((select string_agg(t::text, ' ') from act_changes t), '') as all`.execute(
    world.database.db,
  )
  expect(rows[0]?.all).not.toContain(idCard)
  await sendDue(world.parts)
  const { messages } = await must(person.call, 'listMessages', {})
  expect(messages.find(({ kind }) => kind === 'by_hand')?.text).toContain('商家修改了报名信息')
})

test('the phone’s own checks, beside their fields; nothing is written', async () => {
  const { order } = await registered()
  const before = await kept(order.id)
  const refused = await change(order.id, { values: { phone: '123', idCard: '1', name: '' } })
  expect(refused).toMatchObject({ ok: false, code: 'invalid_fields' })
  if (!refused.ok)
    expect(refused.fields?.map(({ path }) => path)).toEqual(['name', 'phone', 'idCard'])
  expect(codeOf(await change(order.id, { values: { nobody: 'x' } }))).toBe('invalid_fields')
  expect(codeOf(await change(order.id, { values: { name: '林小满' } }))).toBe('invalid_fields')
  expect(await kept(order.id)).toEqual(before)
  expect((await page(order.id)).amendments).toEqual([])
})

test('two clerks at once: one change stands, the other is told; control: both would pass one by one', async () => {
  const { order } = await registered()
  const codes = await Promise.all(
    ['林一', '林二'].map(async (name) => codeOf(await change(order.id, { values: { name } }))),
  )
  expect(codes.sort()).toEqual(['answers_changed', 'ok'])
  const { revision } = await read(order.id)
  expect(codeOf(await change(order.id, { revision, values: { name: '林三' } }))).toBe('ok')
  expect((await page(order.id)).amendments).toHaveLength(2)
})

test('a phone number moves its registration mark: the old one is free, the new one taken', async () => {
  const slot = await pricedSlot(world)
  const { order } = await registered(slot)
  const [old, phone] = [openAnswer(world.parts.seal, (await kept(order.id)).phone), somePhone()]
  expect(codeOf(await change(order.id, { values: { phone } }))).toBe('ok')
  const second = await registered(slot)
  const taken = await change(second.order.id, { values: { phone } })
  expect(codeOf(taken)).toBe('already_registered')
  expect(codeOf(await change(second.order.id, { values: { phone: old } }))).toBe('ok')
})

test('the history is forgotten with its answer', async () => {
  const { person, order } = await registered()
  await must(owner.call, 'putAmendment', {
    params: { id: randomUUID() },
    body: { orderId: order.id, revision: 1, values: { name: '林小雪' }, reason: '更正' },
  })
  await must(person.call, 'cancelOrder', { params: { id: order.id } })
  expect(codeOf(await change(order.id, { revision: 2, values: { name: '林' } }))).toBe(
    'order_state',
  )
  await sql`update orders set ended_at = now() - interval '4000 days' where id = ${order.id}`.execute(
    world.database.db,
  )
  await sql`update registrations set forget_at = now() where order_id = ${order.id}`.execute(
    world.database.db,
  )
  await forgetDue(world.parts)
  const [amendment] = (await page(order.id)).amendments
  expect(amendment?.changes).toMatchObject([{ before: null, after: null }])
})

test('saved views are their person’s own: saved, saved anew, forgotten; nobody else’s', async () => {
  const id = randomUUID()
  const { token } = await signInConsole(world, 'desk')
  const desk = caller(world.url, token)
  const view = {
    name: '本周待缴费',
    filter: { paid: 'unpaid' as const },
    hidden: ['q:age', 'slot'],
  }
  const put = (call: typeof desk, body: Partial<typeof view> = {}) =>
    call('putView', { params: { id }, body: { ...view, ...body } })
  expect(codeOf(await put(desk))).toBe('ok')
  expect(codeOf(await put(desk, { name: '待缴费' }))).toBe('ok')
  expect(codeOf(await put(owner.call))).toBe('not_found')
  const views = async (call: typeof desk) => (await must(call, 'listViews', {})).views
  expect(await views(desk)).toEqual([{ id, ...view, name: '待缴费' }])
  expect(await views(owner.call)).toEqual([])
  expect(codeOf(await owner.call('deleteView', { params: { id } }))).toBe('not_found')
  expect(codeOf(await desk('deleteView', { params: { id } }))).toBe('ok')
  expect(await views(desk)).toEqual([])
})
