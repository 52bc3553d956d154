/**
 * The disruption desk 紧急通知 (M9 X5): one act closes slots and asks all of their orders; the answers
 * are the orders' own moves and cancels; silence is answered by the act's rule; nothing twice.
 */
import { randomUUID } from 'node:crypto'
import type { DisruptionAnswer } from '@jiyue/contract/disruption'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { chaseDue } from '../../server/disruption/chase.ts'
import { endDisrupted, tellDisrupted } from '../../server/disruption/follow.ts'
import { missUnattended } from '../../server/payment/complete.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { must, openWorld, registeredOrder, signIn, signInOwner, type World } from '../world.ts'
import { allChanged, wholeRound } from './auditing.ts'
import {
  askMove,
  type Booked,
  booked,
  booksOf,
  codeOf,
  hearPaid,
  openPayment,
  pricedSlot,
  quoteMove,
  readOrder,
  refundsOf,
  takenOf,
} from './moving.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(world.database.db)
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
})

const hour = 3_600_000
type Wish = Input<'putDisruption'>['body']

const wishFor = (slotIds: string[], more: Partial<Wish> = {}): Wish => ({
  slotIds,
  reason: '讲师突发疾病',
  note: null,
  choiceIds: [],
  fallback: 'refund',
  deadlineAt: new Date(Date.now() + hour).toISOString(),
  coupon: null,
  ...more,
})

const put = (body: Wish, id: string = randomUUID()) =>
  owner.call('putDisruption', { params: { id }, body })

/** Acts, and does what is due at once. */
async function act(slotIds: string[], more: Partial<Wish> = {}) {
  const id = randomUUID()
  await must(owner.call, 'putDisruption', { params: { id }, body: wishFor(slotIds, more) })
  await settle()
  return id
}

/** Everything due now. */
async function settle() {
  await tellDisrupted(world.parts)
  await endDisrupted(world.parts)
  await sendDue(world.parts)
}

const read = (id: string) => must(owner.call, 'getDisruption', { params: { id } })
const answersOf = async (id: string) =>
  Object.fromEntries((await read(id)).orders.map(({ orderId, answer }) => [orderId, answer]))
const countsOf = async (id: string): Promise<Partial<Record<DisruptionAnswer, number>>> =>
  Object.fromEntries(Object.entries((await read(id)).counts).filter(([, n]) => n > 0))

/** Another person's paid order of a slot. */
async function alsoIn(slot: string, party = 1): Promise<Booked> {
  const person = await signIn(world)
  const order = await registeredOrder(person, slot, party)
  await hearPaid(world, (await openPayment(person, order.id)).id)
  return { person, order: await readOrder(person, order.id), slot }
}

const cancel = ({ person, order }: Booked) =>
  must(person.call, 'cancelOrder', { params: { id: order.id } })

const quote = ({ person, order }: Booked, slotId: string) =>
  person.call('getMoveQuote', { params: { id: order.id }, query: { slotId } })

const inboxOf = async ({ person }: Booked) =>
  (await must(person.call, 'listMessages', {})).messages.filter(({ kind }) => kind === 'emergency')

describe('before the act', () => {
  test('the preview says whom it would touch, with their money, and what could be offered', async () => {
    const slot = await pricedSlot(world, { startsIn: 48 })
    const [one, two] = [await alsoIn(slot), await alsoIn(slot, 2)]
    const held = await signIn(world)
    await registeredOrder(held, slot)
    const [free, full] = [
      await pricedSlot(world, { startsIn: 50 }),
      await pricedSlot(world, { startsIn: 51, capacity: 1 }),
    ]
    await alsoIn(full)
    const seen = await must(owner.call, 'previewDisruption', { body: { slotIds: [slot] } })
    const paid = (one.order.payment?.amountFen ?? 0) + (two.order.payment?.amountFen ?? 0)
    expect(seen).toMatchObject({ orders: 2, unpaid: 1, people: 4, paidFen: paid })
    expect(paid).toBeGreaterThan(0)
    expect(seen.slots).toMatchObject([{ id: slot, orders: 2, people: 4 }])
    const offered = seen.choices.map(({ id }) => id)
    expect(offered).toContain(free)
    expect(offered).not.toContain(full)
    expect(offered).not.toContain(slot)
    // Looking changes nothing.
    expect(
      codeOf(
        await (await signIn(world)).call('putOrder', {
          params: { id: randomUUID() },
          body: { slotId: slot, party: 1 },
        }),
      ),
    ).toBe('ok')
  })
})

