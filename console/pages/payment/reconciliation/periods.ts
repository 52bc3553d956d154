/** Periods of the reconciliation: which days are asked for, and how a period is called. */
import { type MoneyMethod, methodsShown } from '@jiyue/contract/payment'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import { addMonths, daysOf, dayText, monthOf, monthText, weekOf } from '../../../month.ts'
import type { Per } from '../../../paths.ts'

export const perWords: Record<Per, string> = { day: '按日', week: '按周', month: '按月' }

/** Three years, the server's limit. */
export const longestDays = 1100

/** The days first shown: a week of days, two months of weeks, half a year of months; today ends them. */
export function firstRange(per: Per, now: number): [Day, Day] {
  const today = dayOf(now)
  if (per === 'day') return [addDays(today, -6), today]
  if (per === 'week') return [weekOf(addDays(today, -7 * 7))[0], today]
  return [daysOf(addMonths(monthOf(today), -5))[0], today]
}

/** 「11月20日」, 「11月16日–22日」, 「2026年11月」. */
export function periodText(per: Per, { from, to }: { from: Day; to: Day }): string {
  if (per === 'day') return dayText(from)
  if (per === 'month') return monthText(monthOf(from))
  const end = monthOf(from) === monthOf(to) ? `${Number(to.slice(8))}日` : dayText(to)
  return from === to ? dayText(from) : `${dayText(from)}–${end}`
}

/** Ranges that people ask for by name. */
export function presets(now: number): { label: string; days: [Day, Day] }[] {
  const today = dayOf(now)
  const month = monthOf(today)
  return [
    { label: '近 7 天', days: [addDays(today, -6), today] },
    { label: '近 30 天', days: [addDays(today, -29), today] },
    { label: '本月', days: [daysOf(month)[0], today] },
    { label: '上月', days: daysOf(addMonths(month, -1)) },
  ]
}

/** The methods that these periods show. */
export const methodsIn = (periods: readonly { byMethod: readonly { method: MoneyMethod }[] }[]) =>
  methodsShown(periods.flatMap(({ byMethod }) => byMethod.map(({ method }) => method)))
