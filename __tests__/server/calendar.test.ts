/**
 * Slots by hand (M1): moving one makes another of it, with every guard, and back; many are closed and
 * opened in one act; the list of orders is filtered in the database.
 */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { addDays, dayOf, instantOf, minuteMs, wallClock } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { cleaning, lecture, staff, venue } from '../../server/demo/world.ts'
import { fillDue } from '../../server/sweep/sweep.ts'
import { newSlot, type SlotOf } from '../races/setting.ts'
import {
  caller,
  must,
  openWorld,
  type Person,
  signIn,
  signInConsole,
  signInOwner,
  somePhone,
  type World,
} from '../world.ts'
import { someTemplate } from './refusals/inputs.ts'
import { openEar } from './socket.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
let mei: Person
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
  mei = await signIn(world)
  await db()
    .updateTable('users')
    .set({ name: '梅子', phone_index: world.parts.seal.index('phone', phone) })
    .where('id', '=', mei.userId)
    .execute()
  await sql`insert into rules values ('ordersPerUser', 1000), ('bookingDays', 60)`.execute(db())
})
afterAll(() => world.close())

const db = () => world.database.db
const hour = 60 * minuteMs
const phone = somePhone()
const lecturer = staff.find(({ serviceIds }) => serviceIds[0] === lecture)?.id as string
const cleaner = staff.find(({ serviceIds }) => serviceIds.includes(cleaning))?.id as string
const iso = (at: number) => new Date(at).toISOString()

/** A free hour of nobody's schedule: a day to each caller. */
let daysUsed = 36
const someDay = () => addDays(dayOf(Date.now()), daysUsed++)
async function slotAt(startsAt: number, more: Partial<SlotOf> = {}): Promise<string> {
  const startsIn = (startsAt - Date.now()) / hour
  const id = await newSlot(db(), { serviceId: lecture, capacity: 3, hours: 1, startsIn, ...more })
  // To the minute, as people make them.
  await sql`update slots set starts_at = date_trunc('minute', starts_at + interval '1 second'),
    ends_at = date_trunc('minute', ends_at + interval '1 second'),
    bookable_until = date_trunc('minute', bookable_until + interval '1 second') where id = ${id}`.execute(
    db(),
  )
  return id
}

type Move = Input<'putSlotMove'>['body']
const to = (startsAt: number, hours = 1, more: Partial<Move> = {}): Move => ({
  slotId: randomUUID(),
  startsAt: iso(startsAt),
  endsAt: iso(startsAt + hours * hour),
  staffId: null,
  roomId: null,
  branchId: null,
  ...more,
})
const move = (id: string, body: Move) => owner.call('putSlotMove', { params: { id }, body })
const moved = (id: string, body: Move) => must(owner.call, 'putSlotMove', { params: { id }, body })
const back = (id: string) => owner.call('deleteSlotMove', { params: { id } })
const hold = (slotId: string, party = 1, who = mei) =>
  who.call('putOrder', { params: { id: randomUUID() }, body: { slotId, party } })
const row = (id: string) =>
  db().selectFrom('slots').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
/** What a phone is told of the service on the day. */
async function seen(startsAt: number, serviceId: string = lecture): Promise<string[]> {
  const day = dayOf(startsAt)
  const asked = { params: { id: serviceId }, query: { from: day, to: day } }
  return (await must(mei.call, 'listSlots', asked)).slots.map(({ id }) => id)
}
const codeOf = (result: { ok: boolean; code?: string }) => (result.ok ? 'ok' : result.code)