describe('the act', () => {
  test('closes for sale, tells each order once, and shows the choices with what is left', async () => {
    const one = await booked(world, { startsIn: 30 })
    const choice = await pricedSlot(world, { startsIn: 54, capacity: 5 })
    const id = await act([one.slot], { choiceIds: [choice], note: '可改约其他场次' })
    const late = await signIn(world)
    const refused = await late.call('putOrder', {
      params: { id: randomUUID() },
      body: { slotId: one.slot, party: 1 },
    })
    expect(codeOf(refused)).toBe('slot_closed')
    expect(await inboxOf(one)).toMatchObject([
      {
        title: '紧急通知',
        path: `/pages/move/disruption?id=${one.order.id}`,
        text: expect.stringContaining('因讲师突发疾病，该时段无法提供服务；可改约其他场次'),
      },
    ])
    const order = await readOrder(one.person, one.order.id)
    expect(order.disruption).toMatchObject({
      reason: '讲师突发疾病',
      fallback: 'refund',
      choices: [{ id: choice, left: 5 }],
      coupon: null,
    })
    expect(order.cancelling).toEqual({ feeFen: 0, refundFen: order.payment?.amountFen })
    // What reminded of the slot is not sent any more, and says why.
    const { rows } = await sql<{ state: string; reason: string }>`select distinct state, reason
      from reminders where order_id = ${one.order.id} and kind in ('day_before', 'hours_before')`.execute(
      world.database.db,
    )
    expect(rows).toEqual([{ state: 'unsent', reason: 'called_off' }])
    expect(await countsOf(id)).toEqual({ waiting: 1 })
    await settle()
    expect(await inboxOf(one)).toHaveLength(1)
  })

  test('taking another slot on the same day costs no fee; the difference goes both ways', async () => {
    const slot = await pricedSlot(world, { startsIn: 3 })
    const [dear, cheap] = [
      await pricedSlot(world, { startsIn: 5, priceFen: 9900 }),
      await pricedSlot(world, { startsIn: 6, priceFen: 5900 }),
    ]
    const [up, down] = [await alsoIn(slot), await alsoIn(slot)]
    const before = await quoteMove(up.person, up.order.id, cheap)
    expect(before.feeFen).toBeGreaterThan(0)
    const id = await act([slot], { choiceIds: [dear, cheap] })
    const toDear = await quoteMove(up.person, up.order.id, dear)
    expect(toDear).toMatchObject({
      feeFen: 0,
      dueFen: 3000,
      rule: expect.stringContaining('不收费用'),
    })
    const { move } = await askMove(up, dear)
    await hearPaid(world, (await openPayment(up.person, up.order.id, move.id)).id)
    await askMove(down, cheap)
    expect(await answersOf(id)).toEqual({ [up.order.id]: 'moved', [down.order.id]: 'moved' })
    expect(await refundsOf(world, down.order.id)).toMatchObject([
      { amount_fen: 1000, reason: 'moved' },
    ])
    expect(await takenOf(world, slot, dear, cheap)).toEqual([0, 1, 1])
    // In the new slot it is an order like any other: late moves cost again.
    const after = await readOrder(down.person, down.order.id)
    expect(after.disruption).toBeNull()
    expect(after.cancelling?.feeFen).toBeGreaterThan(0)
  })

  test('giving it back is in full, however late, and shown as called off', async () => {
    const one = await booked(world, { startsIn: 2 })
    const id = await act([one.slot])
    await cancel(one)
    expect(await booksOf(world, one.order.id)).toBe(0)
    expect(await refundsOf(world, one.order.id)).toMatchObject([
      { amount_fen: one.order.payment?.amountFen, reason: 'called_off' },
    ])
    expect(await answersOf(id)).toEqual({ [one.order.id]: 'refunded' })
  })

  test('a second act on the same slot does not ask the same orders again', async () => {
    const one = await booked(world, { startsIn: 40 })
    const first = await act([one.slot])
    // Who comes to decide again hears before the act whom it would not ask.
    const seen = await must(owner.call, 'previewDisruption', { body: { slotIds: [one.slot] } })
    expect(seen).toMatchObject({ orders: 0, people: 0, paidFen: 0, asked: 1 })
    const two = await act([one.slot], { reason: '停电' })
    expect([await countsOf(first), await countsOf(two)]).toEqual([{ waiting: 1 }, {}])
    expect(await inboxOf(one)).toHaveLength(1)
  })

  test('a second act on a slot that the first one offered asks those who had moved there, and nobody else', async () => {
    const slot = await pricedSlot(world, { startsIn: 41 })
    const [choice, other] = [
      await pricedSlot(world, { startsIn: 65, capacity: 5 }),
      await pricedSlot(world, { startsIn: 89, capacity: 5 }),
    ]
    const [mover, idle] = [await alsoIn(slot), await alsoIn(slot)]
    const first = await act([slot], { choiceIds: [choice, other] })
    await askMove(mover, choice)
    const two = await act([choice], { reason: '停电', choiceIds: [other] })
    expect(await answersOf(two)).toEqual({ [mover.order.id]: 'waiting' })
    expect(await inboxOf(mover)).toHaveLength(2)
    expect(await inboxOf(idle)).toHaveLength(1)
    // What fell through meanwhile is not to be had: who takes it hears so, and keeps all ways.
    const { disruption } = await readOrder(idle.person, idle.order.id)
    expect(disruption?.choices.map(({ id, closed }) => [id, closed])).toEqual([
      [choice, true],
      [other, false],
    ])
    expect(codeOf(await quote(idle, choice))).toBe('slot_closed')
    await askMove(mover, other)
    await askMove(idle, other)
    expect(await takenOf(world, slot, choice, other)).toEqual([0, 0, 2])
    // Of the first act it is where it went; the last one counts it once, too.
    expect([await countsOf(first), await countsOf(two)]).toEqual([{ moved: 2 }, { moved: 1 }])
  })
})

