/** Reminders of a confirmed order (B8): each is sent once, or says why not. */
import { randomUUID } from 'node:crypto'
import { lecture } from '../../server/demo/world.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { planUnpaid } from '../../server/reminder/reminder.ts'
import { newSlot } from '../races/setting.ts'
import {
  must,
  openWorld,
  payAtCashier,
  registeredOrder,
  signIn,
  until,
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

async function confirmedOrder(startsIn = 72) {
  const person = await signIn(world)
  const slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 5, startsIn })
  const order = await registeredOrder(person, slot)
  const payment = await must(person.call, 'createPayment', {
    params: { id: order.id },
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  await payAtCashier(world, payment.params)
  await until('confirmed', async () => {
    const now = await must(person.call, 'getOrder', { params: { id: order.id } })
    return now.state === 'confirmed'
  })
  return { person, order }
}

const remindersOf = (orderId: string) =>
  world.database.db
    .selectFrom('reminders')
    .select(['kind', 'state', 'reason', 'channel'])
    .where('order_id', '=', orderId)
    .orderBy('due_at')
    .execute()

const textsAbout = (number: string) =>
  world.sandbox.admin.outbox().filter((message) => JSON.stringify(message).includes(number))

const hour = 3_600_000

test('paying sends the order number by text message, once, also when sweeps overlap', async () => {
  const { order } = await confirmedOrder()
  await Promise.all([sendDue(world.parts), sendDue(world.parts), sendDue(world.parts)])
  expect(textsAbout(order.number)).toHaveLength(1)
  expect((await remindersOf(order.id))[0]).toEqual({
    kind: 'confirmed',
    state: 'sent',
    channel: 'sms',
    reason: null,
  })
})

test('a cancelled order is not reminded, and the row says why', async () => {
  const { person, order } = await confirmedOrder()
  await sendDue(world.parts)
  await must(person.call, 'cancelOrder', { params: { id: order.id } })
  world.clock.aheadMs = 48.5 * hour
  await sendDue(world.parts)
  expect((await remindersOf(order.id)).filter(({ kind }) => kind.endsWith('before'))).toEqual(
    ['day_before', 'hours_before'].map((kind) => ({
      kind,
      state: 'unsent',
      reason: 'order_over',
      channel: null,
    })),
  )
})

/** A process claimed the first reminder of an order and died; its lease is over. */
async function claimed(orderId: string, { asked }: { asked: boolean }) {
  const { db } = world.database
  const { id } = await db
    .updateTable('reminders')
    .set({ state: 'sending', lease_until: new Date() })
    .where('order_id', '=', orderId)
    .where('kind', '=', 'confirmed')
    .returning('id')
    .executeTakeFirstOrThrow()
  if (!asked) return
  const row = { reminder_id: id, channel: 'sms', state: 'sending', at: new Date() } as const
  await db
    .insertInto('sends')
    .values({ ...row, reason: null, code: null })
    .execute()
}

test('a process that died while it asked leaves a reminder that is explained, not sent twice', async () => {
  const { order } = await confirmedOrder()
  await claimed(order.id, { asked: true })
  await sendDue(world.parts)
  expect(textsAbout(order.number)).toHaveLength(0)
  expect((await remindersOf(order.id))[0]).toMatchObject({ reason: 'outcome_unknown' })
})

test('one that died before it asked leaves a reminder that is sent', async () => {
  const { order } = await confirmedOrder()
  await claimed(order.id, { asked: false })
  await sendDue(world.parts)
  expect(textsAbout(order.number)).toHaveLength(1)
  expect((await remindersOf(order.id))[0]).toMatchObject({ state: 'sent', channel: 'sms' })
})

describe('who has not paid', () => {
  const minute = 60_000

  /** A registered order, looked at so many minutes later; what was told of it. */
  async function unpaidAfter(...minutes: number[]) {
    const person = await signIn(world)
    const slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 5 })
    const order = await registeredOrder(person, slot)
    for (const passed of minutes) {
      world.clock.aheadMs = passed * minute
      await planUnpaid(world.parts.db, world.parts.now())
      await sendDue(world.parts)
    }
    return textsAbout(order.number).map(({ text }) => text)
  }

  test('is reminded once, half-way through the payment clock', async () => {
    const texts = await unpaidAfter(14, 16, 17, 20)
    expect(texts).toHaveLength(1)
    expect(texts[0]).toContain('待缴费')
  })

  test('is not reminded when it would come too late to help', async () => {
    expect(await unpaidAfter(29)).toEqual([])
  })

  test('and who has paid is not', async () => {
    const { order } = await confirmedOrder()
    world.clock.aheadMs = 16 * minute
    await planUnpaid(world.parts.db, world.parts.now())
    await sendDue(world.parts)
    expect((await remindersOf(order.id)).map(({ kind }) => kind)).not.toContain('unpaid')
  })
})

test('a channel that does not answer is not asked again', async () => {
  const { order } = await confirmedOrder()
  expect(world.sandbox.admin.fault('sms.send', 'dropAfterCommit')).toBe(true)
  await sendDue(world.parts)
  await sendDue(world.parts)
  expect(textsAbout(order.number)).toHaveLength(1)
  expect((await remindersOf(order.id))[0]).toMatchObject({
    state: 'unsent',
    reason: 'outcome_unknown',
  })
})
