/**
 * The waiting list 候补 (B11) on the real database: a freed seat is set aside for the first in line
 * whom it fits, by whatever way it became free, before anybody else is served.
 */
import { randomUUID } from 'node:crypto'
import { offersOf } from '@jiyue/contract/wait'
import fc from 'fast-check'
import { sql } from 'kysely'
import { tx } from '../../server/db/tx.ts'
import { lecture, staff, venue } from '../../server/demo/world.ts'
import { expireLapsed } from '../../server/order/order.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { offersDue } from '../../server/waits/offers.ts'
import { newSlot, newUsers, type SlotOf } from '../races/setting.ts'
import {
  must,
  openWorld,
  type Person,
  signIn,
  signInOwner,
  somePhone,
  type World,
} from '../world.ts'
import { booked } from './moving.ts'
import { openEar } from './socket.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())

const teacher = staff[3]?.id ?? ''
const db = () => world.database.db

/** A slot that is full: somebody holds all of it. */
async function fullSlot(of: Partial<SlotOf> = {}) {
  const slot = await newSlot(db(), { serviceId: lecture, capacity: 2, ...of })
  const { capacity } = await slotRow(slot)
  const holder = await signIn(world)
  const order = await must(holder.call, 'putOrder', {
    params: { id: randomUUID() },
    body: { slotId: slot, party: capacity },
  })
  return { slot, holder, order }
}

const slotRow = (id: string) =>
  db().selectFrom('slots').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

async function join(slotId: string, party = 1, person?: Person) {
  const who = person ?? (await signIn(world))
  const id = randomUUID()
  const wait = await must(who.call, 'putWait', { params: { id }, body: { slotId, party } })
  return { ...who, id, wait }
}

const waitsOf = async (person: Person) => (await must(person.call, 'listWaits', {})).waits
const cancel = (person: Person, id: string) => must(person.call, 'cancelOrder', { params: { id } })
const take = (person: Person, slotId: string, party = 1) =>
  person.call('putOrder', { params: { id: randomUUID() }, body: { slotId, party } })
const lapse = (orderId: string) =>
  sql`update orders set held_until = clock_timestamp() where id = ${orderId}`.execute(db())
const dayIs = (what: 'open' | 'closed', slot: string) =>
  sql`update days set open = ${what === 'open'}
    where day = (select (starts_at at time zone 'Asia/Shanghai')::date from slots where id = ${slot})`.execute(
    db(),
  )
