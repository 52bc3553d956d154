/** What nobody taps: sweeps and bills. */
import { dayMs, dayOf, instantOf } from '@jiyue/contract/time'
import type { Parts } from '../../../server/parts.ts'
import { matchBill } from '../../../server/payment/bills/bills.ts'
import { nextDue } from '../due.ts'
import { type History, hour, type Step } from '../history.ts'
import { pick } from './choose.ts'
import { goTo } from './time.ts'

/** A sweep at the very moment when the next row is due; nothing when none is. */
export function sweepDue(
  h: History,
  text: string,
  run: (parts: Parts) => Promise<number>,
  what: 'ask' | 'refund',
): Step | null {
  if (h.payments.length === 0) return null
  const first = async () => {
    const due = (await nextDue(h))[what]
    if (due) await goTo(h, due.getTime())
    return due !== null
  }
  return { ...sweep(text, run), first }
}

export function sweep(text: string, run: (parts: Parts) => Promise<number>): Step {
  return { text, errand: async (parts) => String(await run(parts)) }
}

/** The bill of a day on which something was paid is read, on the next day. */
export function bill(h: History, a: number): Step | null {
  const paid = h.payments.flatMap(({ method, tradeNo, name }) => {
    const paidAt = h.lane.rails.trade(method, tradeNo)?.paidAt
    return paidAt === undefined ? [] : [{ method, day: dayOf(paidAt), name }]
  })
  const of = pick(paid, a)
  if (!of) return null
  return {
    text: `the bill that lists ${of.name} is read`,
    first: async () => {
      await goTo(h, instantOf(of.day) + dayMs + 10 * hour)
      return true
    },
    errand: (parts) => matchBill(parts, { method: of.method, day: of.day }),
  }
}
