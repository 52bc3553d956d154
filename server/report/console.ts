/** What the console's first pages read: today, orders, one order with its evidence. */
import { checkInFrom } from '@jiyue/contract/checkIn'
import type { ConsoleOrder, Reply } from '@jiyue/contract/schema/wire'
import { type Day, dayOf, instantOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { amendmentsOf } from '../amendment/amendment.ts'
import { anyOf, inState, servicesNamed, withinDays } from '../db/conditions.ts'
import { idsOfPage, type Newest } from '../db/search.ts'
import { nudgesOf } from '../nudge/nudge.ts'
import { orderClues } from '../order/clues.ts'
import { readRules } from '../order/rules.ts'
import type { Parts } from '../parts.ts'
import { paidOf } from '../payment/cancel.ts'
import { keptOf, standsForOrder } from '../payment/kept.ts'
import { paymentView } from '../payment/view.ts'
import { doerName } from '../people/doer.ts'
import { maskPhone } from '../people/mask.ts'
import { messagesOf } from './messages.ts'
import { orderCard, orderRows, readOrderView } from './orderView.ts'
import { phoneIn } from './registrations/filter.ts'

const PAGE = 50
const NEWEST: Newest = { table: 'orders', time: 'created_at', id: 'id' }

/** Money and orders of the merchant's day: the money as reconciliation has it of that day. */
export async function readToday(parts: Parts): Promise<Reply<'getToday'>> {
  const now = parts.now()
  const today = dayOf(now.getTime())
  const within = { from: today, to: today }
  const since = new Date(instantOf(today))
  const byMethod = await parts.db
    .selectFrom('payments')
    .select([
      'method',
      sql<number>`sum(paid_fen)::int8`.as('amountFen'),
      sql<number>`count(*)::int`.as('count'),
    ])
    .where('state', '=', 'succeeded')
    .where(withinDays('paid_at', within))
    .where('method', 'is not', null)
    .groupBy('method')
    .orderBy('method')
    .execute()
  const refunded = await parts.db
    .selectFrom('refunds')
    .select([
      sql<number>`coalesce(sum(amount_fen), 0)::int8`.as('amountFen'),
      sql<number>`count(*)::int`.as('count'),
    ])
    .where('state', 'in', ['succeeded', 'otherwise'])
    .where(withinDays('refunded_at', within))
    .executeTakeFirstOrThrow()
  const orders = await parts.db
    .selectFrom('orders')
    .select([
      sql<number>`count(*) filter (where state = 'held' and held_until > ${now})::int`.as('holds'),
      sql<number>`count(*) filter (where state = 'registered' and held_until > ${now})::int`.as(
        'unpaid',
      ),
      sql<number>`count(*) filter (where confirmed_at >= ${since})::int`.as('confirmed'),
    ])
    .where((eb) =>
      eb.or([eb('state', 'in', ['held', 'registered']), eb('confirmed_at', '>=', since)]),
    )
    .executeTakeFirstOrThrow()
  const methods = byMethod.map((row) => ({ ...row, method: row.method ?? 'wechat' }))
  return {
    paid: {
      amountFen: methods.reduce((sum, row) => sum + row.amountFen, 0),
      count: methods.reduce((sum, row) => sum + row.count, 0),
    },
    refunded,
    byMethod: methods,
    ...orders,
    now: now.toISOString(),
  }
}

export interface OrderFilter {
  state?: string | undefined
  serviceId?: string | undefined
  staffId?: string | undefined
  /** Those that have a place in this slot now. */
  slotId?: string | undefined
  /** Days of their slots. */
  from?: Day | undefined
  to?: Day | undefined
  text?: string | undefined
  after?: string | undefined
}

/** A page of orders, newest first; `next` continues it. */
export async function listConsoleOrders(
  parts: Parts,
  filter: OrderFilter,
): Promise<Reply<'listConsoleOrders'>> {
  const now = parts.now()
  const rules = await readRules(parts.db)
  const found = await idsOfPage(parts.db, {
    list: NEWEST,
    from: narrowed(parts, filter),
    clues: await cluesOf(parts, filter.text),
    after: filter.after,
    limit: PAGE + 1,
  })
  const rows = await rowsOf(parts, found)
  const page = rows.slice(0, PAGE)
  const last = rows.length > PAGE ? page.at(-1) : undefined
  const ids = page.map((row) => row.id)
  const [payments, refunded] = await Promise.all([paymentsOf(parts, ids), refundedOf(parts, ids)])
  const orders = await Promise.all(
    page.map(
      async (row): Promise<ConsoleOrder> => ({
        ...(await orderCard(parts, row, rules)),
        person: row.person,
        phoneMasked: phoneOf(parts, row.phone_sealed),
        payment: payments.get(row.id) ?? null,
        refundedFen: refunded.get(row.id) ?? 0,
      }),
    ),
  )
  return {
    orders,
    next: last ? `${last.at},${last.id}` : null,
    now: now.toISOString(),
  }
}

/** Narrowed to all but words. */
function narrowed({ db, now }: Parts, filter: OrderFilter) {
  const { state, serviceId, staffId, slotId, from, to } = filter
  return db
    .selectFrom('orders')
    .$if(state !== undefined, (q) => q.where(inState(state ?? '', now())))
    .$if(serviceId !== undefined, (q) => q.where('orders.service_id', '=', serviceId ?? ''))
    .$if(slotId !== undefined, (q) => q.where(inSlot(slotId ?? '', now())))
    .$if((staffId ?? from ?? to) !== undefined, (q) =>
      q
        .innerJoin('slots', 'slots.id', 'orders.slot_id')
        .where(withinDays('slots.starts_at', { from, to }))
        .$if(staffId !== undefined, (q) => q.where('slots.staff_id', '=', staffId ?? '')),
    )
}

function rowsOf({ db }: Parts, ids: readonly string[]) {
  // The database's own clock wrote it, finer than a Date is: the cursor must not round it.
  const at = sql<string>`to_char(orders.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  return orderRows(db)
    .innerJoin('users', 'users.id', 'orders.user_id')
    .select(['users.name as person', 'users.phone_sealed', at.as('at')])
    .where('orders.id', '=', anyOf(ids))
    .orderBy('orders.created_at', 'desc')
    .orderBy('orders.id', 'desc')
    .execute()
}

/** Has a place in the slot; said twice so that each half is found in its own index. */
function inSlot(slotId: string, now: Date) {
  return sql<boolean>`(orders.slot_id = ${slotId} and orders.state in ('completed', 'missed')
    or orders.slot_id = ${slotId} and orders.state in ('held', 'registered', 'confirmed')
      and (orders.held_until is null or orders.held_until > ${now}))`
}

/** A phone number as typed finds its person too: phones are kept sealed and found by their index. */
async function cluesOf({ db, seal }: Parts, words: string | undefined) {
  if (!words) return null
  const phone = phoneIn(words)
  return orderClues(words, {
    phone: phone === null ? null : seal.index('phone', phone),
    services: await servicesNamed(db, words),
  })
}

/** One order with what happened to it and what was heard about its money; null when there is none. */
export async function readConsoleOrder(
  parts: Parts,
  orderId: string,
): Promise<Reply<'getConsoleOrder'> | null> {
  const owner = await parts.db
    .selectFrom('orders')
    .innerJoin('users', 'users.id', 'orders.user_id')
    .select(['users.name', 'users.phone_sealed', 'orders.payable_fen'])
    .select(['orders.id', 'orders.service_id', 'orders.form_version'])
    .where('orders.id', '=', orderId)
    .executeTakeFirst()
  if (!owner) return null
  const [view, rules, kept, payments, events, facts, messages, nudges, amendments] =
    await Promise.all([
      readOrderView(parts, orderId),
      readRules(parts.db),
      keptOf(parts.db, orderId),
      allPayments(parts, orderId),
      parts.db
        .selectFrom('events')
        .select(['at', 'what', 'by', doerName('events.by').as('byName')])
        .select(sql<string | null>`details ->> 'reason'`.as('reason'))
        .where('order_id', '=', orderId)
        .orderBy('id')
        .execute(),
      parts.db
        .selectFrom('facts')
        .innerJoin('payments', 'payments.id', 'facts.payment_id')
        .selectAll('facts')
        .where('payments.order_id', '=', orderId)
        .orderBy('facts.id')
        .execute(),
      messagesOf(parts, orderId),
      nudgesOf(parts, orderId),
      amendmentsOf(parts, owner),
    ])
  return {
    ...view,
    person: owner.name,
    phoneMasked: phoneOf(parts, owner.phone_sealed),
    payments,
    owedFen: owner.payable_fen,
    handRules: { checkInEarlyMinutes: rules.checkInEarlyMinutes, correctDays: rules.correctDays },
    depositLeftFen: view.state === 'confirmed' ? paidOf(kept, view).depositFen : 0,
    events: events.map((row) => ({ ...row, at: row.at.toISOString() })),
    facts: facts.map((row) => ({
      at: row.heard_at.toISOString(),
      method: row.method,
      heardBy: row.heard_by,
      state: row.state,
      amountFen: row.amount_fen ?? 0,
      verdict: row.verdict,
      reference: row.reference ?? row.transaction_id,
    })),
    checkInFrom: new Date(checkInFrom(view.slot, rules)).toISOString(),
    messages,
    nudges,
    amendments,
  }
}

/** Every payment of an order, oldest first, with what may still be given back. */
async function allPayments({ db }: Parts, orderId: string) {
  const rows = await db
    .selectFrom('payments')
    .leftJoin('offline_payments', 'offline_payments.payment_id', 'payments.id')
    .selectAll('payments')
    .select(['way', 'number', 'evidence', 'picture_id', 'received_by', 'reason'])
    .select(doerName('offline_payments.by').as('by_name'))
    .select(
      sql<number>`coalesce(paid_fen, 0) - coalesce((select sum(amount_fen) from refunds
        where refunds.payment_id = payments.id and refunds.state <> 'closed'), 0)::int8`.as('left'),
    )
    .where('order_id', '=', orderId)
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({
    ...paymentView(row),
    refundableFen: row.left,
    offline: row.way && {
      way: row.way,
      number: row.number,
      evidence: row.evidence ?? '',
      pictureId: row.picture_id,
      receivedBy: row.received_by ?? '',
      reason: row.reason ?? '',
      byName: row.by_name,
    },
  }))
}

function phoneOf({ seal }: Parts, sealed: string | null): string | null {
  return sealed === null ? null : maskPhone(String(seal.open(sealed)))
}

async function paymentsOf({ db }: Parts, orderIds: string[]) {
  if (orderIds.length === 0) return new Map<string, ReturnType<typeof paymentView>>()
  const rows = await db
    .selectFrom('payments')
    .selectAll()
    .distinctOn('order_id')
    .where('order_id', 'in', orderIds)
    // The order's own before a move's difference, and a refunded twin never before the good one.
    .where('move_id', 'is', null)
    .orderBy('order_id')
    .orderBy(standsForOrder, 'desc')
    .orderBy((eb) => eb('state', '=', 'succeeded'), 'desc')
    .orderBy('created_at', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.order_id, paymentView(row)]))
}

async function refundedOf({ db }: Parts, orderIds: string[]): Promise<Map<string, number>> {
  if (orderIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .select(['payments.order_id', sql<number>`sum(refunds.amount_fen)::int8`.as('fen')])
    .where('payments.order_id', 'in', orderIds)
    // What a provider closed gave nothing back: its follower counts.
    .where('refunds.state', '<>', 'closed')
    .groupBy('payments.order_id')
    .execute()
  return new Map(rows.map((row) => [row.order_id, row.fen]))
}
