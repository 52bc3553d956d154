/** Drafts on the server (R6, R8, T3): nothing a person typed is lost, and nobody can read it at rest. */
import { randomUUID } from 'node:crypto'
import type { Draft } from '@jiyue/contract/schema/wire'
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

const agoMs = (ms: number) => new Date(Date.now() - ms).toISOString()
const answer = (value: unknown, ms: number) => ({ value, at: agoMs(ms) })
const save = (params: { id: string }, values: Draft['values'], step = 0) =>
  must(mei.call, 'putDraft', { params, body: { values, step } })
const read = (params: { id: string }) => must(mei.call, 'getDraft', { params })

test('before anything was saved a draft is empty', async () => {
  expect(await read(await heldOrder())).toEqual({ values: {}, step: 0 })
})

test('two devices: of each field the newest answer stays, whoever saves last', async () => {
  const order = await heldOrder()
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
  expect(await tablesWith(phone)).toEqual([])
  expect(await tablesWith(idCard)).toEqual([])
  const { values } = await read(order)
  expect([values.phone?.value, values.idCard?.value]).toEqual([phone, idCard])
})

async function tablesWith(text: string): Promise<string[]> {
  const { db } = world.database
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(db)
  const hits = await Promise.all(
    rows.map(async ({ name }) => {
      const found = await sql`select 1 from ${sql.table(name)} t
        where t::text like ${`%${text}%`} limit 1`.execute(db)
      return found.rows.length > 0 ? [name] : []
    }),
  )
  return hits.flat()
}

test('control: what is not sealed is found by the same search', async () => {
  await save(await heldOrder(), { name: answer('寻找我的名字', 1000) })
  expect(await tablesWith('寻找我的名字')).toEqual(['drafts'])
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