/** Seats left as every screen reads them. */
async function leftOf(slot: string): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select seats_left(slots) as left from slots where id = ${slot}`.execute(db())
  return rows[0]?.left ?? -1
}

test('joining says how many are before one, and saying it again is the same place', async () => {
  const { slot } = await fullSlot()
  const first = await join(slot)
  const second = await join(slot, 2)
  expect([first.wait.ahead, second.wait.ahead]).toEqual([0, 1])
  const again = await second.call('putWait', {
    params: { id: second.id },
    body: { slotId: slot, party: 2 },
  })
  expect(again).toMatchObject({ ok: true, value: { id: second.id, ahead: 1, state: 'waiting' } })
  expect((await slotRow(slot)).waiting).toBe(2)
})

describe('a seat that becomes free is the first one’s', () => {
  const ways: Record<string, (full: Awaited<ReturnType<typeof fullSlot>>) => Promise<unknown>> = {
    'an order is cancelled': ({ holder, order }) => cancel(holder, order.id),
    'a hold lapses and the sweep tidies up': async ({ order }) => {
      await lapse(order.id)
      await tx(world.parts.db, (t) => expireLapsed(t, world.parts.bus))
    },
    'a hold lapses and a walk-in asks, with no job running': async ({ order, slot }) => {
      await lapse(order.id)
      expect(await take(await signIn(world), slot, 2)).toMatchObject({ code: 'slot_full' })
    },
    'a closed day with a free seat is opened again': async ({ slot, holder, order }) => {
      await dayIs('closed', slot)
      await cancel(holder, order.id)
      await dayIs('open', slot)
      await offersDue(world.parts)
    },
    'the merchant raises the capacity': ({ slot }) =>
      must(owner.call, 'putCapacity', { params: { id: slot }, body: { capacity: 4 } }),
    'a closed slot with a free seat is opened again': async ({ slot, holder, order }) => {
      await must(owner.call, 'putClosure', { params: { id: slot }, body: { reason: '维护' } })
      await cancel(holder, order.id)
      await must(owner.call, 'deleteClosure', { params: { id: slot } })
    },
  }

  test.each(Object.keys(ways))('%s', async (way) => {
    const full = await fullSlot()
    const first = await join(full.slot, 2)
    const second = await join(full.slot, 1)
    await ways[way]?.(full)
    const [offer] = await waitsOf(first)
    expect(offer).toMatchObject({ id: first.id, state: 'offered', ahead: null, party: 2 })
    expect((await waitsOf(second))[0]).toMatchObject({ state: 'waiting', ahead: 0 })
    const order = await must(first.call, 'getOrder', { params: { id: first.id } })
    expect(order).toMatchObject({ state: 'held', party: 2, heldUntil: offer?.heldUntil })
    // Whoever comes by now finds nothing.
    expect(await leftOf(full.slot)).toBe(0)
    expect(await take(await signIn(world), full.slot)).toMatchObject({ code: 'slot_full' })
  })

  test('an order moves away', async () => {
    const { slot, person, order } = await booked(world, { party: 2, capacity: 2 })
    const first = await join(slot, 2)
    const to = await newSlot(db(), { serviceId: lecture, capacity: 9, startsIn: 96 })
    const quote = await must(person.call, 'getMoveQuote', {
      params: { id: order.id },
      query: { slotId: to },
    })
    await must(person.call, 'putMove', {
      params: { id: randomUUID() },
      body: {
        orderId: order.id,
        slotId: to,
        dueFen: quote.dueFen,
        refundFen: quote.refundFen,
      },
    })
    expect((await waitsOf(first))[0]).toMatchObject({ state: 'offered' })
  })
})

test('an order that moves keeps its person of the staff: the list gets no seat that nobody can serve', async () => {
  const { slot, person, order } = await booked(world, {
    capacity: 1,
    staffId: teacher,
    startsIn: 120,
  })
  const first = await join(slot)
  const to = await newSlot(db(), {
    serviceId: lecture,
    capacity: 1,
    staffId: teacher,
    startsIn: 121,
  })
  await must(person.call, 'putMove', {
    params: { id: randomUUID() },
    body: { orderId: order.id, slotId: to, dueFen: 0, refundFen: 0 },
  })
  expect((await waitsOf(first))[0]).toMatchObject({ state: 'waiting' })
  expect((await slotRow(slot)).taken).toBe(0)
})

test('who does not fit is passed by, keeps the place and is served when it fits', async () => {
  const { slot, holder, order } = await fullSlot({ capacity: 4 })
  const four = await join(slot, 4)
  const one = await join(slot, 1)
  await must(owner.call, 'putCapacity', { params: { id: slot }, body: { capacity: 6 } })
  expect((await waitsOf(one))[0]?.state).toBe('offered')
  expect((await waitsOf(four))[0]).toMatchObject({ state: 'waiting', ahead: 0 })
  // What is left over fits nobody in line: a walk-in may have it.
  expect(await leftOf(slot)).toBe(1)
  expect(await take(await signIn(world), slot)).toMatchObject({ ok: true })
  await cancel(holder, order.id)
  expect((await waitsOf(four))[0]?.state).toBe('offered')
})

describe('an offer passes on', () => {
  test('when its clock runs out: nothing needs to run for that', async () => {
    const { slot, holder, order } = await fullSlot()
    const [first, second] = [await join(slot, 2), await join(slot, 2)]
    await cancel(holder, order.id)
    await lapse(first.id)
    expect(await waitsOf(first)).toEqual([])
    expect(await leftOf(slot)).toBe(0)
    expect(await take(await signIn(world), slot)).toMatchObject({ code: 'slot_full' })
    expect((await waitsOf(second))[0]).toMatchObject({ state: 'offered' })
  })

  test('when it is declined', async () => {
    const { slot, holder, order } = await fullSlot()
    const [first, second] = [await join(slot, 2), await join(slot, 2)]
    await cancel(holder, order.id)
    const gone = await must(first.call, 'deleteWait', { params: { id: first.id } })
    expect(gone.state).toBe('declined')
    expect((await waitsOf(second))[0]).toMatchObject({ state: 'offered' })
    // Declining twice is the same.
    expect((await must(first.call, 'deleteWait', { params: { id: first.id } })).state).toBe(
      'declined',
    )
  })

  test('its clock is the merchant’s and ends at the cut-off', async () => {
    await sql`insert into rules values ('offerMinutes', 7)`.execute(db())
    try {
      const near = await fullSlot({ startsIn: 0.05 })
      const far = await fullSlot()
      const [soon, later] = [await join(near.slot), await join(far.slot)]
      await cancel(near.holder, near.order.id)
      await cancel(far.holder, far.order.id)
      const minutesOf = async (person: typeof soon) => {
        const { held_until, created_at } = await db()
          .selectFrom('orders')
          .select(['held_until', 'created_at'])
          .where('id', '=', person.id)
          .executeTakeFirstOrThrow()
        return ((held_until?.getTime() ?? 0) - created_at.getTime()) / 60_000
      }
      expect(await minutesOf(later)).toBeCloseTo(7, 1)
      expect(await minutesOf(soon)).toBeLessThanOrEqual(3)
    } finally {
      await sql`delete from rules where key = 'offerMinutes'`.execute(db())
    }
  })
})

test('leaving the line moves the others up, and a place given up twice is given up once', async () => {
  const { slot } = await fullSlot()
  const [first, second] = [await join(slot), await join(slot)]
  expect((await must(first.call, 'deleteWait', { params: { id: first.id } })).state).toBe('left')
  expect((await must(first.call, 'deleteWait', { params: { id: first.id } })).state).toBe('left')
  expect((await waitsOf(second))[0]?.ahead).toBe(0)
  expect((await slotRow(slot)).waiting).toBe(1)
})

test('who has as many orders as one may have is passed by and keeps the place', async () => {
  const { slot, holder, order } = await fullSlot()
  const busy = await join(slot)
  const other = await join(slot)
  await sql`insert into rules values ('ordersPerUser', 1)`.execute(db())
  try {
    const elsewhere = await newSlot(db(), { serviceId: lecture, capacity: 2, startsIn: 99 })
    expect((await take(busy, elsewhere)).ok).toBe(true)
    await cancel(holder, order.id)
    expect((await waitsOf(busy))[0]).toMatchObject({ state: 'waiting', ahead: 0 })
    expect((await waitsOf(other))[0]).toMatchObject({ state: 'offered' })
  } finally {
    await sql`delete from rules where key = 'ordersPerUser'`.execute(db())
  }
  // The seat that is left is theirs as soon as they may have it.
  await offersDue(world.parts)
  expect((await waitsOf(busy))[0]).toMatchObject({ state: 'offered' })
})

test('the offer is told once, by a message that names the time, and screens read again', async () => {
  const { slot, holder, order } = await fullSlot()
  const first = await join(slot)
  const phone = somePhone()
  await db()
    .updateTable('users')
    .set({ phone_sealed: world.parts.seal.seal(phone) })
    .where('id', '=', first.userId)
    .execute()
  const ear = await openEar(world.url)
  ear.say({ type: 'follow', topics: [`waits:${slot}`] })
  await ear.settled()
  const from = ear.heard.length
  await cancel(holder, order.id)
  await ear.hears((frame) => frame.type === 'hint' && frame.topic === `waits:${slot}`, from)
  await Promise.all([offersDue(world.parts), offersDue(world.parts)])
  await sendDue(world.parts)
  await sendDue(world.parts)
  const texts = world.sandbox.admin.outbox(phone)
  expect(texts).toHaveLength(1)
  expect(JSON.stringify(texts)).toMatch(/候补名额已为您保留.*名额保留至 \d\d:\d\d/)
  await ear.close()
})

test('an offer that is over before the message goes out is not told', async () => {
  const { slot, holder, order } = await fullSlot()
  const first = await join(slot)
  await cancel(holder, order.id)
  await offersDue(world.parts)
  await must(first.call, 'deleteWait', { params: { id: first.id } })
  await sendDue(world.parts)
  const reminder = await db()
    .selectFrom('reminders')
    .select(['kind', 'state', 'reason'])
    .where('order_id', '=', first.id)
    .executeTakeFirst()
  expect(reminder).toEqual({ kind: 'offered', state: 'unsent', reason: 'order_over' })
})

test('the console shows who waits, in order, and what became of those before', async () => {
  const { slot, holder, order } = await fullSlot()
  const [first, second] = [await join(slot, 2), await join(slot)]
  await cancel(holder, order.id)
  const { waits } = await must(owner.call, 'listSlotWaits', { params: { id: slot } })
  expect(waits.map(({ id, state, orderId }) => [id, state, orderId])).toEqual([
    [first.id, 'offered', first.id],
    [second.id, 'waiting', null],
  ])
  const day = new Date((await slotRow(slot)).starts_at.getTime() + 8 * 3_600_000)
    .toISOString()
    .slice(0, 10)
  const { slots } = await must(owner.call, 'listConsoleSlots', { query: { from: day, to: day } })
  expect(slots.find(({ id }) => id === slot)).toMatchObject({ waiting: 1, left: 0 })
})

test('another’s place is not found, and neither left nor seen', async () => {
  const { slot } = await fullSlot()
  const first = await join(slot)
  const stranger = await signIn(world)
  expect(await stranger.call('deleteWait', { params: { id: first.id } })).toMatchObject({
    code: 'not_found',
  })
  expect(await waitsOf(stranger)).toEqual([])
  expect((await waitsOf(first))[0]?.state).toBe('waiting')
})

test('a place whose id another order has is given up, and the seat goes to the next', async () => {
  const { slot, holder, order } = await fullSlot()
  const [first, second] = [await join(slot), await join(slot)]
  const elsewhere = await newSlot(db(), { serviceId: venue, capacity: 30, startsIn: 99 })
  await must(first.call, 'putOrder', {
    params: { id: first.id },
    body: { slotId: elsewhere, party: 8 },
  })
  await cancel(holder, order.id)
  expect(await waitsOf(first)).toEqual([])
  expect((await waitsOf(second))[0]).toMatchObject({ state: 'offered' })
})

test('SQL offers exactly as the pure rule says, whatever the line and whatever comes free', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 7 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      async (sizes, frees) => {
        const slot = await newSlot(db(), { serviceId: lecture, capacity: 5 })
        await sql`update slots set taken = 5 where id = ${slot}`.execute(db())
        const users = await newUsers(db(), sizes.length)
        let line = sizes.map((party, i) => ({ id: randomUUID(), party, user: users[i] ?? '' }))
        for (const { id, party, user } of line) {
          await sql`select join_waits(${id}::uuid, ${user}::uuid, ${slot}::uuid, ${party}::int)`.execute(
            db(),
          )
        }
        let [capacity, taken] = [5, 5]
        for (const more of frees) {
          capacity += more
          await sql`update slots set capacity = capacity + ${more} where id = ${slot}`.execute(db())
          const offered = offersOf(line, capacity - taken)
          line = line.filter((one) => !offered.includes(one))
          taken += offered.reduce((sum, { party }) => sum + party, 0)
          const { rows } = await sql<{ id: string }>`
            select id from waits where slot_id = ${slot} and state = 'waiting' order by seq`.execute(
            db(),
          )
          expect(rows.map(({ id }) => id)).toEqual(line.map(({ id }) => id))
          expect(await slotRow(slot)).toMatchObject({ taken, waiting: line.length })
          expect(await leftOf(slot)).toBe(capacity - taken)
        }
      },
    ),
    { numRuns: 25 },
  )
})
