/** The log of the console (M10): written with the change or not at all, and nothing secret in it. */
import { randomUUID } from 'node:crypto'
import type { Call } from '@jiyue/contract/client'
import type { ConsoleAct } from '@jiyue/contract/schema/acts'
import { addDays, dayOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { acting } from '../../server/db/acting.ts'
import { tx } from '../../server/db/tx.ts'
import { demoId } from '../../server/demo/ids.ts'
import { lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import {
  caller,
  must,
  openWorld,
  registeredOrder,
  signIn,
  signInConsole,
  signInOwner,
  somePhone,
  type World,
} from '../world.ts'
import { someTemplate, wish } from './refusals/inputs.ts'

let world: World
let owner: Call
beforeAll(async () => {
  world = await openWorld()
  owner = (await signInOwner(world)).call
})
afterAll(() => world.close())

const byId = (id: string) => ({ params: { id } })
const branch = {
  name: '静安店',
  address: '静安区 1 号',
  phone: '021-60000000',
  latitude: null,
  longitude: null,
}
const list = async (query: object = {}) => (await must(owner, 'listActs', { query })).acts
const newest = async () => (await list())[0] as ConsoleAct

test('says who did what to what, before and after, and why', async () => {
  const id = randomUUID()
  await must(owner, 'putBranch', { ...byId(id), body: branch })
  expect(await newest()).toMatchObject({
    person: { name: '店主 沈禾' },
    action: 'putBranch',
    address: '127.0.0.1',
    changes: [{ object: 'branches', key: id, name: '静安店', kind: 'insert', before: {} }],
  })
  await must(owner, 'putBranch', { ...byId(id), body: { ...branch, name: '静安旗舰店' } })
  const [change] = (await newest()).changes
  expect(change).toMatchObject({
    kind: 'update',
    before: { name: '静安店' },
    after: { name: '静安旗舰店' },
  })
  expect(Object.keys(change?.after ?? {})).toEqual(['name'])
  const count = (await list()).length
  await must(owner, 'putBranch', { ...byId(id), body: { ...branch, name: '静安旗舰店' } })
  expect((await list()).length).toBe(count) // saved again, nothing changed

  const slot = wish()
  const slotId = randomUUID()
  await must(owner, 'putSlot', { ...byId(slotId), body: slot })
  await must(owner, 'putClosure', { ...byId(slotId), body: { reason: '讲师生病' } })
  expect(await newest()).toMatchObject({
    action: 'putClosure',
    reason: '讲师生病',
    changes: [{ object: 'slots', key: slotId, after: { closed_reason: '讲师生病' } }],
  })
})

test('what was refused, rolled back, or done by nobody of the merchant is not on it', async () => {
  const before = (await list()).length
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 5 })
  const mei = await signIn(world)
  await registeredOrder(mei, slotId, 3)
  const no = await owner('putCapacity', { ...byId(slotId), body: { capacity: 1 } })
  expect(no).toMatchObject({ code: 'capacity_taken' })
  const act = {
    id: randomUUID(),
    person: demoId('owner'),
    action: 'putBranch',
    address: '',
    reason: null,
  }
  const broken = acting.run(act, () =>
    tx(world.parts.db, async (t) => {
      await t
        .insertInto('branches')
        .values({ id: randomUUID(), ...branch })
        .execute()
      throw new Error('in the middle')
    }),
  )
  await expect(broken).rejects.toThrow('in the middle')
  expect((await list()).length).toBe(before)
})

test('many at once are each on their own line, and connections carry nobody over', async () => {
  const finance = caller(world.url, (await signInConsole(world, 'owner')).token)
  const ids = Array.from({ length: 20 }, () => randomUUID())
  await Promise.all([
    ...ids.map((id, i) =>
      must(i % 2 ? owner : finance, 'putBranch', {
        ...byId(id),
        body: { ...branch, name: `店${i}` },
      }),
    ),
    // Nobody's changes between them, on the same connections.
    ...Array.from({ length: 20 }, async () =>
      tx(world.parts.db, (t) =>
        t
          .insertInto('branches')
          .values({ id: randomUUID(), ...branch, name: '无人' })
          .execute(),
      ),
    ),
  ])
  const acts = await list({ object: 'branches' })
  const keys = acts.flatMap(({ changes }) => changes.map(({ key }) => key))
  for (const id of ids) expect(keys.filter((key) => key === id)).toHaveLength(1)
  expect(await list({ text: '无人' })).toEqual([])
})

