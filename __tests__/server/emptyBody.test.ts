/** Mini-programs call every request JSON, also one without a body (facts: wx.request, my.request). */
import { randomUUID } from 'node:crypto'
import { lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import { must, openWorld, type Person, signIn, type World } from '../world.ts'

let world: World
let mei: Person
beforeAll(async () => {
  world = await openWorld()
  mei = await signIn(world)
})
afterAll(() => world.close())

/** As the hosts send it: a type, and nothing to go with it. */
async function bare(method: 'PUT' | 'DELETE' | 'POST', path: string, body?: string) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${mei.token}` }
  const response = await fetch(world.url + path, { method, headers, ...(body && { body }) })
  return { status: response.status, body: await response.json() }
}

test('a DELETE that calls itself JSON cancels an order', async () => {
  const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
  const params = { id: randomUUID() }
  await must(mei.call, 'putOrder', { params, body: { slotId, party: 1 } })
  const cancelled = await bare('DELETE', `/v1/orders/${params.id}`)
  expect([cancelled.status, cancelled.body.state]).toEqual([200, 'cancelled'])
})

test('a PUT without a body is heard: the receipt of nothing is refused for what it is', async () => {
  const { status, body } = await bare('PUT', `/v1/orders/${randomUUID()}/receipt`)
  expect([status, body.error.code]).toEqual([404, 'not_found'])
})

test.each(['', '   ', '{"a":', '{"__proto__":{"a":1}}'])(
  'where a body is wanted, %p is none: malformed, never our fault',
  async (text) => {
    const { status, body } = await bare('PUT', `/v1/orders/${randomUUID()}`, text)
    expect([status, body.error.code]).toEqual([400, 'malformed'])
  },
)
