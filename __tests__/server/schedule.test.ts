/**
 * A schedule is looked at, saved and carried out: what the preview says is what is done, and nothing
 * that somebody booked is touched (M1, issue 5 item 2).
 */
import { randomUUID } from 'node:crypto'
import type { ConsoleSlot, Input } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { fillCalendar } from '../../server/booking/calendar.ts'
import { cleaning, lecture, staff } from '../../server/demo/world.ts'
import { fillDue } from '../../server/sweep/sweep.ts'
import { must, openWorld, type Person, signIn, signInOwner, until, type World } from '../world.ts'
import { someTemplate } from './refusals/inputs.ts'

type Template = Input<'previewSchedule'>['body']

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
let mei: Person
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
  mei = await signIn(world)
  await sql`insert into rules values ('ordersPerUser', 1000), ('bookingDays', 60)`.execute(db())
})
afterAll(() => world.close())

const db = () => world.database.db
const today = () => dayOf(world.parts.now().getTime())
/** Days ahead that are open: neither today nor the demo's stocktaking. */
const someDay = (ahead: number): Day => addDays(today(), ahead)
const weekdayOf = (day: Day) => wallClock(instantOf(day)).weekday

/** Nine to twelve on one weekday, an hour each. */
const template = (day: Day, more: Partial<Template> = {}): Template => ({
  ...someTemplate(),
  weekly: [{ weekday: weekdayOf(day), from: 540, to: 720 }],
  ...more,
})

const preview = (id: string, body: Template) =>
  must(owner.call, 'previewSchedule', { params: { id }, body })
const save = (id: string, body: Template, version: number | null = null) =>
  must(owner.call, 'putSchedule', { params: { id }, body: { version, template: body } })

const slotsOf = async (id: string) =>
  db()
    .selectFrom('slots')
    .selectAll()
    .where('schedule_id', '=', id)
    .where('removed_at', 'is', null)
    .orderBy('starts_at')
    .execute()

/** What people see of the service on a day. */
const seen = async (day: Day) =>
  (
    await must(mei.call, 'listSlots', {
      params: { id: lecture },
      query: { from: day, to: day },
    })
  ).slots

const book = async (slotId: string) => {
  const { id } = await must(mei.call, 'putOrder', {
    params: { id: randomUUID() },
    body: { slotId, party: 1 },
  })
  return id
}

test('the preview says what saving does, and writes nothing', async () => {
  const id = randomUUID()
  const body = template(someDay(2))
  const before = await db().selectFrom('slots').select('id').execute()
  const looked = await preview(id, body)
  expect(await db().selectFrom('slots').select('id').execute()).toHaveLength(before.length)
  expect(looked.counts).toMatchObject({ add: 6, change: 0, remove: 0, stay: 0 })
  expect(looked.days).toHaveLength(15)

  const { counts, schedule } = await save(id, body)
  expect(counts).toEqual(looked.counts)
  expect(schedule).toMatchObject({ version: 1, filledUntil: someDay(14) })
  const made = await slotsOf(id)
  expect(made.map(({ starts_at }) => starts_at.toISOString())).toEqual(
    looked.slots.map(({ startsAt }) => startsAt),
  )
  expect((await preview(id, body)).counts).toMatchObject({ add: 0, keep: 6 })
})

test('the same save again is the same; another’s in between is not overwritten', async () => {
  const id = randomUUID()
  const body = template(someDay(2), { startsOn: someDay(1) })
  await save(id, body)
  const again = await save(id, body)
  expect(again.schedule.version).toBe(1)
  expect(again.counts).toMatchObject({ add: 0, keep: 6 })
  await save(id, { ...body, capacity: 7 }, 1)
  const late = await owner.call('putSchedule', {
    params: { id },
    body: { version: 1, template: { ...body, capacity: 9 } },
  })
  expect(late).toMatchObject({ ok: false, code: 'schedule_changed' })
  expect((await slotsOf(id)).map(({ capacity }) => capacity)).toEqual([7, 7, 7, 7, 7, 7])
})