describe('silence', () => {
  test('is a full refund at the deadline, not before, once; and said so', async () => {
    const one = await booked(world, { startsIn: 30 })
    const id = await act([one.slot])
    world.clock.aheadMs = 0.9 * hour
    await settle()
    expect(await countsOf(id)).toEqual({ waiting: 1 })
    world.clock.aheadMs = 1.1 * hour
    await Promise.all([endDisrupted(world.parts), endDisrupted(world.parts)])
    await settle()
    expect(await countsOf(id)).toEqual({ by_rule: 1 })
    expect(await booksOf(world, one.order.id)).toBe(0)
    expect(await refundsOf(world, one.order.id)).toHaveLength(1)
    const { messages } = await must(one.person.call, 'listMessages', {})
    expect(messages[0]).toMatchObject({
      kind: 'cancelled',
      text: expect.stringContaining('逾期未选择，将原路退回'),
    })
  })

  test('a process that breaks off leaves it unanswered, never refunded as if the person had asked', async () => {
    const one = await booked(world, { startsIn: 30 })
    const id = await act([one.slot])
    world.clock.aheadMs = 1.1 * hour
    const { db } = world.database
    await sql`create function breaks() returns trigger language plpgsql as
      $$ begin raise 'broken off'; end $$`.execute(db)
    await sql`create trigger breaks before update of ruled_at on disrupted_orders
      for each row execute function breaks()`.execute(db)
    await settle()
    expect(await countsOf(id)).toEqual({ waiting: 1 })
    await sql`drop trigger breaks on disrupted_orders`.execute(db)
    world.clock.aheadMs = 1.5 * hour
    await settle()
    expect(await countsOf(id)).toEqual({ by_rule: 1 })
    expect(await refundsOf(world, one.order.id)).toHaveLength(1)
  })

  test('kept where the act says so, until the slot starts; never missed by the hour', async () => {
    const one = await booked(world, { startsIn: 6 })
    const id = await act([one.slot], { fallback: 'keep' })
    world.clock.aheadMs = 5 * hour
    await settle()
    expect(await countsOf(id)).toEqual({ waiting: 1 })
    // Every process was down for days: who wakes first must not call the person missing.
    await sql`update slots set starts_at = starts_at - interval '80 hours',
      bookable_until = bookable_until - interval '80 hours',
      ends_at = ends_at - interval '80 hours' where id = ${one.slot}`.execute(world.database.db)
    await missUnattended(world.parts)
    world.clock.aheadMs = 7 * hour
    await settle()
    expect(await countsOf(id)).toEqual({ by_rule: 1 })
    expect(await booksOf(world, one.order.id)).toBe(0)
  })

  test('an answer after it was given back is refused, by the phone that had it open; nothing is taken or paid twice', async () => {
    const one = await booked(world, { startsIn: 30 })
    const choice = await pricedSlot(world, { startsIn: 61 })
    const id = await act([one.slot], { choiceIds: [choice] })
    const { dueFen, refundFen } = await quoteMove(one.person, one.order.id, choice)
    world.clock.aheadMs = 1.1 * hour
    await settle()
    const late = await one.person.call('putMove', {
      params: { id: randomUUID() },
      body: { orderId: one.order.id, slotId: choice, dueFen, refundFen },
    })
    expect(codeOf(late)).toBe('order_state')
    const again = await one.person.call('cancelOrder', { params: { id: one.order.id } })
    expect(again.ok ? again.value.state : again.code).toBe('cancelled')
    expect(await countsOf(id)).toEqual({ by_rule: 1 })
    expect(await refundsOf(world, one.order.id)).toHaveLength(1)
    expect(await takenOf(world, one.slot, choice)).toEqual([0, 0])
  })

  test('who moved a moment before the deadline is left alone', async () => {
    const one = await booked(world, { startsIn: 30 })
    const choice = await pricedSlot(world, { startsIn: 60 })
    const id = await act([one.slot], { choiceIds: [choice] })
    await askMove(one, choice)
    world.clock.aheadMs = 2 * hour
    await settle()
    expect(await countsOf(id)).toEqual({ moved: 1 })
    expect((await readOrder(one.person, one.order.id)).state).toBe('confirmed')
  })
})

