/** Coupons that the merchant gives (M11): once a person and act, off one order, taken back while unused. */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { addDays, dayOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { newSlot } from '../races/setting.ts'
import {
  caller,
  must,
  openWorld,
  type Person,
  registeredOrder,
  signIn,
  signInConsole,
  signInOwner,
  somePhone,
  type World,
} from '../world.ts'
import { codeOf } from './proving.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
  await sql`delete from promotions`.execute(world.database.db)
})
afterAll(() => world.close())

type Wish = Input<'putCoupons'>['body']
const today = () => dayOf(world.parts.now().getTime())
const wish = (to: string[], more: Partial<Wish> = {}): Wish => ({
  to,
  label: '老客回馈券',
  offFen: 2000,
  until: addDays(today(), 30),
  note: '感谢您的支持',
  ...more,
})
const put = (body: Wish, id: string = randomUUID()) =>
  owner.call('putCoupons', { params: { id }, body })
const revoke = (id: string) => must(owner.call, 'deleteCoupons', { params: { id } })
const grantOf = async (id: string) =>
  (await must(owner.call, 'listCoupons', {})).grants.find((one) => one.id === id)
const slot = () => newSlot(world.database.db, { serviceId: lecture, capacity: 9 })

/** Somebody known by a phone number of theirs. */
async function known(): Promise<{ person: Person; phone: string }> {
  const person = await signIn(world)
  const phone = somePhone()
  await world.database.db
    .updateTable('users')
    .set({
      phone_sealed: world.parts.seal.seal(phone),
      phone_index: world.parts.seal.index('phone', phone),
    })
    .where('id', '=', person.userId)
    .execute()
  return { person, phone }
}

test('to people by the number of an order or their own, one each; they are told, and it is off the next order only', async () => {
  const mei = await signIn(world)
  const before = await registeredOrder(mei, await slot())
  const { person: lan, phone } = await known()
  const to = [
    before.number.toLowerCase(),
    ` ${phone.slice(0, 3)} ${phone.slice(3)} `,
    before.number,
  ]
  const preview = await must(owner.call, 'previewCoupons', { body: { to } })
  expect(preview.people.map((one) => one.phoneMasked).filter(Boolean)).toEqual([
    `${phone.slice(0, 3)}****${phone.slice(7)}`,
  ])
  expect([preview.people.length, preview.unknown]).toEqual([2, []])
  const id = randomUUID()
  const both = await Promise.all([put(wish(to), id), put(wish(to), id)])
  expect(both.map(codeOf)).toEqual(['ok', 'ok'])
  expect(codeOf(await put(wish(to, { offFen: 9900 }), id))).toBe('settings_changed')
  expect(codeOf(await put(wish([phone]), id))).toBe('settings_changed')
  expect(await grantOf(id)).toMatchObject({ given: 2, used: 0, open: 2, byName: '店主 沈禾' })
  await sendDue(world.parts)
  for (const person of [mei, lan]) {
    const { messages } = await must(person.call, 'listMessages', {})
    const told = messages.filter(({ kind }) => kind === 'coupon')
    expect(told).toHaveLength(1)
    expect(told[0]?.text).toContain('老客回馈券 ¥20')
    expect(told[0]?.text).toContain('感谢您的支持')
  }
  // What is registered keeps its price; the next has it, the one after has not.
  expect((await must(mei.call, 'getOrder', { params: { id: before.id } })).quote).toEqual(
    before.quote,
  )
  const next = await registeredOrder(mei, await slot())
  expect(next.quote.lines).toContainEqual(
    expect.objectContaining({ kind: 'discount', label: '老客回馈券', amountFen: -2000 }),
  )
  const after = await registeredOrder(mei, await slot())
  expect(after.quote.discountFen).toBe(0)
  expect(await grantOf(id)).toMatchObject({ given: 2, used: 1, open: 1 })
  // Free again when its order is given up.
  await must(mei.call, 'cancelOrder', { params: { id: next.id } })
  expect(await grantOf(id)).toMatchObject({ used: 0, open: 2 })
  const { acts } = await must(owner.call, 'listActs', {
    query: { object: 'coupon_grants', key: id },
  })
  expect(acts).toMatchObject([{ action: 'putCoupons' }])
})

test('larger than the price it makes the price nothing, never less, and the deposit stays', async () => {
  const { person, phone } = await known()
  await sql`update services set deposit_fen = 3000, deposit_condition = '到店退还'
    where id = ${lecture}`.execute(world.database.db)
  try {
    await must(owner.call, 'putCoupons', {
      params: { id: randomUUID() },
      body: wish([phone], { offFen: 1_000_000 }),
    })
    const { quote } = await registeredOrder(person, await slot())
    expect([quote.listFen + quote.discountFen, quote.depositFen, quote.payableFen]).toEqual([
      0, 3000, 3000,
    ])
  } finally {
    await sql`update services set deposit_fen = 0, deposit_condition = null
      where id = ${lecture}`.execute(world.database.db)
  }
})

test('somebody nobody knows, or a day that is over or too far: beside its field, and nobody is given any', async () => {
  const { phone, person } = await known()
  const stranger = somePhone()
  const to = [phone, stranger, 'JY0000000000000']
  expect((await must(owner.call, 'previewCoupons', { body: { to } })).unknown).toEqual([
    stranger,
    'JY0000000000000',
  ])
  for (const [body, path] of [
    [wish(to), 'to'],
    [wish([phone], { until: addDays(today(), -1) }), 'until'],
    [wish([phone], { until: addDays(today(), 367) }), 'until'],
  ] as const)
    expect(await put(body)).toMatchObject({ code: 'invalid_fields', fields: [{ path }] })
  // Whoever has erased themselves is nobody.
  await must(person.call, 'deleteMe', {})
  expect(codeOf(await put(wish([phone])))).toBe('invalid_fields')
  const { rows } = await sql`select from coupons where user_id = ${person.userId}`.execute(
    world.database.db,
  )
  expect(rows).toEqual([])
})

test('taken back: what is unused ends at once, what is on a registered order keeps its price and is not free after it', async () => {
  const [used, unused] = [await known(), await known()]
  const id = randomUUID()
  await must(owner.call, 'putCoupons', {
    params: { id },
    body: wish([used.phone, unused.phone]),
  })
  const order = await registeredOrder(used.person, await slot())
  const gone = await revoke(id)
  expect(gone).toMatchObject({ given: 2, used: 1, open: 0, revokedAt: expect.any(String) })
  expect(await revoke(id)).toEqual(gone)
  const kept = await must(used.person.call, 'getOrder', { params: { id: order.id } })
  expect(kept.quote).toEqual(order.quote)
  expect((await registeredOrder(unused.person, await slot())).quote.discountFen).toBe(0)
  await must(used.person.call, 'cancelOrder', { params: { id: order.id } })
  expect((await registeredOrder(used.person, await slot())).quote.discountFen).toBe(0)
  const desk = caller(world.url, (await signInConsole(world, 'desk')).token)
  expect(codeOf(await desk('deleteCoupons', { params: { id } }))).toBe('forbidden')
})