test('what is booked stays as it is and is told in the preview; the rest follows the template', async () => {
  const id = randomUUID()
  const day = someDay(3)
  const body = template(day)
  await save(id, body)
  const [first, second, third] = await slotsOf(id)
  const orderId = await book(second?.id as string)
  // From half past nine, 80 minutes each: nothing starts where it did.
  const later = {
    ...body,
    weekly: [{ weekday: weekdayOf(day), from: 570, to: 810 }],
    slotMinutes: 80,
  }
  const looked = await preview(id, later)
  expect(looked.slots.filter(({ day: on }) => on === day)).toMatchObject([
    { fate: 'remove', taken: 0 },
    { fate: 'skip', why: 'overlaps_booked' },
    { fate: 'stay', why: 'booked', taken: 1 },
    { fate: 'skip', why: 'overlaps_booked' },
    { fate: 'remove', taken: 0 },
    { fate: 'add' },
  ])
  const { counts } = await save(id, later, 1)
  expect(counts).toEqual(looked.counts)
  const after = await slotsOf(id)
  expect(after.find((slot) => slot.id === second?.id)).toMatchObject({
    starts_at: second?.starts_at,
    ends_at: second?.ends_at,
    taken: 1,
  })
  const shown = (await seen(day)).map((slot) => slot.id)
  expect(shown).toContain(second?.id)
  expect(shown).not.toContain(first?.id)
  expect(shown).not.toContain(third?.id)
  // Once it is given back, the template has its way.
  await must(mei.call, 'cancelOrder', { params: { id: orderId } })
  const freed = await save(id, { ...later, capacity: 6 }, 2)
  expect(freed.counts).toMatchObject({ stay: 0, skip: 0 })
  expect((await seen(day)).map((slot) => slot.id)).not.toContain(second?.id)
  // A phone that still shows it is told so.
  const held = await mei.call('putOrder', {
    params: { id: randomUUID() },
    body: { slotId: second?.id as string, party: 1 },
  })
  expect(held).toMatchObject({ ok: false, code: 'slot_closed' })
})

test('a slot resized or closed by hand is left alone', async () => {
  const id = randomUUID()
  const body = template(someDay(4))
  await save(id, body)
  const [first, second] = await slotsOf(id)
  await must(owner.call, 'putCapacity', {
    params: { id: first?.id as string },
    body: { capacity: 30 },
  })
  await must(owner.call, 'putClosure', {
    params: { id: second?.id as string },
    body: { reason: '讲师请假' },
  })
  const { counts } = await save(id, { ...body, capacity: 8, leadMinutes: 30 }, 1)
  expect(counts).toMatchObject({ stay: 2, change: 4 })
  const after = await slotsOf(id)
  expect(after.find((slot) => slot.id === first?.id)?.capacity).toBe(30)
  expect(after.find((slot) => slot.id === second?.id)?.closed_reason).toBe('讲师请假')
})

test('the sweep keeps the horizon filled, a day more each day, and adds nothing twice', async () => {
  const id = randomUUID()
  // Every day, so that the day that comes into sight has slots.
  const body = template(someDay(2), {
    weekly: [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, from: 540, to: 600 })),
    onClosedDays: 'keep',
  })
  await save(id, body)
  const before = await slotsOf(id)
  await drainFill()
  expect(await slotsOf(id)).toHaveLength(before.length)
  // Noon: minutes before midnight a day and some minutes would be two days.
  world.clock.aheadMs = instantOf(addDays(today(), 1), 720) - Date.now()
  try {
    await drainFill()
    const after = await slotsOf(id)
    const days = new Set(after.map(({ starts_at }) => dayOf(starts_at.getTime())))
    expect(days).toContain(addDays(today(), 14))
    expect(after.length - before.length).toBe(1)
    await drainFill()
    expect(await slotsOf(id)).toHaveLength(after.length)
  } finally {
    world.clock.aheadMs = 0
  }
})

async function drainFill() {
  while ((await fillDue(world.parts)) > 0);
}

test('a day the merchant closes loses the slots nobody booked, and has them again when it opens', async () => {
  const id = randomUUID()
  const day = someDay(5)
  await save(id, template(day))
  const on = async () =>
    (await slotsOf(id)).filter(({ starts_at }) => dayOf(starts_at.getTime()) === day)
  const [booked] = await on()
  await book(booked?.id as string)
  const closed = await must(owner.call, 'putDay', {
    params: { day },
    body: { open: false, name: '全员培训' },
  })
  expect(closed).toMatchObject({ open: false, name: '全员培训', byMerchant: true })
  await drainFill()
  expect((await on()).map((slot) => slot.id)).toEqual([booked?.id])
  const { days } = await must(mei.call, 'listSlots', {
    params: { id: lecture },
    query: { from: day, to: day },
  })
  expect(days).toMatchObject([{ day, open: false, name: '全员培训' }])

  await must(owner.call, 'deleteDay', { params: { day } })
  await must(owner.call, 'putDay', { params: { day }, body: { open: true, name: null } })
  await drainFill()
  expect(await on()).toHaveLength(3)
})