describe('moving a slot', () => {
  test('it is another slot at the new time, as large and as dear; the old one is nowhere, and nobody books it', async () => {
    const nine = instantOf(someDay(), 540)
    const id = await slotAt(nine)
    await sql`update slots set price_fen = 1234, bookable_until = starts_at - interval '2 hours' where id = ${id}`.execute(
      db(),
    )
    expect(await seen(nine)).toContain(id)
    const body = to(nine + 5 * hour, 2)
    const slot = await moved(id, body)
    expect(slot).toMatchObject({
      id: body.slotId,
      serviceId: lecture,
      startsAt: body.startsAt,
      endsAt: body.endsAt,
      bookableUntil: iso(nine + 3 * hour),
      capacity: 3,
      taken: 0,
      priceFen: 1234,
      closedReason: null,
    })
    expect(await seen(nine)).toEqual(expect.arrayContaining([slot.id]))
    expect(await seen(nine)).not.toContain(id)
    // A phone that has not heard yet shows nine o'clock still.
    expect(codeOf(await hold(id))).toBe('slot_closed')
    expect(codeOf(await hold(slot.id))).toBe('ok')
  })

  test('sent again it is the same move; another one under the same name is refused', async () => {
    const nine = instantOf(someDay(), 540)
    const id = await slotAt(nine)
    const body = to(nine + hour)
    await moved(id, body)
    expect((await moved(id, body)).id).toBe(body.slotId)
    expect(codeOf(await move(id, { ...body, endsAt: iso(nine + 3 * hour) }))).toBe('slot_id_reused')
    expect(codeOf(await move(await slotAt(nine), body))).toBe('slot_id_reused')
  })

  test('taken back it is the old slot again, which its phones still name; twice is once', async () => {
    const nine = instantOf(someDay(), 540)
    const id = await slotAt(nine)
    const first = await moved(id, to(nine + hour))
    const second = await moved(first.id, to(nine + 2 * hour, 3))
    expect(codeOf(await back(first.id))).toBe('not_found')
    await must(owner.call, 'putCapacity', { params: { id: second.id }, body: { capacity: 7 } })
    expect(await must(owner.call, 'deleteSlotMove', { params: { id: second.id } })).toMatchObject({
      id: first.id,
      startsAt: iso(nine + hour),
      endsAt: iso(nine + 2 * hour),
      capacity: 7,
    })
    expect((await must(owner.call, 'deleteSlotMove', { params: { id: second.id } })).id).toBe(
      first.id,
    )
    await must(owner.call, 'deleteSlotMove', { params: { id: first.id } })
    expect(await seen(nine)).toEqual([id])
    expect(codeOf(await hold(id))).toBe('ok')
    expect(codeOf(await hold(second.id))).toBe('slot_closed')
  })

  test('two who move it at once: one does, for the other it is gone; so it is for a screen that shows the old one still', async () => {
    const nine = instantOf(someDay(), 540)
    const id = await slotAt(nine)
    const both = await Promise.all([move(id, to(nine + hour)), move(id, to(nine + 2 * hour))])
    expect(both.map(codeOf).sort()).toEqual(['not_found', 'ok'])
    const params = { id }
    const stale = [
      await owner.call('putClosure', { params, body: { reason: '检修' } }),
      await owner.call('deleteClosure', { params }),
      await owner.call('putCapacity', { params, body: { capacity: 9 } }),
    ]
    expect(stale.map(codeOf)).toEqual(['not_found', 'not_found', 'not_found'])
    expect(await seen(nine)).toHaveLength(1)
    expect((await row(id)).removed_at).not.toBeNull()
  })

  test('late money of a hold that lapsed before the move goes back: the time it was for is gone', async () => {
    const nine = instantOf(someDay(), 540)
    const id = await slotAt(nine)
    const orderId = randomUUID()
    await must(mei.call, 'putOrder', { params: { id: orderId }, body: { slotId: id, party: 1 } })
    expect(codeOf(await move(id, to(nine + hour)))).toBe('slot_booked')
    await sql`update orders set held_until = clock_timestamp() where id = ${orderId}`.execute(db())
    await moved(id, to(nine + hour))
    const { rows } = await sql<{ verdict: string; state: string }>`
      select * from order_apply(${orderId}::uuid, 'confirm', 'payment')`.execute(db())
    expect(rows).toEqual([{ verdict: 'slot_closed', state: 'expired' }])
    expect((await row(id)).taken).toBe(0)
  })

  test('from a template: its buffers and its cut-off go along, its place stays empty, and back again', async () => {
    const day = someDay()
    const id = randomUUID()
    const template = {
      ...someTemplate(),
      staffId: lecturer,
      weekly: [{ weekday: wallClock(instantOf(day)).weekday, from: 540, to: 630 }],
      slotMinutes: 60,
      bufferBefore: 10,
      bufferAfter: 20,
      cutoff: { daysBefore: 1, minute: 1080 },
      startsOn: day,
      endsOn: day,
      onClosedDays: 'keep' as const,
      weeksAhead: 8,
    }
    await must(owner.call, 'putSchedule', { params: { id }, body: { version: null, template } })
    const made = () =>
      db()
        .selectFrom('slots')
        .selectAll()
        .where('schedule_id', '=', id)
        .where('removed_at', 'is', null)
        .execute()
    const [slot] = await made()
    const afternoon = instantOf(addDays(day, 1), 840)
    const there = await moved(slot?.id ?? '', to(afternoon, 2, { staffId: lecturer }))
    expect(await row(there.id)).toMatchObject({
      kept_from: new Date(afternoon - 10 * minuteMs),
      kept_until: new Date(afternoon + 2 * hour + 20 * minuteMs),
      bookable_until: new Date(instantOf(day, 1080)),
    })
    // Moved once more it still knows its template.
    const again = await moved(there.id, to(afternoon - 48 * hour, 1, { staffId: lecturer }))
    expect(again.bookableUntil).toBe(iso(instantOf(addDays(day, -2), 1080)))
    await must(owner.call, 'deleteSlotMove', { params: { id: again.id } })
    await sql`update schedules set fill_at = now() - interval '1 minute' where id = ${id}`.execute(
      db(),
    )
    await fillDue(world.parts)
    expect(await made()).toEqual([])
    await must(owner.call, 'deleteSlotMove', { params: { id: there.id } })
    expect((await made()).map((one) => one.id)).toEqual([slot?.id])
  })

  test('not over a slot of its service, nor over what is booked elsewhere, buffers included; over itself it may', async () => {
    const nine = instantOf(someDay(), 540)
    const id = await slotAt(nine, { serviceId: cleaning, staffId: cleaner })
    const away = (at: number) => to(at, 1, { staffId: cleaner })
    const elsewhere = await slotAt(nine + 4 * hour, {
      serviceId: lecture,
      staffId: cleaner,
      buffers: [30, 30],
    })
    // Empty, another service's slot only blocks once somebody takes a seat in it.
    const free = await moved(id, away(nine + 3.25 * hour))
    await must(owner.call, 'deleteSlotMove', { params: { id: free.id } })
    expect(codeOf(await hold(elsewhere))).toBe('ok')
    expect(await move(id, away(nine + 2.75 * hour))).toMatchObject({
      code: 'slot_overlaps',
      fields: [{ path: 'staffId' }],
    })
    const own = await slotAt(nine + 8 * hour, { serviceId: cleaning, staffId: cleaner })
    expect(codeOf(await move(id, away(nine + 7.5 * hour)))).toBe('slot_overlaps')
    await must(owner.call, 'putClosure', { params: { id: own }, body: { reason: '休息' } })
    expect(codeOf(await move(id, away(nine + 7.5 * hour)))).toBe('slot_overlaps')
    expect(codeOf(await move(id, away(nine + 0.5 * hour)))).toBe('ok')
  })

  test('one that is added keeps the same distances, and is not added where nobody could book it', async () => {
    const [day, id] = [someDay(), randomUUID()]
    const template = {
      ...someTemplate(),
      staffId: lecturer,
      weekly: [{ weekday: wallClock(instantOf(day)).weekday, from: 360, to: 420 }],
      slotMinutes: 60,
      bufferBefore: 0,
      bufferAfter: 30,
      startsOn: day,
      endsOn: day,
      onClosedDays: 'keep' as const,
      weeksAhead: 8,
    }
    await must(owner.call, 'putSchedule', { params: { id }, body: { version: null, template } })
    const add = (startsAt: number, staffId: string | null = lecturer) =>
      owner.call('putSlot', {
        params: { id: randomUUID() },
        body: {
          serviceId: template.serviceId,
          startsAt: iso(startsAt),
          endsAt: iso(startsAt + hour),
          capacity: 1,
          staffId,
          branchId: null,
        },
      })
    // Its schedule's slot ends at seven, and half an hour after it is its lecturer's.
    expect(codeOf(await add(instantOf(day, 435)))).toBe('slot_overlaps')
    // Its own half hour would reach into the schedule's.
    expect(codeOf(await add(instantOf(day, 285)))).toBe('slot_overlaps')
    expect(codeOf(await add(instantOf(day, 180)))).toBe('ok')
    await must(owner.call, 'deleteSchedule', { params: { id } })
    const { cutoff_minutes } = await db()
      .selectFrom('services')
      .select('cutoff_minutes')
      .where('id', '=', template.serviceId)
      .executeTakeFirstOrThrow()
    const cutoff = cutoff_minutes * minuteMs
    expect(cutoff).toBeGreaterThan(0)
    // Nobody's hour: the lecturer may have one of the demo's at this time of day.
    expect(await add(Date.now() + cutoff - 30_000, null)).toMatchObject({
      code: 'invalid_fields',
      fields: [{ path: 'startsAt', message: expect.stringContaining('已过截止预约时间') }],
    })
    expect(codeOf(await add(Date.now() + cutoff + 60_000, null))).toBe('ok')
  })

  test('not into the past, not past the end of booking, not backwards, not to who does not serve it', async () => {
    const nine = instantOf(someDay(), 540)
    const id = await slotAt(nine)
    await sql`update slots set bookable_until = starts_at - interval '3 hours' where id = ${id}`.execute(
      db(),
    )
    const now = Date.now()
    const soon = Math.ceil(now / minuteMs) * minuteMs + hour
    for (const [body, path] of [
      [to(now - hour, 2), 'startsAt'],
      [to(soon), 'startsAt'],
      [to(nine, -1), 'endsAt'],
      [to(nine, 25), 'endsAt'],
      [to(nine, 1, { staffId: cleaner }), 'staffId'],
    ] as const)
      expect(await move(id, body)).toMatchObject({ code: 'invalid_fields', fields: [{ path }] })
    expect(codeOf(await move(id, to(nine, 1, { roomId: randomUUID() })))).toBe('not_found')
    expect(await row(id)).toMatchObject({ removed_at: null, version: 3 })
  })

  test('who was promised it, or waits for it, keeps its time', async () => {
    const nine = instantOf(someDay(), 540)
    const [promised, awaited] = [await slotAt(nine), await slotAt(nine, { capacity: 1 })]
    await sql`update slots set private_for = ${mei.userId} where id = ${promised}`.execute(db())
    const other = await signIn(world)
    expect(codeOf(await hold(awaited))).toBe('ok')
    await must(other.call, 'putWait', {
      params: { id: randomUUID() },
      body: { slotId: awaited, party: 1 },
    })
    for (const id of [promised, awaited])
      expect(codeOf(await move(id, to(nine + hour)))).toBe('slot_booked')
  })

  test('the log says who moved what, and followers of the service hear at once', async () => {
    const nine = instantOf(someDay(), 540)
    const id = await slotAt(nine)
    const ear = await openEar(world.url)
    ear.say({ type: 'sign_in', token: mei.token })
    ear.say({ type: 'follow', topics: [`service:${lecture}`] })
    await ear.settled()
    const since = ear.heard.length
    const { id: there } = await moved(id, to(nine + hour))
    const topic = `service:${lecture}`
    await ear.hears((frame) => frame.type === 'hint' && frame.topic === topic, since)
    await ear.close()
    const { acts } = await must(owner.call, 'listActs', { query: { action: 'putSlotMove' } })
    const changes = acts[0]?.changes.map(({ key, kind }) => [key, kind])
    expect(changes).toEqual(
      expect.arrayContaining([
        [there, 'insert'],
        [id, 'update'],
      ]),
    )
  })
})

