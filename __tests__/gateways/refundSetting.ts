/**
 * What the refund and delivery tests stand on: paid orders on both rails, the provider's own list of
 * refunds, and time that passes for us and the sandbox together.
 */
import { randomUUID } from 'node:crypto'
import type { Method } from '@jiyue/contract/payment'
import type { Order } from '@jiyue/contract/schema/wire'
import { lecture } from '../../server/demo/world.ts'
import { refundDue } from '../../server/sweep/sweep.ts'
import { newSlot } from '../races/setting.ts'
import {
  must,
  type Person,
  payAtCashier,
  registeredOrder,
  signIn,
  until,
  type World,
} from '../world.ts'

export const hostOf = { wechat: 'weapp', alipay: 'alipay' } as const satisfies Record<
  Method,
  string
>
/** The sandbox's names of the calls, for its fault switches. */
export const callOf = {
  wechat: { refund: 'wechat.refund', query: 'wechat.refundQuery', notice: 'wechat.notice' },
  alipay: {
    refund: 'alipay.trade.refund',
    query: 'alipay.trade.fastpay.refund.query',
    notice: 'alipay.notice',
  },
} as const satisfies Record<Method, Record<string, string>>

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute

export const byId = (id: string) => ({ params: { id } })

/** Opens a payment of an order, or of its move, in its host. */
export function openPayment(person: Person, orderId: string, method: Method, moveId?: string) {
  return must(person.call, 'createPayment', {
    ...byId(orderId),
    body: { id: randomUUID(), method, scene: hostOf[method], ...(moveId && { moveId }) },
  })
}

export interface Paid {
  method: Method
  person: Person
  order: Order
  paymentId: string
  /** Our number at the provider. */
  tradeNo: string
  payableFen: number
}

/** Somebody's order, paid and confirmed by its notice. */
export async function paidOrder(world: World, method: Method, serviceId = lecture): Promise<Paid> {
  const slot = await newSlot(world.database.db, { serviceId, capacity: 9 })
  const person = await signIn(world, randomUUID(), hostOf[method])
  const registered = await registeredOrder(person, slot)
  const payment = await openPayment(person, registered.id, method)
  await payAtCashier(world, payment.params)
  const order = await until('confirmed', async () => {
    const seen = await must(person.call, 'getOrder', byId(registered.id))
    return seen.state === 'confirmed' && seen
  })
  return {
    method,
    person,
    order,
    paymentId: payment.id,
    tradeNo: payment.id.replaceAll('-', ''),
    payableFen: order.payableFen,
  }
}

/** The same, cancelled in time: all of it is owed back. */
export async function cancelledOrder(world: World, method: Method): Promise<Paid> {
  const paid = await paidOrder(world, method)
  const order = await must(paid.person.call, 'cancelOrder', byId(paid.order.id))
  return { ...paid, order }
}

/** No notice arrives until the faults are cleared. */
export function loseNotices(world: World, method: Method): void {
  arm(world, callOf[method].notice, 'drop')
}

/** Arms a fault until the faults are cleared, or for so many calls. */
export function arm(world: World, call: string, fault: string, times: number | null = null): void {
  if (!world.sandbox.admin.fault(call, fault, times)) throw new Error(`no fault ${call} ${fault}`)
}

/** Time passes for us and the platforms. */
export async function pass(world: World, ms: number): Promise<void> {
  world.clock.aheadMs += ms
  await world.sandbox.admin.settle()
}

/** One turn of what is due, ours and theirs. Answers how many refunds had a turn. */
export async function turn(world: World): Promise<number> {
  const turned = await refundDue(world.parts)
  await world.sandbox.admin.settle()
  return turned
}

export interface AtProvider {
  no: string
  fen: number
  state: 'open' | 'done' | 'closed' | 'abnormal'
}

/** A trade's refunds as the provider has them, oldest first. */
export function refundsAtProvider(
  world: World,
  { method, tradeNo }: { method: Method; tradeNo: string },
): AtProvider[] {
  const trades = world.sandbox.admin.trades()
  if (method === 'wechat') {
    const refunds = trades.wechat.find((one) => one.out_trade_no === tradeNo)?.refunds ?? []
    return refunds.map((one) => ({
      no: one.out_refund_no,
      fen: one.amount.refund,
      state: WECHAT_STATES[one.status] as AtProvider['state'],
    }))
  }
  const refunds = trades.alipay.find((one) => one.out_trade_no === tradeNo)?.refunds ?? []
  return [...refunds]
    .sort((a, b) => a.createdAt - b.createdAt)
    .map((one) => ({ no: one.requestNo, fen: one.fen, state: one.done ? 'done' : 'open' }))
}

const WECHAT_STATES: Record<string, AtProvider['state']> = {
  PROCESSING: 'open',
  SUCCESS: 'done',
  CLOSED: 'closed',
  ABNORMAL: 'abnormal',
}

/** An order's refunds as we have them, oldest first. */
export function refundRows(world: World, orderId: string) {
  return world.database.db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .selectAll('refunds')
    .where('payments.order_id', '=', orderId)
    .orderBy('refunds.requested_at')
    .orderBy('refunds.id')
    .execute()
}

/** The only refund of an order. */
export async function theRefund(world: World, orderId: string) {
  const rows = await refundRows(world, orderId)
  if (rows.length !== 1) throw new Error(`${rows.length} refunds`)
  return rows[0] as (typeof rows)[number]
}

/** What was heard of refunds of an order, as `heardBy state → verdict`. */
export async function heardOf(world: World, orderId: string): Promise<string[]> {
  const rows = await world.database.db
    .selectFrom('facts')
    .innerJoin('payments', 'payments.id', 'facts.payment_id')
    .select(['facts.heard_by', 'facts.state', 'facts.verdict'])
    .where('payments.order_id', '=', orderId)
    .where('facts.kind', '=', 'refund')
    .orderBy('facts.id')
    .execute()
  return rows.map((row) => `${row.heard_by} ${row.state} → ${row.verdict}`)
}

/**
 * Seconds until a due time, up to the next ten: time goes on while a busy machine answers, and the
 * waits of the schedules are all tens.
 */
export function secondsTo(world: World, due: Date | null): number | null {
  return due && Math.ceil((due.getTime() - world.parts.now().getTime()) / (10 * second)) * 10
}

/**
 * Ends a test of refunds: faults and time as they were, and no turn for a refund that it left on its
 * way. A later test's fault for one call would strike that one instead.
 */
export async function endTest(world: World): Promise<void> {
  world.sandbox.admin.clearFaults()
  await world.sandbox.admin.settle()
  await world.database.db.updateTable('refunds').set({ due_at: null }).execute()
  world.clock.aheadMs = 0
}

/** Lets refunds run to their end at the provider and here, by the clock. */
export async function followToEnd(world: World, orderId: string): Promise<void> {
  for (let turns = 0; turns < 30; turns++) {
    await turn(world)
    const rows = await refundRows(world, orderId)
    const over = rows.every(({ state }) => state === 'succeeded' || state === 'closed')
    if (rows.length > 0 && over) return
    await pass(world, 61 * second)
  }
  throw new Error('the refunds never ended')
}
