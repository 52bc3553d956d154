/** What the tests of moves share: orders that are paid, slots with prices, and the books of an order. */
import { randomUUID } from 'node:crypto'
import type { Result } from '@jiyue/contract/client'
import type { Order } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { settle } from '../../server/payment/settle.ts'
import { newSlot, type SlotOf } from '../races/setting.ts'
import {
  must,
  type Person,
  payAtCashier,
  registeredOrder,
  signIn,
  until,
  type World,
} from '../world.ts'

export interface Booked {
  person: Person
  order: Order
  /** Its slot. */
  slot: string
}

export type PricedSlot = Partial<SlotOf> & { priceFen?: number }

/** A slot of the lecture with a price of its own. */
export async function pricedSlot(
  { database: { db } }: World,
  { priceFen, ...of }: PricedSlot = {},
): Promise<string> {
  const id = await newSlot(db, { serviceId: lecture, capacity: 9, ...of })
  if (priceFen !== undefined)
    await sql`update slots set price_fen = ${priceFen} where id = ${id}`.execute(db)
  return id
}

/** A new person's order of the lecture, paid: 69 a head less 20 for newcomers. */
export async function booked(
  world: World,
  { party = 1, ...of }: PricedSlot & { party?: number } = {},
): Promise<Booked> {
  const person = await signIn(world)
  const slot = await pricedSlot(world, of)
  const order = await registeredOrder(person, slot, party)
  const payment = await openPayment(person, order.id)
  if (payment.amountFen > 0) await hearPaid(world, payment.id)
  return { person, order: await readOrder(person, order.id), slot }
}

export const readOrder = (person: Person, id: string) =>
  must(person.call, 'getOrder', { params: { id } })

export const openPayment = (person: Person, orderId: string, moveId?: string) =>
  must(person.call, 'createPayment', {
    params: { id: orderId },
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp', ...(moveId && { moveId }) },
  })

const rowOf = (world: World, paymentId: string) =>
  world.database.db
    .selectFrom('payments')
    .selectAll()
    .where('id', '=', paymentId)
    .executeTakeFirstOrThrow()

/** News that a payment was made, as a verified notice brings it. */
export async function hearPaid(
  world: World,
  paymentId: string,
  { amountFen, paidAt = world.parts.now() }: { amountFen?: number; paidAt?: Date } = {},
) {
  const row = await rowOf(world, paymentId)
  return settle(
    world.parts,
    {
      kind: 'trade',
      method: 'wechat',
      tradeNo: row.trade_no,
      state: 'paid',
      amountFen: amountFen ?? row.amount_fen,
      transactionId: `T${row.trade_no.slice(0, 20)}`,
      paidAt,
    },
    'notice',
  )
}

/** Pays in the sandbox's cashier and waits until we know. */
export async function payThrough(
  world: World,
  payment: Awaited<ReturnType<typeof openPayment>>,
): Promise<void> {
  await payAtCashier(world, payment.params)
  await until('paid', async () => (await rowOf(world, payment.id)).state === 'succeeded')
}

export const quoteMove = (person: Person, orderId: string, slotId: string) =>
  must(person.call, 'getMoveQuote', { params: { id: orderId }, query: { slotId } })

/** Asks for a move at the price it has now. */
export async function askMove(
  { person, order }: Pick<Booked, 'person' | 'order'>,
  slotId: string,
  id: string = randomUUID(),
) {
  const { dueFen, refundFen } = await quoteMove(person, order.id, slotId)
  const body = { orderId: order.id, slotId, dueFen, refundFen }
  return must(person.call, 'putMove', { params: { id }, body })
}

/** An order with an open move to a dearer slot, and the payment of its difference opened. */
export async function paying(world: World, { priceFen = 9900 } = {}) {
  const one = await booked(world)
  const to = await pricedSlot(world, { priceFen })
  const { move } = await askMove(one, to)
  const payment = await openPayment(one.person, one.order.id, move.id)
  return { ...one, to, move, payment }
}

export const moveRow = ({ database: { db } }: World, id: string) =>
  db.selectFrom('moves').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** Seats of slots by their counter. */
export async function takenOf({ database: { db } }: World, ...slots: string[]): Promise<number[]> {
  const rows = await db
    .selectFrom('slots')
    .select(['id', 'taken'])
    .where('id', 'in', slots)
    .execute()
  return slots.map((id) => rows.find((row) => row.id === id)?.taken ?? -1)
}

export const refundsOf = ({ database: { db } }: World, orderId: string) =>
  db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .select(['refunds.amount_fen', 'refunds.reason'])
    .where('payments.order_id', '=', orderId)
    .orderBy('refunds.requested_at')
    .execute()

/** An order's books: everything that came in less everything that went or is going back. */
export async function booksOf({ database: { db } }: World, orderId: string): Promise<number> {
  const { rows } = await sql<{ fen: number }>`
    select (coalesce((select sum(paid_fen) from payments where order_id = ${orderId}), 0)
      - coalesce((select sum(r.amount_fen) from refunds r join payments p on p.id = r.payment_id
          where p.order_id = ${orderId} and r.state <> 'closed'), 0))::int as fen`.execute(db)
  return rows[0]?.fen ?? 0
}

/** Fees of the moves an order has made. */
export async function feesOf({ database: { db } }: World, orderId: string): Promise<number> {
  const moves = await db
    .selectFrom('moves')
    .select('fee_fen')
    .where('order_id', '=', orderId)
    .where('state', '=', 'done')
    .execute()
  return moves.reduce((sum, move) => sum + move.fee_fen, 0)
}

export const codeOf = <T>(result: Result<T>) => (result.ok ? 'ok' : result.code)
