/**
 * The books of moving orders (B9), on the real server: whatever an order goes through, what came in
 * less what goes back is its price and the fees of its moves; once cancelled, those and its own fee.
 */
import { randomUUID } from 'node:crypto'
import { percentOf } from '@jiyue/contract/money'
import { defaultRules } from '@jiyue/contract/rules'
import fc from 'fast-check'
import { sql } from 'kysely'
import { must, openWorld, signInOwner, type World } from '../world.ts'
import {
  type Booked,
  booked,
  booksOf,
  feesOf,
  hearPaid,
  openPayment,
  pricedSlot,
  quoteMove,
  readOrder,
  takenOf,
} from './moving.ts'

let world: World
/** Slots of every price, soon (a fee is due) and later (none is). */
let slots: string[]
beforeAll(async () => {
  world = await openWorld()
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(world.database.db)
  const hours = [3, 9, 15, 21, 40, 60, 90, 130]
  slots = await Promise.all(
    hours.map((startsIn, i) =>
      pricedSlot(world, { startsIn, capacity: 500, priceFen: (i * 3137) % 12_000 }),
    ),
  )
})
afterAll(() => world.close())

type Way = 'paid' | 'given_up' | 'wrong_amount' | 'replaced' | 'twice'
const step = fc.record({
  to: fc.nat({ max: 7 }),
  /** What becomes of the move where it costs something. */
  way: fc.constantFrom<Way>('paid', 'paid', 'given_up', 'wrong_amount', 'replaced', 'twice'),
})
const history = fc.record({
  party: fc.integer({ min: 1, max: 3 }),
  from: fc.integer({ min: 0, max: 12_000 }),
  soon: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
  end: fc.constantFrom('cancelled', 'completed', 'stays' as const),
})

test('whatever it goes through, its books are right to the fen, and it has its seats once', async () => {
  const owner = await signInOwner(world)
  let moves = 0
  await fc.assert(
    fc.asyncProperty(history, async ({ party, from, soon, steps, end }) => {
      const one = await booked(world, { party, priceFen: from, startsIn: soon ? 6 : 70 })
      for (const { to, way } of steps) {
        moves += (await go(one, slots[to] as string, way)) ? 1 : 0
        await expectBooks(one)
      }
      if (end === 'cancelled') await expectCancelled(one)
      if (end === 'completed') {
        await must(owner.call, 'checkIn', { params: { id: one.order.id }, body: { early: true } })
        await expectBooks(one)
      }
    }),
    { numRuns: 15, endOnFailure: true },
  )
  expect(moves).toBeGreaterThan(5)
  // The eight slots are shared by all histories: their counters are what is seated in them.
  const counted = await takenOf(world, ...slots)
  for (const [i, id] of slots.entries()) {
    const { rows } = await sql<{ seats: number }>`select coalesce(sum(party), 0)::int as seats
      from orders where slot_id = ${id} and state in ('confirmed', 'completed')`.execute(
      world.database.db,
    )
    expect(counted[i]).toBe(rows[0]?.seats)
  }
})

/** Asks for a move and lets happen what happens to it; true when the order is there. */
async function go({ person, order }: Booked, slotId: string, way: Way): Promise<boolean> {
  const { slot } = await readOrder(person, order.id)
  if (slot.id === slotId) return false
  const { dueFen, refundFen, feeFen, differenceFen } = await quoteMove(person, order.id, slotId)
  expect(dueFen - refundFen).toBe(differenceFen + feeFen)
  const body = { orderId: order.id, slotId, dueFen, refundFen }
  const { move } = await must(person.call, 'putMove', { params: { id: randomUUID() }, body })
  if (move.state === 'done') return true
  const payment = await openPayment(person, order.id, move.id)
  if (way === 'given_up') await must(person.call, 'deleteMove', { params: { id: move.id } })
  if (way === 'replaced') {
    const again = { params: { id: randomUUID() }, body }
    await must(person.call, 'putMove', again)
    await must(person.call, 'deleteMove', { params: again.params })
  }
  if (way === 'wrong_amount') {
    expect(await hearPaid(world, payment.id, { amountFen: dueFen + 1 })).toBe(
      'refunding:wrong_amount',
    )
    return false
  }
  const second = way === 'twice' ? await openPayment(person, order.id, move.id) : null
  const happens = way === 'paid' || way === 'twice'
  expect(await hearPaid(world, payment.id)).toBe(happens ? 'moved' : 'refunding:move_failed')
  if (second) expect(await hearPaid(world, second.id)).toBe('refunding:paid_twice')
  return happens
}

async function expectBooks({ person, order }: Booked): Promise<void> {
  const { payableFen } = await readOrder(person, order.id)
  const fees = await feesOf(world, order.id)
  expect(await booksOf(world, order.id)).toBe(payableFen + fees)
}

async function expectCancelled({ person, order }: Booked): Promise<void> {
  const { payableFen, cancelling, slot } = await readOrder(person, order.id)
  const late = Date.parse(slot.startsAt) - Date.now() < defaultRules.cancelFreeHours * 3_600_000
  const fee = late ? percentOf(payableFen, defaultRules.cancelFeePercent) : 0
  expect(cancelling).toEqual({ feeFen: fee, refundFen: payableFen - fee })
  await must(person.call, 'cancelOrder', { params: { id: order.id } })
  expect(await booksOf(world, order.id)).toBe((await feesOf(world, order.id)) + fee)
}