describe('what is not paid yet', () => {
  test('is closed at once; money that came first is asked like the others', async () => {
    const slot = await pricedSlot(world, { startsIn: 30 })
    const [idle, quick] = [await signIn(world), await signIn(world)]
    const unpaid = await registeredOrder(idle, slot)
    const paying = await registeredOrder(quick, slot)
    const payment = await openPayment(quick, paying.id)
    const id = randomUUID()
    await must(owner.call, 'putDisruption', { params: { id }, body: wishFor([slot]) })
    await hearPaid(world, payment.id)
    await settle()
    expect(await answersOf(id)).toEqual({ [unpaid.id]: 'closed', [paying.id]: 'waiting' })
    expect((await readOrder(idle, unpaid.id)).state).toBe('cancelled')
    expect((await readOrder(quick, paying.id)).disruption).not.toBeNull()
    world.clock.aheadMs = 2 * hour
    await settle()
    expect(await booksOf(world, paying.id)).toBe(0)
    expect(await takenOf(world, slot)).toEqual([0])
  })

  test('its open payment is closed at the provider before its seat goes', async () => {
    const slot = await pricedSlot(world, { startsIn: 30 })
    const person = await signIn(world)
    const order = await registeredOrder(person, slot)
    const payment = await openPayment(person, order.id)
    await act([slot])
    const row = await world.database.db
      .selectFrom('payments')
      .select('state')
      .where('id', '=', payment.id)
      .executeTakeFirstOrThrow()
    expect(row.state).toBe('closed')
    expect((await readOrder(person, order.id)).state).toBe('cancelled')
  })
})

