/**
 * Due work without a queue library: every duty is a row with a due time. A sweep claims due rows with
 * SKIP LOCKED and writes their next turn in the same statement (the lease), so that a killed process
 * loses nothing and several processes share the work. Nothing here decides who gets a seat: time does.
 */
import { dayMs, minuteMs } from '@jiyue/contract/time'
import type { Selectable } from 'kysely'
import { auditChanged, auditRound, CHANGED_AT_ONCE } from '../auditor/auditor.ts'
import { fillCalendar } from '../booking/calendar.ts'
import { findSchedule } from '../booking/schedule/schedule.sql.ts'
import { fill } from '../booking/schedule/schedule.ts'
import { forgetPhotos } from '../booking/servicePhotos.ts'
import type {
  BillTable,
  DeliveryTable,
  PaymentTable,
  RefundTable,
  ScheduleTable,
} from '../db/schema.ts'
import { tx } from '../db/tx.ts'
import { CHASES_AT_ONCE, chaseDue } from '../disruption/chase.ts'
import { DISRUPTED_AT_ONCE, endDisrupted, tellDisrupted } from '../disruption/follow.ts'
import { FETCHED_AT_ONCE, fetchPicturesDue } from '../feedback/complaintPictures.ts'
import { announceComplaints, pullComplaints } from '../feedback/complaints.ts'
import { tellWechatDue } from '../feedback/tellWechat.ts'
import { expireLapsed } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import { ask, nextAsk } from '../payment/ask.ts'
import { matchBill, nextBillTry, planBills } from '../payment/bills/bills.ts'
import { missUnattended } from '../payment/complete.ts'
import { nextDeliveryTry, uploadDelivery } from '../payment/delivery.ts'
import { alarmDeliveries } from '../payment/deliveryList.ts'
import { voidLapsed } from '../payment/giveUp.ts'
import { followRefund } from '../payment/refunds/follow.ts'
import { nextRefundTry } from '../payment/refunds/patience.ts'
import { forgetUnused } from '../picture/picture.ts'
import { endErasedHolds } from '../privacy/erase.ts'
import { FORGET_AT_ONCE, forgetDue } from '../privacy/forget.ts'
import { RESEAL_AT_ONCE, resealSome } from '../privacy/reseal.ts'
import { admitDue } from '../queue/queue.ts'
import { TOLD_AT_ONCE, tellDue } from '../queue/reminder.ts'
import { REMINDERS_AT_ONCE, sendDue } from '../reminder/deliver.ts'
import { planUnpaid } from '../reminder/reminder.ts'
import { watchArchives } from '../report/archive.ts'
import { forgetLooks, LOOKS_AT_ONCE } from '../visits/visits.ts'
import { OFFERS_AT_ONCE, offersDue } from '../waits/offers.ts'
import { BATCH, claimDue, eachDue } from './claim.ts'

export interface Sweep {
  name: string
  everyMs: number
  /** Does what is due, a batch at the most; answers how much it did. */
  run(parts: Parts): Promise<number>
  /** Size of a full batch: after one it runs again at once, for more is waiting. */
  batch?: number
}

/** Bills at once: each may be large; so may be a schedule's slots. */
const BILLS_AT_ONCE = 4
const SCHEDULES_AT_ONCE = 4

export const sweeps: readonly Sweep[] = [
  {
    name: 'expire holds',
    everyMs: 250,
    run: (parts) => tx(parts.db, (t) => expireLapsed(t, parts.bus)),
  },
  { name: 'offer seats to who waits', everyMs: 500, run: offersDue, batch: OFFERS_AT_ONCE },
  { name: 'tell of disruptions', everyMs: 1_000, run: tellDisrupted, batch: DISRUPTED_AT_ONCE },
  { name: 'end disrupted orders', everyMs: 1_000, run: endDisrupted, batch: BATCH },
  { name: 'chase answers', everyMs: 1_000, run: chaseDue, batch: CHASES_AT_ONCE },
  { name: 'let in from the queues', everyMs: 100, run: admitDue },
  { name: 'tell who asked about a queue', everyMs: 5_000, run: tellDue, batch: TOLD_AT_ONCE },
  { name: 'ask about payments', everyMs: 1_000, run: askDue, batch: BATCH },
  { name: 'follow refunds', everyMs: 1_000, run: refundDue, batch: BATCH },
  { name: 'upload delivery info', everyMs: 5_000, run: deliverDue, batch: BATCH },
  { name: 'watch delivery info', everyMs: dayMs / 24, run: alarmDeliveries },
  { name: 'pull complaints', everyMs: 60_000, run: pullComplaints },
  { name: 'announce complaints', everyMs: dayMs, run: announceComplaints },
  {
    name: 'fetch pictures of complaints',
    everyMs: 1_000,
    run: fetchPicturesDue,
    batch: FETCHED_AT_ONCE,
  },
  { name: 'tell of complaints', everyMs: 1_000, run: tellWechatDue, batch: BATCH },
  { name: 'match bills', everyMs: 60_000, run: billsDue, batch: BILLS_AT_ONCE },
  {
    name: 'remind of payments',
    everyMs: 15_000,
    run: (parts) => planUnpaid(parts.db, parts.now()),
  },
  { name: 'send reminders', everyMs: 1_000, run: sendDue, batch: REMINDERS_AT_ONCE },
  { name: 'audit changes', everyMs: 1_000, run: auditChanged, batch: CHANGED_AT_ONCE },
  { name: 'audit slots', everyMs: 1_000, run: (parts) => auditRound(parts, 'slots') },
  { name: 'audit orders', everyMs: 1_000, run: (parts) => auditRound(parts, 'orders') },
  { name: 'audit history', everyMs: 1_000, run: (parts) => auditRound(parts, 'history') },
  { name: 'watch the archive', everyMs: 5_000, run: watchArchives },
  { name: 'void lapsed moves', everyMs: 60_000, run: voidLapsed },
  { name: 'miss unattended orders', everyMs: 60_000, run: (parts) => missUnattended(parts) },
  { name: 'forget answers', everyMs: dayMs / 24, run: forgetDue, batch: FORGET_AT_ONCE },
  { name: 'end holds of nobody', everyMs: 5_000, run: endErasedHolds },
  { name: 'seal anew', everyMs: 60_000, run: resealSome, batch: RESEAL_AT_ONCE },
  { name: 'forget unused pictures', everyMs: dayMs / 24, run: forgetUnused },
  { name: 'forget unused photos', everyMs: dayMs / 24, run: forgetPhotos },
  { name: 'forget visits', everyMs: dayMs / 24, run: forgetLooks, batch: LOOKS_AT_ONCE },
  { name: 'fill schedules', everyMs: 5_000, run: fillDue, batch: SCHEDULES_AT_ONCE },
  {
    name: 'fill the calendar',
    everyMs: dayMs / 4,
    run: async (parts) => {
      await fillCalendar(parts.db, parts.now())
      return 0
    },
  },
]

