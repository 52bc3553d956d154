/** Check-in by code (B10): given once, found by the desk only, taken by rule. */
import { checkInVerdict, checkInVerdicts, readCheckInCode } from '@jiyue/contract/checkIn'
import { orderStates } from '@jiyue/contract/order'
import { sql } from 'kysely'
import { buildApp } from '../../server/app.ts'
import { readRules } from '../../server/order/rules.ts'
import { missUnattended } from '../../server/payment/complete.ts'
import { signInPerson } from '../console/desk.ts'
import { caller, must, openWorld, signIn, signInOwner, type World } from '../world.ts'
import { booked } from './moving.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
})

const byId = (id: string) => ({ params: { id } })
const hour = 3_600_000

test('the code is eight digits, the same each time, and its picture is small', async () => {
  const { order, person } = await booked(world)
  const asks = Array.from({ length: 5 }, () => must(person.call, 'putCheckInCode', byId(order.id)))
  const codes = await Promise.all(asks)
  expect(new Set(codes.map(({ code }) => code)).size).toBe(1)
  expect(codes[0]?.code).toMatch(/^\d{8}$/)
  expect(codes[0]?.picture).toMatch(/^data:image\/png;base64,/)
  expect(codes[0]?.picture.length).toBeLessThan(4_000)
  expect(Date.parse(codes[0]?.from ?? '')).toBe(Date.parse(order.slot.startsAt) - 2 * hour)
})

test('the desk finds the order, is told the wrong slot clearly, and checks in once in time', async () => {
  const { order, person } = await booked(world, { startsIn: 20 })
  const { code } = await must(person.call, 'putCheckInCode', byId(order.id))
  const desk = await signInPerson(world, 'desk')
  const found = await must(desk, 'findCheckIn', { params: { code } })
  expect(found).toMatchObject({ verdict: 'early', order: { id: order.id, number: order.number } })
  const at = { ...byId(order.id), body: { early: false } }
  expect(await desk('checkIn', at)).toMatchObject({ ok: false, code: 'check_in_early' })
  world.clock.aheadMs = 18.5 * hour
  expect(await must(desk, 'findCheckIn', { params: { code } })).toMatchObject({ verdict: 'ok' })
  await must(desk, 'checkIn', at)
  expect(await must(desk, 'findCheckIn', { params: { code } })).toMatchObject({ verdict: 'done' })
  expect(await desk('checkIn', at)).toMatchObject({ ok: false, code: 'order_state' })
  const seen = await must(person.call, 'getOrder', byId(order.id))
  expect(seen.state).toBe('completed')
})

test('earlier than the rule only on purpose, and the event says so', async () => {
  const { order } = await booked(world)
  const { call: owner } = await signInOwner(world)
  await must(owner, 'checkIn', { ...byId(order.id), body: { early: true } })
  const event = await world.database.db
    .selectFrom('events')
    .select('details')
    .where('order_id', '=', order.id)
    .where('what', '=', 'complete')
    .executeTakeFirstOrThrow()
  expect(event.details).toEqual({ early: true })
})

test('whom nobody checked in is 爽约 by the rule’s hours after the slot, and who was there is not', async () => {
  const [absent, present] = [await booked(world), await booked(world)]
  const { call: owner } = await signInOwner(world)
  await must(owner, 'checkIn', { ...byId(present.order.id), body: { early: true } })
  const { missedAfterHours } = await readRules(world.database.db)
  const endedHoursAgo = (hours: number) =>
    sql`update slots set starts_at = now() - make_interval(mins => ${hours * 60 + 120}::int),
      bookable_until = now() - make_interval(mins => ${hours * 60 + 120}::int),
      ends_at = now() - make_interval(mins => ${hours * 60}::int)
      where id in (${absent.slot}, ${present.slot})`.execute(world.database.db)
  const states = () =>
    Promise.all(
      [absent, present].map(
        async ({ person, order }) => (await must(person.call, 'getOrder', byId(order.id))).state,
      ),
    )
  await endedHoursAgo(missedAfterHours - 0.2)
  await missUnattended(world.parts)
  expect(await states()).toEqual(['confirmed', 'completed'])
  await endedHoursAgo(missedAfterHours + 0.2)
  await Promise.all([missUnattended(world.parts), missUnattended(world.parts)])
  expect(await states()).toEqual(['missed', 'completed'])
  const events = await world.database.db
    .selectFrom('events')
    .select('by')
    .where('order_id', '=', absent.order.id)
    .where('what', '=', 'miss')
    .execute()
  expect(events).toEqual([{ by: 'time' }])
})

test('who may not check in finds nothing either', async () => {
  const { order, person } = await booked(world)
  const { code } = await must(person.call, 'putCheckInCode', byId(order.id))
  const finance = await signInPerson(world, 'finance')
  expect(await finance('findCheckIn', { params: { code } })).toMatchObject({ code: 'forbidden' })
  const stranger = await signIn(world)
  expect(await stranger.call('findCheckIn', { params: { code } })).toMatchObject({
    code: 'forbidden',
  })
})

test('codes cannot be tried in a run: the desk’s own limit ends it', async () => {
  const { log } = world.parts
  const app = await buildApp(world.parts, { log, requestsPerMinute: 1200 })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  const { token } = await signInOwner(world)
  const call = caller(`http://127.0.0.1:${port}`, token)
  const codes: string[] = []
  for (let tried = 0; tried < 70; tried++) {
    const result = await call('findCheckIn', { params: { code: String(tried).padStart(8, '0') } })
    codes.push(result.ok ? 'found' : result.code)
  }
  await app.close()
  expect(codes.filter((code) => code === 'too_many_requests').length).toBeGreaterThanOrEqual(9)
  expect(codes[0]).toBe('not_found')
})

test('a code that is another order’s is drawn again', async () => {
  const { order, person } = await booked(world)
  const { order: other } = await booked(world)
  // Nine of ten codes are taken by one order's neighbours: the table's key decides, not luck.
  await sql`insert into check_in_codes values ('00000001', ${other.id}, now())`.execute(
    world.database.db,
  )
  const { code } = await must(person.call, 'putCheckInCode', byId(order.id))
  expect(code).not.toBe('00000001')
})

test('every state and time has its verdict', () => {
  const startsAt = '2026-11-22T04:00:00Z'
  const endsAt = '2026-11-22T05:00:00Z'
  const at = (state: (typeof orderStates)[number], minutes: number) =>
    checkInVerdict(
      { state, startsAt, endsAt },
      { checkInEarlyMinutes: 120 },
      Date.parse(startsAt) + minutes * 60_000,
    )
  expect([-121, -120, 0, 59, 60].map((minutes) => at('confirmed', minutes))).toEqual([
    'early',
    'ok',
    'ok',
    'ok',
    'late',
  ])
  expect(Object.fromEntries(orderStates.map((state) => [state, at(state, 0)]))).toEqual({
    held: 'unpaid',
    registered: 'unpaid',
    confirmed: 'ok',
    completed: 'done',
    missed: 'missed',
    cancelled: 'cancelled',
    expired: 'cancelled',
  })
  expect(checkInVerdicts).toContain(at('confirmed', 0))
})

test('what is typed or scanned is read, and nothing else is', () => {
  for (const text of [
    '12345678',
    '1234 5678',
    '１２３４ ５６７８',
    'JIYUE:CHECKIN:12345678',
    '1234-5678',
  ])
    expect(readCheckInCode(text)).toBe('12345678')
  for (const text of ['1234567', '123456789', 'https://example.com/12345678', '', 'ABCDEFGH'])
    expect(readCheckInCode(text)).toBeNull()
})