describe('the compensation coupon', () => {
  const coupon = { offFen: 2000, days: 30 }
  const couponLine = (order: { quote: { lines: { couponId?: string; amountFen: number }[] } }) =>
    order.quote.lines.find(({ couponId }) => couponId !== undefined)?.amountFen

  test('is one a person, off their next order, once, and free again when that one ends', async () => {
    const slot = await pricedSlot(world, { startsIn: 30 })
    const one = await alsoIn(slot)
    const second = await registeredOrder(one.person, slot)
    await hearPaid(world, (await openPayment(one.person, second.id)).id)
    await act([slot], { coupon })
    expect((await inboxOf(one))[0]?.text).toContain('补偿优惠券 ¥20')
    const next = await registeredOrder(one.person, await pricedSlot(world, { startsIn: 90 }))
    expect(couponLine(next)).toBe(-2000)
    expect(next.quote.payableFen).toBe(4900)
    const third = await registeredOrder(one.person, await pricedSlot(world, { startsIn: 91 }))
    expect(couponLine(third)).toBeUndefined()
    await must(one.person.call, 'cancelOrder', { params: { id: next.id } })
    const again = await registeredOrder(one.person, await pricedSlot(world, { startsIn: 92 }))
    expect(couponLine(again)).toBe(-2000)
    const { coupons } = await must(one.person.call, 'getMyData', {})
    expect(coupons).toMatchObject([{ offFen: 2000, used: true }])
  })

  test('two registrations at once: one has it', async () => {
    const one = await booked(world, { startsIn: 30 })
    await act([one.slot], { coupon })
    const slots = await Promise.all([93, 94, 95].map((startsIn) => pricedSlot(world, { startsIn })))
    const orders = await Promise.all(slots.map((slot) => registeredOrder(one.person, slot)))
    expect(orders.map(couponLine).filter(Boolean)).toEqual([-2000])
  })

  test('not after its last day, and not another’s', async () => {
    const one = await booked(world, { startsIn: 30 })
    await act([one.slot], { coupon })
    const stranger = await signIn(world)
    const theirs = await registeredOrder(stranger, await pricedSlot(world, { startsIn: 96 }))
    expect(couponLine(theirs)).toBeUndefined()
    await sql`update coupons set given_at = now() - interval '2 days',
      expires_at = now() - interval '1 second' where user_id = ${one.person.userId}`.execute(
      world.database.db,
    )
    const late = await registeredOrder(one.person, await pricedSlot(world, { startsIn: 97 }))
    expect(couponLine(late)).toBeUndefined()
  })

  test('never below nothing: what it takes off is the price at the most', async () => {
    const one = await booked(world, { startsIn: 30 })
    await act([one.slot], { coupon: { offFen: 100_000, days: 1 } })
    const next = await registeredOrder(one.person, await pricedSlot(world, { startsIn: 98 }))
    expect(next.quote).toMatchObject({ payableFen: 0, depositFen: 0 })
  })
})

