/**
 * 「是否确认参与」 (B8): the message of the day before, its link that answers without signing in, and the
 * order's page. Silence keeps the booking; what was asked about another slot is over.
 */
import { sendDue } from '../../server/reminder/deliver.ts'
import { caller, must, openWorld, until, type World } from '../world.ts'
import { askMove, booked, pricedSlot } from './moving.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
})

const hour = 3_600_000
const anyone = () => caller(world.url)

/** A paid order that was asked about a day before, and the key in the link of its text message. */
async function asked() {
  const one = await booked(world, { startsIn: 30 })
  world.clock.aheadMs = 6.1 * hour
  await sendDue(world.parts)
  return { ...one, key: await keyOf(one.order.id) }
}

async function keyOf(orderId: string): Promise<string> {
  const { rows } = { rows: world.sandbox.admin.outbox() }
  const order = await world.database.db
    .selectFrom('reminders')
    .select('id')
    .where('order_id', '=', orderId)
    .where('kind', '=', 'day_before')
    .executeTakeFirstOrThrow()
  const id = Buffer.from(order.id.replaceAll('-', ''), 'hex').toString('base64url')
  const text = rows.map((one) => one.text).find((one) => one.includes(id)) ?? ''
  expect(text).toContain('是否确认参与')
  return /answer\?key=([\w-]+)/.exec(text)?.[1] ?? ''
}

const stateOf = async (orderId: string) =>
  (
    await world.database.db
      .selectFrom('orders')
      .select('state')
      .where('id', '=', orderId)
      .executeTakeFirstOrThrow()
  ).state

test('the link tells what it is about, and confirms, twice like once', async () => {
  const { key, order, person } = await asked()
  const before = await must(anyone(), 'getAnswer', { params: { key } })
  expect(before).toMatchObject({
    number: order.number,
    state: 'confirmed',
    moved: false,
    answer: null,
    slot: { startsAt: order.slot.startsAt },
  })
  expect(JSON.stringify(before)).not.toContain('林小满')
  for (let times = 0; times < 2; times++) {
    const body = { answer: 'confirm' as const }
    const after = await must(anyone(), 'putAnswer', { params: { key }, body })
    expect(after).toMatchObject({ state: 'confirmed', answer: 'confirm' })
  }
  const events = await world.database.db
    .selectFrom('events')
    .select('what')
    .where('order_id', '=', order.id)
    .where('what', '=', 'will_come')
    .execute()
  expect(events).toHaveLength(1)
  const seen = await must(person.call, 'getOrder', { params: { id: order.id } })
  expect(seen.attendance).toEqual({ answer: 'confirm' })
})

test('the link cancels with the fee it showed, and the money is owed once', async () => {
  const { key, order } = await asked()
  const { cancelling } = await must(anyone(), 'getAnswer', { params: { key } })
  // 24 hours before the start have passed: a fee by rule.
  expect(cancelling).toEqual({ feeFen: 980, refundFen: 3920 })
  const body = { answer: 'cancel' as const }
  const after = await must(anyone(), 'putAnswer', { params: { key }, body })
  expect(after).toMatchObject({ state: 'cancelled', answer: 'cancel', cancelling: null })
  expect(await must(anyone(), 'putAnswer', { params: { key }, body })).toMatchObject({
    state: 'cancelled',
  })
  const refunds = await world.database.db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .select('refunds.amount_fen')
    .where('payments.order_id', '=', order.id)
    .execute()
  expect(refunds).toEqual([{ amount_fen: 3920 }])
  await sendDue(world.parts)
  const told = world.sandbox.admin.outbox().filter(({ text }) => text.includes('预约已取消'))
  expect(told).toHaveLength(1)
  expect(told[0]?.text).toContain('将原路退回 ¥39.20')
})

test('a fee that has grown since it was seen is not taken: refused, nothing changed, and the new fee is there to be seen', async () => {
  const { order, person, key } = await asked()
  world.clock.aheadMs = 5 * hour
  const params = { id: order.id }
  const free = await must(person.call, 'getOrder', { params })
  expect(free.cancelling).toEqual({ feeFen: 0, refundFen: 4900 })
  // The sheet was open while the last free minute passed.
  world.clock.aheadMs = 6.1 * hour
  const refused = { ok: false, code: 'fee_changed', message: '取消费用已变化，请核对后再确认' }
  expect(await person.call('cancelOrder', { params, query: { feeFen: 0 } })).toMatchObject(refused)
  const body = { answer: 'cancel' as const, feeFen: 0 }
  expect(await anyone()('putAnswer', { params: { key }, body })).toMatchObject(refused)
  const now = await must(person.call, 'getOrder', { params })
  expect(now).toMatchObject({ state: 'confirmed', cancelling: { feeFen: 980, refundFen: 3920 } })
  expect(now.attendance).toEqual({ answer: null })
  const done = await must(person.call, 'cancelOrder', { params, query: { feeFen: 980 } })
  expect(done.state).toBe('cancelled')
})

test('a fee that is lower by now than it was seen is taken as it is', async () => {
  const { order, person } = await asked()
  world.clock.aheadMs = 5 * hour
  const query = { feeFen: 980 }
  await must(person.call, 'cancelOrder', { params: { id: order.id }, query })
  const { refunds } = await must(person.call, 'getOrder', { params: { id: order.id } })
  expect(refunds.map(({ amountFen }) => amountFen)).toEqual([4900])
})

test('silence keeps the booking, and the page of the order asks too', async () => {
  const { order, person } = await asked()
  const read = () => must(person.call, 'getOrder', { params: { id: order.id } })
  expect((await read()).attendance).toEqual({ answer: null })
  world.clock.aheadMs = 28.5 * hour
  await sendDue(world.parts)
  expect(await stateOf(order.id)).toBe('confirmed')
  const confirmed = await must(person.call, 'putAttendance', { params: { id: order.id } })
  expect(confirmed.attendance).toEqual({ answer: 'confirm' })
})

test('a link about the slot before a move answers nothing any more', async () => {
  const one = await asked()
  // So late a move costs a fee; the cheaper slot leaves nothing to pay, so it happens at once.
  await askMove(one, await pricedSlot(world, { startsIn: 90, priceFen: 2100 }))
  expect(await must(anyone(), 'getAnswer', { params: { key: one.key } })).toMatchObject({
    moved: true,
  })
  for (const answer of ['confirm', 'cancel'] as const) {
    const result = await anyone()('putAnswer', { params: { key: one.key }, body: { answer } })
    expect(result).toMatchObject({ ok: false, code: 'order_state' })
  }
  expect(await stateOf(one.order.id)).toBe('confirmed')
})

test('a key that was changed by one letter is nobody’s', async () => {
  const { key } = await asked()
  const other = (letter?: string) => (letter === 'A' ? 'B' : 'A')
  const forgeries = [
    key.slice(0, -1) + other(key.at(-1)),
    other(key[0]) + key.slice(1),
    'A'.repeat(44),
  ]
  for (const forged of forgeries) {
    const result = await anyone()('getAnswer', { params: { key: forged } })
    expect(result).toMatchObject({ ok: false, code: 'not_found' })
  }
})

test('confirmed and cancelled in the same moment: one of the two, and never both', async () => {
  const { key, order } = await asked()
  const answers = (['confirm', 'cancel', 'confirm', 'cancel'] as const).map((answer) =>
    anyone()('putAnswer', { params: { key }, body: { answer } }),
  )
  await Promise.all(answers)
  await until('an end', async () => (await stateOf(order.id)) === 'cancelled')
  const { answer } = await must(anyone(), 'getAnswer', { params: { key } })
  expect(answer).toBe('cancel')
})
