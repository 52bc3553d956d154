/** 经营 (M5 M6): every figure once more from the single rows, to the unit. */
import { randomUUID } from 'node:crypto'
import type { Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { cleaning, lecture, venue } from '../../server/demo/world.ts'
import { must, openWorld, signIn, signInOwner, type World } from '../world.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
const db = () => world.database.db
const today = dayOf(Date.now())
const [first, last] = [addDays(today, -20), addDays(today, 4)]

/** One order as it lies in the tables, with what it belongs to. */
interface Row {
  serviceId: string
  startsAt: Date
  state: string
  confirmed: boolean
  party: number
  method: 'wechat' | 'alipay' | null
}
const rows: Row[] = []

beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
  await signIn(world)
  await sql`delete from slots`.execute(db())
  for (const slot of slotsOver(first, last)) await fill(slot)
}, 120_000)
afterAll(() => world?.close())

/** Slots about every second day around both ends too, at all kinds of hours. */
function slotsOver(from: Day, to: Day) {
  const slots = []
  for (let day = addDays(from, -2), i = 0; day <= addDays(to, 2); day = addDays(day, 1), i++)
    for (const [j, serviceId] of [lecture, cleaning].entries())
      slots.push({ serviceId, startsAt: new Date(instantOf(day, ((i * 7 + j * 5) % 24) * 60)) })
  return slots
}

/** A slot of nine seats with an order of every state. */
async function fill({ serviceId, startsAt }: { serviceId: string; startsAt: Date }) {
  const slot = randomUUID()
  const ends = new Date(startsAt.getTime() + 3_600_000)
  await sql`insert into slots (id, service_id, starts_at, ends_at, bookable_until, capacity, taken)
    values (${slot}, ${serviceId}, ${startsAt}, ${ends}, ${startsAt}, 9, 4)`.execute(db())
  const states = [
    ['confirmed', true],
    ['completed', true],
    ['missed', true],
    ['cancelled', true],
    ['cancelled', false],
    ['expired', false],
  ] as const
  for (const [i, [state, confirmed]] of states.entries()) {
    const party = 1 + (i % 2)
    const method = confirmed ? (rows.length % 3 === 0 ? 'alipay' : 'wechat') : null
    await order({ slot, serviceId, state, confirmed, party, method })
    rows.push({ serviceId, startsAt, state, confirmed, party, method })
  }
}

async function order(of: Omit<Row, 'startsAt'> & { slot: string }) {
  const id = randomUUID()
  await sql`insert into orders (id, number, user_id, service_id, slot_id, party, state, form_version,
      quote, payable_fen, created_at, confirmed_at)
    select ${id}, ${id}, (select id from users limit 1), ${of.serviceId}, ${of.slot}, ${of.party},
      ${of.state}, 1, '{}', 100, now(), ${of.confirmed ? new Date() : null}`.execute(db())
  if (of.method)
    await sql`insert into payments (id, order_id, method, scene, client_ip, trade_no, amount_fen,
        state, expires_at, paid_fen, paid_at, created_at)
      values (gen_random_uuid(), ${id}, ${of.method}, 'weapp', '127.0.0.1', ${id}, 100, 'succeeded',
        now(), 100, now(), now())`.execute(db())
}

const ask = (from: Day, to: Day) => must(owner.call, 'getInsight', { query: { from, to } })
const within = (from: Day, to: Day) => (row: Row) => {
  const day = dayOf(row.startsAt.getTime())
  return row.confirmed && day >= from && day <= to
}

/** Counts by a key, as the reply sorts nothing we rely on. */
function counted<T>(all: readonly T[], key: (one: T) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const one of all) counts[key(one)] = (counts[key(one)] ?? 0) + 1
  return counts
}