describe('many slots in one act', () => {
  interface Seen {
    id: string
    was: string | null
  }
  const close = (slots: Seen[], reason: string | null, emptyOnly = false) =>
    must(owner.call, 'putClosures', {
      body: {
        slots: slots.map(({ id, was }) => ({ slotId: id, reason, was })),
        emptyOnly,
      },
    })
  const open = (id: string): Seen => ({ id, was: null })

  test('what can be closed is, and of each other one it is said why not; the phones show none of it a moment later', async () => {
    const nine = instantOf(someDay(), 540)
    const [empty, booked, closed, begun] = await Promise.all([
      slotAt(nine),
      slotAt(nine + hour),
      slotAt(nine + 2 * hour),
      newSlot(db(), { serviceId: lecture, capacity: 1, startsIn: -1 }),
    ])
    const gone = randomUUID()
    expect(codeOf(await hold(booked))).toBe('ok')
    await must(owner.call, 'putClosure', { params: { id: closed }, body: { reason: '检修' } })
    expect(await seen(nine)).toHaveLength(3)
    const { changed, kept } = await close(
      [empty, booked, closed, begun, gone].map(open),
      '台风停业',
      true,
    )
    expect(changed).toEqual([{ slotId: empty, reason: '台风停业', was: null }])
    expect(kept).toEqual([
      { slotId: booked, why: 'booked' },
      { slotId: closed, why: 'changed' },
      { slotId: begun, why: 'past' },
      { slotId: gone, why: 'gone' },
    ])
    const day = dayOf(nine)
    const asked = { params: { id: lecture }, query: { from: day, to: day } }
    const shut = async () =>
      (await must(mei.call, 'listSlots', asked)).slots
        .filter((slot) => slot.closed)
        .map(({ id }) => id)
    expect((await shut()).sort()).toEqual([empty, closed].sort())
    expect(codeOf(await hold(empty))).toBe('slot_closed')
    // Existing bookings stay, also where all are closed.
    expect((await close([open(booked)], '台风停业')).kept).toEqual([])
    expect((await row(booked)).taken).toBe(1)
  })

  test('taken back it is exactly as before, each with its own reason; what somebody changed since stays theirs', async () => {
    const nine = instantOf(someDay(), 540)
    const ids = await Promise.all([0, 1, 2, 3].map((i) => slotAt(nine + i * hour)))
    const [a, b, c, d] = ids as [string, string, string, string]
    await must(owner.call, 'putClosure', { params: { id: b }, body: { reason: '检修' } })
    await must(owner.call, 'putClosure', { params: { id: c }, body: { reason: '老师请假' } })
    const body = {
      slots: [
        { slotId: a, reason: null, was: null },
        { slotId: b, reason: null, was: '检修' },
        { slotId: c, reason: null, was: '老师请假' },
        { slotId: d, reason: '停业', was: null },
      ],
      emptyOnly: false,
    }
    const { changed } = await must(owner.call, 'putClosures', { body })
    expect(changed).toHaveLength(4)
    // A lost answer: the same again is the same.
    expect((await must(owner.call, 'putClosures', { body })).kept).toEqual([])
    await must(owner.call, 'putClosure', { params: { id: c }, body: { reason: '改为包场' } })
    const undone = await must(owner.call, 'putClosures', {
      body: {
        slots: changed.map(({ slotId, reason, was }) => ({ slotId, reason: was, was: reason })),
        emptyOnly: false,
      },
    })
    expect(undone.kept).toEqual([{ slotId: c, why: 'changed' }])
    const reasons = await Promise.all(ids.map(async (id) => (await row(id)).closed_reason))
    expect(reasons).toEqual([null, '检修', '改为包场', null])
  })

  test('the same slot twice, or none, is no act', async () => {
    const slots = [randomUUID()].flatMap((slotId) => [
      { slotId, reason: null, was: null },
      { slotId, reason: '停业', was: null },
    ])
    for (const some of [slots, []])
      expect(
        codeOf(await owner.call('putClosures', { body: { slots: some, emptyOnly: false } })),
      ).toBe('malformed')
  })
})

