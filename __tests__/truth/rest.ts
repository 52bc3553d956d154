/** Drives a history to rest: every duty is done when it is due, until nothing is due any more. */

import type { Method } from '@jiyue/contract/payment'
import { type Day, dayOf } from '@jiyue/contract/time'
import { picturesOf } from '../../server/auditor/auditor.sql.ts'
import { judge } from '../../server/auditor/judge.ts'
import { tx } from '../../server/db/tx.ts'
import { expireLapsed } from '../../server/order/order.ts'
import { readRules } from '../../server/order/rules.ts'
import type { Parts } from '../../server/parts.ts'
import { matchBill } from '../../server/payment/bills/bills.ts'
import { missUnattended } from '../../server/payment/complete.ts'
import { voidLapsed } from '../../server/payment/giveUp.ts'
import { retryRefund } from '../../server/payment/refunds/hand.ts'
import { waysOf } from '../../server/payment/refunds/patience.ts'
import { BATCH } from '../../server/sweep/claim.ts'
import { askDue, refundDue } from '../../server/sweep/sweep.ts'
import { wrongsOf } from './auditor.ts'
import type { Book } from './checks.ts'
import { type Due, nextDue } from './due.ts'
import { type History, hour, minute, resume } from './history.ts'

/** More rounds than any schedule has turns. */
const MOST_ROUNDS = 100

/** Longer than any clock of a payment. */
const OUTAGE = hour + minute

/** Lets all that waits go on, then does what is due until nothing is. */
export async function toRest(h: History): Promise<void> {
  while (h.waiting.length > 0) await resume(h, 0)
  const { lane } = h
  const parts = lane.parts()
  let before = ''
  for (let round = 0; ; round++) {
    if (round > MOST_ROUNDS) {
      h.wrongs.push('never comes to rest')
      return
    }
    await lane.rails.settle()
    const due = await nextDue(h)
    if (due.wrong > 0) h.wrongs.push(...(await wrongsOf(lane.db)))
    if (due.failed > 0) await moveOn(h)
    const instants = [due.held, due.ask, due.refund, due.move].flatMap((at) => at?.getTime() ?? [])
    if (instants.length === 0) return askAuditor(h)
    // What stays due waits for something else: for what comes next, then.
    const waits = JSON.stringify(due) === before
    before = JSON.stringify(due)
    const now = lane.time.now().getTime()
    const next = instants.filter((at) => !waits || at > now)
    await lane.time.moveTo(lane.db, Math.min(...next, now + 24 * hour))
    await doDue(parts, due, lane.time.now())
  }
}

/** The product's own auditor (X1) must agree with every book at rest: it never cries wolf. */
async function askAuditor(h: History): Promise<void> {
  const { cancelFeePercent } = await readRules(h.lane.db)
  const orders = await picturesOf(
    h.lane.db,
    h.orders.map(({ id }) => id),
  )
  for (const one of orders.flatMap((order) => judge(order, cancelFeePercent)))
    h.wrongs.push(`the auditor finds ${JSON.stringify(one)}`)
}

async function doDue(parts: Parts, { held, ask, refund, move }: Due, now: Date): Promise<void> {
  if (held && held <= now) await tx(parts.db, (t) => expireLapsed(t, parts.bus))
  if (ask && ask <= now) await allOf(askDue, parts)
  if (refund && refund <= now) await allOf(refundDue, parts)
  if (move && move <= now) await voidLapsed(parts)
}

/** As the sweeps do it: after a full batch more is waiting. */
async function allOf(sweep: (parts: Parts) => Promise<number>, parts: Parts): Promise<void> {
  while ((await sweep(parts)) >= BATCH);
}

/** A person of the merchant does what the console offers for each stuck refund. */
async function moveOn({ lane }: History): Promise<void> {
  const stuck = await lane.db
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.payment_id')
    .selectAll('refunds')
    .select('payments.method')
    .where('refunds.state', '=', 'failed')
    .execute()
  for (const refund of stuck) {
    const [way] = waysOf(refund, refund.method)
    if (way && way !== 'otherwise') await retryRefund(lane.parts(), refund.id, way, 'person')
  }
}

/** Nobody sweeps for an hour. */
export async function outage({ lane }: History): Promise<void> {
  await lane.time.moveTo(lane.db, lane.time.now().getTime() + OUTAGE)
}

/**
 * The next day's bills tell of the payments that no notice and no query could. True when one did.
 * Days on which everything is known already are left out: steps.ts reads bills in between.
 */
export async function hearBills(h: History, books: readonly Book[]): Promise<boolean> {
  const known = new Set(
    books.flatMap(({ payments }) =>
      payments.flatMap(({ no, state }) => (state === 'succeeded' ? [no] : [])),
    ),
  )
  const unknown = new Set<string>()
  for (const { method, tradeNo } of h.payments) {
    const paidAt = h.lane.rails.trade(method, tradeNo)?.paidAt
    if (paidAt !== undefined && !known.has(tradeNo)) unknown.add(`${method} ${dayOf(paidAt)}`)
  }
  if (unknown.size === 0) return false
  await h.lane.time.moveTo(h.lane.db, h.lane.time.now().getTime() + 24 * hour)
  for (const one of unknown) {
    const [method, day] = one.split(' ') as [Method, Day]
    await matchBill(h.lane.parts(), { method, day })
  }
  return true
}

/** All services are over: whoever was not checked in has missed it. True when somebody had. */
export async function toTheEnd(h: History): Promise<boolean> {
  const { lane } = h
  const last = Math.max(...h.slots.map(({ endsAt }) => endsAt))
  await lane.time.moveTo(lane.db, last + 24 * hour + minute)
  let missed = 0
  for (let more = 1; more > 0; missed += more) more = await missUnattended(lane.parts())
  return missed > 0
}
