/** Drafts on the server (R6, R8, T3): nothing a person typed is lost, and nobody can read it at rest. */
import { randomUUID } from 'node:crypto'
import type { DraftEdit } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { cleaning, lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import {
  must,
  openWorld,
  type Person,
  signIn,
  someIdCard,
  somePhone,
  type World,
} from '../world.ts'
import { tablesWith } from './searching.ts'

let world: World
let mei: Person
beforeAll(async () => {
  world = await openWorld()
  mei = await signIn(world)
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(world.database.db)
})
afterAll(() => world.close())

async function heldOrder(serviceId = lecture): Promise<{ id: string }> {
  const slotId = await newSlot(world.database.db, { serviceId, capacity: 9 })
  const params = { id: randomUUID() }
  await must(mei.call, 'putOrder', { params, body: { slotId, party: 1 } })
  return params
}

/** Answers so many ms before `base`: of one moment, however long the saves between them take. */
const answers = (base = Date.now()) => {
  return (value: unknown, ms: number) => ({ value, at: new Date(base - ms).toISOString() })
}
const answer = (value: unknown, ms: number) => answers()(value, ms)
const save = (params: { id: string }, values: Record<string, DraftEdit>, step = 0) =>
  must(mei.call, 'putDraft', { params, body: { values, step } })
const read = (params: { id: string }) => must(mei.call, 'getDraft', { params })

test('before anything was saved a draft is empty', async () => {
  expect(await read(await heldOrder())).toEqual({ values: {}, step: 0 })
})

test('two devices: of each field the newest answer stays, whoever saves last', async () => {
  const order = await heldOrder()
  const answer = answers()
  await save(order, { name: answer('手机上的名字', 3000), age: answer('小学', 1000) })
  const merged = await save(order, {
    name: answer('电脑上的名字', 2000),
    age: answer('初中', 2000),
  })
  expect([merged.values.name?.value, merged.values.age?.value]).toEqual(['电脑上的名字', '小学'])
  expect(await read(order)).toEqual(merged)
})

test('an answer that was taken back stays taken back', async () => {
  const order = await heldOrder()
  const answer = answers()
  await save(order, { name: answer('林小满', 3000) })
  await save(order, { name: answer('', 1000) })
  const late = await save(order, { name: answer('林小满', 2000) })
  expect(late.values.name?.value).toBe('')
})

test('a phone whose clock is a year ahead does not win for ever', async () => {
  const order = await heldOrder()
  const year = 365 * 86_400_000
  const wrong = await save(order, { name: answer('未来', -year) })
  expect(Date.parse(wrong.values.name?.at ?? '')).toBeLessThanOrEqual(Date.now())
  const now = await until1ms(() => save(order, { name: answer('现在', 0) }))
  expect(now.values.name?.value).toBe('现在')
})

/** Answers of the same millisecond keep the first: lets one pass. */
async function until1ms<T>(act: () => Promise<T>): Promise<T> {
  const start = Date.now()
  while (Date.now() === start) await new Promise((resolve) => setImmediate(resolve))
  return act()
}

test('fields saved at the same moment from many sides are all kept', async () => {
  const order = await heldOrder()
  const fields = ['name', 'phone', 'idCard', 'age']
  await Promise.all(fields.map((id, i) => save(order, { [id]: answer(`${id} ${i}`, 1000) })))
  const { values } = await read(order)
  expect(Object.entries(values).map(([id, { value }]) => [id, value])).toEqual(
    expect.arrayContaining(fields.map((id, i) => [id, `${id} ${i}`])),
  )
})

test('what the form does not ask is not kept', async () => {
  const order = await heldOrder()
  const saved = await save(order, { name: answer('林小满', 1000), bank: answer('6222…', 1000) })
  expect(Object.keys(saved.values)).toEqual(['name'])
})

test('the step and every kind of value come back as they were', async () => {
  const order = await heldOrder(cleaning)
  const address = { region: ['上海市', '上海市', '徐汇区'], detail: '漕溪北路 88 号' }
  const values = { address: answer(address, 900), needs: answer(['家有宠物'], 800) }
  await save(order, values, 1)
  expect(await read(order)).toEqual({ values, step: 1 })
})

test('phones and ID numbers cannot be read in the database, in no table', async () => {
  const order = await heldOrder()
  const [phone, idCard] = [somePhone(), someIdCard()]
  await save(order, { phone: answer(phone, 1000), idCard: answer(idCard, 1000) })
  const raw = await sql<{ text: string }>`
    select answers::text as text from drafts where order_id = ${order.id}`.execute(
    world.database.db,
  )
  expect(raw.rows[0]?.text).toContain('sealed')
  expect(await tablesWith(world.database.db, phone)).toEqual([])
  expect(await tablesWith(world.database.db, idCard)).toEqual([])
  const { values } = await read(order)
  expect([values.phone?.value, values.idCard?.value]).toEqual([phone, idCard])
})

test('control: what is not sealed is found by the same search', async () => {
  await save(await heldOrder(), { name: answer('寻找我的名字', 1000) })
  expect(await tablesWith(world.database.db, '寻找我的名字')).toEqual(['drafts'])
})

test('when the hold has lapsed the answers wait: they can be read and still be saved', async () => {
  const order = await heldOrder()
  await save(order, { name: answer('林小满', 3000) })
  await sql`update orders set held_until = clock_timestamp() where id = ${order.id}`.execute(
    world.database.db,
  )
  const saved = await save(order, { age: answer('小学', 1000) })
  expect(Object.keys(saved.values).sort()).toEqual(['age', 'name'])
})

test.each([{ sealed: 'abc' }, { sealed: 'v1:AAAA' }])(
  'an answer that pretends to be sealed comes back as it was given: %j',
  async (value) => {
    const order = await heldOrder()
    await save(order, { name: answer(value, 1000) })
    expect((await read(order)).values.name?.value).toEqual(value)
  },
)

describe('one field on two devices (R8)', () => {
  const unseen = (value: unknown, ms: number) => ({ ...answer(value, ms), seenAt: null })

  test('both answers are kept, sealed, until the person chooses; then both devices have one', async () => {
    const order = await heldOrder()
    const [one, two] = [somePhone(), somePhone()]
    await save(order, { phone: unseen(one, 3000) })
    const both = await save(order, { phone: unseen(two, 2000) })
    expect(both.values.phone).toMatchObject({ value: two, other: { value: one } })
    expect([
      ...(await tablesWith(world.database.db, one)),
      ...(await tablesWith(world.database.db, two)),
    ]).toEqual([])
    const chosen = await save(order, {
      phone: {
        ...answer(one, 0),
        seenAt: both.values.phone?.at ?? null,
        settles: both.values.phone?.other?.at,
      },
    })
    expect(chosen.values.phone).toEqual({ value: one, at: expect.any(String) })
    expect(await read(order)).toEqual(chosen)
  })

  test('the other field is no question, and the same said twice is none', async () => {
    const order = await heldOrder()
    await save(order, { name: unseen('林小满', 3000) })
    const both = await save(order, { name: unseen('林小满', 2000), age: unseen('小学', 2000) })
    expect([both.values.name?.other, both.values.age?.other]).toEqual([undefined, undefined])
  })

  test('ten devices at once: one answer stands, another is kept, nothing breaks', async () => {
    const order = await heldOrder()
    const base = Date.now() - 1000
    const at = (i: number) => new Date(base - i).toISOString()
    await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        save(order, { name: { value: `答案 ${i}`, at: at(i), seenAt: null } }),
      ),
    )
    const { name } = (await read(order)).values
    expect(name?.value).toBe('答案 0')
    expect(name?.other?.value).toMatch(/^答案 [1-9]$/)
  })
})