test('no secret is on it: not a password, a seal, a phone, a code, a token', async () => {
  const phone = somePhone()
  const id = randomUUID()
  const body = { login: 'qiuran', name: '秋然', role: 'support', phone, mail: null } as const
  await must(owner, 'putPerson', { ...byId(id), body })
  const { link } = await must(owner, 'createInvitation', byId(id))
  await must(owner, 'putDeactivation', { ...byId(id), body: { reason: '试用结束' } })
  expect(await newest()).toMatchObject({ action: 'putDeactivation', reason: '试用结束' })
  const { rows } = await sql<{ text: string }>`
    select string_agg(c::text, ' ') as text from act_changes c`.execute(world.database.db)
  for (const secret of [phone, link.split('#')[1] ?? '', 'scrypt:', 'v1:'])
    expect([secret, rows[0]?.text.includes(secret)]).toEqual([secret, false])
  expect(rows[0]?.text).toContain('•••')
})

test('is found by person, action, thing, day and text, page by page', async () => {
  const today = dayOf(Date.now())
  const desk = demoId('desk')
  expect(await list({ personId: desk })).toEqual([])
  expect(
    (await list({ action: 'putClosure' })).every(({ action }) => action === 'putClosure'),
  ).toBe(true)
  const [act] = await list({ object: 'branches', text: '静安旗舰' })
  const key = act?.changes[0]?.key ?? ''
  expect((await list({ object: 'branches', key })).map(({ action }) => action)).toEqual([
    'putBranch',
    'putBranch',
  ])
  expect((await list({ text: '讲师生病' })).length).toBeGreaterThan(0)
  expect(await list({ text: '%' })).toEqual([])
  expect(await list({ from: addDays(today, 2) })).toEqual([])
  expect((await list({ from: addDays(today, -1), to: addDays(today, 1) })).length).toBeGreaterThan(
    20,
  )

  for (let i = 0; i < 40; i++)
    await must(owner, 'putBranch', { ...byId(randomUUID()), body: { ...branch, name: `页${i}` } })
  const seen: string[] = []
  for (let after: string | null = ''; after !== null; ) {
    const query: object = after ? { after } : {}
    const page: { acts: ConsoleAct[]; next: string | null } = await must(owner, 'listActs', {
      query,
    })
    seen.push(...page.acts.map(({ id }) => id))
    after = page.next
  }
  const { n } = await world.database.db
    .selectFrom('acts')
    .select(sql<number>`count(*)::int`.as('n'))
    .executeTakeFirstOrThrow()
  expect([new Set(seen).size, seen.length]).toEqual([n, n])
})

test('one saved schedule is one line, its slots are not; orders moved on by the desk are', async () => {
  const template = { ...someTemplate(), startsOn: dayOf(Date.now()) }
  await must(owner, 'putSchedule', { ...byId(randomUUID()), body: { version: null, template } })
  const saved = await newest()
  expect([saved.action, saved.changed]).toEqual(['putSchedule', 1])

  const mei = await signIn(world)
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 5 })
  const order = await registeredOrder(mei, slotId)
  await sql`update orders set state = 'confirmed', held_until = null where id = ${order.id}`.execute(
    world.database.db,
  )
  await must(owner, 'checkIn', { ...byId(order.id), body: { early: true } })
  expect(await newest()).toMatchObject({
    action: 'checkIn',
    changes: [
      {
        object: 'orders',
        name: order.number,
        before: { state: 'confirmed' },
        after: { state: 'completed' },
      },
    ],
  })
})
