/** The answer of a hold (B4): made of what the hold itself knew, it says what a reading of the order says. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { cleaning, lecture, venue } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import { lectureAnswers, must, openWorld, type Person, signIn, type World } from '../world.ts'

let world: World
let mei: Person
beforeAll(async () => {
  world = await openWorld()
  mei = await signIn(world)
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(world.database.db)
})
afterAll(() => world.close())

const slotOf = (serviceId: string) => newSlot(world.database.db, { serviceId, capacity: 50 })

/** Holds, and reads the same order; without the second of each. */
async function heldAndRead(serviceId: string, party = 1, slot?: string) {
  const params = { id: randomUUID() }
  const slotId = slot ?? (await slotOf(serviceId))
  const { now: _, ...held } = await must(mei.call, 'putOrder', { params, body: { slotId, party } })
  const { now: __, ...read } = await must(mei.call, 'getOrder', { params })
  return { held, read }
}

test.each([
  ['a lecture, charged by heads', lecture, 3],
  ['a cleaning with staff, at home', cleaning, 1],
  ['a venue with a deposit, at a branch', venue, 8],
])('%s: the hold answers the whole order', async (_, serviceId, party) => {
  const { held, read } = await heldAndRead(serviceId, party)
  expect(held).toEqual(read)
  expect(held.quote.lines.length).toBeGreaterThan(0)
})

test('the discount of a first order is promised by the hold as by the order, and to nobody twice', async () => {
  const first = await heldAndRead(lecture)
  expect(first.held.quote.lines).toContainEqual(expect.objectContaining({ firstOrder: true }))
  const params = { id: first.held.id }
  const body = { formVersion: 1, values: lectureAnswers() }
  await must(mei.call, 'putRegistration', { params, body })
  const second = await heldAndRead(lecture)
  expect(second.held).toEqual(second.read)
  expect(second.held.quote.lines).not.toContainEqual(expect.objectContaining({ firstOrder: true }))
})

test('a new version of the form is asked for by the very next hold', async () => {
  const slot = await slotOf(lecture)
  await heldAndRead(lecture, 1, slot)
  await sql`insert into forms (service_id, version, steps, fields)
    select service_id, 2, steps, fields from forms where service_id = ${lecture} and version = 1`.execute(
    world.database.db,
  )
  const { held, read } = await heldAndRead(lecture, 1, slot)
  expect(held.form.version).toBe(2)
  expect(held).toEqual(read)
})