test('a year nobody has told us the holidays of is said to be so, and the merchant says them: some days in one act', async () => {
  const query = { from: today(), to: addDays(today(), 10) }
  const { officialUntil } = await must(owner.call, 'listDays', { query })
  const next = Number(officialUntil.slice(0, 4)) + 1
  // Of days to come only, and clear of the coming weeks, where other tests and the demo have theirs.
  const year = addDays(today(), 15) < `${next}-02-05` ? next : next + 1
  const inYear = { from: `${year}-01-01`, to: `${year}-03-01` }
  const listed = async () => (await must(owner.call, 'listDays', { query: inYear })).days
  // As the library has it, even New Year’s Day is a day like any other.
  expect(new Set((await listed()).map(({ kind }) => kind))).toEqual(new Set(['workday', 'weekend']))
  const [from, until, makeup] = [`${year}-02-05`, `${year}-02-11`, `${year}-02-14`]
  const put = (day: Day, body: Input<'putDay'>['body']) =>
    owner.call('putDay', { params: { day }, body })
  const spring = { open: false, kind: 'holiday', name: '春节' } as const
  expect(await put(from, { ...spring, until })).toMatchObject({
    ok: true,
    value: { day: from, kind: 'holiday', name: '春节', open: false, byMerchant: true },
  })
  await put(makeup, { open: true, kind: 'makeup', name: '春节调休上班' })
  const said = async () =>
    (await listed()).filter(({ day, byMerchant }) => byMerchant && day >= from)
  const own = await said()
  expect(own.map(({ day, kind, open }) => [day, kind, open])).toEqual([
    ...Array.from({ length: 7 }, (_, n) => [addDays(from, n), 'holiday', false]),
    [makeup, 'makeup', true],
  ])
  // One act in the log, all its days in it.
  const { acts } = await must(owner.call, 'listActs', { query: { action: 'putDay' } })
  expect(acts[1]?.changed).toBe(7)
  for (const [day, wrong] of [
    [until, from],
    [from, addDays(from, 31)],
  ] as const)
    expect(await put(day, { ...spring, until: wrong })).toMatchObject({
      code: 'invalid_fields',
      fields: [{ path: 'until' }],
    })
  expect(await said()).toEqual(own)
  // The daily filling from the library leaves them be; given back, they are the library’s again.
  await fillCalendar(db(), new Date(instantOf(`${year}-01-15`)))
  expect(await said()).toEqual(own)
  for (const { day } of own) await must(owner.call, 'deleteDay', { params: { day } })
  expect((await listed()).some(({ kind }) => kind === 'holiday' || kind === 'makeup')).toBe(false)
})

test('a retired schedule keeps what is booked and makes nothing more', async () => {
  const id = randomUUID()
  await save(id, template(someDay(6)))
  const [first] = await slotsOf(id)
  await book(first?.id as string)
  const { counts } = await must(owner.call, 'deleteSchedule', { params: { id } })
  expect(counts).toMatchObject({ remove: 5, stay: 1, add: 0 })
  expect((await slotsOf(id)).map((slot) => slot.id)).toEqual([first?.id])
  const { schedules } = await must(owner.call, 'listSchedules', {})
  expect(schedules.map((one) => one.id)).not.toContain(id)
  await db()
    .updateTable('schedules')
    .set({ fill_at: new Date(0) })
    .where('id', '=', id)
    .execute()
  await drainFill()
  expect(await slotsOf(id)).toHaveLength(1)
})

test('slots have their person, price, buffers and end of booking', async () => {
  const id = randomUUID()
  const day = someDay(7)
  // The demo's stocktaking lies at eight days from the day on which the run began.
  await must(owner.call, 'putDay', { params: { day }, body: { open: true, name: null } })
  const zhou = staff[0]?.id as string
  const { counts } = await save(
    id,
    template(day, {
      serviceId: cleaning,
      staffId: zhou,
      startsOn: day,
      // After the demo's own last slot of hers, which ends at nine with its buffer.
      weekly: [{ weekday: weekdayOf(day), from: 1320, to: 1380 }],
      bufferBefore: 20,
      bufferAfter: 30,
      priceFen: 9900,
      capacity: 1,
      cutoff: { daysBefore: 1, minute: 1080 },
    }),
  )
  expect(counts.add).toBeGreaterThan(0)
  const slots: ConsoleSlot[] = (
    await must(owner.call, 'listConsoleSlots', { query: { from: day, to: day } })
  ).slots
  const [slot] = await slotsOf(id)
  expect(slots.find((one) => one.id === slot?.id)).toMatchObject({
    staffId: zhou,
    priceFen: 9900,
    capacity: 1,
    startsAt: new Date(instantOf(day, 1320)).toISOString(),
    bookableUntil: new Date(instantOf(addDays(day, -1), 1080)).toISOString(),
  })
  expect(slot?.kept_from?.getTime()).toBe(instantOf(day, 1300))
  expect(slot?.kept_until?.getTime()).toBe(instantOf(day, 1410))
})

test('screens hear of new slots', async () => {
  const heard: string[] = []
  const stop = world.parts.bus.hear(({ topics }) => heard.push(...topics))
  await save(randomUUID(), template(someDay(2), { startsOn: someDay(2) }))
  await until('the service’s hint', async () => heard.includes(`service:${lecture}`))
  stop()
})
