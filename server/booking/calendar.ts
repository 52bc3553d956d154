/**
 * The merchant's calendar (B2): Chinese public holidays and make-up workdays from `chinese-days`,
 * written to the days table so that SQL, phones and console read one truth. Overrides of the merchant
 * are never touched.
 */
import type { DayKind } from '@jiyue/contract/booking'
import type { Topic } from '@jiyue/contract/live'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import chineseDays from 'chinese-days'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import { after, type Tx, tx } from '../db/tx.ts'
import { refuseField } from '../http/refusal.ts'
import type { Parts } from '../parts.ts'

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

/**
 * The last day whose public holidays the library has: the State Council tells a year's in the autumn
 * before, and the library has it with the next release. Until then the merchant says them here.
 */
export function officialUntil(now: Date): Day {
  let year = Number(dayOf(now.getTime()).slice(0, 4))
  while (hasHolidays(year + 1)) year++
  while (!hasHolidays(year)) year--
  return `${year}-12-31`
}

const looked = new Map<number, boolean>()

/** The library does not change while we run: each year is looked through once. */
function hasHolidays(year: number): boolean {
  const before = looked.get(year)
  if (before !== undefined) return before
  const days = chineseDays.getHolidaysInRange(`${year}-01-01`, `${year}-12-31`, false)
  looked.set(year, days.length > 0)
  return days.length > 0
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

/** Days ahead that the merchant may decide, and days on end at once. */
const LONGEST_AHEAD = 731
const LONGEST_SPAN = 31

/** Days with who decided them. */
export async function listCalendar(db: Kysely<Database>, from: Day, to: Day) {
  const [days, own] = await Promise.all([
    readDays(db, from, to),
    db
      .selectFrom('days')
      .select('day')
      .where('by_merchant', '=', true)
      .where('day', '>=', from)
      .where('day', '<=', to)
      .execute(),
  ])
  const byMerchant = new Set(own.map(({ day }) => day))
  return days.map((info) => ({ ...info, byMerchant: byMerchant.has(info.day) }))
}

interface Override {
  open: boolean
  /** What people read beside it. */
  name: string | null
  /** A public holiday, or a weekend day worked for one; null: as the library has it. */
  kind?: 'holiday' | 'makeup' | null | undefined
  /** The last of several days; absent: only this one. */
  until?: Day | undefined
}

/**
 * Opens or closes a day, or some days on end, for all services; screens and schedules hear it.
 * Refuses: invalid_fields (days that are over, years away, or not in order).
 */
export async function overrideDay(
  parts: Parts,
  day: Day,
  { until = day, ...override }: Override,
  personId: string,
) {
  const today = dayOf(parts.now().getTime())
  if (day < today || until > addDays(today, LONGEST_AHEAD))
    return refuseField('day', '只能修改今天起两年之内的日期')
  if (until < day || until > addDays(day, LONGEST_SPAN - 1))
    return refuseField('until', `一次最多设定连续 ${LONGEST_SPAN} 天`)
  const rows: (CalendarDay & { by_merchant: true })[] = []
  for (let one = day; one <= until; one = addDays(one, 1)) rows.push(overridden(one, override))
  await tx(parts.db, async (t) => {
    await t
      .insertInto('days')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('day').doUpdateSet((eb) => ({
          kind: eb.ref('excluded.kind'),
          name: eb.ref('excluded.name'),
          open: eb.ref('excluded.open'),
          by_merchant: true,
        })),
      )
      .execute()
    await daysChanged(t, parts, day, personId, { ...override, until })
  })
  const { by_merchant: byMerchant, ...first } = overridden(day, override)
  return { ...first, byMerchant }
}

function overridden(day: Day, { open, name, kind }: Override) {
  const library = dayFromLibrary(day)
  const said = { kind: kind ?? library.kind, name: name ?? library.name, open }
  return { day, ...said, by_merchant: true as const }
}

/** What the library says counts again. */
export async function restoreDay(parts: Parts, day: Day, personId: string) {
  const library = dayFromLibrary(day)
  await tx(parts.db, async (t) => {
    const restored = await t
      .updateTable('days')
      .set({ ...library, by_merchant: false })
      .where('day', '=', day)
      .where('by_merchant', '=', true)
      .returning('day')
      .execute()
    if (restored.length > 0) await daysChanged(t, parts, day, personId, { restored: true })
  })
  return { ...library, byMerchant: false }
}

async function daysChanged(
  t: Tx,
  { bus, now }: Parts,
  day: Day,
  personId: string,
  details: Record<string, unknown>,
): Promise<void> {
  await t
    .insertInto('events')
    .values({
      order_id: null,
      slot_id: null,
      what: 'calendar',
      by: `merchant:${personId}`,
      details: JSON.stringify({ day, ...details }),
      at: now(),
    })
    .execute()
  await t.updateTable('schedules').set({ fill_at: now() }).where('retired_at', 'is', null).execute()
  const services = await t.selectFrom('services').select('id').execute()
  const topics = services.map(({ id }): Topic => `service:${id}`)
  after(t, () => bus.changed({ topics: [...topics, 'console'] }))
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
