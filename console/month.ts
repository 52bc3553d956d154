/** Months and weeks of the merchant's calendar, as days: no time zone is left in them. */
import { addDays, type Day, instantOf, monthDayText, wallClock } from '@jiyue/contract/time'

/** `2026-11` */
export type Month = string

export const monthOf = (day: Day): Month => day.slice(0, 7)

/** The month `count` months after `month`. */
export function addMonths(month: Month, count: number): Month {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, number - 1 + count)).toISOString().slice(0, 7)
}

/** First and last day. */
export function daysOf(month: Month): [Day, Day] {
  return [`${month}-01`, addDays(`${addMonths(month, 1)}-01`, -1)]
}

/** The week of a day, Monday to Sunday. */
export function weekOf(day: Day): [Day, Day] {
  const monday = addDays(day, 1 - placeInWeek(day))
  return [monday, addDays(monday, 6)]
}

/** Every day of a month, in order. */
export function eachDayOf(month: Month): Day[] {
  const [first, last] = daysOf(month)
  const days: Day[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day)
  return days
}

/** A day's place in its week: Monday is 1, Sunday 7. */
export const placeInWeek = (day: Day): number => wallClock(instantOf(day)).weekday || 7

/** `2026年11月` */
export function monthText(month: Month): string {
  const [year, number] = month.split('-')
  return `${year}年${Number(number)}月`
}

/** `11月20日` */
export const dayText = (day: Day): string => monthDayText(instantOf(day))

/** What somebody's URL says, or null when that is no day. */
export function readDay(text: string | null): Day | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))) return null
  return addDays(text, 0) === text ? text : null
}

/** The longest span of days that a report answers: a year and its neighbour day. */
const longestSpan = 367

/** `from` and `to` of somebody's URL, else the usual ones; put in order, and no longer than a report. */
export function readSpan(search: URLSearchParams, usual: readonly [Day, Day]): [Day, Day] {
  const one = readDay(search.get('from')) ?? usual[0]
  const other = readDay(search.get('to')) ?? usual[1]
  const [from, to] = one <= other ? [one, other] : [other, one]
  const first = addDays(to, 1 - longestSpan)
  return [from < first ? first : from, to]
}

/** What somebody's URL says, or null when that is no month. */
export function readMonth(text: string | null): Month | null {
  return text && /^\d{4}-\d{2}$/.test(text) && readDay(`${text}-01`) ? text : null
}
