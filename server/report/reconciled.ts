/** Lines of money → totals, periods and services. Pure; all sums are of the same lines. */
import type { Fen } from '@jiyue/contract/money'
import { type MoneyMethod, moneyMethods } from '@jiyue/contract/payment'
import type { Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, instantOf, wallClock } from '@jiyue/contract/time'

export type Per = 'day' | 'week' | 'month'

/** What moved on one day by one method for one service. */
export interface MoneyLine {
  day: Day
  method: MoneyMethod
  serviceId: string
  paidCount: number
  paidFen: Fen
  refundedCount: number
  refundedFen: Fen
}

type Folded = Pick<Reply<'getReconciliation'>, 'total' | 'periods' | 'services'>

/**
 * Periods cover `from` to `to` without gaps, newest last, cut at both ends. Methods without money are
 * left out of a period; services without any are left out; services with the most money come first.
 */
export function foldLines(
  lines: readonly MoneyLine[],
  { from, to, per }: { from: Day; to: Day; per: Per },
  serviceNames: ReadonlyMap<string, string>,
): Folded {
  const byPeriod = Map.groupBy(lines, (line) => firstOf(line.day, per, from))
  const byService = Map.groupBy(lines, (line) => line.serviceId)
  return {
    total: sum(lines),
    periods: periodsOf(from, to, per).map((period) => {
      const own = byPeriod.get(period.from) ?? []
      const byMethod = moneyMethods.flatMap((method) => {
        const some = own.filter((line) => line.method === method)
        return some.length > 0 ? [{ method, ...sum(some) }] : []
      })
      return { ...period, ...sum(own), byMethod }
    }),
    services: [...byService]
      .map(([serviceId, own]) => ({
        serviceId,
        serviceName: serviceNames.get(serviceId) ?? '',
        ...sum(own),
      }))
      .sort((a, b) => b.netFen - a.netFen || a.serviceId.localeCompare(b.serviceId)),
  }
}

function sum(lines: readonly MoneyLine[]) {
  const of = (key: 'paidCount' | 'paidFen' | 'refundedCount' | 'refundedFen') =>
    lines.reduce((total, line) => total + line[key], 0)
  const [paidFen, refundedFen] = [of('paidFen'), of('refundedFen')]
  return {
    paid: { count: of('paidCount'), amountFen: paidFen },
    refunded: { count: of('refundedCount'), amountFen: refundedFen },
    netFen: paidFen - refundedFen,
  }
}

/** Both ends included. */
function periodsOf(from: Day, to: Day, per: Per): { from: Day; to: Day }[] {
  const periods: { from: Day; to: Day }[] = []
  for (let first = from; first <= to; ) {
    const next = nextOf(first, per)
    const last = addDays(next, -1)
    periods.push({ from: first, to: last < to ? last : to })
    first = next
  }
  return periods
}

/** The first day of the period a day is in, no earlier than `from`. */
function firstOf(day: Day, per: Per, from: Day): Day {
  const first = beginOf(day, per)
  return first < from ? from : first
}

/** Weeks begin on Monday (ISO 8601). */
function beginOf(day: Day, per: Per): Day {
  if (per === 'day') return day
  if (per === 'month') return `${day.slice(0, 7)}-01`
  return addDays(day, -((wallClock(instantOf(day)).weekday + 6) % 7))
}

function nextOf(day: Day, per: Per): Day {
  if (per === 'day') return addDays(day, 1)
  if (per === 'week') return addDays(beginOf(day, per), 7)
  return beginOf(addDays(beginOf(day, per), 31), per)
}
