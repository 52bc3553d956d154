/** The merchant cancels somebody's order (M1): with a reason, refunded whole or by the rule, once. */
import { sql } from 'kysely'
import { sendDue } from '../../server/reminder/deliver.ts'
import { must, openWorld, registeredOrder, signIn, signInOwner, type World } from '../world.ts'
import { allChanged } from './auditing.ts'
import {
  booked,
  booksOf,
  openPayment,
  pricedSlot,
  readOrder,
  refundsOf,
  takenOf,
} from './moving.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())

const cancel = (id: string, refund: 'whole' | 'rule') =>
  owner.call('putCancellation', { params: { id }, body: { reason: '恶意占位', refund } })

test('whole: everything goes back, a day before too; the person and the console read the reason', async () => {
  const { person, order, slot } = await booked(world, { startsIn: 3 })
  const both = await Promise.all([cancel(order.id, 'whole'), cancel(order.id, 'whole')])
  expect(both.map(({ ok }) => ok)).toEqual([true, true])
  expect(await booksOf(world, order.id)).toBe(0)
  expect(await refundsOf(world, order.id)).toMatchObject([{ reason: 'called_off' }])
  expect(await takenOf(world, slot)).toEqual([0])
  await sendDue(world.parts)
  const { messages } = await must(person.call, 'listMessages', {})
  const [told] = messages.filter(({ kind }) => kind === 'cancelled')
  expect(told?.text).toContain('商家取消：恶意占位，将原路退回 ¥49')
  const { events } = await must(owner.call, 'getConsoleOrder', { params: { id: order.id } })
  expect(events.at(-1)).toMatchObject({ what: 'cancel', reason: '恶意占位', byName: '店主 沈禾' })
})

test('by the rule: the fee stays, as if the person had cancelled now', async () => {
  const { person, order } = await booked(world, { startsIn: 3 })
  const { cancelling } = await readOrder(person, order.id)
  expect((await cancel(order.id, 'rule')).ok).toBe(true)
  expect(cancelling?.feeFen).toBeGreaterThan(0)
  expect(await booksOf(world, order.id)).toBe(cancelling?.feeFen)
})

test('an unpaid one is told too, its payment closed first; the auditor finds nothing', async () => {
  const person = await signIn(world)
  const order = await registeredOrder(person, await pricedSlot(world))
  await openPayment(person, order.id)
  expect((await cancel(order.id, 'whole')).ok).toBe(true)
  await sendDue(world.parts)
  const { messages } = await must(person.call, 'listMessages', {})
  expect(messages.map(({ kind }) => kind)).toContain('cancelled')
  await allChanged(world.parts)
  const { rows } = await sql`select kind from findings where resolved_at is null`.execute(
    world.database.db,
  )
  expect(rows).toEqual([])
})
