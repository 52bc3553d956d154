/** A party over several slots (B6) on the real database: all of its seats or none, once. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { hold } from '../../server/booking/booking.ts'
import { lecture } from '../../server/demo/world.ts'
import { deafBus, newSlot, seatsTaken } from '../races/setting.ts'
import { must, openWorld, type Person, signIn, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const slots = (...capacities: number[]) =>
  Promise.all(
    capacities.map((capacity, i) =>
      newSlot(world.database.db, { serviceId: lecture, capacity, startsIn: 72 + 3 * i }),
    ),
  )
const partsOf = (ids: readonly string[], parties: readonly number[]) =>
  ids.map((slotId, i) => ({ id: randomUUID(), slotId, party: parties[i] ?? 1 }))
const book = (person: Person, orders: ReturnType<typeof partsOf>) =>
  person.call('putOrders', { body: { orders } })
const taken = (ids: readonly string[]) =>
  Promise.all(ids.map((id) => seatsTaken(world.database.db, id)))

test('all are held by one call, in the order asked, each an order of its own', async () => {
  const [person, ids] = [await signIn(world), await slots(2, 3)]
  const parts = partsOf(ids, [2, 3])
  const { orders } = await must(person.call, 'putOrders', { body: { orders: parts } })
  expect(orders.map(({ id, state, party }) => [id, state, party])).toEqual(
    parts.map(({ id, party }) => [id, 'held', party]),
  )
  expect(await taken(ids)).toEqual([2, 3])
})

test('one that is full: none is held, nothing is written', async () => {
  const [person, ids] = [await signIn(world), await slots(5, 5, 1)]
  await must((await signIn(world)).call, 'putOrder', {
    params: { id: randomUUID() },
    body: { slotId: ids[2] ?? '', party: 1 },
  })
  const parts = partsOf(ids, [2, 2, 1])
  expect(await book(person, parts)).toMatchObject({ ok: false, code: 'slot_full' })
  expect(await taken(ids)).toEqual([0, 0, 1])
  const { rows } = await sql`
    select from orders where id = any (${parts.map(({ id }) => id)}::uuid[])`.execute(
    world.database.db,
  )
  expect(rows).toEqual([])
})

test('asked again the same way it is the same group; a changed part is refused', async () => {
  const [person, ids] = [await signIn(world), await slots(5, 5)]
  const parts = partsOf(ids, [2, 3])
  const answers = await Promise.all([book(person, parts), book(person, parts), book(person, parts)])
  expect(answers.every(({ ok }) => ok)).toBe(true)
  expect(await taken(ids)).toEqual([2, 3])
  const changed = parts.map((part, i) => (i === 1 ? { ...part, party: 2 } : part))
  expect(await book(person, changed)).toMatchObject({ code: 'order_id_reused' })
  expect(await book(await signIn(world), parts)).toMatchObject({ code: 'order_id_reused' })
  expect(await taken(ids)).toEqual([2, 3])
})

test('more orders than one may have: none', async () => {
  const [person, ids] = [await signIn(world), await slots(5, 5, 5, 5)]
  expect(await book(person, partsOf(ids, [1, 1, 1, 1]))).toMatchObject({ code: 'limit_reached' })
  expect(await taken(ids)).toEqual([0, 0, 0, 0])
})

/** Ten parties want the same two slots, in turn the one and the other first; each slot holds two. */
async function crossing(ask: (person: Person, parts: ReturnType<typeof partsOf>) => unknown) {
  const ids = await slots(4, 2)
  const people = await Promise.all(Array.from({ length: 10 }, () => signIn(world)))
  await Promise.all(
    people.map((person, i) => {
      const parts = partsOf(ids, [2, 2])
      return ask(person, i % 2 === 0 ? parts : parts.reverse())
    }),
  )
  return taken(ids)
}

test('parties that cross each other: never half of one', async () => {
  expect(await crossing(book)).toEqual([2, 2])
})

test('control: held one by one the same crowd gets halves', async () => {
  const halves = await crossing((person, parts) =>
    hold(
      world.database.db,
      deafBus,
      parts.map(({ id, slotId, party }) => ({
        order: id,
        user: person.userId,
        slot: slotId,
        party,
      })),
    ),
  )
  expect(halves).toEqual([4, 2])
})
