/** Late money confirms an order again with its marks (R4 P10): one phone, one registration per slot. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { tx } from '../../server/db/tx.ts'
import { lecture } from '../../server/demo/world.ts'
import { expireLapsed } from '../../server/order/order.ts'
import { newSlot } from '../races/setting.ts'
import {
  lectureAnswers,
  must,
  openWorld,
  type Person,
  signIn,
  until,
  type World,
} from '../world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const db = () => world.database.db

async function register(person: Person, slotId: string, values: Record<string, unknown>) {
  const params = { id: randomUUID() }
  await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
  const body = { formVersion: 1, values }
  return { id: params.id, result: await person.call('putRegistration', { params, body }) }
}

/** An order whose money is under way while its time runs out. */
async function expiredWithMoneyUnderWay(slotId: string, answers: Record<string, unknown>) {
  const person = await signIn(world)
  const { id } = await register(person, slotId, answers)
  const payment = await must(person.call, 'createPayment', {
    params: { id },
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  await sql`update orders set held_until = clock_timestamp() where id = ${id}`.execute(db())
  await tx(db(), (t) => expireLapsed(t, world.parts.bus))
  const pay = () => world.sandbox.admin.payLate('wechat', payment.id.replaceAll('-', ''))
  const state = async () => (await must(person.call, 'getOrder', { params: { id } })).state
  expect(await state()).toBe('expired')
  return { person, id, pay, state }
}

test('confirmed late, its phone is registered again: nobody registers with it a second time', async () => {
  const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
  const answers = lectureAnswers()
  const late = await expiredWithMoneyUnderWay(slotId, answers)
  expect(late.pay()).toBe(true)
  await until('confirmed', async () => (await late.state()) === 'confirmed')
  const second = await register(await signIn(world), slotId, answers)
  expect(second.result).toMatchObject({ ok: false, code: 'already_registered' })
})

test('somebody registered with its phone meanwhile: the late money goes back, both stay one', async () => {
  const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
  const answers = lectureAnswers()
  const late = await expiredWithMoneyUnderWay(slotId, answers)
  const second = await register(await signIn(world), slotId, answers)
  expect(second.result.ok).toBe(true)
  expect(late.pay()).toBe(true)
  const refund = await until('a refund', async () => {
    const { refunds } = await must(late.person.call, 'getOrder', { params: { id: late.id } })
    return refunds[0]
  })
  expect(refund).toMatchObject({ amountFen: 4900, reason: 'slot_gone' })
  expect(await late.state()).toBe('expired')
})

test('a phone that asks without end makes the provider be asked a few times', async () => {
  const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
  const person = await signIn(world)
  const { id } = await register(person, slotId, lectureAnswers())
  const payment = await must(person.call, 'createPayment', {
    params: { id },
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  const started = Date.now()
  for (let i = 0; i < 60; i++) await must(person.call, 'getPayment', { params: { id: payment.id } })
  const seconds = (Date.now() - started) / 1000
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from facts where payment_id = ${payment.id}`.execute(db())
  expect(rows[0]?.n).toBeGreaterThan(0)
  expect(rows[0]?.n).toBeLessThanOrEqual(2 + Math.ceil(seconds / 0.8))
  expect(rows[0]?.n).toBeLessThan(30)
})
