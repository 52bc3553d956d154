/** Times of slots that a merchant adds by hand (M1): a slip of the pen is said beside its field. */
import { randomUUID } from 'node:crypto'
import { dayMs } from '@jiyue/contract/time'
import { lecture } from '../../server/demo/world.ts'
import { openWorld, type Person, signInOwner, type World } from '../world.ts'

let world: World
let owner: Pick<Person, 'call'>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())

/** Adds a slot that starts and ends so many days from now. */
function add(startDays: number, endDays: number) {
  const at = (days: number) => new Date(Date.now() + days * dayMs).toISOString()
  return owner.call('putSlot', {
    params: { id: randomUUID() },
    body: {
      serviceId: lecture,
      startsAt: at(startDays),
      endsAt: at(endDays),
      capacity: 1,
      staffId: null,
      branchId: null,
    },
  })
}

test.each([
  ['ends before it starts', 2, 1, 'endsAt'],
  ['lasts ten years', 1, 3650, 'endsAt'],
  ['started already', -1, -0.5, 'startsAt'],
  ['starts in the year 9999', 2_900_000, 2_900_000.1, 'startsAt'],
])('putSlot refuses a slot that %s', async (_, start, end, path) => {
  const answer = await add(start, end)
  expect(answer).toMatchObject({ ok: false, code: 'invalid_fields', fields: [{ path }] })
})

test('a night from one day into the next is a slot', async () => {
  expect((await add(1, 1.9)).ok).toBe(true)
})