describe('who may', () => {
  test('the front desk works in the calendar', async () => {
    const nine = instantOf(someDay(), 540)
    const id = await slotAt(nine)
    const { token } = await signInConsole(world, 'desk')
    const body = to(nine + hour)
    expect(codeOf(await caller(world.url, token)('putSlotMove', { params: { id }, body }))).toBe(
      'ok',
    )
  })
})

describe('the list of orders', () => {
  test('by day, staff, who has a place in a slot, name and whole phone number', async () => {
    const day = someDay()
    const nine = instantOf(day, 540)
    const slot = await slotAt(nine, { staffId: lecturer, capacity: 9 })
    const next = await slotAt(nine + 24 * hour, { serviceId: venue, capacity: 60 })
    const ids = { here: randomUUID(), dropped: randomUUID(), lapsed: randomUUID() }
    for (const id of Object.values(ids))
      await must(mei.call, 'putOrder', { params: { id }, body: { slotId: slot, party: 1 } })
    await must(mei.call, 'cancelOrder', { params: { id: ids.dropped } })
    await sql`update orders set held_until = clock_timestamp() where id = ${ids.lapsed}`.execute(
      db(),
    )
    const late = randomUUID()
    await must(mei.call, 'putOrder', { params: { id: late }, body: { slotId: next, party: 8 } })
    const list = async (query: Input<'listConsoleOrders'>['query']) =>
      (await must(owner.call, 'listConsoleOrders', { query })).orders.map(({ id }) => id).sort()
    const all = Object.values(ids).sort()
    expect(await list({ slotId: slot })).toEqual([ids.here])
    expect(await list({ from: day, to: day })).toEqual(all)
    expect(await list({ from: addDays(day, 1), to: addDays(day, 1) })).toEqual([late])
    expect(await list({ from: day, staffId: lecturer })).toEqual(all)
    expect(await list({ from: day, text: '梅' })).toEqual([...all, late].sort())
    expect(await list({ from: day, text: '100%' })).toEqual([])
    expect(await list({ from: day, text: phone })).toEqual([...all, late].sort())
    expect(await list({ from: day, text: '13900000000' })).toEqual([])
  })
})