describe('killed in the middle, or asked twice', () => {
  const rowsOf = async (id: string) => {
    const { rows } = await sql<{ acts: number; orders: number; closed: number }>`select
      (select count(*)::int from disruptions where id = ${id}) as acts,
      (select count(*)::int from disrupted_orders where disruption_id = ${id}) as orders,
      (select count(*)::int from events where details ->> 'disruption' = ${id} and what = 'close') as closed`.execute(
      world.database.db,
    )
    return rows[0]
  }

  test('an act that broke off left nothing; the same again does all of it, once', async () => {
    const one = await booked(world, { startsIn: 33 })
    const { db } = world.database
    await sql`create function break_off() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`.execute(db)
    await sql`create trigger break_off before insert on disrupted_orders
      for each row execute function break_off()`.execute(db)
    const [id, body] = [randomUUID(), wishFor([one.slot])]
    expect((await put(body, id)).ok).toBe(false)
    await sql`drop trigger break_off on disrupted_orders`.execute(db)
    expect(await rowsOf(id)).toEqual({ acts: 0, orders: 0, closed: 0 })
    const both = await Promise.all([put(body, id), put(body, id), put(body, id)])
    expect(both.map(codeOf)).toEqual(['ok', 'ok', 'ok'])
    expect(await rowsOf(id)).toEqual({ acts: 1, orders: 1, closed: 1 })
    expect(codeOf(await put({ ...body, reason: '停电' }, id))).toBe('disruption_id_reused')
  })

  test('telling that broke off goes on where it was: each person has one message and one coupon', async () => {
    const slot = await pricedSlot(world, { startsIn: 34 })
    const people = [await alsoIn(slot), await alsoIn(slot), await alsoIn(slot)]
    const { db } = world.database
    await sql`create trigger break_off before insert on coupons
      for each row when (new.user_id = ${sql.lit(people[2]?.person.userId)})
      execute function break_off()`.execute(db)
    const id = randomUUID()
    const coupon = { offFen: 500, days: 3 }
    await must(owner.call, 'putDisruption', { params: { id }, body: wishFor([slot], { coupon }) })
    await expect(tellDisrupted(world.parts)).rejects.toThrow()
    await sql`drop trigger break_off on coupons`.execute(db)
    await Promise.all([settle(), settle()])
    for (const one of people) expect(await inboxOf(one)).toHaveLength(1)
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from coupons
      where disruption_id = ${id}`.execute(db)
    expect(rows[0]?.n).toBe(3)
  })
})

describe('chasing', () => {
  test('goes to who has not answered, by each channel once, with the reason where it could not', async () => {
    const slot = await pricedSlot(world, { startsIn: 35 })
    const [quiet, done] = [await alsoIn(slot), await alsoIn(slot)]
    const id = await act([slot])
    await cancel(done)
    const chasesOf = async (): Promise<Reply<'getDisruption'>['chases']> => (await read(id)).chases
    const first = (await read(id)).orders.find(({ orderId }) => orderId === quiet.order.id)
    // The text message was the first that could be sent; the ways before it say why not.
    expect(first?.sends).toEqual([
      { channel: 'inbox', state: 'sent', reason: null },
      { channel: 'wechat', state: 'unsent', reason: 'no_consent' },
      { channel: 'alipay', state: 'unsent', reason: 'no_address' },
      { channel: 'sms', state: 'sent', reason: null },
    ])
    expect((await chasesOf()).filter(({ open }) => open > 0)).toEqual([
      { channel: 'mail', open: 1, asked: 0 },
    ])
    const chase = (channel: 'mail' | 'sms') =>
      must(owner.call, 'putChase', { params: { id, channel } })
    expect([await chase('sms'), await chase('mail'), await chase('mail')]).toEqual([
      { asked: 0 },
      { asked: 1 },
      { asked: 0 },
    ])
    await Promise.all([chaseDue(world.parts), chaseDue(world.parts)])
    const after = (await read(id)).orders.find(({ orderId }) => orderId === quiet.order.id)
    expect(after?.sends[4]).toEqual({ channel: 'mail', state: 'unsent', reason: 'no_address' })
    expect(after?.sends).toHaveLength(5)
    expect((await chasesOf()).every(({ open }) => open === 0)).toBe(true)
  })

  test('who answers between the asking and the sending is not chased', async () => {
    const one = await booked(world, { startsIn: 36 })
    const choice = await pricedSlot(world, { startsIn: 70 })
    const id = await act([one.slot], { choiceIds: [choice] })
    await must(owner.call, 'putChase', { params: { id, channel: 'mail' } })
    await askMove(one, choice)
    await chaseDue(world.parts)
    expect((await read(id)).orders[0]?.sends.map(({ channel }) => channel)).not.toContain('mail')
  })
})

test('the list goes on, page after page, to the first act ever; each once', async () => {
  const mine: string[] = []
  for (let i = 0; i < 51; i++) {
    const id = randomUUID()
    await must(owner.call, 'putDisruption', {
      params: { id },
      body: wishFor([await pricedSlot(world, { startsIn: 72 + i })]),
    })
    mine.push(id)
  }
  await settle()
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await must(owner.call, 'listDisruptions', { query: { ...(after && { after }) } })
    seen.push(...page.disruptions.map(({ id }) => id))
    after = page.next ?? undefined
  } while (after)
  expect(seen.slice(0, 51)).toEqual(mine.toReversed())
  expect(new Set(seen).size).toBe(seen.length)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from disruptions`.execute(
    world.database.db,
  )
  expect(seen).toHaveLength(rows[0]?.n as number)
})

test('the auditor finds nothing wrong with any of it', async () => {
  await allChanged(world.parts)
  for (const round of ['slots', 'orders', 'history'] as const) await wholeRound(world.parts, round)
  const { rows } =
    await sql`select kind, expected, found from findings where resolved_at is null`.execute(
      world.database.db,
    )
  expect(rows).toEqual([])
})
