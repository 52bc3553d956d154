/**
 * A bill against our books (M3): pure. What both have is compared; what only they have is told; what
 * only we have is told once no bill that may still bring it is to come.
 */
import type { DifferenceKind } from '@jiyue/contract/bill'
import type { Fen } from '@jiyue/contract/money'
import type { Method, PaymentState, RefundState } from '@jiyue/contract/payment'
import { addDays, type Day, dayMs, dayOf, instantOf, minuteMs } from '@jiyue/contract/time'
import type { BillRow } from '../gateways/gateway.ts'

/** Names a bill. */
export interface BillOf {
  method: Method
  day: Day
}

type About = BillRow['kind']

/** A payment or refund of ours. */
export interface Ours {
  about: About
  tradeNo: string
  refundNo: string | null
  amountFen: Fen
  state: PaymentState | RefundState
  paymentId: string
  refundId: string | null
  /** When its money moved, by our books; null while it did not. */
  at: Date | null
  /** Every bill that may list it has been read. */
  isDue: boolean
}

export type Theirs = Pick<BillRow, 'kind' | 'tradeNo' | 'refundNo' | 'amountFen' | 'state'>

export interface Found {
  kind: DifferenceKind
  about: About
  day: Day
  tradeNo: string
  refundNo: string | null
  paymentId: string | null
  refundId: string | null
  oursFen: Fen | null
  theirsFen: Fen | null
  oursState: string | null
  theirsState: string | null
}

/**
 * The differences between the bill of `day` and our books. `ours`: what the bill names, and what it
 * should have named. The order of either changes nothing but the order of what is found.
 */
export function match(day: Day, ours: readonly Ours[], theirs: readonly Theirs[]): Found[] {
  const books = new Map(ours.map((entry) => [keyOf(entry.about, entry), entry]))
  const listed = new Set(theirs.map((row) => keyOf(row.kind, row)))
  const surplus = ours.filter((entry) => entry.isDue && !listed.has(keyOf(entry.about, entry)))
  return [
    ...theirs.flatMap((row) => {
      const entry = books.get(keyOf(row.kind, row))
      if (entry) return compare(day, entry, row)
      // A refund made in the merchant's own console: its payment may be ours.
      return theirsOnly(day, row, books.get(keyOf('trade', { ...row, refundNo: null })))
    }),
    ...surplus.flatMap(oursOnly),
  ]
}

/** Names a payment or refund of one method. */
export function keyOf(about: About, of: { tradeNo: string; refundNo: string | null }): string {
  return `${about} ${of.refundNo ?? of.tradeNo}`
}

function compare(day: Day, entry: Ours, row: Theirs): Found[] {
  const both = { ...nobodys(day, row), paymentId: entry.paymentId, refundId: entry.refundId }
  const amounts = { oursFen: entry.amountFen, theirsFen: row.amountFen }
  const states = { oursState: entry.state, theirsState: row.state }
  const found: Found[] = []
  if (entry.amountFen !== row.amountFen) {
    found.push({ ...both, kind: 'amount', ...amounts, ...states })
  }
  if (!agrees(day, entry, row)) found.push({ ...both, kind: 'state', ...amounts, ...states })
  return found
}

/**
 * `succeeded` is final for both. A refund under way says nothing yet; one that failed when the bill
 * was made may have been made good since, but not before.
 */
function agrees(day: Day, entry: Ours, row: Theirs): boolean {
  if (row.state === 'succeeded') return entry.state === 'succeeded'
  if (row.state === 'processing' || entry.state !== 'succeeded') return true
  return entry.at !== null && entry.at >= billMadeAt(day)
}

/** Bills are made from 09:00 of the next day on. */
function billMadeAt(day: Day): Date {
  return new Date(instantOf(addDays(day, 1), 9 * 60))
}

function theirsOnly(day: Day, row: Theirs, payment: Ours | undefined): Found[] {
  const said = { theirsFen: row.amountFen, theirsState: row.state }
  const paymentId = payment?.paymentId ?? null
  return [{ ...nobodys(day, row), kind: 'theirs_only', ...said, paymentId }]
}

function oursOnly(entry: Ours): Found[] {
  if (!entry.at) return []
  const { about, tradeNo, refundNo, paymentId, refundId } = entry
  const said = { oursFen: entry.amountFen, oursState: entry.state }
  const day = dayOf(entry.at.getTime())
  const nobody = nobodys(day, { kind: about, tradeNo, refundNo })
  return [{ ...nobody, kind: 'ours_only', ...said, paymentId, refundId }]
}

function nobodys(day: Day, of: Pick<Theirs, 'kind' | 'tradeNo' | 'refundNo'>) {
  return {
    about: of.kind,
    day,
    tradeNo: of.tradeNo,
    refundNo: of.refundNo,
    paymentId: null,
    refundId: null,
    oursFen: null,
    theirsFen: null,
    oursState: null,
    theirsState: null,
  }
}

/** What happens this near to midnight stands on either day's bill. */
export const MIDNIGHT_MS = 15 * minuteMs

/**
 * Days whose bills may list money that was asked for at `since` and moved at `at`: WeChat lists a
 * refund on the day it was asked for, Alipay on the day it was done.
 */
export function spanOf(since: Date, at: Date): Day[] {
  const [from, to] = [since.getTime() - MIDNIGHT_MS, at.getTime() + MIDNIGHT_MS]
  const days: Day[] = []
  for (let day = dayOf(from); day <= dayOf(to); day = addDays(day, 1)) days.push(day)
  return days
}

/** The instants in which money must have moved to be on the bill of `day`, a little wider. */
export function windowOf(day: Day): { from: Date; until: Date } {
  const start = instantOf(day)
  return { from: new Date(start - MIDNIGHT_MS), until: new Date(start + dayMs + MIDNIGHT_MS) }
}