test.each([
  ['the whole span', first, last],
  ['one day', addDays(first, 3), addDays(first, 3)],
  ['a week', addDays(first, 1), addDays(first, 7)],
])('%s: hours, services, methods and effects are the rows’ own', async (_, from, to) => {
  const reply = await ask(from, to)
  const cohort = rows.filter(within(from, to))
  expect(cohort.length).toBeGreaterThan(0)

  const hours = Object.fromEntries(
    reply.hours.map(({ weekday, hour, orders }) => [`${weekday} ${hour}`, orders]),
  )
  expect(hours).toEqual(
    counted(cohort, ({ startsAt }) => {
      const { weekday, hour } = wallClock(startsAt.getTime())
      return `${weekday} ${hour}`
    }),
  )
  expect(Object.fromEntries(reply.methods.map((one) => [one.method, one.payments]))).toEqual(
    counted(cohort, ({ method }) => String(method)),
  )
  for (const serviceId of [lecture, cleaning]) {
    const own = cohort.filter((row) => row.serviceId === serviceId)
    const states = counted(own, ({ state }) => state)
    const begun = own.filter(({ startsAt }) => startsAt.getTime() <= Date.now())
    const slots = new Set(begun.map(({ startsAt }) => startsAt.getTime())).size
    expect(effectOf(reply, serviceId)).toMatchObject({
      orders: own.length,
      people: own.reduce((sum, { party }) => sum + party, 0),
      completed: states.completed ?? 0,
      missed: states.missed ?? 0,
      cancelled: states.cancelled ?? 0,
      slots,
      seats: slots * 9,
      seatsTaken: slots * 4,
    })
  }
  expect(effectOf(reply, venue)).toMatchObject({ orders: 0, slots: 0 })
})

const effectOf = ({ services }: Reply<'getInsight'>, id: string) =>
  services.find(({ serviceId }) => serviceId === id)

test('a deposit is judged by the orders that had it, and a running promotion is known', async () => {
  const before = effectOf(await ask(first, last), lecture)
  expect([before?.completedUnder, before?.missedUnder, before?.promoted]).toEqual([
    before?.completed,
    before?.missed,
    false,
  ])
  await sql`update services set deposit_fen = 3000, deposit_condition = '到店退还'
    where id = ${lecture}`.execute(db())
  const since = async () => effectOf(await ask(first, last), lecture)
  expect(await since()).toMatchObject({ completedUnder: 0, missedUnder: 0 })
  await sql`update orders set quote = '{"depositFen": 3000}' where state = 'missed'
    and service_id = ${lecture}`.execute(db())
  expect(await since()).toMatchObject({ completedUnder: 0, missedUnder: before?.missed })
  // Less than now says nothing about now.
  await sql`update orders set quote = '{"depositFen": 2999}' where state = 'missed'
    and service_id = ${lecture}`.execute(db())
  expect(await since()).toMatchObject({ missedUnder: 0 })
  await sql`insert into promotions (id, service_id, label, kind, value, starts_at, ends_at, position)
    values (gen_random_uuid(), ${lecture}, '限时优惠', 'percent', 10, now() - interval '1 day',
      now() + interval '1 day', 9)`.execute(db())
  const after = await ask(first, last)
  expect([effectOf(after, lecture)?.promoted, effectOf(after, cleaning)?.promoted]).toEqual([
    true,
    false,
  ])
})

test('reviews count in the days they were written', async () => {
  await sql`delete from reviews`.execute(db())
  const at = (day: Day) => new Date(instantOf(day, 12 * 60))
  for (const [rating, day] of [
    [5, today],
    [2, today],
    [1, addDays(first, -1)],
  ] as const)
    await sql`insert into reviews values (gen_random_uuid(), ${lecture}, '林女士', ${rating}, '好',
      ${at(day)})`.execute(db())
  expect(effectOf(await ask(first, last), lecture)).toMatchObject({ rating: 3.5, ratings: 2 })
})

test('a span that ends before it begins, or is longer than a year, is refused', async () => {
  for (const query of [
    { from: today, to: addDays(today, -1) },
    { from: addDays(today, -400), to: today },
  ])
    expect(await owner.call('getInsight', { query })).toMatchObject({ code: 'malformed' })
})
