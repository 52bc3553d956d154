/** Books and bills of one day: ours straight in the database, theirs in the sandbox. */
import { randomUUID } from 'node:crypto'
import type { Method, PaymentState, RefundReason, RefundState } from '@jiyue/contract/payment'
import { addDays, type Day, dayOf, instantOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { pino } from 'pino'
import type { BulkTrade } from '../../sandbox/bulk.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { lecture } from '../../server/demo/world.ts'
import { gateways } from '../../server/payment/gateways/index.ts'
import { connectPlatforms } from '../../server/platforms/connect.ts'
import { newSlot, newUsers } from '../races/setting.ts'
import type { World } from '../world.ts'

/** A payment of ours, with its refunds; `at` in milliseconds. */
export interface Booked {
  tradeNo: string
  fen: number
  at: number
  /** Without it, succeeded. */
  state?: PaymentState
  /** Without it, the lecture. */
  serviceId?: string
  /** Discount lines of the quote: label and fen, positive. */
  discounts?: [label: string, fen: number][]
  refunds?: BookedRefund[]
}

export interface BookedRefund {
  refundNo: string
  fen: number
  at: number
  /** Without it, succeeded. */
  state?: RefundState
  requestedAt?: number
  /** Without it, cancelled. */
  reason?: RefundReason
}

/** Writes paid orders into our books, as if everything had been heard in time. */
export async function book(
  { database: { db } }: World,
  method: Method,
  list: readonly Booked[],
): Promise<void> {
  const [userId] = await newUsers(db, 1)
  const slotId = await newSlot(db, { serviceId: lecture, capacity: 1 })
  const rows = list.map((of) => ({ ...of, orderId: randomUUID(), paymentId: randomUUID() }))
  await db
    .insertInto('orders')
    .values(
      rows.map(({ orderId, fen, at, serviceId = lecture, discounts }) => ({
        id: orderId,
        number: orderId.slice(0, 13),
        user_id: userId as string,
        service_id: serviceId,
        slot_id: slotId,
        party: 1,
        state: 'confirmed' as const,
        held_until: null,
        form_version: 1,
        quote: quoteOf(fen, discounts),
        payable_fen: fen,
        created_at: new Date(at),
        registered_at: new Date(at),
        confirmed_at: new Date(at),
        ended_at: null,
      })),
    )
    .execute()
  await db
    .insertInto('payments')
    .values(
      rows.map(({ orderId, paymentId, tradeNo, fen, at, state = 'succeeded' }) => ({
        id: paymentId,
        order_id: orderId,
        method,
        scene: 'weapp' as const,
        client_ip: '203.0.113.7',
        trade_no: tradeNo,
        amount_fen: fen,
        state,
        params: null,
        expires_at: new Date(at + 900_000),
        ask_at: null,
        transaction_id: null,
        paid_fen: state === 'succeeded' ? fen : null,
        paid_at: state === 'succeeded' ? new Date(at) : null,
        created_at: new Date(at),
        move_id: null,
      })),
    )
    .execute()
  const refunds = rows.flatMap(({ paymentId, refunds: back = [] }) =>
    back.map(
      ({ refundNo, fen, at, requestedAt = at, state = 'succeeded', reason = 'cancelled' }) => ({
        id: randomUUID(),
        payment_id: paymentId,
        refund_no: refundNo,
        amount_fen: fen,
        reason,
        state,
        due_at: null,
        requested_at: new Date(requestedAt),
        refunded_at: state === 'succeeded' ? new Date(at) : null,
        note: null,
        failure: null,
        replaces: null,
      }),
    ),
  )
  if (refunds.length > 0) await db.insertInto('refunds').values(refunds).execute()
}

function quoteOf(fen: number, discounts: Booked['discounts'] = []): string {
  const off = discounts.reduce((sum, [, one]) => sum + one, 0)
  return JSON.stringify({
    lines: [
      { kind: 'base', label: '讲座', amountFen: fen + off },
      ...discounts.map(([label, one]) => ({ kind: 'discount', label, amountFen: -one })),
    ],
    listFen: fen + off,
    discountFen: -off,
    depositFen: 0,
    payableFen: fen,
    includes: '',
  })
}

/** The same at the platform, unless a test says otherwise. */
export function bulkOf(list: readonly Booked[]): BulkTrade[] {
  return list.map(({ tradeNo, fen, at, refunds }) => ({
    outTradeNo: tradeNo,
    fen,
    paidAt: at,
    ...(refunds && {
      refunds: refunds.map((one) => ({ refundNo: one.refundNo, fen: one.fen, at: one.at })),
    }),
  }))
}

/** Both sides have it. */
export async function bookBoth(world: World, method: Method, list: readonly Booked[]) {
  await book(world, method, list)
  world.sandbox.admin.bulk(method, bulkOf(list))
}

/** Empty books, and a platform that knows nothing: a test begins as if nobody had ever paid. */
export async function startOver(world: World, dir: string): Promise<void> {
  await sql`truncate bills, bill_rows, differences, facts, refunds, payments, moves, orders
    cascade`.execute(world.database.db)
  await world.sandbox.stop()
  world.clock.aheadMs = 0
  world.sandbox = await startSandbox({ dir, clock: () => world.parts.now().getTime() })
  world.parts.platforms = connectPlatforms(world.sandbox.credentials)
  // Notices are heard by the gateways the server began with: nobody here waits for one.
  world.parts.gateways = gateways(world.sandbox.credentials, world.url)
}

/** Moves everybody's clock to `minutes` after the beginning of `day`. */
export function goTo(world: World, day: Day, minutes: number): void {
  world.clock.aheadMs = instantOf(day, minutes) - Date.now()
}

/** Half past ten on the day after: bills can be had. */
export const afterBill = (world: World, day: Day) => goTo(world, addDays(day, 1), 630)

export const today = () => dayOf(Date.now())

/** Puts a log in that the test can read. */
export function listen(world: World): { lines: Record<string, unknown>[] } {
  const heard = { lines: [] as Record<string, unknown>[] }
  world.parts.log = pino(
    { level: 'info' },
    { write: (line: string) => heard.lines.push(JSON.parse(line)) },
  )
  return heard
}

/** Differences as short sentences, sorted. */
export async function differencesOf(world: World, method: Method): Promise<string[]> {
  const rows = await world.database.db
    .selectFrom('differences')
    .selectAll()
    .where('method', '=', method)
    .where('state', '=', 'open')
    .execute()
  return rows
    .map((row) =>
      [row.kind, row.about, row.refund_no ?? row.trade_no, row.ours_fen, row.theirs_fen].join(' '),
    )
    .sort()
}