/** Asks providers about payments that are due. */
export async function askDue(parts: Parts): Promise<number> {
  const now = parts.now()
  const duty = { table: 'payments', due: 'ask_at', tries: 'asks', key: ['id'] } as const
  const due = await claimDue<Selectable<PaymentTable>>(parts.db, duty, now, (row, asks) =>
    nextAsk(row, asks, now),
  )
  await eachDue(parts, due, (payment) => ask(parts, payment))
  return due.length
}

/** Requests and follows refunds that are due. */
export async function refundDue(parts: Parts): Promise<number> {
  const now = parts.now()
  const duty = { table: 'refunds', due: 'due_at', tries: 'tries', key: ['id'] } as const
  const due = await claimDue<Selectable<RefundTable>>(parts.db, duty, now, (row, tries) =>
    nextRefundTry(row, tries, now),
  )
  await eachDue(parts, due, (refund) => followRefund(parts, refund))
  return due.length
}

/** Uploads delivery info that is due. */
export async function deliverDue(parts: Parts): Promise<number> {
  const now = parts.now()
  const key = ['payment_id']
  const duty = { table: 'deliveries', due: 'due_at', tries: 'tries', key } as const
  const due = await claimDue<Selectable<DeliveryTable>>(parts.db, duty, now, (_, tries) =>
    nextDeliveryTry(tries, now),
  )
  await eachDue(parts, due, (delivery) => uploadDelivery(parts, delivery))
  return due.length
}

/** Fetches and matches the bills that are due; one more a day and method (M3). */
export async function billsDue(parts: Parts): Promise<number> {
  const now = parts.now()
  await planBills(parts, now)
  const duty = {
    table: 'bills',
    due: 'due_at',
    tries: 'tries',
    key: ['method', 'day'],
    limit: BILLS_AT_ONCE,
  } as const
  const due = await claimDue<Selectable<BillTable>>(parts.db, duty, now, () => nextBillTry(now))
  await eachDue(parts, due, (bill) => matchBill(parts, bill))
  return due.length
}

/** Fills schedules that are due; a failed one is due again after a while, ever longer (M1). */
export async function fillDue(parts: Parts): Promise<number> {
  const now = parts.now()
  const duty = {
    table: 'schedules',
    due: 'fill_at',
    tries: 'fills',
    key: ['id'],
    limit: SCHEDULES_AT_ONCE,
  } as const
  const due = await claimDue<Selectable<ScheduleTable>>(
    parts.db,
    duty,
    now,
    (_, tries) => new Date(now.getTime() + Math.min(60, 2 ** tries) * minuteMs),
  )
  await eachDue(parts, due, ({ id }) =>
    tx(parts.db, async (t) => {
      const schedule = await findSchedule(t, id, 'lock')
      if (schedule && !schedule.retired) await fill(t, parts.bus, schedule, parts.now())
    }),
  )
  return due.length
}

/** Runs every sweep by its own clock, never one twice at once. `stop` waits for what is under way. */
export function startSweeps(
  parts: Parts,
  list: readonly Sweep[] = sweeps,
): { stop(): Promise<void> } {
  let stopping = false
  const wakers = new Set<() => void>()
  function pause(ms: number): Promise<void> {
    if (stopping) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        wakers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      wakers.add(wake)
    })
  }
  const running = list.map(async (sweep) => {
    while (!stopping) {
      const since = performance.now()
      let failed = false
      try {
        if ((await sweep.run(parts)) >= (sweep.batch ?? Number.POSITIVE_INFINITY)) continue
      } catch (error) {
        failed = true
        parts.log.error({ err: error, sweep: sweep.name }, 'sweep failed; it runs again')
      } finally {
        parts.metrics?.swept(sweep.name, (performance.now() - since) / 1000, failed)
      }
      await pause(sweep.everyMs)
    }
  })
  return {
    async stop() {
      stopping = true
      for (const wake of [...wakers]) wake()
      await Promise.all(running)
    },
  }
}
