/**
 * The merchant's calendar (B2): Chinese public holidays and make-up workdays from `chinese-days`,
 * written to the days table so that SQL, phones and console read one truth. Overrides of the merchant
 * are never touched.
 */
import type { DayKind } from '@jiyue/contract/booking'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import chineseDays from 'chinese-days'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'

export interface CalendarDay {
  day: Day
  kind: DayKind
  name: string | null
  /** Public holidays are closed unless the merchant opens one. */
  open: boolean
}

/** What the library says of a day. */
export function dayFromLibrary(day: Day): CalendarDay {
  const { work, name } = chineseDays.getDayDetail(day)
  const holiday = /,(.+),/.exec(name)?.[1] ?? null
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  const weekend = weekday === 0 || weekday === 6
  if (holiday && !work) return { day, kind: 'holiday', name: holiday, open: false }
  if (holiday) return { day, kind: 'makeup', name: `${holiday}调休上班`, open: true }
  return { day, kind: weekend ? 'weekend' : 'workday', name: null, open: true }
}

/** Writes the next `count` days; run at start and daily. */
export async function fillCalendar(db: Kysely<Database>, now: Date, count = 120): Promise<void> {
  const today = dayOf(now.getTime())
  const days = Array.from({ length: count }, (_, i) => dayFromLibrary(addDays(today, i)))
  await db
    .insertInto('days')
    .values(days)
    .onConflict((conflict) =>
      conflict
        .column('day')
        .doUpdateSet((eb) => ({
          kind: eb.ref('excluded.kind'),
          name: eb.ref('excluded.name'),
          open: eb.ref('excluded.open'),
        }))
        .where('days.by_merchant', '=', false),
    )
    .execute()
}

/** Days from `from` to `to`, both included; beyond the table the library answers. */
export async function readDays(db: Kysely<Database>, from: Day, to: Day): Promise<CalendarDay[]> {
  const rows = await db
    .selectFrom('days')
    .select(['day', 'kind', 'name', 'open'])
    .where('day', '>=', from)
    .where('day', '<=', to)
    .execute()
  const known = new Map(rows.map((row) => [row.day, row]))
  const days: CalendarDay[] = []
  for (let day = from; day <= to; day = addDays(day, 1))
    days.push(known.get(day) ?? dayFromLibrary(day))
  return days
}
